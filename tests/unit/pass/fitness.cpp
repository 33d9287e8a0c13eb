// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every way in which a bytecode file can fit its source or not. The files are made by hand: header
// fields as PEP 552 lays them out, and the marshalled code of an empty module from CPython 3.11.
#include "pass/fitness.hpp"

#include "code_object.hpp"
#include "state/digest.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>

namespace pysup::plan {

inline std::ostream& operator<<(std::ostream& out, Fitness fitness) {
  constexpr const char* names[] = {"fresh", "unrecorded",      "header_only",
                                   "stale", "stale_unchecked", "hopeless"};
  return out << names[static_cast<std::size_t>(fitness)];
}

} // namespace pysup::plan

namespace pysup::pass {

static std::ostream& operator<<(std::ostream& out, Defect defect) {
  return out << static_cast<int>(defect);
}

namespace {

using bytecode::InvalidationMode;
using plan::Fitness;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t source_time = 1'700'000'000;
constexpr std::uint32_t magic = 3495 | 0x0a0d0000;
const std::string source_text = "x = 1\n";
const std::string other_text = "x = 2\n"; // of the same size

/// A bytecode file as a pass made it, its source and the record; each case then changes something.
struct Scene {
  Version version{3, 11};
  InvalidationMode mode = InvalidationMode::timestamp;
  std::string source = source_text;
  std::string code = code_of_an_empty_module();
  std::optional<std::string> bytes; ///< of the file, where it is not header and code
  bytecode::Header header;
  state::File record;
  Evidence evidence;
  Compiler compiler{{3, 11}, magic, {}};
  mutable int sources_read = 0;
  mutable int files_read = 0;

  explicit Scene(InvalidationMode chosen = InvalidationMode::timestamp,
                 Version for_version = {3, 11})
      : version(for_version), mode(chosen) {
    compiler.version = version;
    header.magic = magic;
    header.mode = mode;
    if (mode == InvalidationMode::timestamp) {
      header.mtime = static_cast<std::uint32_t>(source_time);
      header.size = static_cast<std::uint32_t>(source_text.size());
    } else {
      header.hash = bytecode::source_hash(version, magic, source_text);
    }
    evidence.source.type = os::FileType::regular;
    evidence.source.size = source_text.size();
    evidence.source.mtime_sec = source_time;
    evidence.source.mtime_nsec = 5;
    record.level = 0;
    record.mode = static_cast<std::uint8_t>(mode);
    record.magic = magic;
    record.source_size = source_text.size();
    record.source_mtime_ns = source_time * second + 5;
    record.source_digest = state::digest_of(source_text);
    record.digest = state::digest_of(code);
    record.size = bytecode::header_size(version) + code.size();
    record.mtime_ns = (source_time + 9) * second;
    evidence.seen = {true, os::FileType::regular, record.size, record.mtime_ns, ""};
  }

  /// The source is written anew at SEC with the same or other bytes.
  void write_source(const std::string& content, std::int64_t sec, std::uint32_t nsec) {
    source = content;
    evidence.source.size = source.size();
    evidence.source.mtime_sec = sec;
    evidence.source.mtime_nsec = nsec;
  }
  /// Somebody wrote the bytecode file: its time is no longer the recorded one.
  void touch_file() { evidence.seen.mtime_ns += 77; }

  [[nodiscard]] std::string file_bytes() const {
    return bytes ? *bytes : bytecode::encode_header(version, header) + code;
  }
  Verdict judge_it(bool with_record = true) {
    evidence.record = with_record ? &record : nullptr;
    LazyFile lazy_source([this]() -> Result<std::string> {
      ++sources_read;
      return source;
    });
    LazyFile lazy_file([this]() -> Result<std::string> {
      ++files_read;
      return file_bytes();
    });
    return judge(evidence, compiler, lazy_source, lazy_file);
  }
  void check(Fitness fitness, Defect defect, bool with_record = true) {
    const Verdict verdict = judge_it(with_record);
    BOOST_CHECK_EQUAL(verdict.fitness, fitness);
    BOOST_CHECK_EQUAL(verdict.defect, defect);
    BOOST_CHECK_EQUAL(verdict.record.has_value(), fitness == Fitness::unrecorded);
    BOOST_CHECK(verdict.reason.empty() ==
                (fitness == Fitness::fresh || fitness == Fitness::unrecorded));
  }
};

constexpr InvalidationMode modes[] = {InvalidationMode::timestamp, InvalidationMode::checked_hash,
                                      InvalidationMode::unchecked_hash};

/// Stale as a file in MODE is: an interpreter does not look at the source of an unchecked one.
Fitness stale_in(InvalidationMode mode) {
  return mode == InvalidationMode::unchecked_hash ? Fitness::stale_unchecked : Fitness::stale;
}

BOOST_AUTO_TEST_SUITE(fitness)

// ---- by sizes and times -------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_nobody_touched_is_fresh_without_being_read) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.check(Fitness::fresh, Defect::none);
    BOOST_CHECK_EQUAL(scene.sources_read + scene.files_read, 0);
  }
  Scene two(InvalidationMode::timestamp, {2, 7});
  two.check(Fitness::fresh, Defect::none);
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_no_file_is_stale) {
  Scene missing;
  missing.evidence.seen = {};
  missing.check(Fitness::stale, Defect::missing);
  missing.check(Fitness::stale, Defect::missing, false);
  for (const os::FileType type :
       {os::FileType::symlink, os::FileType::directory, os::FileType::other}) {
    Scene scene;
    scene.evidence.seen.type = type;
    scene.check(Fitness::stale, Defect::invalid);
    BOOST_CHECK_EQUAL(scene.files_read, 0); // a FIFO would block
  }
}

BOOST_AUTO_TEST_CASE(another_magic_number_makes_everything_stale) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.compiler.magic = magic + 1;
    scene.check(Fitness::stale, Defect::stale); // the interpreter sees the number by itself
  }
}

// ---- the source changed -------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(another_size_is_another_source) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.write_source("x = 1111\n", source_time + 1, 0);
    scene.check(stale_in(mode), Defect::stale);
  }
}

BOOST_AUTO_TEST_CASE(other_content_of_the_same_size_is_another_source) {
  for (const InvalidationMode mode : modes) {
    for (const std::int64_t time :
         {source_time + 100, source_time - 100, std::int64_t{0}, std::int64_t{-5}}) {
      Scene scene(mode); // older or newer plays no part
      scene.write_source(other_text, time, 0);
      scene.check(stale_in(mode), Defect::stale);
    }
  }
}

/// The header holds whole seconds, so the interpreter takes the old bytecode for right: it must not
/// stay where nothing is compiled.
BOOST_AUTO_TEST_CASE(a_source_written_twice_in_a_second_is_found_though_its_interpreter_is_blind) {
  Scene scene;
  scene.write_source(other_text, source_time, 6);
  scene.check(Fitness::stale_unchecked, Defect::stale);
}

/// Python 2.7 does not even look at the size.
BOOST_AUTO_TEST_CASE(python_2_is_blind_to_another_size_in_the_same_second) {
  Scene scene(InvalidationMode::timestamp, {2, 7});
  scene.write_source("x = 1111\n", source_time, 6);
  scene.check(Fitness::stale_unchecked, Defect::stale);
}

BOOST_AUTO_TEST_CASE(a_new_time_alone_costs_a_header_and_not_a_compilation) {
  for (const std::int64_t time :
       {source_time + 100, source_time - 100, std::int64_t{0}, std::int64_t{-1}}) {
    Scene scene;
    scene.write_source(source_text, time, 0);
    scene.check(Fitness::header_only, Defect::stale);
    BOOST_CHECK_EQUAL(scene.files_read, 0);
    Scene two(InvalidationMode::timestamp, {2, 7});
    two.write_source(source_text, time, 0);
    two.check(Fitness::header_only, Defect::stale);
  }
}

/// The header's whole seconds still fit; only the record learns of it.
BOOST_AUTO_TEST_CASE(a_new_fraction_of_a_second_changes_the_record_only) {
  Scene scene;
  scene.write_source(source_text, source_time, 6);
  const Verdict verdict = scene.judge_it();
  BOOST_REQUIRE_EQUAL(verdict.fitness, Fitness::unrecorded);
  BOOST_CHECK_EQUAL(verdict.record.value().source_mtime_ns, source_time * second + 6);
  BOOST_CHECK(verdict.record->source_digest == state::digest_of(source_text));
}

BOOST_AUTO_TEST_CASE(hashes_do_not_care_for_times) {
  for (const InvalidationMode mode :
       {InvalidationMode::checked_hash, InvalidationMode::unchecked_hash}) {
    Scene scene(mode);
    scene.write_source(source_text, source_time + 100, 0);
    scene.check(Fitness::unrecorded, Defect::none);
  }
}

BOOST_AUTO_TEST_CASE(a_source_that_cannot_be_read_counts_as_changed) {
  Scene scene;
  scene.write_source(source_text, source_time + 100, 0);
  scene.evidence.record = &scene.record;
  LazyFile broken([]() -> Result<std::string> { return fail("input/output error"); });
  LazyFile file([&]() -> Result<std::string> { return scene.file_bytes(); });
  BOOST_CHECK_EQUAL(judge(scene.evidence, scene.compiler, broken, file).fitness, Fitness::stale);
}

BOOST_AUTO_TEST_CASE(times_before_1970_and_after_2106_are_taken_modulo_2_to_the_32) {
  for (const std::int64_t time : {std::int64_t{-1}, std::int64_t{-2'000'000'000},
                                  std::int64_t{4'294'967'296 + 5}, std::int64_t{8'000'000'000}}) {
    Scene scene;
    scene.write_source(source_text, time, 500'000'000);
    scene.record.source_mtime_ns = time * second + 500'000'000;
    scene.check(Fitness::fresh, Defect::none);
  }
}

// ---- the bytecode file changed ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_file_that_only_has_a_new_time_is_recorded_again) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.touch_file();
    const Verdict verdict = scene.judge_it();
    BOOST_REQUIRE_EQUAL(verdict.fitness, Fitness::unrecorded);
    BOOST_CHECK_EQUAL(verdict.record.value().mtime_ns, scene.evidence.seen.mtime_ns);
    BOOST_CHECK(verdict.record->digest == scene.record.digest);
  }
}

BOOST_AUTO_TEST_CASE(damage_is_found_where_the_size_or_time_tells) {
  for (const InvalidationMode mode : modes) {
    const std::string whole = Scene(mode).file_bytes();
    for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{15}}) {
      Scene scene(mode); // the header itself is cut short
      scene.bytes = whole.substr(0, size);
      scene.evidence.seen.size = size;
      scene.check(Fitness::stale, Defect::invalid);
    }
    for (const std::size_t size : {std::size_t{16}, std::size_t{30}, whole.size() - 1}) {
      Scene scene(mode);
      scene.bytes = whole.substr(0, size);
      scene.evidence.seen.size = size;
      scene.check(stale_in(mode), Defect::invalid);
    }
    Scene zeros(mode);
    zeros.code.assign(zeros.code.size(), '\0');
    zeros.touch_file();
    zeros.check(stale_in(mode), Defect::invalid);
  }
}

/// Other code, however good, is not what this source gives.
BOOST_AUTO_TEST_CASE(valid_code_that_we_did_not_write_is_replaced) {
  Scene scene;
  scene.record.digest = state::digest_of("something else");
  scene.touch_file();
  scene.check(Fitness::stale, Defect::invalid);
}

BOOST_AUTO_TEST_CASE(undefined_flags_are_damage) {
  Scene scene;
  scene.bytes = scene.file_bytes();
  (*scene.bytes)[4] = 4; // PEP 552 defines two bits
  scene.touch_file();
  scene.check(Fitness::stale, Defect::invalid);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_damaged) {
  Scene scene;
  scene.touch_file();
  scene.evidence.record = &scene.record;
  LazyFile source([&]() -> Result<std::string> { return scene.source; });
  LazyFile broken([]() -> Result<std::string> { return fail("input/output error"); });
  const Verdict verdict = judge(scene.evidence, scene.compiler, source, broken);
  BOOST_CHECK_EQUAL(verdict.fitness, Fitness::stale);
  BOOST_CHECK_EQUAL(verdict.defect, Defect::invalid);
}

BOOST_AUTO_TEST_CASE(a_wrong_header_over_the_right_code_is_rewritten) {
  Scene old;
  old.header.mtime -= 100;
  old.touch_file();
  old.check(Fitness::header_only, Defect::stale);
  Scene longer;
  longer.header.size += 1;
  longer.touch_file();
  longer.check(Fitness::header_only, Defect::stale);
  Scene two(InvalidationMode::timestamp, {2, 7});
  two.header.mtime -= 100;
  two.touch_file();
  two.check(Fitness::header_only, Defect::stale);
  for (const InvalidationMode mode :
       {InvalidationMode::checked_hash, InvalidationMode::unchecked_hash}) {
    Scene scene(mode); // with a wrong hash the interpreter would compile at every import
    scene.header.hash ^= 1;
    scene.touch_file();
    BOOST_CHECK_EQUAL(scene.judge_it().fitness, Fitness::header_only);
  }
}

BOOST_AUTO_TEST_CASE(another_magic_number_in_the_file_is_stale) {
  Scene scene;
  scene.header.magic = magic + 1;
  scene.touch_file();
  scene.check(Fitness::stale, Defect::stale);
}

/// Somebody made an image reproducible with another valid mode: it serves as it is.
BOOST_AUTO_TEST_CASE(another_valid_mode_in_the_file_is_only_recorded) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.record.mode = static_cast<std::uint8_t>(mode == InvalidationMode::timestamp
                                                      ? InvalidationMode::checked_hash
                                                      : InvalidationMode::timestamp);
    scene.touch_file();
    const Verdict verdict = scene.judge_it();
    BOOST_REQUIRE_EQUAL(verdict.fitness, Fitness::unrecorded);
    BOOST_CHECK_EQUAL(verdict.record.value().mode, static_cast<std::uint8_t>(mode));
  }
}

// ---- deep ---------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(deep_reads_both_and_finds_nothing_where_nothing_is_wrong) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.evidence.deep = true;
    scene.check(Fitness::fresh, Defect::none);
    BOOST_CHECK_EQUAL(scene.files_read, 1);
    BOOST_CHECK_EQUAL(scene.sources_read, 1);
  }
}

BOOST_AUTO_TEST_CASE(deep_finds_damage_behind_the_recorded_size_and_time) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.code.back() = static_cast<char>(scene.code.back() ^ 1);
    scene.check(Fitness::fresh, Defect::none); // nobody looked
    scene.evidence.deep = true;
    scene.check(stale_in(mode), Defect::invalid);
  }
}

/// As image tools make it that set all times to one.
BOOST_AUTO_TEST_CASE(deep_finds_another_source_behind_the_recorded_size_and_time) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.source = other_text;
    scene.evidence.deep = true;
    const Verdict verdict = scene.judge_it();
    const bool stale =
        verdict.fitness == Fitness::stale || verdict.fitness == Fitness::stale_unchecked;
    BOOST_CHECK_MESSAGE(stale, "in mode " << to_text(mode) << " it is " << verdict.fitness);
    BOOST_CHECK_EQUAL(verdict.defect, Defect::stale);
  }
}

/// A package was upgraded whose builds set all times to one: the source has the old size and time.
BOOST_AUTO_TEST_CASE(a_source_in_doubt_is_read) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.evidence.source_in_doubt = true;
    BOOST_CHECK_EQUAL(scene.judge_it().fitness, Fitness::fresh);
    scene.source = other_text;
    BOOST_CHECK(scene.judge_it().fitness != Fitness::fresh);
    scene.evidence.source_in_doubt = false;
    BOOST_CHECK_EQUAL(scene.judge_it().fitness, Fitness::fresh);
  }
}

BOOST_AUTO_TEST_CASE(deep_finds_a_wrong_header_behind_the_recorded_size_and_time) {
  Scene scene;
  scene.header.mtime += 1;
  scene.evidence.deep = true;
  scene.check(Fitness::header_only, Defect::stale);
  Scene hashed(InvalidationMode::checked_hash);
  hashed.header.hash += 1;
  hashed.evidence.deep = true;
  BOOST_CHECK_EQUAL(hashed.judge_it().fitness, Fitness::header_only);
}

// ---- a mode that was asked for ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(another_mode_is_written_only_where_one_was_asked_for) {
  for (const InvalidationMode mode : modes) {
    for (const InvalidationMode asked : modes) {
      for (const bool touched : {false, true}) {
        Scene scene(mode);
        scene.compiler.mode = asked;
        if (touched) {
          scene.touch_file();
        }
        const Fitness kept = touched ? Fitness::unrecorded : Fitness::fresh;
        BOOST_TEST_CONTEXT(to_text(mode)
                           << ", asked " << to_text(asked) << ", touched " << touched) {
          BOOST_CHECK_EQUAL(scene.judge_it().fitness, mode == asked ? kept : Fitness::header_only);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_stale_stays_so_whatever_mode_is_asked_for) {
  Scene scene;
  scene.compiler.mode = InvalidationMode::checked_hash;
  scene.write_source(other_text, source_time + 100, 0);
  scene.check(Fitness::stale, Defect::stale);
}

/// PEP 552 is of Python 3.7.
BOOST_AUTO_TEST_CASE(versions_without_hashes_know_only_times) {
  for (const Version version : {Version{2, 7}, Version{3, 5}, Version{3, 6}}) {
    Scene scene(InvalidationMode::timestamp, version);
    scene.compiler.mode = InvalidationMode::checked_hash;
    BOOST_TEST_CONTEXT(version.name()) {
      scene.check(Fitness::fresh, Defect::none);
    }
  }
}

// ---- failed before ------------------------------------------------------------------------------

Scene failed_scene(bool stays) {
  Scene scene;
  scene.record.error = "SyntaxError: invalid syntax";
  scene.record.error_stays = stays;
  scene.record.digest = {};
  scene.evidence.seen = {};
  return scene;
}

BOOST_AUTO_TEST_CASE(a_source_that_was_refused_is_not_tried_again_while_it_is_the_same) {
  Scene same = failed_scene(true);
  const Verdict verdict = same.judge_it();
  BOOST_CHECK_EQUAL(verdict.fitness, Fitness::hopeless);
  BOOST_CHECK_EQUAL(verdict.reason, "SyntaxError: invalid syntax");
  Scene touched = failed_scene(true);
  touched.write_source(source_text, source_time + 100, 0);
  BOOST_CHECK_EQUAL(touched.judge_it().fitness, Fitness::hopeless);
}

BOOST_AUTO_TEST_CASE(a_failure_is_tried_again_where_something_changed) {
  Scene source = failed_scene(true);
  source.write_source(other_text, source_time + 100, 0);
  source.check(Fitness::stale, Defect::missing);
  Scene interpreter = failed_scene(true);
  interpreter.compiler.magic = magic + 1;
  interpreter.check(Fitness::stale, Defect::missing);
  Scene passing = failed_scene(false); // a worker died, the disk was full
  passing.check(Fitness::stale, Defect::missing);
}

// ---- without a record ---------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(bytecode_of_somebody_else_is_replaced) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.check(stale_in(mode), Defect::invalid, false);
    Scene cut(mode);
    cut.bytes = "short";
    cut.check(Fitness::stale, Defect::invalid, false);
  }
}

BOOST_AUTO_TEST_CASE(without_any_state_what_an_interpreter_would_accept_is_ours) {
  for (const InvalidationMode mode : modes) {
    Scene scene(mode);
    scene.evidence.adopt = true;
    const Verdict verdict = scene.judge_it(false);
    BOOST_REQUIRE_EQUAL(verdict.fitness, Fitness::unrecorded);
    const state::File& row = verdict.record.value();
    BOOST_CHECK(row.digest == scene.record.digest);
    BOOST_CHECK(row.source_digest == scene.record.source_digest);
    BOOST_CHECK_EQUAL(row.size, scene.record.size);
    BOOST_CHECK_EQUAL(row.mtime_ns, scene.record.mtime_ns);
    BOOST_CHECK_EQUAL(row.source_size, scene.record.source_size);
    BOOST_CHECK_EQUAL(row.source_mtime_ns, scene.record.source_mtime_ns);
    BOOST_CHECK_EQUAL(row.magic, magic);
    BOOST_CHECK_EQUAL(row.mode, static_cast<std::uint8_t>(mode));
  }
}

BOOST_AUTO_TEST_CASE(nothing_else_is_adopted) {
  for (const InvalidationMode mode : modes) {
    Scene source(mode);
    source.evidence.adopt = true;
    source.write_source(other_text, source_time + 100, 0);
    source.check(stale_in(mode), Defect::stale, false);

    Scene code(mode);
    code.evidence.adopt = true;
    code.code.pop_back();
    code.check(stale_in(mode), Defect::invalid, false);

    Scene number(mode);
    number.evidence.adopt = true;
    number.header.magic = magic + 1;
    number.check(Fitness::stale, Defect::stale, false);
  }
}

BOOST_AUTO_TEST_CASE(what_is_adopted_has_the_mode_asked_for) {
  for (const InvalidationMode mode : modes) {
    for (const InvalidationMode asked : modes) {
      Scene scene(mode);
      scene.evidence.adopt = true;
      scene.compiler.mode = asked;
      const Fitness found = scene.judge_it(false).fitness;
      BOOST_TEST_CONTEXT(to_text(mode) << ", asked " << to_text(asked)) {
        BOOST_CHECK_EQUAL(found == Fitness::unrecorded, mode == asked);
      }
    }
  }
}

// ---- reading ------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_file_is_read_once_at_most) {
  int reads = 0;
  LazyFile good([&]() -> Result<std::string> {
    ++reads;
    return "bytes";
  });
  BOOST_CHECK_EQUAL(reads, 0);
  BOOST_CHECK_EQUAL(*good.bytes(), "bytes");
  BOOST_CHECK_EQUAL(good.bytes(), good.bytes());
  BOOST_CHECK_EQUAL(reads, 1);
  LazyFile bad([&]() -> Result<std::string> {
    ++reads;
    return fail("no");
  });
  BOOST_CHECK(bad.bytes() == nullptr);
  BOOST_CHECK(bad.bytes() == nullptr);
  BOOST_CHECK_EQUAL(reads, 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::pass
