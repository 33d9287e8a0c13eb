// SPDX-License-Identifier: GPL-2.0-or-later
//
// py3clean: what packages of today's Debian call in their prerm, to remove the bytecode of their
// modules. It reads dpkg's file list and removes files; neither an interpreter nor a pass nor
// anything of this package that could be unconfigured has a part in it. No removal ever fails by
// it: in a maintainer script the exit status is 0.
#include "cli/bytecode_removal.hpp"
#include "cli/exit_status.hpp"
#include "cli/maintainer_script.hpp"
#include "cli/package_sources.hpp"
#include "cli/py3clean_options.hpp"
#include "os/standard_streams.hpp"
#include "pass/config.hpp"
#include "report/message.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::cli {

namespace {

void tell_of_cleaning(std::string_view message) {
  report::warn_as("py3clean", message);
}

/// The places that OPTIONS name, in ROOT, without a slash at their end.
std::vector<std::string> places_to_clean(const os::Root& root, const Py3cleanOptions& options) {
  std::vector<std::string> places;
  const std::string directory = working_directory();
  for (const std::string& argument : options.places) {
    std::string place = place_in_root(root, os::process_environment, directory, argument);
    while (place.size() > 1 && place.ends_with('/')) {
      place.pop_back();
    }
    places.push_back(std::move(place));
  }
  return places;
}

bool is_below(std::string_view path, std::string_view place) {
  return place == "/" || path == place ||
         (path.starts_with(place) && path.substr(place.size()).starts_with('/'));
}

int run_py3clean(const Py3cleanOptions& options) {
  const auto root = os::Root::open(pass::root_directory(os::process_environment));
  if (!root) {
    tell_of_cleaning(root.error().message);
    return exit_failures;
  }
  BytecodeRemoval removal(*root, options.version);
  const std::vector<std::string> places = places_to_clean(*root, options);
  if (options.package.empty()) {
    for (const std::string& place : places) {
      removal.below(place);
    }
  } else {
    auto sources = package_sources(dpkg_directory(*root, os::process_environment), //
                                   options.package);
    if (!sources) {
      tell_of_cleaning(sources.error().message);
      return exit_failures;
    }
    std::erase_if(*sources, [&](const std::string& source) {
      const auto holds = [&](const std::string& place) {
        return is_below(source, place);
      };
      return !places.empty() && std::none_of(places.begin(), places.end(), holds);
    });
    removal.of_sources(*sources);
  }
  for (const std::string& path : removal.removed()) {
    if (options.verbose) {
      tell_of_cleaning("removed " + path);
    }
  }
  for (const std::string& problem : removal.problems()) {
    tell_of_cleaning("cannot remove " + problem);
  }
  return exit_done; // as Debian's has it: what could not be removed is told, and no more
}

} // namespace

} // namespace pysup::cli

int main(int argc, char** argv) {
  pysup::os::guard_standard_streams();
  const bool in_maintainer_script =
      !pysup::cli::calling_package(pysup::os::process_environment).empty();
  auto options = pysup::cli::parse_py3clean_options(argc, argv);
  if (options && pysup::os::process_environment("PYCLEAN_DEBUG") == "1") { // as Debian's has it
    options->verbose = true;
  }
  const int status = options ? pysup::cli::run_py3clean(*options) : options.error();
  return in_maintainer_script ? pysup::cli::exit_done : status;
}
