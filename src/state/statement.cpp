// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/statement.hpp"

#include <cassert>
#include <cerrno>
#include <sqlite3.h>
#include <utility>

namespace pysup::state {

namespace {

constexpr std::size_t half = sizeof(std::uint64_t); // of a digest, in bytes

void put(std::string& bytes, std::uint64_t value) {
  for (std::size_t i = half; i-- > 0;) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> (8U * i)));
  }
}

std::uint64_t get(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) {
    value = (value << 8U) | static_cast<unsigned char>(byte);
  }
  return value;
}

} // namespace

Outcome<Statement> Statement::prepare(const Connection& connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(connection.get(), sql.data(), static_cast<int>(sql.size()),
                                        &statement, nullptr);
  if (result != SQLITE_OK) {
    return connection.failed(result);
  }
  return Statement(connection, statement);
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::note(int result) {
  if (bound_ == SQLITE_OK) {
    bound_ = result;
  }
}

void Statement::bind(int number, std::string_view bytes) {
  // A null pointer would bind NULL, which an empty text is not.
  const char* const data = bytes.empty() ? "" : bytes.data();
  note(sqlite3_bind_blob64(statement_, number, data, bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int number, std::int64_t value) {
  note(sqlite3_bind_int64(statement_, number, value));
}

void Statement::bind_null(int number) {
  note(sqlite3_bind_null(statement_, number));
}

Outcome<bool> Statement::step() {
  errno = 0; // for Connection::failed()
  const int result = bound_ == SQLITE_OK ? sqlite3_step(statement_) : bound_;
  if (result == SQLITE_ROW) {
    return true;
  }
  if (result == SQLITE_DONE) {
    return false;
  }
  return connection_.failed(result);
}

Outcome<void> Statement::execute() {
  const auto stepped = step();
  sqlite3_reset(statement_); // gives the step's error once more
  if (!stepped) {
    return tl::unexpected(stepped.error());
  }
  assert(!*stepped);
  return {};
}

std::string_view Statement::bytes(int column) const {
  // In this order: the size is that of what the first call gave.
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(size));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string to_bytes(const Digest& digest) {
  std::string bytes;
  if (!digest.empty()) {
    put(bytes, digest.high);
    put(bytes, digest.low);
  }
  return bytes;
}

std::optional<Digest> to_digest(std::string_view bytes) {
  if (bytes.empty()) {
    return Digest{};
  }
  if (bytes.size() != 2 * half) {
    return std::nullopt;
  }
  return Digest{get(bytes.substr(0, half)), get(bytes.substr(half))};
}

} // namespace pysup::state
