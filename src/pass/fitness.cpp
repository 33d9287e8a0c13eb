// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/fitness.hpp"

#include "bytecode/bytecode_file.hpp"
#include "bytecode/normal_form.hpp"

namespace pysup::pass {

namespace {

using bytecode::InvalidationMode;
using plan::Fitness;

class Judge {
 public:
  Judge(const Evidence& evidence, const Compiler& compiler, LazyFile& source, LazyFile& file)
      : evidence_(evidence), compiler_(compiler), source_(source), file_(file) {}

  Verdict run() {
    const state::File* const record = evidence_.record;
    if (record != nullptr && !record->error.empty()) {
      const bool again =
          !record->error_stays || record->magic != compiler_.magic || !same_source(*record);
      return again ? stale(Defect::missing, "it failed before")
                   : Verdict{Fitness::hopeless, record->error, Defect::none, {}};
    }
    if (!evidence_.seen.exists) {
      return stale(Defect::missing, "missing");
    }
    if (evidence_.seen.type != os::FileType::regular) {
      return stale(Defect::invalid, "not a regular file");
    }
    if (record != nullptr && !record->digest.empty()) {
      const bool untouched =
          evidence_.seen.size == record->size && evidence_.seen.mtime_ns == record->mtime_ns;
      if (untouched && !evidence_.deep) {
        return compare_with_source(*record, header_of(*record), true);
      }
      return touched(*record, untouched);
    }
    return evidence_.adopt ? adopt() : foreign();
  }

 private:
  static Verdict stale(Defect defect, std::string reason) {
    return {Fitness::stale, std::move(reason), defect, {}};
  }

  /// Where the interpreter itself would not see that it is stale, it must not stay. A header that
  /// names the changed source, which was written twice in a second, hides it as well.
  Verdict stale_under(const bytecode::Header& header, std::string reason) const {
    const bool hidden = header.mode == InvalidationMode::timestamp && names_source(header);
    return stale_in(hidden ? InvalidationMode::unchecked_hash : header.mode, Defect::stale,
                    std::move(reason));
  }

  /// Before PEP 552 there was but one.
  [[nodiscard]] bool is_another_mode(InvalidationMode mode) const {
    return compiler_.mode && *compiler_.mode != mode && compiler_.version >= Version{3, 7};
  }

  static Verdict stale_in(InvalidationMode mode, Defect defect, std::string reason) {
    const bool blind = mode == InvalidationMode::unchecked_hash;
    return {blind ? Fitness::stale_unchecked : Fitness::stale, std::move(reason), defect, {}};
  }

  [[nodiscard]] bytecode::Header header_of(const state::File& record) const {
    bytecode::Header header;
    header.magic = record.magic;
    header.mode = static_cast<InvalidationMode>(record.mode);
    if (header.mode == InvalidationMode::timestamp) {
      os::FileInfo then = split(record.source_mtime_ns);
      header.mtime = bytecode::header_mtime(compiler_.version, then.mtime_sec, then.mtime_nsec);
      header.size = static_cast<std::uint32_t>(record.source_size);
    }
    return header;
  }

  static os::FileInfo split(std::int64_t ns) {
    constexpr std::int64_t second = 1'000'000'000;
    os::FileInfo info;
    info.mtime_sec = ns / second - (ns % second < 0 ? 1 : 0);
    info.mtime_nsec = static_cast<std::uint32_t>(ns - info.mtime_sec * second);
    return info;
  }

  [[nodiscard]] bool same_stat(const state::File& record) const {
    return record.source_size == evidence_.source.size &&
           record.source_mtime_ns == to_ns(evidence_.source);
  }

  bool same_source(const state::File& record) {
    if (same_stat(record) && !evidence_.deep && !evidence_.source_in_doubt) {
      return true;
    }
    if (record.source_size != evidence_.source.size || record.source_digest.empty()) {
      return false;
    }
    const std::string* const bytes = source_.bytes();
    return bytes != nullptr && state::digest_of(*bytes) == record.source_digest;
  }

  [[nodiscard]] bool names_source(const bytecode::Header& header) const {
    const os::FileInfo& source = evidence_.source;
    const bool mtime = header.mtime == bytecode::header_mtime(compiler_.version, source.mtime_sec,
                                                              source.mtime_nsec);
    return mtime &&
           (compiler_.version.major < 3 || header.size == static_cast<std::uint32_t>(source.size));
  }

  /// Whether the header's hash, where it has one, is that of the source.
  bool has_hash_of_source(const bytecode::Header& header) {
    if (header.mode == InvalidationMode::timestamp || header.magic != compiler_.magic) {
      return true;
    }
    const std::string* const text = source_.bytes();
    return text != nullptr &&
           header.hash == bytecode::source_hash(compiler_.version, compiler_.magic, *text);
  }

  [[nodiscard]] bool mode_asked_for_differs(const bytecode::Header& header) const {
    return compiler_.mode && *compiler_.mode != header.mode &&
           bytecode::has_hash_modes(compiler_.version);
  }

  bool hash_fits(const bytecode::Header& header) {
    const std::string* const text = source_.bytes();
    return text != nullptr &&
           header.hash == bytecode::source_hash(compiler_.version, compiler_.magic, *text);
  }

  /// Changed within the second that the header knows, and to the same size, the source looks to the
  /// interpreter as it was.
  [[nodiscard]] Verdict source_changed(const bytecode::Header& header) const {
    const bool blind = header.mode == InvalidationMode::unchecked_hash ||
                       (header.mode == InvalidationMode::timestamp && names_source(header));
    return {
        blind ? Fitness::stale_unchecked : Fitness::stale, "the source changed", Defect::stale, {}};
  }

  /// The file is what the record says, its header included (RECORDED) or but for its header; does
  /// it still fit its source?
  Verdict compare_with_source(const state::File& record, const bytecode::Header& header,
                              bool recorded) {
    if (header.magic != compiler_.magic) {
      return stale(Defect::stale, "made for another magic number");
    }
    if (!same_source(record)) {
      return stale_under(header, "the source changed");
    }
    if (is_another_mode(header.mode)) {
      return {Fitness::header_only, "another invalidation mode was asked for", Defect::none, {}};
    }
    if (header.mode != InvalidationMode::timestamp && !recorded && !hash_fits(header)) {
      return {
          Fitness::header_only, "its header has the hash of another source", Defect::invalid, {}};
    }
    if (header.mode == InvalidationMode::timestamp && !names_source(header)) {
      return {Fitness::header_only,
              "the source has a new time and the same content",
              Defect::stale,
              {}};
    }
    if (recorded && same_stat(record)) {
      return {Fitness::fresh, "", Defect::none, {}};
    }
    state::File renewed = record;
    renewed.mode = static_cast<std::uint8_t>(header.mode);
    return unrecorded(renewed);
  }

  Verdict unrecorded(state::File renewed) {
    renewed.size = evidence_.seen.size;
    renewed.mtime_ns = evidence_.seen.mtime_ns;
    renewed.source_size = evidence_.source.size;
    renewed.source_mtime_ns = to_ns(evidence_.source);
    return {Fitness::unrecorded, "", Defect::none, renewed};
  }

  /// Splits what is on disk; nullopt with a reason where it is no bytecode file.
  std::optional<bytecode::Header> read_header(std::string_view& body, std::string& reason) {
    const std::string* const bytes = file_.bytes();
    if (bytes == nullptr) {
      reason = "cannot be read";
      return std::nullopt;
    }
    const auto header = bytecode::decode_header(compiler_.version, *bytes);
    if (!header) {
      reason = header.error().message;
      return std::nullopt;
    }
    body = std::string_view(*bytes).substr(bytecode::header_size(compiler_.version));
    return *header;
  }

  /// Its size or time is not what we left, or nobody trusts them: the content decides.
  Verdict touched(const state::File& record, bool untouched) {
    std::string_view body;
    std::string reason;
    const auto header = read_header(body, reason);
    if (!header) {
      return stale(Defect::invalid, reason);
    }
    if (state::digest_of(body) != record.digest) {
      if (const auto valid = bytecode::verify(compiler_.version, body); !valid) {
        return stale_in(header->mode, Defect::invalid,
                        "does not unmarshal: " + valid.error().message);
      }
      return stale_in(header->mode, Defect::invalid, "changed since it was written");
    }
    if (!has_hash_of_source(*header) && same_source(record)) {
      return {Fitness::header_only, "the header has another hash", Defect::stale, {}};
    }
    bytecode::Header expected = header_of(record);
    const bool as_recorded = header->mode == expected.mode &&
                             (header->mode != InvalidationMode::timestamp ||
                              (header->mtime == expected.mtime && header->size == expected.size) ||
                              compiler_.version.major < 3);
    return compare_with_source(record, *header, untouched && as_recorded);
  }

  /// No state to compare with: what an interpreter would accept is accepted.
  Verdict adopt() {
    std::string_view body;
    std::string reason;
    const auto header = read_header(body, reason);
    if (!header) {
      return stale(Defect::invalid, reason);
    }
    if (header->magic != compiler_.magic) {
      return stale(Defect::stale, "made for another magic number");
    }
    if (mode_asked_for_differs(*header)) {
      return stale_in(header->mode, Defect::none, "another invalidation mode was asked for");
    }
    if (const auto valid = bytecode::verify(compiler_.version, body); !valid) {
      return stale_in(header->mode, Defect::invalid,
                      "does not unmarshal: " + valid.error().message);
    }
    const std::string* const text = source_.bytes();
    const bool fits =
        text != nullptr &&
        (header->mode == InvalidationMode::timestamp ? names_source(*header) : hash_fits(*header));
    if (!fits) {
      return stale_in(header->mode, Defect::stale, "the source changed");
    }
    if (is_another_mode(header->mode)) {
      return stale(Defect::none, "another invalidation mode was asked for");
    }
    state::File renewed;
    renewed.digest = state::digest_of(body);
    renewed.source_digest = state::digest_of(*text);
    renewed.mode = static_cast<std::uint8_t>(header->mode);
    renewed.magic = compiler_.magic;
    return unrecorded(renewed);
  }

  /// Written by somebody else, an interpreter for instance: replaced by ours.
  Verdict foreign() {
    std::string_view body;
    std::string reason;
    const auto header = read_header(body, reason);
    return header ? stale_in(header->mode, Defect::invalid, "not made by a pass")
                  : stale(Defect::invalid, reason);
  }

  const Evidence& evidence_;
  const Compiler& compiler_;
  LazyFile& source_;
  LazyFile& file_;
};

} // namespace

LazyFile::LazyFile(const os::Root& root, os::Text path)
    : read_([&root, path]() -> Result<std::string> {
        auto file = root.read(path.str(), bytecode::module_size_limit);
        if (!file) {
          return tl::unexpected(std::move(file.error()));
        }
        return std::move(file->bytes);
      }) {}

const std::string* LazyFile::bytes() {
  if (!content_) {
    content_ = read_();
  }
  return *content_ ? &**content_ : nullptr;
}

Verdict judge(const Evidence& evidence, const Compiler& compiler, LazyFile& source,
              LazyFile& file) {
  return Judge(evidence, compiler, source, file).run();
}

} // namespace pysup::pass
