// SPDX-License-Identifier: GPL-2.0-or-later
#include "apt_hook/concern.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::apt_hook {
namespace {

using Setting = std::pair<std::string, std::string>;

Plan plan_with(std::vector<Setting> configuration) {
  Plan plan;
  plan.configuration = std::move(configuration);
  plan.complete = true;
  return plan;
}

PackageLine line(const std::string& name, Operation operation, const std::string& old = "1.0") {
  PackageLine one;
  one.name = name;
  one.old_version = old;
  one.operation = operation;
  return one;
}

std::string root_of(std::vector<Setting> configuration) {
  return target_root(plan_with(std::move(configuration))).value_or("unclear");
}

BOOST_AUTO_TEST_SUITE(concern)

/// The names of Debian's packages that hold interpreters or the links of the default versions.
BOOST_AUTO_TEST_CASE(packages_of_interpreters_are_known_by_name) {
  for (const char* name :
       {"python3.14-minimal", "python3.14", "libpython3.14-minimal", "libpython3.14-stdlib",
        "python3-minimal", "python3", "python2.7", "python2.7-minimal", "libpython2.7-stdlib",
        "python2-minimal", "python2", "python3.13-nogil"}) {
    BOOST_CHECK_MESSAGE(may_be_interpreter(name), name);
  }
  for (const char* name : {"python3-yaml", "python3.14-dev", "python-minimal2", "python4",
                           "idle-python3.14", "pypy3", "", "lib", "libpython3-dbg"}) {
    BOOST_CHECK_MESSAGE(!may_be_interpreter(name), name);
  }
}

BOOST_AUTO_TEST_CASE(without_options_it_is_this_machine) {
  BOOST_CHECK_EQUAL(root_of({}), "/");
  BOOST_CHECK_EQUAL(root_of({{"Dir", "/"}, {"Dir::State::status", "/var/lib/dpkg/status"}}), "/");
}

/// APT does chroot(2) for these before it runs a hook (apt-pkg/deb/dpkgpm.cc). The status file is
/// named from outside, but for RootDir, which APT itself puts before it.
BOOST_AUTO_TEST_CASE(in_a_root_that_apt_has_changed_to_it_is_the_root) {
  const Setting inside = {"Dir::State::status", "/var/lib/dpkg/status"};
  const Setting outside = {"Dir::State::status", "/t/var/lib/dpkg/status"};
  BOOST_CHECK_EQUAL(root_of({{"RootDir", "/t"}, inside}), "/");
  BOOST_CHECK_EQUAL(root_of({{"DPkg::Chroot-Directory", "/t"}, outside}), "/");
  BOOST_CHECK_EQUAL(root_of({{"DPkg::Chroot-Directory", "/t"}, inside}), "unclear");
}

BOOST_AUTO_TEST_CASE(it_works_unless_switched_off) {
  BOOST_CHECK(!is_switched_off(plan_with({})));
  BOOST_CHECK(!is_switched_off(plan_with({{"python-support::Hook", "true"}})));
  BOOST_CHECK(!is_switched_off(plan_with({{"python-support::Hook", ""}})));
  for (const char* no : {"false", "no", "0", "off"}) {
    BOOST_CHECK(is_switched_off(plan_with({{"Python-Support::hook", no}})));
  }
}

/// dpkg(1): --root sets --instdir and --admindir; the last one counts.
BOOST_AUTO_TEST_CASE(dpkgs_own_options_name_another_root) {
  const Setting status = {"Dir::State::status", "/srv/t/var/lib/dpkg/status"};
  BOOST_CHECK_EQUAL(root_of({{"Dpkg::Options::", "--root=/srv/t"}, status}), "/srv/t");
  BOOST_CHECK_EQUAL(root_of({{"DPkg::Options::", "--force-unsafe-io"},
                             {"DPkg::Options::", "--root=/srv//t/"},
                             status}),
                    "/srv/t");
  BOOST_CHECK_EQUAL(
      root_of({{"DPkg::Options::", "--root=/x"}, {"DPkg::Options::", "--instdir=/srv/t"}, status}),
      "/srv/t");
}

/// "apt-get -o Dir=/t" runs this machine's hook, with the package lists of another system.
BOOST_AUTO_TEST_CASE(where_status_and_root_differ_it_is_unclear) {
  BOOST_CHECK_EQUAL(root_of({{"Dir", "/t"}, {"Dir::State::status", "/t/var/lib/dpkg/status"}}),
                    "unclear");
  BOOST_CHECK_EQUAL(root_of({{"Dir::State::status", "/dev/null"}}), "unclear");
  BOOST_CHECK_EQUAL(
      root_of({{"DPkg::Options::", "--root=/t"}, {"Dir::State::status", "/var/lib/dpkg/status"}}),
      "unclear");
}

BOOST_AUTO_TEST_CASE(interpreters_are_noted_whatever_happens_to_them) {
  for (const Operation operation : {Operation::unpack, Operation::configure, Operation::remove}) {
    Plan plan = plan_with({});
    plan.packages = {line("hello", Operation::unpack), line("python3.14-minimal", operation)};
    BOOST_CHECK(note_of(plan, "/", false).interpreters);
  }
  Plan plan = plan_with({});
  plan.packages = {line("hello", Operation::unpack), line("python3-yaml", Operation::remove)};
  BOOST_CHECK(!note_of(plan, "/", false).interpreters);
}

BOOST_AUTO_TEST_CASE(packages_that_go_are_noted_where_there_is_something_to_clean) {
  Plan plan = plan_with({});
  plan.packages = {line("goes", Operation::remove), line("comes", Operation::unpack, ""),
                   line("changes", Operation::unpack), line("gone", Operation::remove, "")};
  BOOST_CHECK(note_of(plan, "/", true).packages == std::set<std::string>{"goes"});
  BOOST_CHECK(note_of(plan, "/", false).packages.empty());
}

BOOST_AUTO_TEST_CASE(settings_are_for_the_end_of_the_transaction) {
  const Note plain = note_of(plan_with({}), "/", false);
  BOOST_CHECK(!plain.debug);
  BOOST_CHECK_EQUAL(plain.jobs, 0U);
  const Note set = note_of(
      plan_with({{"Debug::python-support", "1"}, {"Python-Support::jobs", "3"}}), "/srv", false);
  BOOST_CHECK(set.debug);
  BOOST_CHECK_EQUAL(set.jobs, 3U);
  BOOST_CHECK_EQUAL(set.root, "/srv");
  for (const char* jobs : {"-1", "x", "99999", "3x", ""}) {
    BOOST_CHECK_EQUAL(note_of(plan_with({{"python-support::Jobs", jobs}}), "/", false).jobs, 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::apt_hook
