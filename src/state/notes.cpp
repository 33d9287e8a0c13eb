// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/notes.hpp"

#include "os/replace_file.hpp"
#include "state/digest.hpp"
#include "state/state_directory.hpp"
#include "state/store.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::state {

namespace {

constexpr const char* notes_name = "notes";

/// A call of a program has some lines.
constexpr std::uint64_t most_note_bytes = std::uint64_t{4} << 20;

std::string note_path(std::string_view name) {
  return fmt::format("{}/{}/{}", directory, notes_name, name);
}

/// Opens the directory of notes; ENOENT where it is missing and not to be made.
Result<os::Fd> open_notes(const os::Root& root, Missing missing) {
  const auto above = open_state_directory(root, missing);
  if (!above) {
    return tl::unexpected(above.error());
  }
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  os::Fd notes(::openat(above->get(), notes_name, flags));
  if (!notes && errno == ENOENT && missing == Missing::is_made) {
    constexpr mode_t mode = 0755;
    if (::mkdirat(above->get(), notes_name, mode) == 0 || errno == EEXIST) {
      ::fsync(above->get()); // what cannot be synced will be found missing, and made again
      notes = os::Fd(::openat(above->get(), notes_name, flags));
    }
  }
  if (!notes) {
    return tl::unexpected(system_error(note_path(""), errno));
  }
  return notes;
}

Result<Note> read_note(const os::Fd& notes, const std::string& name) {
  const os::Fd fd(::openat(notes.get(), name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(note_path(name));
  }
  auto content = os::read_all(fd.get(), most_note_bytes, note_path(name));
  if (!content) {
    return tl::unexpected(std::move(content.error()));
  }
  return Note{name, std::move(content->bytes), content->info};
}

} // namespace

Result<void> write_note(const os::Root& root, std::string_view text) {
  const auto notes = open_notes(root, Missing::is_made);
  if (!notes) {
    return tl::unexpected(notes.error());
  }
  const Digest digest = digest_of(text);
  const std::string name = fmt::format("{:016x}{:016x}", digest.high, digest.low);
  constexpr unsigned mode = 0644;
  const auto written = os::replace_file_unlocked(notes->get(), name, text, mode, os::Sync::yes);
  if (!written) {
    return tl::unexpected(system_error(note_path(name), written.error().code));
  }
  if (::fsync(notes->get()) != 0) {
    return fail_errno(note_path(name));
  }
  return {};
}

Result<std::vector<Note>> read_notes(const os::Root& root, std::vector<std::string>& warnings) {
  std::vector<Note> found;
  const auto notes = open_notes(root, Missing::is_error);
  if (!notes) {
    if (notes.error().code == ENOENT) {
      return found;
    }
    return tl::unexpected(notes.error());
  }
  const auto entries = root.list(note_path(""));
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  for (const os::DirEntry& entry : *entries) {
    if (entry.name.starts_with('.')) { // being written, or left by a crash
      continue;
    }
    auto note = read_note(*notes, entry.name);
    if (note) {
      found.push_back(std::move(*note));
    } else {
      warnings.push_back(note.error().message + "; left for the next pass");
    }
  }
  return found;
}

Result<void> forget_notes(const os::Root& root, const std::vector<Note>& notes) {
  if (notes.empty()) {
    return {};
  }
  const auto directory_of_notes = open_notes(root, Missing::is_error);
  if (!directory_of_notes) {
    return tl::unexpected(directory_of_notes.error());
  }
  for (const Note& note : notes) {
    struct stat st {};
    const int dir = directory_of_notes->get();
    if (::fstatat(dir, note.name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        st.st_ino == note.file.inode && os::to_file_info(st) == note.file &&
        ::unlinkat(dir, note.name.c_str(), 0) != 0) {
      return fail_errno(note_path(note.name));
    }
  }
  return {};
}

} // namespace pysup::state
