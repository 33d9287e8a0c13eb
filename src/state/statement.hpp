// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "state/connection.hpp"
#include "state/digest.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace pysup::state {

/// A prepared statement: bind its values, then step(). Values are bound by number from 1, columns
/// counted from 0, as SQLite does.
class Statement {
 public:
  static Outcome<Statement> prepare(const Connection& connection, std::string_view sql);

  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Texts are bytes: paths need not be UTF-8. What they point to must live until the step.
  void bind(int number, std::string_view bytes);
  void bind(int number, std::int64_t value);
  void bind_null(int number);

  /// To the next row; false after the last. Errors: also those of binding.
  Outcome<bool> step();
  /// Runs a statement that gives no rows, and makes it ready for other values.
  Outcome<void> execute();

  /// Valid until the next step.
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  Statement(const Connection& connection, sqlite3_stmt* statement)
      : connection_(connection), statement_(statement) {}
  const Connection& connection_;
  void note(int result);
  sqlite3_stmt* statement_;
  int bound_ = 0; ///< the first error of binding, SQLITE_OK where there was none
};

/// A digest as it is stored: high and low, big endian, or nothing for an empty one.
std::string to_bytes(const Digest& digest);
/// nullopt where BYTES is neither.
std::optional<Digest> to_digest(std::string_view bytes);

} // namespace pysup::state
