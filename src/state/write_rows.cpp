// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/write_rows.hpp"

#include "state/place.hpp"
#include "state/statement.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace pysup::state {

namespace {

/// Unsigned numbers are stored bit by bit.
std::int64_t stored(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

/// The rows of a table of things that many files have in common, found by a key.
class Interned {
 public:
  [[nodiscard]] std::optional<std::int64_t> find(const std::string& key) const {
    const auto found = ids_.find(key);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(std::string key, std::int64_t id) {
    ids_.emplace(std::move(key), id);
    next_ = std::max(next_, id + 1);
  }
  [[nodiscard]] std::int64_t next() const { return next_; }

 private:
  std::unordered_map<std::string, std::int64_t> ids_;
  std::int64_t next_ = 1;
};

std::string trait_key(const File& file) {
  return fmt::format("{}.{}.{}.{}.{}.{}.{}.{}", static_cast<int>(file.kind), file.version.major,
                     file.version.minor, file.level, file.mode, file.magic,
                     static_cast<int>(file.error_stays), file.reference);
}

/// Writes files: finds or makes the places and traits that they share.
class FileWriter {
 public:
  explicit FileWriter(const Connection& connection) : connection_(connection) {}

  Outcome<void> write(const std::vector<File>& files);
  Outcome<void> remove(const std::vector<os::Text>& paths);

 private:
  /// A file with its parts looked up; sorted, so that rows are written in the table's order.
  struct Row {
    std::int64_t place = 0;
    std::int64_t trait = 0;
    std::int64_t source_place = 0;
    const File* file = nullptr;
  };

  Outcome<void> read_interned();
  Outcome<std::int64_t> place_of(Statement& insert, const SplitPath& path);
  Outcome<std::int64_t> trait_of(Statement& insert, const File& file);
  Outcome<std::vector<Row>> look_up(const std::vector<File>& files);

  const Connection& connection_;
  bool read_ = false;
  Interned places_;
  Interned traits_;
};

Outcome<void> FileWriter::read_interned() {
  if (std::exchange(read_, true)) {
    return {};
  }
  auto places = Statement::prepare(connection_, "SELECT id, folder, ending FROM place");
  auto traits = Statement::prepare(
      connection_,
      "SELECT id, kind, major, minor, reference, level, mode, magic, error_stays FROM trait");
  if (!places || !traits) {
    return tl::unexpected(places ? traits.error() : places.error());
  }
  auto row = places->step();
  for (; row && *row; row = places->step()) {
    places_.add(place_key(places->bytes(1), places->bytes(2)), places->integer(0));
  }
  if (!row) {
    return tl::unexpected(row.error());
  }
  for (row = traits->step(); row && *row; row = traits->step()) {
    File file;
    file.kind = static_cast<FileKind>(traits->integer(1));
    file.version.major = static_cast<std::uint8_t>(traits->integer(2));
    file.version.minor = static_cast<std::uint8_t>(traits->integer(3));
    file.reference = traits->bytes(4);
    file.level = static_cast<std::uint8_t>(traits->integer(5));
    file.mode = static_cast<std::uint8_t>(traits->integer(6));
    file.magic = static_cast<std::uint32_t>(traits->integer(7));
    file.error_stays = traits->integer(8) != 0;
    traits_.add(trait_key(file), traits->integer(0));
  }
  if (!row) {
    return tl::unexpected(row.error());
  }
  return {};
}

Outcome<std::int64_t> FileWriter::place_of(Statement& insert, const SplitPath& path) {
  std::string key = place_key(path.folder, path.ending);
  if (const auto id = places_.find(key)) {
    return *id;
  }
  const std::int64_t id = places_.next();
  insert.bind(1, id);
  insert.bind(2, path.folder);
  insert.bind(3, path.ending);
  if (auto done = insert.execute(); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  places_.add(std::move(key), id);
  return id;
}

Outcome<std::int64_t> FileWriter::trait_of(Statement& insert, const File& file) {
  std::string key = trait_key(file);
  if (const auto id = traits_.find(key)) {
    return *id;
  }
  const std::int64_t id = traits_.next();
  const std::string reference = file.reference;
  insert.bind(1, id);
  insert.bind(2, std::int64_t{static_cast<std::uint8_t>(file.kind)});
  insert.bind(3, std::int64_t{file.version.major});
  insert.bind(4, std::int64_t{file.version.minor});
  insert.bind(5, reference);
  insert.bind(6, std::int64_t{file.level});
  insert.bind(7, std::int64_t{file.mode});
  insert.bind(8, std::int64_t{file.magic});
  insert.bind(9, std::int64_t{file.error_stays});
  if (auto done = insert.execute(); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  traits_.add(std::move(key), id);
  return id;
}

Outcome<std::vector<FileWriter::Row>> FileWriter::look_up(const std::vector<File>& files) {
  auto insert_place = Statement::prepare(connection_, "INSERT INTO place VALUES (?, ?, ?)");
  auto insert_trait =
      Statement::prepare(connection_, "INSERT INTO trait VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert_place || !insert_trait) {
    return tl::unexpected(insert_place ? insert_trait.error() : insert_place.error());
  }
  std::vector<Row> rows;
  rows.reserve(files.size());
  for (const File& file : files) {
    const auto place = place_of(*insert_place, split_path(file.path));
    const auto trait = trait_of(*insert_trait, file);
    const auto source = place_of(*insert_place, split_path(file.source));
    if (!place || !trait || !source) {
      return tl::unexpected(!place ? place.error() : !trait ? trait.error() : source.error());
    }
    rows.push_back({*place, *trait, *source, &file});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.place != b.place ? a.place < b.place
                              : split_path(a.file->path).stem < split_path(b.file->path).stem;
  });
  return rows;
}

Outcome<void> FileWriter::write(const std::vector<File>& files) {
  if (files.empty()) {
    return {};
  }
  if (auto read = read_interned(); !read) {
    return read;
  }
  const auto rows = look_up(files);
  auto insert = Statement::prepare(
      connection_, "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!rows || !insert) {
    return tl::unexpected(rows ? insert.error() : rows.error());
  }
  for (const Row& row : *rows) {
    const File& file = *row.file;
    const std::string_view stem = split_path(file.path).stem;
    const std::string_view source_stem = split_path(file.source).stem;
    const std::string digest = to_bytes(file.digest);
    const std::string source_digest = to_bytes(file.source_digest);
    insert->bind(1, row.place);
    insert->bind(2, stem);
    insert->bind(3, row.trait);
    insert->bind(4, row.source_place);
    if (source_stem == stem) {
      insert->bind_null(5);
    } else {
      insert->bind(5, source_stem);
    }
    insert->bind(7, file.mtime_ns);
    if (file.size == file.source.size() && file.digest == digest_of(file.source.str())) {
      insert->bind_null(6);
      insert->bind_null(8);
    } else {
      insert->bind(6, stored(file.size));
      insert->bind(8, digest);
    }
    insert->bind(9, stored(file.source_size));
    insert->bind(10, file.source_mtime_ns);
    insert->bind(11, source_digest);
    const std::string error = file.error;
    insert->bind(12, error);
    if (auto done = insert->execute(); !done) {
      return done;
    }
  }
  return {};
}

Outcome<void> FileWriter::remove(const std::vector<os::Text>& paths) {
  if (paths.empty()) {
    return {};
  }
  if (auto read = read_interned(); !read) {
    return read;
  }
  auto statement = Statement::prepare(connection_, "DELETE FROM file WHERE place = ? AND stem = ?");
  if (!statement) {
    return tl::unexpected(std::move(statement.error()));
  }
  for (const os::Text path : paths) {
    const SplitPath split = split_path(path);
    const auto place = places_.find(place_key(split.folder, split.ending));
    if (!place) {
      continue; // no file of this place was ever recorded
    }
    statement->bind(1, *place);
    statement->bind(2, split.stem);
    if (auto done = statement->execute(); !done) {
      return done;
    }
  }
  return {};
}

/// So many files gone at once are worth a look through all the others; what fewer leave unused
/// waits, some hundred bytes, until it is used again or so many go.
constexpr std::size_t many = 256;

/// Drops places and traits that no file has any more.
Outcome<void> drop_unused(const Connection& connection) {
  return connection.run("DELETE FROM place WHERE id NOT IN "
                        "(SELECT place FROM file UNION SELECT source_place FROM file);"
                        "DELETE FROM trait WHERE id NOT IN (SELECT trait FROM file);");
}

Outcome<void> write_interpreters(const Connection& connection,
                                 const std::vector<Interpreter>& interpreters) {
  if (auto done = connection.run("DELETE FROM interpreter;"); !done) {
    return done;
  }
  auto insert = Statement::prepare(
      connection, "INSERT INTO interpreter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) {
    return tl::unexpected(std::move(insert.error()));
  }
  for (const Interpreter& it : interpreters) {
    insert->bind(1, std::int64_t{it.version.major});
    insert->bind(2, std::int64_t{it.version.minor});
    insert->bind(3, it.path);
    insert->bind(4, stored(it.file_size));
    insert->bind(5, it.file_mtime_ns);
    insert->bind(6, std::int64_t{it.magic});
    insert->bind(7, it.cache_tag);
    insert->bind(8, std::int64_t{it.is_default});
    insert->bind(9, it.confinement);
    insert->bind(10, it.last_pass);
    insert->bind(11, it.last_pass_msec);
    if (auto done = insert->execute(); !done) {
      return done;
    }
  }
  return {};
}

Outcome<void> write_references(const Connection& connection, const Changes& changes) {
  auto remove = Statement::prepare(connection, "DELETE FROM reference WHERE name = ?");
  auto insert =
      Statement::prepare(connection, "INSERT OR REPLACE INTO reference VALUES (?, ?, ?, ?, ?, ?)");
  if (!remove || !insert) {
    return tl::unexpected(remove ? insert.error() : remove.error());
  }
  for (const std::string& name : changes.gone_references) {
    remove->bind(1, name);
    if (auto done = remove->execute(); !done) {
      return done;
    }
  }
  for (const Reference& it : changes.references) {
    insert->bind(1, it.name);
    insert->bind(2, it.kind);
    insert->bind(3, it.package);
    insert->bind(4, it.package_version);
    const std::string digest = to_bytes(digest_of(it.asked));
    insert->bind(5, it.asked);
    insert->bind(6, digest);
    if (auto done = insert->execute(); !done) {
      return done;
    }
  }
  return {};
}

} // namespace

Outcome<void> write_rows(const Connection& connection, const Changes& changes) {
  if (auto done = write_interpreters(connection, changes.interpreters); !done) {
    return done;
  }
  if (auto done = write_references(connection, changes); !done) {
    return done;
  }
  FileWriter files(connection);
  if (auto done = files.remove(changes.gone_files); !done) {
    return done;
  }
  if (auto done = files.write(changes.files); !done) {
    return done;
  }
  return changes.gone_files.size() < many ? Outcome<void>() : drop_unused(connection);
}

} // namespace pysup::state
