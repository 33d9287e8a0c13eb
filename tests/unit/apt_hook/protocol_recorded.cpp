// SPDX-License-Identifier: GPL-2.0-or-later
//
// What real streams say. The expectations are what APT had been asked for.
#include "recorded.hpp"

#include <map>
#include <vector>

namespace pysup::apt_hook {
namespace {

using Packages = std::vector<PackageLine>;

constexpr const char* archives = "/var/cache/apt/archives/";

/// A stream that came whole.
Plan whole(const std::string& stream) {
  const auto plan = parse_plan(stream);
  BOOST_REQUIRE_MESSAGE(plan, pysup::test::why(plan));
  BOOST_CHECK(plan->complete);
  BOOST_CHECK_EQUAL(plan->bad_lines, 0U);
  return *plan;
}

void check_packages(const Plan& plan, const Packages& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(plan.packages.begin(), plan.packages.end(), expected.begin(),
                                expected.end());
}

/// Something happens to a package that goes from one version to another, of one architecture.
PackageLine step(const char* name, const char* old_version, const char* new_version,
                 Operation operation, const std::string& file = "", const char* of = "all") {
  const std::string_view before = old_version;
  const std::string_view after = new_version;
  return {name,      old_version, before.empty() ? "" : of, new_version, after.empty() ? "" : of,
          operation, file};
}

PackageLine unpacked(const char* name, const char* old_version, const char* new_version,
                     const std::string& file, const char* of = "all") {
  return step(name, old_version, new_version, Operation::unpack, file, of);
}

PackageLine configured(const char* name, const char* old_version, const char* new_version,
                       const char* of = "all") {
  return step(name, old_version, new_version, Operation::configure, "", of);
}

PackageLine removed(const char* name, const char* version, const char* of = "all") {
  return step(name, version, "", Operation::remove, "", of);
}

/// Every run but a purge of it ends with the package that was half installed before.
const PackageLine leftover = configured("client-half", "5.0", "5.0");

Packages installs_client_new(const std::string& folder = archives) {
  return {unpacked("client-new", "", "8.0", folder + "client-new_8.0_all.deb"),
          configured("client-new", "", "8.0"), leftover};
}

BOOST_AUTO_TEST_SUITE(protocol_recorded)

/// Install, upgrade, downgrade, reinstall, remove, two architectures of one package, and a file
/// whose path has blanks. The percent signs in file names are their own.
BOOST_AUTO_TEST_CASE(everything_in_one_transaction) {
  const std::string folder = archives;
  for (const char* release : releases) {
    BOOST_TEST_CONTEXT(release) {
      check_packages(
          whole(recorded(release, "mixed")),
          {removed("client-gone", "3.0"),
           unpacked("client-again", "1.0", "1.0", folder + "client-again_1.0_all.deb"),
           unpacked("client-blank", "", "1.0", "/srv/my 100%25 packages/client blank.deb"),
           unpacked("client-downgraded", "2.0-1", "1.9-1",
                    folder + "client-downgraded_1.9-1_all.deb"),
           unpacked("client-foreign", "", "9.0", folder + "client-foreign_9.0_arm64.deb", "arm64"),
           unpacked("client-new", "", "8.0", folder + "client-new_8.0_all.deb"),
           unpacked("client-upgraded", "1.0", "1:1.1~rc1-2",
                    folder + "client-upgraded_1%3a1.1~rc1-2_all.deb"),
           unpacked("libclient", "6.0", "7.0", folder + "libclient_7.0_amd64.deb", "amd64"),
           unpacked("libclient", "", "7.0", folder + "libclient_7.0_arm64.deb", "arm64"),
           configured("client-again", "1.0", "1.0"), configured("client-blank", "", "1.0"),
           configured("client-downgraded", "2.0-1", "1.9-1"),
           configured("client-foreign", "", "9.0", "arm64"), configured("client-new", "", "8.0"),
           configured("client-upgraded", "1.0", "1:1.1~rc1-2"),
           configured("libclient", "6.0", "7.0", "amd64"),
           configured("libclient", "", "7.0", "arm64"), leftover});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_purge_also_of_what_is_removed_already) {
  for (const char* release : releases) {
    BOOST_TEST_CONTEXT(release) {
      check_packages(whole(recorded(release, "purged")),
                     {removed("client-half", "5.0"), removed("client-gone", "3.0"),
                      removed("client-left", "4.0")});
      check_packages(whole(recorded(release, "removed_with_leftovers")),
                     {removed("client-gone", "3.0"), leftover});
    }
  }
}

BOOST_AUTO_TEST_CASE(what_only_has_to_be_configured) {
  for (const char* release : releases) {
    check_packages(whole(recorded(release, "configured")), {leftover});
  }
}

/// The removal says which version comes later in the same transaction.
BOOST_AUTO_TEST_CASE(a_removal_that_does_not_last) {
  const std::string folder = archives;
  for (const char* release : releases) {
    BOOST_TEST_CONTEXT(release) {
      check_packages(whole(recorded(release, "removed_for_a_while")),
                     {step("client-x", "1.0", "2.0", Operation::remove),
                      unpacked("client-y", "1.0", "2.0", folder + "client-y_2.0_all.deb"),
                      configured("client-y", "1.0", "2.0"),
                      unpacked("client-x", "1.0", "2.0", folder + "client-x_2.0_all.deb"),
                      configured("client-x", "1.0", "2.0"), leftover});
    }
  }
}

BOOST_AUTO_TEST_CASE(an_interpreter_goes) {
  const std::map<std::string, Packages> expected{
      {"bookworm",
       {removed("python3", "3.11.2-1+b1", "amd64"),
        removed("python3-minimal", "3.11.2-1+b1", "amd64"),
        removed("python3.11", "3.11.2-6+deb12u9", "amd64"),
        removed("python3.11-minimal", "3.11.2-6+deb12u9", "amd64"), leftover}},
      {"trixie",
       {removed("python3", "3.13.5-1", "amd64"), removed("python3-minimal", "3.13.5-1", "amd64"),
        removed("python3.13", "3.13.5-2+deb13u5", "amd64"),
        removed("python3.13-minimal", "3.13.5-2+deb13u5", "amd64"), leftover}},
      {"sid",
       {removed("python3.15", "3.15.2-1", "amd64"),
        removed("python3.15-minimal", "3.15.2-1", "amd64"), leftover}},
  };
  for (const auto& [release, packages] : expected) {
    BOOST_TEST_CONTEXT(release) {
      check_packages(whole(recorded(release, "interpreters")), packages);
    }
  }
}

/// APT gives dpkg files by their absolute paths only.
BOOST_AUTO_TEST_CASE(a_file_without_an_absolute_path) {
  for (const char* release : releases) {
    const Plan plan = whole(recorded(release, "relative_cache"));
    BOOST_CHECK_EQUAL(plan.value("Dir::Cache"), "./c");
    check_packages(plan, {step("client-new", "", "8.0", Operation::error),
                          configured("client-new", "", "8.0"), leftover});
  }
}

/// The first use of a key decides how it is spelled, the last one what it holds.
BOOST_AUTO_TEST_CASE(settings_with_bytes_that_are_quoted) {
  for (const char* release : releases) {
    BOOST_TEST_CONTEXT(release) {
      const Plan plan = whole(recorded(release, "values"));
      BOOST_CHECK_EQUAL(plan.value("python-support::Odd"),
                        "a=b \"c\" 100% %41\n\tcaf\xe9\xff\x01\xc3\xa9");
      BOOST_CHECK_EQUAL(plan.value("python-support::Odd=Key\" %"), "x");
      BOOST_CHECK_EQUAL(plan.value("Python-Support::LOWER"), "2");
      BOOST_CHECK_EQUAL(plan.value("Debug::python-support"), "1");
      BOOST_CHECK_EQUAL(plan.value("python-support::Empty", "fallback"), "fallback");
      BOOST_CHECK_EQUAL(plan.value("python-support::Odd::"), "");
      const std::vector<std::string> list{"1", "2=2", "3"};
      BOOST_TEST(plan.values("python-support::list::") == list, boost::test_tools::per_element());
      BOOST_TEST(plan.values("python-support::Empty::").empty());
      check_packages(plan, installs_client_new());
    }
  }
}

/// However the key was spelled, and with a name of its own or without: dpkg gets all of them.
BOOST_AUTO_TEST_CASE(options_for_dpkg) {
  const std::vector<std::string> expected{"--root=/t", "--force-unsafe-io", "--log=/l"};
  for (const char* release : releases) {
    const Plan plan = whole(recorded(release, "dpkg_root"));
    BOOST_TEST(plan.values("Dpkg::Options::") == expected, boost::test_tools::per_element());
    BOOST_TEST(plan.values("DPkg::Pre-Install-Pkgs::").size() == 2U);
    BOOST_TEST(plan.value("DPkg::Tools::Options::record::Version") == "3");
    BOOST_TEST(
        plan.values("DPkg::Tools::Options::").empty()); // what lies deeper is not of the list
    check_packages(plan, installs_client_new());
  }
}

/// APT makes the path of dpkg's database from the directory; a root leaves the others as they are,
/// and the hook, like dpkg, runs inside.
BOOST_AUTO_TEST_CASE(other_directories_and_roots) {
  for (const char* release : releases) {
    BOOST_TEST_CONTEXT(release) {
      const Plan dir = whole(recorded(release, "dir"));
      BOOST_CHECK_EQUAL(dir.value("Dir"), "/t");
      BOOST_CHECK_EQUAL(dir.value("Dir::State::status"), "/t/var/lib/dpkg/status");
      check_packages(dir, installs_client_new("/t/var/cache/apt/archives/"));

      const Plan root = whole(recorded(release, "root_dir"));
      BOOST_CHECK_EQUAL(root.value("RootDir"), "/t");
      BOOST_CHECK_EQUAL(root.value("Dir"), "/");
      BOOST_CHECK_EQUAL(root.value("Dir::State::status"), "/var/lib/dpkg/status");
      check_packages(root, installs_client_new());

      const Plan inside = whole(recorded(release, "chroot_directory"));
      BOOST_CHECK_EQUAL(inside.value("DPkg::Chroot-Directory"), "/t");
      BOOST_CHECK_EQUAL(inside.value("RootDir"), "");
      check_packages(inside, installs_client_new());

      const Plan status = whole(recorded(release, "status_file"));
      BOOST_CHECK_EQUAL(status.value("Dir::State::status"), "/var/../var/lib/dpkg/status");
      check_packages(status, installs_client_new());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::apt_hook
