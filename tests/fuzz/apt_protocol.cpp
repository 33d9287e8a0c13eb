// SPDX-License-Identifier: GPL-2.0-or-later
//
// The reader of what APT says, on whatever bytes libFuzzer thinks of (tests/fuzz/run).
#include "apt_hook/protocol.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace {

using pysup::apt_hook::Operation;
using pysup::apt_hook::PackageLine;
using pysup::apt_hook::Plan;

void require(bool held, const char* what) {
  if (!held) {
    std::fprintf(stderr, "apt_protocol: does not hold: %s\n", what);
    std::abort();
  }
}

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

void check_package(const PackageLine& one) {
  require(!one.name.empty(), "a package has a name");
  require(one.name.find_first_of(" \n") == std::string::npos, "a name is one word");
  require((one.operation == Operation::unpack) == !one.file.empty(), "what is unpacked is a file");
  require(one.file.empty() || one.file.front() == '/', "a file has an absolute path");
  require(!has_nul(one.file), "a path has no NUL");
}

/// What is read takes no more room than the stream, and no line counts twice or not at all.
void check_sizes(const Plan& plan, std::string_view stream) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : plan.configuration) {
    require(!key.empty() && !value.empty(), "a setting has a key and a value");
    require(!has_nul(key) && !has_nul(value), "a setting has no NUL");
    bytes += key.size() + value.size();
  }
  for (const PackageLine& one : plan.packages) {
    check_package(one);
    bytes += one.name.size() + one.old_version.size() + one.old_architecture.size() +
             one.new_version.size() + one.new_architecture.size() + one.file.size();
  }
  require(bytes <= stream.size(), "sizes are bounded by the stream's");
  const auto newlines = std::count(stream.begin(), stream.end(), '\n');
  const std::size_t lines = static_cast<std::size_t>(newlines) + (stream.ends_with('\n') ? 0 : 1);
  const std::size_t seen = 1 + plan.configuration.size() + plan.packages.size() + plan.bad_lines;
  require(seen == lines || seen + 1 == lines, "every line counts once");
  require(!plan.complete || stream.ends_with('\n'), "what is complete has its last newline");
}

void check_values(const Plan& plan) {
  for (std::size_t i = 0; i < plan.configuration.size() && i < 16; ++i) {
    const auto& [key, value] = plan.configuration[i];
    require(!plan.value(key).empty(), "a key that is there has a value");
    const auto values = plan.values(key);
    require(std::find(values.begin(), values.end(), value) != values.end(),
            "a list has its elements");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const auto plan = pysup::apt_hook::parse_plan(stream);
  const auto again = pysup::apt_hook::parse_plan(stream);
  require(plan.has_value() == again.has_value(), "the same bytes are understood or not");
  if (!plan) {
    require(!plan.error().message.empty(), "an error says something");
    return 0;
  }
  require(plan->configuration == again->configuration && plan->packages == again->packages &&
              plan->bad_lines == again->bad_lines && plan->complete == again->complete,
          "the same bytes give the same plan");
  check_sizes(*plan, stream);
  check_values(*plan);
  return 0;
}
