// SPDX-License-Identifier: GPL-2.0-or-later
//
// Against databases that the real dpkg made. dpkg wants to be root, so these cases do.
#include "dpkg/database.hpp"

#include "dpkg_scene.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace scene;
namespace fs = std::filesystem;
namespace utf = boost::unit_test;

namespace {

bool become_nobody() {
  constexpr uid_t nobody = 65534;
  return ::setresuid(nobody, nobody, nobody) == 0;
}

/// Whether this is root with all that belongs to it, so not where other users are not mapped.
bool is_root() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(become_nobody() ? 0 : 1);
  }
  int status = 0;
  return ::geteuid() == 0 && child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

boost::test_tools::assertion_result needs_root(utf::test_unit_id /*unit*/) {
  return is_root();
}

// A plain function: g++ 12 takes the inside of a stored function object for uninitialized.
const auto as_root = utf::precondition(needs_root);

Spec simple(const std::string& name, const std::string& file) {
  Spec spec;
  spec.name = name;
  spec.files = {file};
  return spec;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Every file below DIR with what would change if it were written.
std::map<std::string, std::string> photograph(const fs::path& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    files[entry.path()] = fmt::format("{} {}", entry.is_regular_file() ? entry.file_size() : 0,
                                      entry.last_write_time().time_since_epoch().count());
  }
  return files;
}

} // namespace

BOOST_AUTO_TEST_SUITE(database, *as_root)

BOOST_AUTO_TEST_CASE(tells_the_state_of_a_package) {
  Scene scene;
  scene.install(simple("installed", "/usr/share/a/1"));
  scene.dpkg("--unpack " + scene.build(simple("unpacked", "/usr/share/a/2")));
  Spec broken = simple("half-configured", "/usr/share/a/3");
  broken.postinst = "exit 1";
  scene.install(broken);
  Spec removed = simple("removed", "/usr/share/a/4");
  removed.conffile = "/etc/removed.conf";
  scene.install(removed);
  scene.dpkg("-r removed");
  Spec waits = simple("waits", "/usr/share/a/5");
  waits.triggers = "interest /usr/share/watched\n";
  waits.postinst = "exit 0";
  scene.install(waits);
  scene.dpkg("--no-triggers -i " + scene.build(simple("causes", "/usr/share/watched/x")));

  const std::string status = scene.read("status");
  for (const char* state : {"ok installed", "ok unpacked", "ok half-configured", "ok config-files",
                            "ok triggers-pending", "ok triggers-awaited"}) {
    BOOST_TEST_REQUIRE(contains(status, state), state << " was not brought about");
  }
  const auto asked = [&](const char* name) {
    return ask(scene.admindir(), packages(name));
  };
  BOOST_TEST(asked("installed") == "installed:all 1.0-1 usable");
  BOOST_TEST(asked("unpacked") == "unpacked:all 1.0-1 unusable");
  BOOST_TEST(asked("half-configured") == "half-configured:all 1.0-1 unusable");
  BOOST_TEST(asked("removed") == "");
  BOOST_TEST(asked("waits") == "waits:all 1.0-1 usable");   // triggers-pending
  BOOST_TEST(asked("causes") == "causes:all 1.0-1 usable"); // triggers-awaited
  BOOST_TEST(asked("never-there") == "");

  const auto owner = [&](const char* path) {
    return ask(scene.admindir(), owners(path));
  };
  BOOST_TEST(owner("/usr/share/a/1") == "installed:all 1.0-1 usable");
  BOOST_TEST(owner("/usr/share/a/2") == "unpacked:all 1.0-1 unusable");
  BOOST_TEST(owner("/usr/share/a/4") == "");
  BOOST_TEST(owner("/etc/removed.conf") == ""); // only its conffile is left
  BOOST_TEST(owner("/usr/share/a/9") == "");
  BOOST_TEST(owner("/usr/share/a") ==
             "half-configured:all 1.0-1 unusable, "
             "installed:all 1.0-1 usable, unpacked:all 1.0-1 unusable, waits:all 1.0-1 usable");
}

BOOST_AUTO_TEST_CASE(lists_reads_one_package_only) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  scene.install(simple("b", "/usr/share/b/1"));
  scene.write("info/b.list", "damaged");
  BOOST_TEST(ask(scene.admindir(), lists("a", "/usr/share/a/1")) == "yes");
  BOOST_TEST(ask(scene.admindir(), lists("a", "/usr/share/a")) == "yes");
  BOOST_TEST(ask(scene.admindir(), lists("a", "/usr/share/b/1")) == "no");
  BOOST_TEST(ask(scene.admindir(), lists("never-there", "/usr/share/a/1")) == "no");
}

BOOST_AUTO_TEST_CASE(knows_each_architecture_of_a_package) {
  const std::string native = native_architecture();
  const std::string foreign = foreign_architecture();
  Scene scene;
  scene.dpkg("--add-architecture " + foreign);
  for (const std::string& architecture : {native, foreign}) {
    Spec spec = simple("lib", "/usr/lib/" + architecture + "/x");
    spec.files.push_back("/usr/share/lib/common");
    spec.architecture = architecture;
    spec.fields = "Multi-Arch: same\n";
    scene.install(spec);
  }
  std::vector<std::string> both{fmt::format("lib:{} 1.0-1 usable", native),
                                fmt::format("lib:{} 1.0-1 usable", foreign)};
  std::sort(both.begin(), both.end());
  const std::string expected = both[0] + ", " + both[1];
  BOOST_TEST(ask(scene.admindir(), packages("lib")) == expected);
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/lib/common")) == expected);
  BOOST_TEST(ask(scene.admindir(), owners("/usr/lib/" + foreign + "/x")) ==
             fmt::format("lib:{} 1.0-1 usable", foreign));
  BOOST_TEST(ask(scene.admindir(), lists("lib", "/usr/lib/" + foreign + "/x")) == "yes");
}

BOOST_AUTO_TEST_CASE(an_image_of_another_architecture_is_read_as_well) {
  Scene scene;
  Spec spec = simple("tool", "/usr/bin/tool");
  spec.architecture = foreign_architecture();
  scene.dpkg("--force-architecture -i " + scene.build(spec));
  BOOST_TEST(ask(scene.admindir(), packages("tool")) ==
             fmt::format("tool:{} 1.0-1 usable", foreign_architecture()));
}

BOOST_AUTO_TEST_CASE(a_path_shipped_before_merged_usr_has_its_owner) {
  Scene scene;
  scene.install(simple("old", "/lib/old/x"));
  scene.install(simple("tool", "/bin/tool"));
  scene.install(simple("new", "/usr/lib/new/x"));
  BOOST_TEST(ask(scene.admindir(), owners("/usr/lib/old/x")) == "old:all 1.0-1 usable");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/bin/tool")) == "tool:all 1.0-1 usable");
  BOOST_TEST(ask(scene.admindir(), lists("old", "/usr/lib/old/x")) == "yes");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/lib/new/x")) == "new:all 1.0-1 usable");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/old/x")) == "");
}

BOOST_AUTO_TEST_CASE(a_diverted_path_belongs_to_who_diverts_it) {
  Scene scene;
  scene.install(simple("original", "/usr/bin/py3compile"));
  scene.divert("--package diverter --divert /usr/bin/py3compile.real --add /usr/bin/py3compile");
  BOOST_TEST_REQUIRE(contains(scene.read("diversions"), "/usr/bin/py3compile.real"));
  const auto owner = [&](const char* path) {
    return ask(scene.admindir(), owners(path));
  };
  BOOST_TEST(owner("/usr/bin/py3compile") == "");
  BOOST_TEST(owner("/usr/bin/py3compile.real") == "original:all 1.0-1 usable");
  scene.install(simple("diverter", "/usr/bin/py3compile"));
  BOOST_TEST(owner("/usr/bin/py3compile") == "diverter:all 1.0-1 usable");
  BOOST_TEST(owner("/usr/bin/py3compile.real") == "original:all 1.0-1 usable");
}

BOOST_AUTO_TEST_CASE(files_are_named_as_they_are_on_disk) {
  Scene scene;
  Spec original = simple("original", "/usr/lib/python3/dist-packages/a.py");
  original.files.emplace_back("/usr/lib/python3/dist-packages/b.py");
  original.files.emplace_back("/usr/lib/python3/dist-packages/c.txt");
  scene.install(original);
  const auto files = [&](const char* name) {
    return ask(scene.admindir(), python_files(name));
  };
  const std::string directory = "/usr/lib/python3/dist-packages";
  BOOST_TEST(files("original") == directory + "/a.py " + directory + "/b.py");
  scene.divert("--package diverter --divert " + directory + "/moved.py --add " + directory +
               "/a.py");
  scene.install(simple("diverter", directory + "/a.py"));
  BOOST_TEST(files("original") == directory + "/b.py " + directory + "/moved.py");
  BOOST_TEST(files("diverter") == directory + "/a.py");
  scene.divert("--local --divert " + directory + "/local.py --add " + directory + "/b.py");
  BOOST_TEST(files("original") == directory + "/local.py " + directory + "/moved.py");
  BOOST_TEST(files("unknown") == "");
}

BOOST_AUTO_TEST_CASE(a_locally_diverted_path_belongs_to_nobody) {
  Scene scene;
  scene.install(simple("original", "/usr/bin/tool"));
  scene.divert("--local --divert /usr/bin/tool.dist --add /usr/bin/tool");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/bin/tool")) == "");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/bin/tool.dist")) == "original:all 1.0-1 usable");
}

BOOST_AUTO_TEST_CASE(sees_what_dpkg_wrote_into_its_journal) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  std::string stanza = scene.read("status");
  const std::string installed = "ok installed";
  BOOST_TEST_REQUIRE(contains(stanza, installed));
  stanza.replace(stanza.find(installed), installed.size(), "ok half-configured");
  // As dpkg leaves it between two checkpoints: a stanza in a file named by a number.
  scene.write("updates/0000", stanza);
  BOOST_TEST(ask(scene.admindir(), packages("a")) == "a:all 1.0-1 unusable");
}

BOOST_AUTO_TEST_CASE(works_while_dpkg_holds_its_lock) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  const int fd = ::open((scene.admindir() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  BOOST_REQUIRE(fd >= 0);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  BOOST_REQUIRE(::fcntl(fd, F_SETLK, &lock) == 0);
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/a/1")) == "a:all 1.0-1 usable");
  ::close(fd);
}

BOOST_AUTO_TEST_CASE(is_usable_from_a_maintainer_script) {
  Scene scene;
  // The script keeps the database as it was while it ran, journal and all.
  Spec spec = simple("a", "/usr/share/a/1");
  spec.postinst = "cp -a \"$DPKG_ROOT/var/lib/dpkg\" \"$DPKG_ROOT/seen\"";
  scene.install(spec);
  const fs::path seen = scene.admindir().parent_path().parent_path().parent_path() / "seen";
  BOOST_TEST_REQUIRE(fs::exists(seen / "updates"));
  BOOST_TEST(ask(seen, packages("a")) == "a:all 1.0-1 unusable"); // its postinst was running
  BOOST_TEST(ask(seen, owners("/usr/share/a/1")) == "a:all 1.0-1 unusable");
}

BOOST_AUTO_TEST_CASE(writes_nothing_and_needs_no_rights) {
  Scene scene;
  Spec waits = simple("waits", "/usr/share/a/5");
  waits.triggers = "interest /usr/share/watched\n";
  scene.install(waits);
  scene.install(simple("a", "/usr/share/a/1"));
  scene.write("triggers/Unincorp", "/usr/share/watched a\n");
  scene.divert("--package a --divert /usr/share/a/2.x --add /usr/share/a/2");
  fs::permissions(scene.admindir().parent_path().parent_path().parent_path().parent_path(),
                  fs::perms(0755)); // the temporary directory itself
  const auto before = photograph(scene.admindir());
  const std::string expected = "a:all 1.0-1 usable";
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/a/1")) == expected);
  BOOST_TEST(ask(scene.admindir(), [&](pysup::dpkg::Database& database) {
               return become_nobody() ? owners("/usr/share/a/1")(database) : "not nobody";
             }) == expected);
  BOOST_TEST((photograph(scene.admindir()) == before));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_not_there_is_an_error) {
  Scene scene;
  const fs::path gone = scene.admindir() / "gone";
  BOOST_TEST(ask(gone, packages("a")) ==
             "error: " + gone.string() + "/status: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_damaged_database_is_an_error_and_nothing_worse) {
  const struct {
    const char* file;
    std::string content;
  } cases[] = {
      {"status", "Package: a\nStatus: install ok installed\nVersion: 1"},
      {"status", "no colon\n"},
      {"status", "Package: a\nStatus: install ok nonsense\nVersion: 1\nArchitecture: all\n\n"},
      {"status", std::string(5000, '\0')},
      {"updates/0000", "Package: a\nStatus: what"},
      {"updates/00", ""},
      {"triggers/Unincorp", "/usr/share/watched ?\n"},
      {"triggers/File", "no slash\n"},
      {"info/format", "99\n"},
      {"info/format", "x"},
  };
  for (const auto& [file, content] : cases) {
    BOOST_TEST_CONTEXT(file << " is " << content.substr(0, 60)) {
      Scene scene;
      scene.install(simple("a", "/usr/share/a/1"));
      scene.write("updates/0001", scene.read("status"));
      scene.write(file, content);
      const std::string answer = ask(scene.admindir(), packages("a"));
      BOOST_TEST(answer.starts_with("error: " + scene.admindir().string() + ": "), answer);
    }
  }
}

BOOST_AUTO_TEST_CASE(damaged_file_lists_and_diversions_are_errors_of_the_question) {
  const struct {
    const char* file;
    std::string content;
  } cases[] = {
      {"info/a.list", "/.\n/usr/share/a/1"}, // cut off
      {"info/a.list", "/.\n\n/usr\n"},
      {"diversions", "/a\n/b\n"},
      {"diversions", "/a\n/b\n:\n/a\n/c\n:\n"},
      {"diversions", "/a\n/b"},
      {"diversions", std::string(100'000, 'x') + "\n/b\n:\n"},
  };
  for (const auto& [file, content] : cases) {
    BOOST_TEST_CONTEXT(file << " is " << content.substr(0, 60)) {
      Scene scene;
      scene.install(simple("a", "/usr/share/a/1"));
      scene.install(simple("b", "/usr/share/b/1"));
      scene.write(file, content);
      const std::string answer = ask(scene.admindir(), [](pysup::dpkg::Database& database) {
        const std::string first = owners("/usr/share/b/1")(database);
        const std::string second = owners("/usr/share/b/1")(database);
        return first == second ? first : "not the same twice";
      });
      BOOST_TEST(answer.starts_with("error: "), answer);
      BOOST_TEST(ask(scene.admindir(), packages("a")) == "a:all 1.0-1 usable");
      BOOST_TEST(ask(scene.admindir(), lists("b", "/usr/share/b/1")) == "yes");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_list_that_cannot_be_read_is_an_error) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  fs::remove(scene.admindir() / "info/a.list");
  fs::create_directory(scene.admindir() / "info/a.list");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/a/1")).starts_with("error: "));
  BOOST_TEST(ask(scene.admindir(), lists("a", "/usr/share/a/1")).starts_with("error: "));
}

BOOST_AUTO_TEST_CASE(a_missing_file_list_means_no_files_as_it_does_to_dpkg) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  fs::remove(scene.admindir() / "info/a.list");
  BOOST_TEST(ask(scene.admindir(), owners("/usr/share/a/1")) == "");
}

BOOST_AUTO_TEST_CASE(warnings_of_libdpkg_are_not_printed) {
  Scene scene;
  scene.write("status", "Package: a\nStatus: install ok installed\nVersion: 1.0-1\n\n");
  BOOST_TEST(contains(ask(scene.admindir(), packages("a")), "1.0-1 usable"));
}

BOOST_AUTO_TEST_CASE(a_process_opens_one_database_only) {
  Scene scene;
  scene.install(simple("a", "/usr/share/a/1"));
  const std::string answer = ask(scene.admindir(), [&](pysup::dpkg::Database& database) {
    { const pysup::dpkg::Database closed(std::move(database)); }
    const auto again = pysup::dpkg::Database::open(scene.admindir().string());
    return again ? "opened" : again.error().message;
  });
  BOOST_TEST(contains(answer, "before"), answer);
}

BOOST_AUTO_TEST_SUITE_END()
