// SPDX-License-Identifier: GPL-2.0-or-later
//
//     micro_count NAME MODULES [floor]
//
// Runs a part, or its floor, once under callgrind's eyes (bench/micro/quick). A run before that,
// which does not count, has libraries set up and tables loaded that a process sets up once.
#include "parts.hpp"

#include <algorithm>
#include <string_view>
#include <valgrind/callgrind.h>

namespace {

using namespace pysup::bench;

void run_once(const Operation& operation, std::size_t modules, bool counted) {
  if (operation.reset) {
    operation.reset();
  }
  if (counted) {
    CALLGRIND_START_INSTRUMENTATION;
  }
  const std::size_t seen = operation.run();
  if (counted) {
    CALLGRIND_STOP_INSTRUMENTATION;
  }
  if (seen != modules) {
    give_up("it saw to " + std::to_string(seen) + " modules instead of " + std::to_string(modules));
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    for (const Part& part : parts()) {
      std::puts(part.name);
    }
    return 0;
  }
  const std::string_view name = argv[1];
  const auto found = std::find_if(parts().begin(), parts().end(),
                                  [name](const Part& it) { return it.name == name; });
  const std::size_t modules = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  const bool floor = argc == 4 && std::string_view(argv[3]) == "floor";
  if (found == parts().end() || modules == 0 || (argc > 3 && !floor)) {
    give_up("usage: micro_count [NAME MODULES [floor]]; without arguments it lists the names");
  }
  const Operation operation = (floor ? found->floor : found->part)(modules);
  run_once(operation, modules, false);
  run_once(operation, modules, true);
}
