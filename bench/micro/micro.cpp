// SPDX-License-Identifier: GPL-2.0-or-later
//
// Times every part, and its floor, with Google Benchmark at 1,000, 10,000 and 100,000 modules.
#include "parts.hpp"

#include <benchmark/benchmark.h>
#include <chrono>

namespace {

using namespace pysup::bench;

/// The operation that MAKER makes for so many modules. Google Benchmark calls a benchmark several
/// times over until it runs long enough; the input is made once.
const Operation& made(Maker maker, std::size_t modules) {
  static Maker last_maker = nullptr;
  static std::size_t last_modules = 0;
  static Operation last;
  if (maker != last_maker || modules != last_modules) {
    last = {}; // first gives back what the last one held
    last = maker(modules);
    last_maker = maker;
    last_modules = modules;
  }
  return last;
}

void measure(benchmark::State& state, Maker maker) {
  const auto modules = static_cast<std::size_t>(state.range(0));
  const Operation& operation = made(maker, modules);
  for ([[maybe_unused]] auto _ : state) {
    if (operation.reset) {
      operation.reset();
    }
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t seen = operation.run();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(taken.count());
    if (seen != modules) {
      give_up("a part saw to " + std::to_string(seen) + " modules");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}

void add(const std::string& name, Maker maker) {
  benchmark::RegisterBenchmark(name.c_str(), [maker](benchmark::State& s) { measure(s, maker); })
      ->Arg(1000)
      ->Arg(10000)
      ->Arg(100000)
      ->Unit(benchmark::kMillisecond)
      ->UseManualTime()
      ->Complexity();
}

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  for (const Part& part : parts()) {
    add(part.name, part.part);
    add(std::string(part.name) + "/floor", part.floor);
  }
  benchmark::RunSpecifiedBenchmarks();
}
