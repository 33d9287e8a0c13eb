// SPDX-License-Identifier: GPL-2.0-or-later
//
// How the stream comes: at once, in pieces, late, or not at all.
#include "os/fd.hpp"
#include "recorded.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace pysup::apt_hook {
namespace {

struct Pipe {
  explicit Pipe(int flags = 0) {
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
    out = os::Fd(ends[0]);
    in = os::Fd(ends[1]);
    BOOST_REQUIRE_EQUAL(::fcntl(out.get(), F_SETFL, flags), 0);
  }
  os::Fd out;
  os::Fd in;
};

/// Writes the stream in three pieces with pauses, WHILE_WAITING in each of them, then closes.
template <typename Function>
std::thread slow_writer(Pipe& pipe, const std::string& stream, Function while_waiting) {
  return std::thread([&pipe, stream, while_waiting] {
    const std::size_t third = stream.size() / 3;
    for (const std::string& piece :
         {stream.substr(0, third), stream.substr(third, third), stream.substr(2 * third)}) {
      ::usleep(20000);
      while_waiting();
      ::usleep(20000);
      if (::write(pipe.in.get(), piece.data(), piece.size()) < 0) {
        break;
      }
    }
    pipe.in = os::Fd();
  });
}

void check_slow(Pipe& pipe, void (*while_waiting)(pthread_t reader)) {
  const std::string stream = recorded("sid", "mixed");
  std::thread writer =
      slow_writer(pipe, stream, [while_waiting, self = ::pthread_self()] { while_waiting(self); });
  const auto plan = read_plan(pipe.out.get());
  writer.join();
  BOOST_REQUIRE_MESSAGE(plan, pysup::test::why(plan));
  BOOST_CHECK(plan->complete);
  BOOST_CHECK(plan->packages == parse_plan(stream)->packages);
}

/// A megabyte: 11 bytes, and 27 for each package.
std::string long_stream() {
  std::string stream = "VERSION 3\n\n";
  while (stream.size() < 1000000) {
    stream += "n - - none < 2 all none /f\n";
  }
  return stream;
}

BOOST_AUTO_TEST_SUITE(protocol_read)

BOOST_AUTO_TEST_CASE(in_pieces) {
  Pipe pipe;
  check_slow(pipe, [](pthread_t) {});
}

BOOST_AUTO_TEST_CASE(from_a_descriptor_that_does_not_wait) {
  Pipe pipe(O_NONBLOCK);
  check_slow(pipe, [](pthread_t) {});
}

/// In read(2), and in poll(2), which no flag of the handler begins again.
BOOST_AUTO_TEST_CASE(with_signals_in_between) {
  struct sigaction caught {};
  struct sigaction before {};
  caught.sa_handler = [](int) {
  };
  BOOST_REQUIRE_EQUAL(::sigaction(SIGUSR1, &caught, &before), 0);
  for (const int flags : {0, O_NONBLOCK}) {
    Pipe pipe(flags);
    check_slow(pipe, [](pthread_t reader) { ::pthread_kill(reader, SIGUSR1); });
  }
  ::sigaction(SIGUSR1, &before, nullptr);
}

/// More than a pipe holds.
BOOST_AUTO_TEST_CASE(a_megabyte) {
  const std::string stream = long_stream();
  Pipe pipe;
  std::thread writer = slow_writer(pipe, stream, [] {});
  const auto plan = read_plan(pipe.out.get());
  writer.join();
  BOOST_REQUIRE(plan);
  BOOST_CHECK(plan->complete);
  BOOST_CHECK_EQUAL(plan->packages.size(), (stream.size() - 11) / 27);
}

BOOST_AUTO_TEST_CASE(nothing_comes) {
  Pipe pipe;
  pipe.in = os::Fd();
  BOOST_CHECK(!read_plan(pipe.out.get()));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read) {
  int closed;
  {
    const Pipe pipe;
    closed = pipe.out.get();
  }
  const auto gone = read_plan(closed);
  BOOST_REQUIRE(!gone);
  BOOST_CHECK_EQUAL(gone.error().code, EBADF);
  BOOST_CHECK_EQUAL(read_plan(-1).error().code, EBADF);
  const os::Fd directory(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  BOOST_CHECK_EQUAL(read_plan(directory.get()).error().code, EISDIR);
  const Pipe pipe;
  BOOST_CHECK_EQUAL(read_plan(pipe.in.get()).error().code, EBADF);
}

/// The rest stays where it is, which APT does not mind.
BOOST_AUTO_TEST_CASE(up_to_the_limit) {
  const std::string stream = long_stream();
  const os::Fd file(::memfd_create("stream", MFD_CLOEXEC));
  BOOST_REQUIRE_EQUAL(::write(file.get(), stream.data(), stream.size()),
                      static_cast<ssize_t>(stream.size()));
  for (const std::size_t limit : {stream.size(), stream.size() - 1, std::size_t{200000}}) {
    BOOST_REQUIRE_EQUAL(::lseek(file.get(), 0, SEEK_SET), 0);
    const auto plan = read_plan(file.get(), limit);
    BOOST_REQUIRE(plan);
    BOOST_CHECK(!plan->complete);
    BOOST_CHECK_EQUAL(plan->packages.size(), (limit - 11) / 27);
    BOOST_CHECK_EQUAL(::lseek(file.get(), 0, SEEK_CUR), static_cast<off_t>(limit));
  }
}

BOOST_AUTO_TEST_CASE(a_stream_without_end) {
  const os::Fd zero(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  BOOST_CHECK(!read_plan(zero.get(), std::size_t{1} << 20));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::apt_hook
