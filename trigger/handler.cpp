// SPDX-License-Identifier: GPL-2.0-or-later
//
// What dpkg runs at the end of a transaction, by way of python-support's postinst
// (deb-triggers(5)):
//
//     trigger triggered "NAME..."
//
// The names are those of the triggers that were activated, in no fixed order; dpkg does not tell
// which files changed, so the pass looks at everything. Whatever happens, the exit status is 0,
// because dpkg would leave this package, and what awaits it, half-configured.
#include "os/interruption.hpp"
#include "os/standard_streams.hpp"
#include "pass/request.hpp"
#include "report/unattended.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::trigger {

namespace {

void run(const char* names) {
  const auto root = os::Root::open(pass::root_directory(os::process_environment));
  if (!root) {
    return report::complain(root.error().message);
  }
  auto request = report::unattended_request(
      *root, fmt::format("dpkg trigger, process {} ({})", ::getpid(), names));
  request.scope = pass::Scope::everything;
  // dpkg has already said "Processing triggers for python-support".
  report::run_unattended(*root, request, {.log_idle = true});
}

} // namespace

} // namespace pysup::trigger

int main(int argc, char** argv) {
  const std::string_view call = argc > 1 ? argv[1] : "";
  if (call != "triggered") {
    std::fputs("usage: trigger triggered NAMES\n"
               "python-support's postinst calls this for dpkg. By hand, activate the trigger:\n"
               "dpkg-trigger --no-await python-support && dpkg --triggers-only --pending\n",
               stderr);
    return 2;
  }
  ::umask(022);
  pysup::os::guard_standard_streams();
  pysup::os::drop_standard_input();
  pysup::os::catch_interruptions();
  pysup::trigger::run(argc > 2 ? argv[2] : "");
  return 0;
}
