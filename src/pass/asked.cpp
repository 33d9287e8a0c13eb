// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/asked.hpp"

#include <algorithm>

namespace pysup::pass {

namespace {

/// The form: a version, then fields of a one-letter tag and text, each ended by NUL, which no path
/// has. Tags that say something of the files after them stay in force until they are said again.
constexpr std::string_view form = "1";

enum Tag : char {
  versions = 'S',
  only = 'V',   ///< of the following files; empty: every version
  base = 'B',   ///< directory such that a public file's source is BASE/RELATIVE
  source = 'X', ///< of the next public file, where BASE does not give it
  place = 'L',  ///< of the next private file, where it is not its path
  public_file = 'P',
  private_file = 'Q',
  noinit = 'N',
  path_line = 'T',
};

/// One byte, never NUL: how many leading bytes a path shares with the one before it, plus one.
constexpr std::size_t most_shared = 254;

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void field(Tag tag, std::string_view text) {
    out_ += static_cast<char>(tag);
    out_ += text;
    out_ += '\0';
  }

  void path(Tag tag, os::Text path) {
    const std::string_view folder = path.folder();
    const std::size_t shared = shared_with_last(path);
    out_ += static_cast<char>(tag);
    out_ += static_cast<char>(static_cast<unsigned char>(shared + 1));
    if (shared < folder.size()) {
      out_ += folder.substr(shared);
      out_ += path.name();
    } else {
      out_ += path.name().substr(shared - folder.size());
    }
    out_ += '\0';
    last_ = path;
  }

  void only_for(const std::optional<Version>& version) {
    if (version != only_) {
      field(only, version ? version->text() : "");
      only_ = version;
    }
  }

  void source_of(const reference::PublicFile& file) {
    const std::string tail = "/" + file.relative;
    const std::string from = file.source;
    if (!from.ends_with(tail)) {
      return field(source, from);
    }
    const std::string_view here = std::string_view(from).substr(0, from.size() - tail.size());
    if (here != base_) {
      field(base, here);
      base_ = here;
    }
  }

 private:
  static std::size_t same(std::string_view a, std::string_view b) {
    const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
    return static_cast<std::size_t>(differ - a.begin());
  }

  [[nodiscard]] std::size_t shared_with_last(os::Text path) const {
    const bool beside = path.folder().data() == last_.folder().data(); // as most are
    const std::size_t shared = beside ? path.folder().size() + same(path.name(), last_.name())
                                      : same(path.str(), last_.str());
    return std::min(shared, most_shared);
  }

  std::string& out_;
  os::Text last_;
  std::string base_;
  std::optional<Version> only_;
};

/// The counterpart of Writer: fields in, a Reference out.
class Reader {
 public:
  explicit Reader(reference::Reference& reference) : reference_(reference) {}

  bool read(std::string_view rest) {
    while (!rest.empty()) {
      const auto end = rest.find('\0', 1);
      if (end == std::string_view::npos || !field(rest[0], rest.substr(1, end - 1))) {
        return false;
      }
      rest.remove_prefix(end + 1);
    }
    return true;
  }

 private:
  bool field(char tag, std::string_view text) {
    switch (tag) {
    case versions:
      return set_versions(text);
    case only:
      only_ = parse_version(text);
      return text.empty() || only_;
    case base:
      base_ = text;
      return true;
    case source:
    case place:
      exception_ = text;
      return true;
    case public_file:
      return add_public(text);
    case private_file:
      return add_private(text);
    case noinit:
      reference_.noinit.emplace_back(text);
      return true;
    case path_line:
      reference_.path_lines.push_back({std::string(text), only_});
      return true;
    default:
      return false;
    }
  }

  bool set_versions(std::string_view text) {
    if (text.empty()) {
      reference_.versions = reference::VersionSet::of({});
      return true;
    }
    auto set = reference::VersionSet::parse(text);
    if (set) {
      reference_.versions = std::move(*set);
    }
    return set.has_value();
  }

  bool unfold(std::string_view text) {
    if (text.empty()) {
      return false;
    }
    const std::size_t shared = static_cast<unsigned char>(text[0]) - std::size_t{1};
    if (text[0] == '\0' || shared > last_.size()) {
      return false;
    }
    last_.resize(shared);
    last_ += text.substr(1);
    return true;
  }

  bool add_public(std::string_view text) {
    if (!unfold(text)) {
      return false;
    }
    std::string from = exception_.empty() ? base_ + '/' + last_ : std::move(exception_);
    exception_.clear();
    reference_.public_files.push_back({last_, from, only_});
    return true;
  }

  bool add_private(std::string_view text) {
    if (!unfold(text)) {
      return false;
    }
    std::string where = exception_.empty() ? last_ : std::move(exception_);
    exception_.clear();
    reference_.private_files.push_back({last_, where, only_});
    return true;
  }

  reference::Reference& reference_;
  std::string last_;
  std::string base_;
  std::string exception_;
  std::optional<Version> only_;
};

} // namespace

std::string encode_asked(const reference::Reference& reference) {
  std::string out;
  Writer writer(out);
  out += form;
  out += '\0';
  if (reference::is_public(reference.kind)) {
    writer.field(versions, reference.versions.text());
  }
  for (const auto& file : reference.public_files) {
    writer.only_for(file.only);
    writer.source_of(file);
    writer.path(public_file, file.relative);
  }
  for (const auto& file : reference.private_files) {
    writer.only_for(file.version);
    if (file.place != file.path) {
      writer.field(place, file.place.str());
    }
    writer.path(private_file, file.path);
  }
  for (const auto& directory : reference.noinit) {
    writer.field(noinit, directory);
  }
  for (const auto& line : reference.path_lines) {
    writer.only_for(line.only);
    writer.field(path_line, line.text);
  }
  return out;
}

std::optional<reference::Reference> decode_asked(std::string name, reference::Kind kind,
                                                 std::string_view asked) {
  constexpr std::size_t head = form.size() + 1;
  if (asked.size() < head || asked.substr(0, form.size()) != form || asked[form.size()] != '\0') {
    return std::nullopt;
  }
  reference::Reference reference;
  reference.name = std::move(name);
  reference.kind = kind;
  // What reads as something but would not be written so is damage all the same.
  if (!Reader(reference).read(asked.substr(head)) || encode_asked(reference) != asked) {
    return std::nullopt;
  }
  return reference;
}

} // namespace pysup::pass
