// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace scene {

/// A package that the real dpkg-deb builds and the real dpkg installs.
struct Spec {
  std::string name;
  std::string architecture = "all";
  std::vector<std::string> files; ///< absolute paths
  std::string fields;             ///< further lines of control, each with its newline
  std::string postinst;           ///< body of a shell script; none where empty
  std::string conffile;
  std::string triggers; ///< content of the triggers file
};

/// A root directory with a dpkg database of its own, that goes with the test. Needs root's rights,
/// because dpkg does.
class Scene {
 public:
  Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  ~Scene();

  /// The .deb of SPEC, version 1.0-1.
  std::string build(const Spec& spec);
  /// Runs dpkg on this root. Its exit code is not looked at: some states are made by failure.
  void dpkg(const std::string& arguments);
  void install(const Spec& spec) { dpkg("-i " + build(spec)); }
  void divert(const std::string& arguments);

  [[nodiscard]] std::filesystem::path admindir() const { return dir_ / "root/var/lib/dpkg"; }
  [[nodiscard]] std::string read(const std::string& name) const; ///< a file of the admindir
  void write(const std::string& name, const std::string& bytes) const;

 private:
  void run(const std::string& command) const;
  std::filesystem::path dir_;
};

/// The architecture that dpkg installs on this machine, and one that it does not.
std::string native_architecture();
std::string foreign_architecture();

using Question = std::function<std::string(pysup::dpkg::Database&)>;

/// Opens the database in ADMINDIR and answers QUESTION, in a process of its own, as libdpkg has
/// one database a process. "error: ..." where it cannot be opened, "died" where the process did
/// not come to its end, "printed" where anything was written to its standard output or error.
std::string ask(const std::filesystem::path& admindir, const Question& question);

/// "name:architecture version usable|unusable", joined by ", ".
std::string text(const std::vector<pysup::dpkg::Package>& packages);

/// Questions.
Question packages(const std::string& name);
Question owners(const std::string& path);
Question lists(const std::string& name, const std::string& path);
Question python_files(const std::string& name); ///< those that end in .py, sorted

} // namespace scene
