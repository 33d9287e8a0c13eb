// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/mode_option.hpp"

#include <CLI/CLI.hpp>

namespace pysup::cli {

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
