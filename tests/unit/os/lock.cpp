// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/lock.hpp"

#include "child.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <optional>
#include <vector>

namespace pysup::os {
namespace {

const char* const dir = "/var/lib/some";

void must_not_wait(const std::string& holder) {
  BOOST_ERROR("waits for " + holder);
}

/// A process that holds the lock until it is told to go. It says of itself what ME says.
class Holder {
 public:
  Holder(const Root& root, const std::string& me)
      : child_([this, &root, &me] {
          const auto lock = Lock::take(root, dir, "lock", me, [](const std::string&) {});
          held_.tell();
          static_cast<void>(go_.hear());
          return lock ? 0 : 1;
        }) {
    BOOST_REQUIRE(held_.hear());
  }
  void let_go() { go_.tell(); }
  void kill() {
    ::kill(child_.pid(), SIGKILL);
    child_.wait();
  }
  int wait() { return child_.wait(); }

 private:
  Signpost held_;
  Signpost go_;
  Child child_;
};

BOOST_AUTO_TEST_CASE(the_directory_of_the_lock_is_made) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  const auto lock = Lock::take(root, dir, "lock", "pid 1, me", must_not_wait);
  BOOST_REQUIRE_MESSAGE(lock, pysup::test::why(lock));
  BOOST_CHECK_EQUAL(scratch.bytes("/var/lib/some/lock"), "pid 1, me");
}

BOOST_AUTO_TEST_CASE(a_second_process_waits_and_is_told_for_whom) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Holder holder(root, "pid 123, some-program --option");
  std::vector<std::string> told;
  const auto lock = Lock::take(root, dir, "lock", "me", [&](const std::string& who) {
    told.push_back(who);
    holder.let_go();
  });
  BOOST_REQUIRE_MESSAGE(lock, pysup::test::why(lock));
  BOOST_REQUIRE_EQUAL(told.size(), 1);
  BOOST_CHECK_EQUAL(told.front(), "pid 123, some-program --option");
  BOOST_CHECK_EQUAL(scratch.bytes("/var/lib/some/lock"), "me"); // shorter than what was there
}

BOOST_AUTO_TEST_CASE(the_lock_goes_with_its_object_and_the_next_one_need_not_wait) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  for (int i = 0; i < 2; ++i) {
    BOOST_CHECK(Lock::take(root, dir, "lock", "me", must_not_wait));
  }
}

BOOST_AUTO_TEST_CASE(a_killed_holder_blocks_nobody) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Holder holder(root, "pid 1, killed");
  holder.kill();
  BOOST_CHECK(Lock::take(root, dir, "lock", "me", must_not_wait));
}

BOOST_AUTO_TEST_CASE(what_the_holder_says_cannot_drive_a_terminal) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Holder holder(root, "pid 1,\x1b[2J\n\xc2\x9b rest");
  std::string told;
  BOOST_REQUIRE(Lock::take(root, dir, "lock", "me", [&](const std::string& who) {
    told = who;
    holder.let_go();
  }));
  BOOST_CHECK_EQUAL(told.find_first_of("\x1b\n\xc2\x9b"), std::string::npos);
  BOOST_CHECK(told.starts_with("pid 1,"));
}

BOOST_AUTO_TEST_CASE(a_holder_that_says_nothing_is_still_somebody) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Holder holder(root, "");
  std::string told;
  BOOST_REQUIRE(Lock::take(root, dir, "lock", "me", [&](const std::string& who) {
    told = who;
    holder.let_go();
  }));
  BOOST_CHECK(!told.empty());
}

void nothing(int /*signal*/) {}

BOOST_AUTO_TEST_CASE(a_signal_ends_the_wait) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  const Holder holder(root, "pid 1, stays");
  Child waiter([&root] {
    struct sigaction action {};
    action.sa_handler = nothing;
    ::sigaction(SIGALRM, &action, nullptr);
    const auto lock = Lock::take(root, dir, "lock", "me", [](const std::string&) { ::alarm(1); });
    return !lock && lock.error().code == EINTR ? 0 : 1;
  });
  BOOST_CHECK_EQUAL(waiter.wait(), 0);
}

BOOST_AUTO_TEST_CASE(a_link_in_the_locks_place_is_not_followed) {
  const test::ScratchDirectory scratch;
  scratch.file("/victim", "precious");
  scratch.link("/var/lib/some/lock", "/victim");
  scratch.link("/linked", "/var/lib/some");
  const Root root = scratch.root();
  const auto file = Lock::take(root, dir, "lock", "me", must_not_wait);
  BOOST_REQUIRE(!file);
  BOOST_CHECK(file.error().message.starts_with("/var/lib/some/lock"));
  BOOST_CHECK(!Lock::take(root, "/linked", "other", "me", must_not_wait));
  BOOST_CHECK_EQUAL(scratch.bytes("/victim"), "precious");
}

} // namespace
} // namespace pysup::os
