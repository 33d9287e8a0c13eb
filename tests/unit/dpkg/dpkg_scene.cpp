// SPDX-License-Identifier: GPL-2.0-or-later
#include "dpkg_scene.hpp"

#include "read_to_end.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h> // join, from fmt 11 on
#include <fstream>
#include <iterator>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

namespace scene {

namespace fs = std::filesystem;

namespace {

void write_file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string output_of(const char* command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen(command, "r"), [](std::FILE* file) { return ::pclose(file); });
  std::array<char, 256> line{};
  BOOST_REQUIRE(pipe != nullptr);
  BOOST_REQUIRE(std::fgets(line.data(), line.size(), pipe.get()) != nullptr);
  std::string text(line.data());
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

std::string answer_of(const fs::path& admindir, const Question& question) {
  auto database = pysup::dpkg::Database::open(admindir.string());
  return database ? question(*database) : "error: " + database.error().message;
}

} // namespace

Scene::Scene() {
  std::string name = (fs::temp_directory_path() / "pysup-dpkg-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  dir_ = name;
  for (const char* part : {"info", "updates", "triggers"}) {
    fs::create_directories(admindir() / part);
  }
  write_file(admindir() / "status", "");
  write_file(admindir() / "available", "");
}

Scene::~Scene() {
  std::error_code ignored;
  fs::remove_all(dir_, ignored);
}

std::string Scene::build(const Spec& spec) {
  const fs::path tree = dir_ / "build" / (spec.name + '_' + spec.architecture);
  write_file(tree / "DEBIAN/control",
             fmt::format("Package: {}\nVersion: 1.0-1\nArchitecture: {}\n"
                         "Maintainer: A <a@example.org>\n{}Description: a test\n",
                         spec.name, spec.architecture, spec.fields));
  for (const std::string& file : spec.files) {
    write_file(tree / file.substr(1), spec.name);
  }
  if (!spec.conffile.empty()) {
    write_file(tree / spec.conffile.substr(1), "value");
    write_file(tree / "DEBIAN/conffiles", spec.conffile + '\n');
  }
  if (!spec.triggers.empty()) {
    write_file(tree / "DEBIAN/triggers", spec.triggers);
  }
  if (!spec.postinst.empty()) {
    write_file(tree / "DEBIAN/postinst", "#!/bin/sh\n" + spec.postinst + '\n');
    fs::permissions(tree / "DEBIAN/postinst", fs::perms(0755));
  }
  const std::string deb = tree.string() + ".deb";
  run(fmt::format("dpkg-deb --root-owner-group -b {} {}", tree.string(), deb));
  BOOST_REQUIRE(fs::exists(deb));
  return deb;
}

void Scene::run(const std::string& command) const {
  // Made for another root, or called by a test that dpkg runs, these would lead elsewhere.
  const std::string clean = "env -u DPKG_ROOT -u DPKG_ADMINDIR -u DPKG_MAINTSCRIPT_PACKAGE "
                            "-u DPKG_RUNNING_VERSION LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin ";
  const std::string log = (dir_ / "log").string();
  static_cast<void>(std::system((clean + command + " >>" + log + " 2>&1 </dev/null").c_str()) == 0);
}

void Scene::dpkg(const std::string& arguments) {
  run(fmt::format("dpkg --root={}/root --force-script-chrootless --force-depends {}", dir_.string(),
                  arguments));
}

void Scene::divert(const std::string& arguments) {
  run(fmt::format("dpkg-divert --root={}/root --no-rename {}", dir_.string(), arguments));
}

std::string Scene::read(const std::string& name) const {
  std::ifstream in(admindir() / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Scene::write(const std::string& name, const std::string& bytes) const {
  write_file(admindir() / name, bytes);
}

std::string native_architecture() {
  static const std::string name = output_of("dpkg --print-architecture");
  return name;
}

std::string foreign_architecture() {
  return native_architecture() == "s390x" ? "arm64" : "s390x";
}

std::string ask(const fs::path& admindir, const Question& question) {
  int answer[2];
  int printed[2];
  BOOST_REQUIRE(::pipe(answer) == 0);
  BOOST_REQUIRE(::pipe(printed) == 0);
  std::fflush(nullptr); // or the child would write what is buffered once more
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(printed[1], STDOUT_FILENO);
    ::dup2(printed[1], STDERR_FILENO);
    const std::string text = answer_of(admindir, question);
    std::fflush(nullptr);
    const bool written =
        ::write(answer[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(written ? 0 : 1);
  }
  ::close(answer[1]);
  ::close(printed[1]);
  const std::string text = pysup::test::read_to_end(pysup::os::Fd(answer[0]));
  const std::string noise = pysup::test::read_to_end(pysup::os::Fd(printed[0]));
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  if (status != 0) {
    return "died: " + noise;
  }
  return noise.empty() ? text : "printed: " + noise;
}

std::string text(const std::vector<pysup::dpkg::Package>& packages) {
  std::vector<std::string> parts;
  parts.reserve(packages.size());
  for (const auto& package : packages) {
    parts.push_back(fmt::format("{}:{} {} {}", package.name, package.architecture, package.version,
                                package.usable ? "usable" : "unusable"));
  }
  std::sort(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, ", "));
}

Question packages(const std::string& name) {
  return [name](pysup::dpkg::Database& database) {
    return text(database.packages(name));
  };
}

Question owners(const std::string& path) {
  return [path](pysup::dpkg::Database& database) {
    const auto found = database.owners(path);
    return found ? text(*found) : "error: " + found.error().message;
  };
}

Question python_files(const std::string& name) {
  return [name](pysup::dpkg::Database& database) {
    auto files = database.files(name);
    if (!files) {
      return "error: " + files.error().message;
    }
    std::erase_if(*files, [](const std::string& path) { return !path.ends_with(".py"); });
    std::sort(files->begin(), files->end());
    return fmt::format("{}", fmt::join(*files, " "));
  };
}

Question lists(const std::string& name, const std::string& path) {
  return [name, path](pysup::dpkg::Database& database) -> std::string {
    const auto found = database.lists(name, path);
    return found ? (*found ? "yes" : "no") : "error: " + found.error().message;
  };
}

} // namespace scene
