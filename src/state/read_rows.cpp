// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/read_rows.hpp"

#include "state/statement.hpp"

#include <limits>
#include <unordered_map>

namespace pysup::state {

namespace {

/// Calls ROW for every row that SQL gives; what ROW returns false for is damage.
template <typename Row>
Outcome<void> for_each(const Connection& connection, std::string_view sql, Row row) {
  auto statement = Statement::prepare(connection, sql);
  if (!statement) {
    return tl::unexpected(std::move(statement.error()));
  }
  for (;;) {
    const auto stepped = statement->step();
    if (!stepped) {
      return tl::unexpected(stepped.error());
    }
    if (!*stepped) {
      return {};
    }
    if (!row(*statement)) {
      return damaged("holds a row that makes no sense");
    }
  }
}

/// Reads column COLUMN into OUT; false where it does not fit.
template <typename Number>
bool get(const Statement& row, int column, Number& out) {
  const std::int64_t value = row.integer(column);
  out = static_cast<Number>(value);
  if constexpr (sizeof(Number) == sizeof value) {
    return true; // unsigned ones are stored bit by bit
  } else {
    return value >= 0 && value <= std::int64_t{std::numeric_limits<Number>::max()};
  }
}

bool get(const Statement& row, int column, bool& out) {
  out = row.integer(column) == 1;
  return out || row.integer(column) == 0;
}

bool get(const Statement& row, int column, FileKind& out) {
  std::uint8_t number = 0;
  const bool fits = get(row, column, number);
  out = static_cast<FileKind>(number);
  return fits && out >= FileKind::link && out <= FileKind::bytecode;
}

bool get(const Statement& row, int column, Digest& out) {
  const auto digest = to_digest(row.bytes(column));
  out = digest.value_or(Digest{});
  return digest.has_value();
}

bool read_interpreter(const Statement& row, Snapshot& snapshot) {
  Interpreter& it = snapshot.interpreters.emplace_back();
  it.path = row.bytes(2);
  it.cache_tag = row.bytes(6);
  it.confinement = row.bytes(8);
  return get(row, 0, it.version.major) && get(row, 1, it.version.minor) &&
         get(row, 3, it.file_size) && get(row, 4, it.file_mtime_ns) && get(row, 5, it.magic) &&
         get(row, 7, it.is_default) && get(row, 9, it.last_pass) && get(row, 10, it.last_pass_msec);
}

/// What a reference asked for is long, and lies in pages whose content SQLite does not check.
bool read_reference(const Statement& row, Snapshot& snapshot) {
  Reference& it = snapshot.references.emplace_back();
  it.name = row.bytes(0);
  it.kind = row.bytes(1);
  it.package = row.bytes(2);
  it.package_version = row.bytes(3);
  it.asked = row.bytes(4);
  Digest digest;
  return get(row, 5, digest) && digest == digest_of(it.asked);
}

struct Place {
  os::Text some; ///< some text of the folder
  std::string ending;
};

/// Puts together the files, whose rows share places and traits.
class FileReader {
 public:
  bool add_place(const Statement& row) {
    const std::string folder(row.bytes(1));
    const std::string_view ending = row.bytes(2);
    places_[row.integer(0)] = {folder + '.', std::string(ending)};
    return (folder.empty() || folder.ends_with('/')) && ending.find('/') == ending.npos;
  }

  bool add_trait(const Statement& row) {
    File& it = traits_[row.integer(0)];
    it.reference = row.bytes(4);
    return get(row, 1, it.kind) && get(row, 2, it.version.major) && get(row, 3, it.version.minor) &&
           get(row, 5, it.level) && get(row, 6, it.mode) && get(row, 7, it.magic) &&
           get(row, 8, it.error_stays);
  }

  bool add_file(const Statement& row, std::vector<File>& files) {
    const auto place = find(places_, row.integer(0), last_place_);
    const auto trait = find(traits_, row.integer(2), last_trait_);
    const auto source_place = find(places_, row.integer(3), last_source_place_);
    if (place == nullptr || trait == nullptr || source_place == nullptr) {
      return false;
    }
    File& it = files.emplace_back(*trait);
    const std::string_view stem = row.bytes(1);
    const std::string_view source_stem = row.is_null(4) ? stem : row.bytes(4);
    if (stem.find('/') != stem.npos || source_stem.find('/') != source_stem.npos) {
      return false;
    }
    it.path = join(*place, stem);
    it.source = join(*source_place, source_stem);
    it.error = row.bytes(11);
    return get_content(row, it) && get(row, 6, it.mtime_ns) && get(row, 8, it.source_size) &&
           get(row, 9, it.source_mtime_ns) && get(row, 10, it.source_digest);
  }

 private:
  /// Where a map holds the thing of a row before, whose neighbours have the same as a rule.
  template <typename Thing>
  struct Last {
    std::int64_t id = 0;
    const Thing* thing = nullptr;
  };

  template <typename Thing>
  static const Thing* find(const std::unordered_map<std::int64_t, Thing>& things, std::int64_t id,
                           Last<Thing>& last) {
    if (last.thing == nullptr || last.id != id) {
      const auto found = things.find(id);
      last = {id, found == things.end() ? nullptr : &found->second};
    }
    return last.thing;
  }

  os::Text join(const Place& place, std::string_view stem) {
    name_.assign(stem).append(place.ending);
    return place.some.with_name(name_);
  }

  /// What a link holds is its source, so that is not stored again.
  static bool get_content(const Statement& row, File& it) {
    if (row.is_null(5)) {
      it.size = it.source.size();
      it.digest = digest_of(it.source.str());
      return true;
    }
    return get(row, 5, it.size) && get(row, 7, it.digest);
  }

  std::unordered_map<std::int64_t, Place> places_;
  std::unordered_map<std::int64_t, File> traits_;
  Last<Place> last_place_;
  Last<Place> last_source_place_;
  Last<File> last_trait_;
  std::string name_; ///< being put together; used again and again
};

Outcome<void> read_files(const Connection& connection, Snapshot& snapshot) {
  FileReader reader;
  auto done = for_each(connection, "SELECT id, folder, ending FROM place",
                       [&](const Statement& row) { return reader.add_place(row); });
  if (!done) {
    return done;
  }
  done = for_each(connection,
                  "SELECT id, kind, major, minor, reference, level, mode, magic, error_stays "
                  "FROM trait",
                  [&](const Statement& row) { return reader.add_trait(row); });
  if (!done) {
    return done;
  }
  return for_each(connection,
                  "SELECT place, stem, trait, source_place, source_stem, size, mtime_ns, digest, "
                  "source_size, source_mtime_ns, source_digest, error FROM file",
                  [&](const Statement& row) { return reader.add_file(row, snapshot.files); });
}

} // namespace

Outcome<Snapshot> read_rows(const Connection& connection) {
  Snapshot snapshot;
  auto done = for_each(connection,
                       "SELECT major, minor, path, file_size, file_mtime_ns, magic, cache_tag, "
                       "is_default, confinement, last_pass, last_pass_msec "
                       "FROM interpreter ORDER BY major, minor",
                       [&](const Statement& row) { return read_interpreter(row, snapshot); });
  if (done) {
    done = for_each(connection,
                    "SELECT name, kind, package, package_version, asked, asked_digest "
                    "FROM reference ORDER BY name",
                    [&](const Statement& row) { return read_reference(row, snapshot); });
  }
  if (done) {
    done = read_files(connection, snapshot);
  }
  if (!done) {
    return tl::unexpected(std::move(done.error()));
  }
  return snapshot;
}

} // namespace pysup::state
