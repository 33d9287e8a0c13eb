// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/command_line.hpp"

#include "cli/exit_status.hpp"

#include <CLI/CLI.hpp>

namespace pysup::cli {

tl::expected<void, int> read_command_line(CLI::App& app, int argc, const char* const* argv) {
  try { // the one library of ours that throws
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) { // help or version
    return tl::unexpected(app.exit(wish));
  } catch (const CLI::Error& error) {
    app.exit(error);
    return tl::unexpected(exit_usage);
  }
  return {};
}

void add_mode_option(CLI::App& app, std::optional<bytecode::InvalidationMode>& mode) {
  app.add_option_function<std::string>(
         "--invalidation-mode",
         [&mode](const std::string& text) {
           mode = bytecode::parse_invalidation_mode(text);
           if (!mode) {
             throw CLI::ValidationError("--invalidation-mode",
                                        "timestamp, checked-hash or unchecked-hash");
           }
         },
         "how interpreters notice changed sources: timestamp, checked-hash, unchecked-hash")
      ->type_name("MODE");
}

} // namespace pysup::cli
