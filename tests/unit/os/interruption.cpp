// SPDX-License-Identifier: GPL-2.0-or-later
//
// Signals change a whole process, so each case runs in one of its own.
#include "os/interruption.hpp"

#include "child.hpp"

#include <cerrno>
#include <initializer_list>

namespace pysup::os {
namespace {

BOOST_AUTO_TEST_CASE(nothing_interrupts_at_first) {
  Child child([] {
    catch_interruptions();
    return *interruption();
  });
  BOOST_CHECK_EQUAL(child.wait(), 0);
}

BOOST_AUTO_TEST_CASE(signals_that_ask_to_stop_are_only_remembered) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Child child([signal] {
      std::signal(signal, SIG_DFL); // whoever runs the tests may ignore it
      catch_interruptions();
      std::raise(signal);
      return *interruption() == signal ? 0 : 1;
    });
    BOOST_TEST_CONTEXT("signal " << signal) {
      BOOST_CHECK_EQUAL(child.wait(), 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_caller_sees_which_signal_ended_the_process) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Child child([signal] {
      std::signal(signal, SIG_DFL);
      catch_interruptions();
      std::raise(signal);
      die_of_interruption();
      return 0;
    });
    const int status = child.wait();
    BOOST_TEST_CONTEXT("signal " << signal) {
      BOOST_REQUIRE(WIFSIGNALED(status));
      BOOST_CHECK_EQUAL(WTERMSIG(status), signal);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_returns) {
  const Signpost never;
  const Signpost ready;
  Child child([&] {
    catch_interruptions();
    ready.tell();
    const bool heard = never.hear();
    return !heard && errno == EINTR && *interruption() == SIGTERM ? 0 : 1;
  });
  BOOST_REQUIRE(ready.hear());
  // The signal may come before the call begins to wait, which a second one mends.
  for (int i = 0; i < 20; ++i) {
    ::usleep(50'000);
    ::kill(child.pid(), SIGTERM);
  }
  BOOST_CHECK_EQUAL(child.wait(), 0);
}

BOOST_AUTO_TEST_CASE(a_reader_that_left_does_not_kill) {
  Child child([] {
    catch_interruptions();
    std::raise(SIGPIPE);
    return *interruption();
  });
  BOOST_CHECK_EQUAL(child.wait(), 0);
}

/// nohup(1) has its program ignore SIGHUP.
BOOST_AUTO_TEST_CASE(a_signal_that_was_ignored_stays_so) {
  Child child([] {
    std::signal(SIGHUP, SIG_IGN);
    catch_interruptions();
    std::raise(SIGHUP);
    return *interruption();
  });
  BOOST_CHECK_EQUAL(child.wait(), 0);
}

} // namespace
} // namespace pysup::os
