// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/interruption.hpp"

#include <csignal>
#include <initializer_list>

namespace pysup::os {

namespace {

volatile int caught = 0;

void remember(int signal) {
  caught = signal;
}

} // namespace

void catch_interruptions() {
  struct sigaction action {};
  action.sa_handler = remember; // without SA_RESTART: what waits shall return
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) { // nohup(1) and dpkg know why they ignore one
      ::sigaction(signal, &action, nullptr);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
}

const volatile int* interruption() {
  return &caught;
}

void die_of_interruption() {
  std::signal(caught, SIG_DFL);
  std::raise(caught);
}

} // namespace pysup::os
