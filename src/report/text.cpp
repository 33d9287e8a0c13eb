// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace pysup::report {

namespace {

/// The length of the valid UTF-8 sequence at the start of TEXT (RFC 3629); 0 where there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80                    ? 1
                             : lead >= 0xC2 && lead < 0xE0  ? 2
                             : lead >= 0xE0 && lead < 0xF0  ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool outside = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || outside ? 0 : length;
}

bool is_control(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  const bool c1 = lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
  return lead < 0x20 || lead == 0x7F || c1;
}

} // namespace

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += "  ";
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string moment(std::int64_t seconds) {
  if (seconds == 0) {
    return "never";
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local{};
  ::localtime_r(&time, &local);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", local);
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool newline = keep_lines && text[0] == '\n';
    if (newline || (length > 0 && !is_control(text))) {
      out += text.substr(0, length);
      text.remove_prefix(length);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string line(const pass::VersionReport& report) {
  std::string counts =
      fmt::format("{} compiled, {} restamped, {} removed, {} up to date", report.compiled,
                  report.restamped, report.removed, report.up_to_date);
  if (report.linked > 0) {
    counts += fmt::format(", {} linked", report.linked);
  }
  if (report.failed > 0) {
    counts += fmt::format(", {} failed", report.failed);
  }
  if (report.deferred > 0) {
    counts += fmt::format(", {} to be compiled later", report.deferred);
  }
  return fmt::format("{}: {} in {:.1f} s", report.version.name(), counts,
                     static_cast<double>(report.milliseconds) / 1000.0);
}

std::string summary(const pass::Outcome& outcome) {
  pass::VersionReport sum;
  std::string names;
  for (const pass::VersionReport& version : outcome.versions) {
    const std::size_t made = version.linked + version.compiled + version.restamped;
    if (made + version.removed + version.deferred == 0) {
      continue;
    }
    sum.linked += version.linked;
    sum.compiled += version.compiled;
    sum.restamped += version.restamped;
    sum.removed += version.removed;
    sum.deferred += version.deferred;
    sum.milliseconds += version.milliseconds;
    names += (names.empty() ? "" : ", ") + version.version.name();
  }
  const auto failed = static_cast<std::size_t>(
      std::count_if(outcome.failures.begin(), outcome.failures.end(),
                    [](const pass::Failure& failure) { return !failure.before; }));
  const std::pair<std::size_t, const char*> counts[] = {
      {sum.compiled, "compiled"}, {sum.restamped, "restamped"},           {sum.linked, "linked"},
      {sum.removed, "removed"},   {sum.deferred, "to be compiled later"}, {failed, "failed"}};
  std::string text;
  for (const auto& [count, what] : counts) {
    if (count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    }
  }
  if (!names.empty()) {
    text +=
        fmt::format(" for {} in {:.1f} s", names, static_cast<double>(sum.milliseconds) / 1000.0);
  }
  return text;
}

std::string line(const pass::PlannedAction& action) {
  // What a crash left behind may be of no version.
  std::string out = action.version == Version{} ? "" : action.version.name() + ": ";
  out += fmt::format("{} {}", plan::to_text(action.what), printable(action.path));
  if (action.kind == plan::Kind::link && action.what == plan::Do::make) {
    out += " -> " + printable(action.target);
  }
  if (!action.note.empty()) {
    out += ": " + printable(action.note);
  }
  return out;
}

std::string line(const pass::ChangedReference& reference) {
  std::string out =
      fmt::format("{}: {}", reference.gone ? "gone" : "changed", printable(reference.name));
  if (!reference.package.empty()) {
    out += fmt::format(" ({} {})", printable(reference.package), printable(reference.version));
  }
  return out;
}

std::string problems(const pass::Outcome& outcome, bool errors_only) {
  std::string out;
  for (const std::string& warning : outcome.warnings) {
    out += errors_only ? "" : printable(warning) + '\n';
  }
  for (const plan::Conflict& conflict : outcome.conflicts) {
    out += fmt::format("{}: {}: {} and {} want different files here; {} wins\n",
                       conflict.version.name(), printable(conflict.relative),
                       printable(conflict.winner), printable(conflict.loser),
                       printable(conflict.winner));
  }
  for (const pass::Failure& failure : outcome.failures) {
    const std::string& file = failure.source.empty() ? failure.path : failure.source;
    out += failure.source.empty()
               ? fmt::format("{}\n", printable(failure.error))
               : fmt::format("{}: {}: no bytecode{}:\n{}", failure.version.name(), printable(file),
                             failure.before ? ", as before" : "",
                             indented(printable(failure.error, true)));
  }
  return out;
}

std::string table(const pass::Status& status) {
  std::string out =
      fmt::format("{:<11} {:>8} {:>7} {:>6} {:>7} {:>11}  {:<19}  {}\n", "interpreter", "modules",
                  "fresh", "stale", "failed", "bytes", "last pass", "confinement");
  for (const pass::VersionStatus& one : status.versions) {
    out += fmt::format("{:<11} {:>8} {:>7} {:>6} {:>7} {:>11}  {:<19}  {}{}\n",
                       one.version.name() + (one.is_default ? "*" : ""), one.modules, one.fresh,
                       one.stale, one.failed, one.bytes, moment(one.last_pass),
                       one.confinement.empty() ? "(no worker was needed yet)" : one.confinement,
                       one.usable ? "" : "; cannot be used now");
  }
  out += fmt::format("{} references; * is the default version\n", status.references);
  if (status.unfinished) {
    out += "the last pass did not end; the next one finishes its work\n";
  }
  return out;
}

std::string text(const pass::CheckReport& report) {
  std::string out;
  for (const pass::Finding& finding : report.repaired) {
    out += fmt::format("{}: repaired ({}): {}\n", printable(finding.path),
                       pass::to_text(finding.defect), printable(finding.detail));
  }
  for (const pass::Finding& finding : report.findings) {
    out += fmt::format("{}: {}{}{}\n", printable(finding.path), pass::to_text(finding.defect),
                       finding.detail.empty() ? "" : ": ", printable(finding.detail));
  }
  return out + fmt::format("{} files checked, {} not as they should be, {} repaired\n",
                           report.checked, report.findings.size(), report.repaired.size());
}

} // namespace pysup::report
