// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "state/store.hpp"
#include "why.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace scratch {

/// Ends the test with the error's message where there is one.
template <typename T>
void require_value(const pysup::Result<T>& result) {
  BOOST_REQUIRE_MESSAGE(result.has_value(), pysup::test::why(result));
}

/// A root directory that goes with the test.
class ScratchRoot {
 public:
  ScratchRoot() {
    std::string name = (std::filesystem::temp_directory_path() / "pysup-state-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    dir_ = name;
    // mkdtemp(3) makes it 0700; other users shall get in.
    std::filesystem::permissions(dir_, std::filesystem::perms(0755));
  }
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;
  ~ScratchRoot() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  [[nodiscard]] std::filesystem::path at(std::string_view path) const {
    return dir_ / std::string(path.substr(1));
  }
  [[nodiscard]] std::filesystem::path state_dir() const { return at(pysup::state::directory); }
  [[nodiscard]] std::filesystem::path database() const {
    return state_dir() / pysup::state::file_name;
  }
  [[nodiscard]] pysup::os::Root open() const {
    auto root = pysup::os::Root::open(dir_.string());
    BOOST_REQUIRE(root.has_value());
    return std::move(*root);
  }

 private:
  std::filesystem::path dir_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Runs BODY in a child process, whose limits, user or mounts it may change; whether it gave true.
inline bool in_child(const std::function<bool()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body() ? 0 : 1);
  }
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

/// Only in a child: mounts of its own, so that nothing of the machine changes. Not possible
/// without root's rights, nor in a plain chroot, whose "/" is no mount.
inline bool own_mounts() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// Only in a child. Not possible without root's rights, nor where the user is not mapped.
inline bool become_nobody() {
  constexpr uid_t nobody = 65534;
  return ::setresuid(nobody, nobody, nobody) == 0;
}

inline boost::test_tools::assertion_result is_root_of_all(boost::unit_test::test_unit_id /*unit*/) {
  return ::geteuid() == 0 && in_child(become_nobody);
}
inline boost::test_tools::assertion_result has_own_mounts(boost::unit_test::test_unit_id /*unit*/) {
  return in_child(own_mounts);
}

/// Decorators of test cases that need what not every machine gives. They hold plain functions: g++
/// takes the inside of a stored function object for uninitialized.
inline boost::unit_test::precondition able_to_become_nobody() {
  return boost::unit_test::precondition(is_root_of_all);
}
inline boost::unit_test::precondition with_mounts() {
  return boost::unit_test::precondition(has_own_mounts);
}

inline pysup::state::Store open_store(const ScratchRoot& scratch,
                                      pysup::state::Store::Access access) {
  auto store = pysup::state::Store::open(scratch.open(), access);
  require_value(store);
  return std::move(*store);
}

inline pysup::state::Store open_to_write(const ScratchRoot& scratch) {
  return open_store(scratch, pysup::state::Store::Access::read_write);
}

inline pysup::state::Store open_to_read(const ScratchRoot& scratch) {
  return open_store(scratch, pysup::state::Store::Access::read_only);
}

/// Sorted by path, as the database is not.
inline pysup::state::Snapshot load(pysup::state::Store& store) {
  auto snapshot = store.load();
  require_value(snapshot);
  std::sort(snapshot->files.begin(), snapshot->files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return std::move(*snapshot);
}

inline void commit(const ScratchRoot& scratch, const pysup::state::Changes& changes) {
  auto store = open_to_write(scratch);
  const auto done = store.commit(changes);
  require_value(done);
}

/// The link and the bytecode of one module, as a pass records them.
inline void add_module(pysup::state::Changes& changes, const std::string& package,
                       const std::string& relative_folder, const std::string& stem,
                       std::uint64_t number) {
  using namespace pysup::state;
  const std::string tree = "/usr/lib/pymodules/python3.13/";
  const std::uint64_t odd = 0x9e3779b97f4a7c15U; // spreads the number over all bits
  File link;
  link.kind = FileKind::link;
  link.path = tree + relative_folder + stem + ".py";
  link.version = {3, 13};
  link.source = "/usr/share/pyshared/" + relative_folder + stem + ".py";
  link.reference = package + ".public";
  link.size = link.source.size();
  link.digest = digest_of(link.source.str());
  link.mtime_ns = static_cast<std::int64_t>(1'700'000'000'000'000'000 + number * 1'000'003);
  File bytecode = link;
  bytecode.kind = FileKind::bytecode;
  bytecode.path = tree + relative_folder + "__pycache__/" + stem + ".cpython-313.pyc";
  bytecode.source = link.path;
  bytecode.size = 300 + number % 50'000;
  bytecode.mtime_ns += 7'000'001;
  bytecode.digest = {odd * (number + 1), odd * (number + 2)};
  bytecode.magic = 0x0a0d0df3;
  bytecode.source_size = 200 + number % 60'000;
  bytecode.source_mtime_ns = link.mtime_ns - 86'400'000'000'000;
  bytecode.source_digest = {odd * (number + 3), odd * (number + 4)};
  changes.files.push_back(std::move(link));
  changes.files.push_back(std::move(bytecode));
}

/// PACKAGES packages of MODULES modules each, ten in a directory.
inline pysup::state::Changes many_modules(std::uint64_t packages, std::uint64_t modules) {
  using namespace pysup::state;
  Changes changes;
  changes.interpreters.push_back({{3, 13},
                                  "/usr/bin/python3.13",
                                  6'800'000,
                                  1'750'000'000'000'000'000,
                                  0x0a0d0df3,
                                  "cpython-313",
                                  true,
                                  "",
                                  1'750'000'000,
                                  900});
  for (std::uint64_t package = 0; package < packages; ++package) {
    const std::string name = "package" + std::to_string(package);
    Reference reference{name + ".public", "public", "python3-" + name, "1.2.3-1", {}};
    for (std::uint64_t module = 0; module < modules; ++module) {
      const std::string folder = name + "/sub" + std::to_string(module / 10) + '/';
      add_module(changes, name, folder, "module" + std::to_string(module),
                 package * modules + module);
      reference.asked += "P?/module" + std::to_string(module) + ".py" + '\0';
    }
    changes.references.push_back(std::move(reference));
  }
  return changes;
}

} // namespace scratch
