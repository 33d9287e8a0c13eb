// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/reading.hpp"

#include "scratch_directory.hpp"
#include "why.hpp"

namespace pysup::pass {
namespace {

constexpr std::size_t files_recorded = 1000;

std::string bytecode_path(std::size_t number) {
  return "/usr/share/d" + std::to_string(number / 20) + "/m" + std::to_string(number) + ".pyc";
}

/// A root with recorded bytecode, of which every third file is there.
struct Recording : test::ScratchDirectory {
  Recording() {
    state::Changes changes;
    for (std::size_t i = 0; i < files_recorded; ++i) {
      state::File& file = changes.files.emplace_back();
      file.kind = state::FileKind::bytecode;
      file.path = bytecode_path(i);
      file.digest = state::digest_of("x");
      if (i % 3 == 0) {
        this->file(bytecode_path(i), std::string(i, 'x'));
      }
    }
    auto store = state::Store::open(root(), state::Store::Access::read_write);
    BOOST_REQUIRE_MESSAGE(store, test::why(store));
    const auto done = store->commit(changes);
    BOOST_REQUIRE_MESSAGE(done, test::why(done));
  }
};

BOOST_AUTO_TEST_CASE(the_state_is_read_and_its_bytecode_looked_at) {
  const Recording recording;
  const os::Root root = recording.root();
  Reading reading(root, state::Store::Access::read_only, Scope::everything);
  const auto recorded = reading.finish();
  BOOST_REQUIRE_MESSAGE(recorded, test::why(recorded));
  const auto& files = recorded->snapshot.files;
  BOOST_REQUIRE_EQUAL(files.size(), files_recorded);
  for (const state::File& file : files) {
    const auto seen = recorded->ahead->at(file, files);
    BOOST_REQUIRE(seen);
    const std::string name(file.path.name());
    const std::size_t number = std::stoul(name.substr(1));
    BOOST_CHECK_EQUAL(seen->exists, number % 3 == 0);
    BOOST_CHECK_EQUAL(seen->size, number % 3 == 0 ? number : 0);
  }
}

BOOST_AUTO_TEST_CASE(where_single_files_are_asked_for_nothing_is_looked_at) {
  const Recording recording;
  const os::Root root = recording.root();
  Reading reading(root, state::Store::Access::read_only, Scope::named);
  const auto recorded = reading.finish();
  BOOST_REQUIRE_MESSAGE(recorded, test::why(recorded));
  BOOST_CHECK_EQUAL(recorded->snapshot.files.size(), files_recorded);
  BOOST_CHECK(recorded->ahead == nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_state_is_told_at_the_end) {
  const test::ScratchDirectory scratch;
  scratch.link("/var/lib/python-support", "/elsewhere");
  const os::Root root = scratch.root();
  Reading reading(root, state::Store::Access::read_write, Scope::everything);
  const auto recorded = reading.finish();
  BOOST_REQUIRE(!recorded);
  BOOST_CHECK(recorded.error().message.find("/var/lib/python-support") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reading_that_nobody_finishes_ends_by_itself) {
  const Recording recording;
  const os::Root root = recording.root();
  { const Reading reading(root, state::Store::Access::read_only, Scope::everything); }
  Reading again(root, state::Store::Access::read_only, Scope::everything);
  BOOST_CHECK(again.finish());
}

} // namespace
} // namespace pysup::pass
