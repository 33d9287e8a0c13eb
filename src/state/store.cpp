// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/store.hpp"

#include "state/connection.hpp"
#include "state/read_rows.hpp"
#include "state/schema.hpp"
#include "state/state_directory.hpp"
#include "state/write_rows.hpp"

#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace pysup::state {

namespace {

/// The rows of CONNECTION; none of a database in which nothing was ever recorded.
Outcome<std::optional<Snapshot>> read_all(const Connection& connection) {
  const auto inside = connection.enter();
  if (!inside) {
    return tl::unexpected(inside.error());
  }
  if (auto done = connection.configure(); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  // One read transaction, so that a commit of another process is seen as a whole or not at all.
  if (auto begun = connection.run("BEGIN;"); !begun) {
    return tl::unexpected(std::move(begun.error()));
  }
  std::optional<Snapshot> snapshot;
  const auto schema = schema_of(connection);
  if (!schema) {
    return tl::unexpected(schema.error());
  }
  if (*schema == Schema::current) {
    auto rows = read_rows(connection);
    if (!rows) {
      return tl::unexpected(std::move(rows.error()));
    }
    snapshot = std::move(*rows);
  }
  if (auto ended = connection.run("COMMIT;"); !ended) {
    return tl::unexpected(std::move(ended.error()));
  }
  return snapshot;
}

Outcome<void> write_all(const Connection& connection, const Changes& changes) {
  const auto inside = connection.enter();
  if (!inside) {
    return tl::unexpected(inside.error());
  }
  auto done = connection.run("BEGIN IMMEDIATE;");
  const auto schema = done ? schema_of(connection) : tl::unexpected(done.error());
  if (schema && *schema == Schema::none) {
    done = create_schema(connection);
  } else if (!schema) {
    done = tl::unexpected(schema.error());
  }
  if (done) {
    done = write_rows(connection, changes);
  }
  if (done) {
    done = connection.run("COMMIT;");
  }
  if (!done) {
    // Fails where SQLite has rolled back itself; either way nothing of it is left.
    static_cast<void>(connection.run("ROLLBACK;"));
  }
  return done;
}

} // namespace

Store::Store() = default;
Store::Store(Store&& other) noexcept = default;
Store::~Store() = default;

std::optional<Failure> Store::attempt(int dir, Access access) {
  os::Fd own(::fcntl(dir, F_DUPFD_CLOEXEC, 0));
  if (!own) {
    return Failure{system_error(directory, errno)};
  }
  auto connection = Connection::open(std::move(own), access);
  if (!connection) {
    return std::move(connection.error());
  }
  connection_ = std::make_unique<Connection>(std::move(*connection));
  auto snapshot = read_all(*connection_);
  if (!snapshot) {
    return std::move(snapshot.error());
  }
  new_ = !snapshot->has_value();
  first_ = std::move(*snapshot).value_or(Snapshot{});
  return std::nullopt;
}

Result<Store> Store::open(const os::Root& root, Access access) {
  const bool write = access == Access::read_write;
  Store store;
  const auto dir = open_state_directory(root, write ? Missing::is_made : Missing::is_error);
  if (!dir) {
    if (!write && dir.error().code == ENOENT) {
      return store;
    }
    return tl::unexpected(dir.error());
  }
  auto failure = store.attempt(dir->get(), access);
  if (failure && failure->unfinished && !write) {
    // An interrupted commit has to be taken back first, by who has the right to write.
    if (!store.attempt(dir->get(), Access::read_write)) {
      failure.reset();
    }
  }
  if (failure && failure->damaged && write && store.connection_) {
    if (auto aside = Connection::set_aside(std::move(*store.connection_)); !aside) {
      return tl::unexpected(std::move(aside.error()));
    }
    store.damaged_ = true;
    failure = store.attempt(dir->get(), access);
  }
  if (failure) {
    if (!write && failure->error.code == ENOENT) {
      return store;
    }
    return tl::unexpected(std::move(failure->error));
  }
  return store;
}

Result<Snapshot> Store::load() {
  if (first_ || !connection_) {
    return std::exchange(first_, std::nullopt).value_or(Snapshot{});
  }
  auto snapshot = read_all(*connection_);
  if (!snapshot) {
    return tl::unexpected(std::move(snapshot.error().error));
  }
  return std::move(*snapshot).value_or(Snapshot{});
}

Result<void> Store::commit(const Changes& changes) {
  if (!connection_) {
    return fail(std::string(directory) + ": not open for writing, nothing was recorded");
  }
  auto done = write_all(*connection_, changes);
  if (done) {
    first_.reset();
    new_ = false;
    return {};
  }
  Failure failure = std::move(done.error());
  failure.error.message += "; nothing was recorded";
  if (failure.damaged) {
    auto aside = Connection::set_aside(std::move(*connection_));
    connection_.reset();
    failure.error.message += aside ? ", the damaged file was moved aside" : "";
  }
  return tl::unexpected(std::move(failure.error));
}

} // namespace pysup::state
