// SPDX-License-Identifier: GPL-2.0-or-later
//
// What APT runs before and after dpkg, by way of /etc/apt/apt.conf.d/99python-support:
//
//     apt-hook pre-install     DPkg::Pre-Install-Pkgs: the plan, on standard input
//     apt-hook post-invoke     DPkg::Post-Invoke: it is over, however it ended
//
// The first notes what it will take to know, the second runs the pass where interpreters changed
// and the dpkg trigger has not seen to it, for instance because dpkg failed before it came to
// triggers. Neither ever fails: a hook that fails stops APT.
#include "apt_hook/concern.hpp"
#include "apt_hook/note.hpp"
#include "apt_hook/protocol.hpp"
#include "os/interruption.hpp"
#include "os/standard_streams.hpp"
#include "pass/request.hpp"
#include "reference/store.hpp"
#include "report/unattended.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::apt_hook {

namespace {

/// The descriptor that has the plan (apt.conf(5), "InfoFD"); standard input where APT names none.
int plan_descriptor() {
  const char* const text = std::getenv("APT_HOOK_INFO_FD");
  int fd = STDIN_FILENO;
  if (text != nullptr) {
    int number = 0;
    const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
    fd = error == std::errc() && *end == '\0' && number >= 0 ? number : fd;
  }
  return fd;
}

/// Without any private reference there is no bytecode in packages' own directories, and no removal
/// needs to be prepared. A look at one directory spares opening databases.
bool has_private_modules(const os::Root& root) {
  std::vector<reference::Problem> ignored;
  const auto listed = reference::list(root, ignored);
  return listed && std::any_of(listed->begin(), listed->end(),
                               [](const auto& one) { return !reference::is_public(one.kind); });
}

/// A request about interpreters and the references of PACKAGES.
pass::Request make_request(const os::Root& root, const Note& note,
                           const std::set<std::string>& packages, const char* what) {
  auto request =
      report::unattended_request(root, fmt::format("APT hook {}, process {}", what, ::getpid()));
  request.packages = packages;
  if (note.jobs != 0) {
    request.config.jobs = note.jobs;
  }
  if (!packages.empty()) {
    request.scope = pass::Scope::named;
  }
  return request;
}

/// What a transaction that was killed has left to be done is not forgotten over this one.
void add_earlier(const os::Root& machine, Note& note) {
  const auto earlier = read_note(machine);
  if (earlier && *earlier && (*earlier)->root == note.root) {
    note.interpreters = note.interpreters || (*earlier)->interpreters;
    note.packages.insert((*earlier)->packages.begin(), (*earlier)->packages.end());
  }
}

/// Private bytecode in the directories of packages that are about to go is removed now, so that
/// dpkg finds these empty. Public modules stay: the rest of the transaction may import them.
void clean(const os::Root& root, const Note& note, const std::set<std::string>& going) {
  pass::Request request = make_request(root, note, going, "pre-install");
  request.clean = true;
  request.in_maintainer_script = true;
  report::run_unattended(root, request, {.silent = true});
}

void trace(const Note& note, const Plan& plan) {
  report::complain(fmt::format("pre-install: {}, root {}: {} packages, {} lines not understood{}; "
                               "interpreters: {}; packages to be cleaned: {}",
                               note.transaction, note.root, plan.packages.size(), plan.bad_lines,
                               plan.complete ? "" : ", cut short", note.interpreters ? "yes" : "no",
                               note.packages.size()));
}

void pre_install(const os::Root& machine) {
  const auto plan = read_plan(plan_descriptor());
  // Of a stream in an unknown form nothing is known; the dpkg trigger does what it can.
  if (!plan || is_switched_off(*plan)) {
    return;
  }
  const auto target = target_root(*plan);
  const auto root = target ? os::Root::open(*target) : Result<os::Root>(fail("unclear"));
  if (!root) {
    if (wants_trace(*plan)) {
      report::complain("pre-install: this transaction is about another system; nothing is noted");
    }
    return;
  }
  Note note = note_of(*plan, *target, has_private_modules(*root));
  const auto going = note.packages;
  if (note.debug) {
    trace(note, *plan);
  }
  if (!note.interpreters && going.empty() && !note.debug) {
    return;
  }
  add_earlier(machine, note);
  if (const auto written = write_note(machine, note); !written) {
    return report::complain(written.error().message + "; the next pass sees to this transaction");
  }
  if (!going.empty()) {
    clean(*root, note, going);
  }
}

void post_invoke(const os::Root& machine) {
  const auto note = read_note(machine);
  if (!note || !*note) {
    return;
  }
  const auto root = os::Root::open((*note)->root);
  if (!root) {
    remove_note(machine);
    return;
  }
  if ((*note)->debug) {
    const bool same = is_this_transaction((*note)->transaction);
    report::complain(fmt::format("post-invoke: {}{}", (*note)->transaction,
                                 same ? "" : ", which never ended; this one sees to it"));
  }
  // The pass itself compares the interpreters with those it served last, and does nothing where
  // they are the same, or where the trigger's pass has been here already.
  const auto request = make_request(*root, **note, (*note)->packages, "post-invoke");
  if (report::run_unattended(*root, request, {.before_summary = "python-support: "})) {
    remove_note(machine);
  }
}

} // namespace

} // namespace pysup::apt_hook

int main(int argc, char** argv) {
  const std::string_view call = argc == 2 ? argv[1] : "";
  ::umask(022);
  pysup::os::guard_standard_streams();
  pysup::os::catch_interruptions();
  const auto machine = pysup::os::Root::open("/");
  if (call == "pre-install" && machine) {
    pysup::apt_hook::pre_install(*machine);
  } else if (call == "post-invoke" && machine) {
    pysup::os::drop_standard_input();
    pysup::apt_hook::post_invoke(*machine);
  } else {
    std::fputs("usage: apt-hook pre-install | post-invoke\n"
               "APT calls this; see python-support(7).\n",
               stderr);
    return 2;
  }
  return 0;
}
