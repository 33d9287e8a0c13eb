#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds py3compile and py3clean against Debian's, call by call; runs inside a view.

drop_in_differential.py compile|ranges|clean|script

The package "hand" is installed (drop_in_by_hand.sh makes it); its scripts call nothing. For each
case the files, and what python-support recorded, are brought into the same state, Debian's program
(NAME.distrib) is run, then the same again with ours; exit status, whether there is a usage line,
and every file below the tops must be the same afterwards. With "script" ours runs as in a
maintainer script, where it ends with 0 whatever it is told and py3compile does no work. Prints "ok
CASE" or what differs, and last "N cases, M different".
"""
import os
import re
import shutil
import stat
import subprocess
import sys

PUBLIC = "/usr/lib/python3/dist-packages/hand"
PRIVATE = "/usr/share/hand"
TREE = "/srv/t"
TOPS = (PUBLIC, PRIVATE, TREE, "/usr/lib/hand-more")
DEFAULT = os.readlink("/usr/bin/python3")[len("python"):]
VERSIONS = sorted((name[len("python"):] for name in os.listdir("/usr/bin")
                   if re.fullmatch(r"python3\.[0-9]+", name)), key=lambda v: int(v[2:]))
STATE = "/var/lib/python-support"


def write(path, text="x = 1\n", mtime=1600000000):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.utime(path, (mtime, mtime))


def make_tree():
    """What the cases work on, beside the package."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in ("a.py", "b c.py", "tool", "sub/d.py", "sub/deep/e.py", "dir.py/f.py", ".hidden.py",
                 "tests/test_g.py", "sub/tests/test_h.py"):
        write(f"{TREE}/{name}")
    write(f"{TREE}/../bad/bad.py", "def f(:\n")
    write(f"{TREE}/../bad/good.py")
    for link, target in ((f"{TREE}/linked.py", "a.py"), (f"{TREE}/sublink", "sub"),
                         ("/srv/link", "t")):
        if not os.path.lexists(link):
            os.symlink(target, link)


def walk():
    for top in (*TOPS, "/srv/bad"):
        for directory, names, files in os.walk(top):
            for name in names + files:
                yield os.path.join(directory, name)


def clear():
    """No bytecode at all."""
    for path in list(walk()):
        if re.search(r"\.py[co](\.|$)", path) and os.path.lexists(path):
            os.unlink(path)
    for path in list(walk()):
        if os.path.basename(path) == "__pycache__":
            shutil.rmtree(path)
    shutil.rmtree(STATE)
    shutil.copytree(STATE + ".before", STATE)


def state():
    """All files: kind, mode, owner, and of bytecode whether it is as old as it says."""
    result = {}
    for path in walk():
        info = os.lstat(path)
        if path.endswith("/__pycache__") and not os.listdir(path):
            continue  # made for a file that does not compile
        result[path] = [stat.filemode(info.st_mode), info.st_uid, info.st_gid]
        if path.endswith(".pyc") and stat.S_ISREG(info.st_mode):
            with open(path, "rb") as file:
                result[path].append(file.read(16))
            result[path].append("old" if info.st_mtime_ns == 10**18 else "new")
    return result


def run(program, arguments, cwd="/", **extra):
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                   "DEBPYTHON3_SUPPORTED": ",".join(VERSIONS), **extra}
    done = subprocess.run([program, *arguments], cwd=cwd, env=environment, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr


def usage_of(text):
    """Whether there is a usage line."""
    return b"Usage: " in text


def bytecode(source, tag):
    directory, name = os.path.split(source)
    return f"{directory}/__pycache__/{name[:-3]}.{tag}.pyc"


def sources():
    return [path for path in walk() if path.endswith(".py") and os.path.isfile(path) and
            "/bad" not in path]


# -- py3compile

def fresh():
    """Everything is compiled, by Debian's; then the bytecode files get a time by which they can be
    told from new ones."""
    run("/usr/bin/py3compile.distrib", [TREE, PUBLIC, PRIVATE])
    for path in walk():
        if path.endswith(".pyc"):
            os.utime(path, ns=(10**18, 10**18))


def stale():
    fresh()
    for path in (f"{TREE}/a.py", f"{PUBLIC}/one.py"):
        os.utime(path, (1650000000, 1650000000))


def truncated():
    """Only the header is there of one, less than that of the other."""
    fresh()
    os.truncate(bytecode(f"{TREE}/a.py", f"cpython-{DEFAULT.replace('.', '')}"), 7)


def touched_back():
    for path in (f"{TREE}/a.py", f"{PUBLIC}/one.py"):
        os.utime(path, (1600000000, 1600000000))


def ranges():
    """Version ranges at every edge of what is there, and for which places to try them."""
    for one in ("-", "3.0-", "-4.0", "9.9", "9.9-", "-3.2", "3.3-3.4"):
        yield one, ("-p hand",)
    for version in VERSIONS:
        for one in (f"3.2-{version}", f"{version}-3.99"):
            yield one, ("-p hand /usr/share/hand",)
        for one in (version, f"{version}-", f"-{version}"):
            yield one, ("/srv/t/a.py", "-p hand", "-p hand /usr/share/hand")


def compile_cases():
    yield from ((words, words.split(), {}) for words in (
        "", "--version", "--help", "-h", "--bogus", "-p", "-X tests", "-V nonsense /srv/t", "-V",
        "-V 9.9", "-q", "-f", "-O", "-v --version", "--verb --vers", "/srv/t", "/srv/t/",
        "/srv/t/a.py", "/srv/t/tool", "/srv/t/dir.py", "/srv/nothing", "/srv/nothing.py",
        "/srv/link", "/srv/link/a.py", "/srv/t/sublink", "/srv/t/linked.py", "/srv/t/sub/../a.py",
        "/srv/t/a.py /srv/t/a.py", "/srv/t/a.py /srv/t/sub", "-- /srv/t/a.py", "/srv/t -- -O",
        "/srv/bad/bad.py", "/srv/t/a.py /srv/bad/bad.py", "-O /srv/t", "/srv/t -O",
        "-f /srv/t", "-q /srv/t", "-qf /srv/t/a.py", "--quiet --force /srv/t/a.py",
        "-p hand", "-phand", "--package=hand", "--package hand", "--pack hand", "-p hand:all",
        "-p no-such-package", "-p no-such-package /srv/t", "-p hand /usr/share/hand",
        "-p hand /usr/share/hand/", "-p hand /usr/share/hand /usr/lib/hand-more",
        "-p hand /usr/share/hand/deep", "-p hand /usr/share/ha", "-p hand /usr/share/nothing",
        "-p hand /srv/t", "-p hand /usr/lib/python3/dist-packages",
        "-O -p hand", "-f -p hand", "-p hand -O /usr/share/hand", PUBLIC, "-p one -p hand",
        "/srv/t -X tests", "/srv/t -X tests/", "/srv/t -X .*test_", "-X sub /srv/t", "-X a /srv/t",
        "-X (tests|sub) /srv/t/sub /srv/t", "-X .*/deep/ --exclude=.*/test_h /srv/t",
        "-X .*\\.py$ /srv/t", "-X [unclosed /srv/t", "-X /srv/t/sub /srv/t", "-X b.c /srv/t",
        "-p hand /usr/share/hand -X deep", "-p hand /usr/share/hand -X /usr/share/hand/main",
        "-X deep /usr/share/hand"))
    for words in ("sub", ".", "./a.py", "sub/../a.py", "../t/a.py"):
        yield f"in /srv/t: {words}", words.split(), {"cwd": TREE}
    for name, prepare in (("fresh", fresh), ("stale", stale), ("truncated", truncated)):
        for words in ("/srv/t", "-f /srv/t", "-p hand", "-fp hand", "-O /srv/t"):
            yield f"{name}: {words}", words.split(), {"prepare": prepare}
    yield "a space", ["/srv/t/b c.py"], {}
    yield "SOURCE_DATE_EPOCH", ["/srv/t"], {"SOURCE_DATE_EPOCH": "1500000000"}
    yield "by another user", ["/srv/t"], {"PYTHONDONTWRITEBYTECODE": "1"}


def range_cases():
    for one, places in ranges():
        for place in places:
            yield f"-V {one} {place}", ["-V", one, *place.split()], {}


# -- py3clean

def littered(levels=("", ".opt-1", ".opt-2")):
    """Bytecode of every kind beside every source."""
    tags = [f"cpython-{version.replace('.', '')}" for version in (*VERSIONS, "3.9")]
    for source in sources():
        for tag in (*tags, "pypy39"):
            for level in levels:
                write(bytecode(source, tag + level), "bytecode\n")
        write(bytecode(source, tags[0])[:-1] + "o", "bytecode\n")
    write(f"{TREE}/a.pyc", "bytecode\n")
    write(f"{TREE}/sub/d.pyo", "bytecode\n")
    write(f"{PUBLIC}/one.pyc", "bytecode\n")
    # Whose source is not there, and what is no bytecode.
    write(bytecode(f"{TREE}/orphan.py", tags[0]), "bytecode\n")
    write(bytecode(f"{PUBLIC}/orphan.py", tags[0]), "bytecode\n")
    write(f"{TREE}/sub/__pycache__/note.txt", "text\n")
    os.chmod(bytecode(f"{TREE}/a.py", tags[0]), 0o400)
    os.symlink("/nowhere", bytecode(f"{TREE}/a.py", "cpython-30"))


def littered_without_levels():
    """Debian's leaves the optimized bytecode of the version that it is told."""
    littered(("",))


def clean_cases():
    yield from ((words, words.split(), {"prepare": littered}) for words in (
        "", "--version", "--help", "--bogus", "-p", "-V", "-q", "-v", "-q /srv/t/a.py", "/srv/t",
        "/srv/t/", "/srv/t/a.py", "/srv/t/tool", "/srv/nothing", "/srv/link", "/srv/t/sublink",
        "/srv/t/linked.py", "/srv/t/dir.py", "/srv/t/a.py /srv/t/sub", "-p hand", "-phand",
        "--package=hand", "-p hand:all", "-p hand -q", "-p hand /usr/share/hand",
        "-p hand /usr/share/hand/deep /srv/t", "-p hand /srv/t", "-p hand " + PUBLIC,
        "-p no-such-package", "-p no-such-package /srv/t", "-V 3.1 /srv/t", "-V 3.1 -p hand",
        PUBLIC, "/usr/share/hand /usr/lib/hand-more"))
    for version in VERSIONS:
        for place in ("/srv/t", "-p hand", "-p hand /usr/share/hand", PUBLIC):
            yield (f"-V {version} {place}", ["-V", version, *place.split()],
                   {"prepare": littered_without_levels})
    for words in ("sub", ".", "a.py"):
        yield f"in /srv/t: {words}", words.split(), {"cwd": TREE, "prepare": littered}
    for words in ("/srv/t", "-p hand"):
        yield f"nothing: {words}", words.split(), {}


# -- the comparison

def after(program, arguments, prepare=None, **extra):
    clear()
    touched_back()
    if prepare:
        prepare()
    status, out, err = run(program, arguments, **extra)
    return status, state(), out, err


def differences(expected, got):
    """Words on what our run did otherwise than Debian's."""
    if expected[0] != got[0]:
        yield f"exit {got[0]}, Debian's {expected[0]}: {got[3][-300:]!r}, {expected[3][-300:]!r}"
    for path in sorted(set(expected[1]) | set(got[1])):
        ours, theirs = got[1].get(path), expected[1].get(path)
        if ours != theirs:
            yield f"{path}: {ours}, Debian's {theirs}"
    for name, number in (("output", 2), ("error output", 3)):
        if usage_of(expected[number]) != usage_of(got[number]):
            yield f"{name}: {got[number][-300:]!r}, Debian's {expected[number][-300:]!r}"


def in_script(program, arguments, prepare=None, **extra):
    """Words on what our run did that it should not in a maintainer script."""
    clear()
    touched_back()
    if prepare:
        prepare()
    before = state()
    status, _, err = run(program, arguments, DPKG_MAINTSCRIPT_PACKAGE="hand",
                         DPKG_MAINTSCRIPT_NAME="postinst", **extra)
    if status != 0:
        yield f"exit {status}: {err[-300:]!r}"
    if program.endswith("py3compile") and state() != before:
        yield "it did work"


COMPILE = "/usr/bin/py3compile"
CLEAN = "/usr/bin/py3clean"
CASES = {
    "compile": lambda: [(COMPILE, *case) for case in compile_cases()],
    "ranges": lambda: [(COMPILE, *case) for case in range_cases()],
    "clean": lambda: [(CLEAN, *case) for case in clean_cases()],
    "script": lambda: CASES["compile"]() + CASES["ranges"]() + CASES["clean"](),
}


def main():
    kind = sys.argv[1]
    make_tree()
    shutil.copytree(STATE, STATE + ".before")
    number = bad = 0
    for program, name, arguments, extra in CASES[kind]():
        number += 1
        if kind == "script":
            words = list(in_script(program, arguments, **extra))
        else:
            expected = after(program + ".distrib", arguments, **extra)
            words = list(differences(expected, after(program, arguments, **extra)))
        bad += bool(words)
        print("different" if words else "ok", f"{os.path.basename(program)} {name}")
        for word in words[:6]:
            print("   ", word)
    print(f"{number} cases, {bad} different")
    sys.exit(1 if bad else 0)


main()
