# SPDX-License-Identifier: GPL-2.0-or-later
"""Has a case done twice and tells what pysupport-compile did differently."""
import os
import re
import stat
import struct

from compare_bytecode import HEADER_SIZE, canonical, difference
from compile_cases.actors import run_program, run_reference
from compile_cases.scene import MAGIC, PYTHON2, Scene, as_bytes, changes, snapshot

# How each message ends: the exception's name and words.
LAST_LINE = re.compile(br"(?m)^([A-Z][A-Za-z]*(?:Error|Exit|Interrupt|Iteration))(?=:|$)")
TEMPORARY = re.compile(br"\\\.[0-9]{7,}\\?'")


def prepare(case, top):
    """A new scene and its snapshot."""
    scene = Scene(top)
    scene.clear()
    case.build(scene)
    if case.uid:
        scene.give_to(case.uid)
    return snapshot(top)


def bytecode_by_hand(path, name, umask):
    """("new", type, mode, content) for a source: 3.13's rules, with what 2.7's importer accepts."""
    facts = os.stat(path)
    with open(path, "rU" if PYTHON2 else "rb") as file:
        code = compile(file.read(), name, "exec", 0, True)
    fields = [facts[stat.ST_MTIME] & 0xffffffff]
    mode = 0o666 & ~umask
    if not PYTHON2:
        fields = [0] + fields + [facts.st_size & 0xffffffff]
        mode &= facts.st_mode | 0o200
    header = MAGIC + struct.pack("<%dI" % len(fields), *fields)
    assert len(header) == HEADER_SIZE
    return ("new", stat.S_IFREG, mode, ("bytecode", header, canonical(code)))


def expected_by_hand(case, top, before):
    """Results and changes that the case writes out."""
    results = []
    expected = {}
    written = dict((file, path) for path, file in case.by_hand.written.items())
    for file in case.files:
        error = case.error_of(file)
        if error is not None:
            results.append(("error", error, None))
            continue
        path = written[file]
        results.append(("written", as_bytes(path)))
        place = os.path.join(top, case.cwd)
        relative = os.path.relpath(os.path.join(place, path), top)
        content = bytecode_by_hand(os.path.join(place, file), case.dfile or file, case.umask)
        expected[relative] = ("replaced" if relative in before else "new",) + content[1:]
    for directory in case.by_hand.created:
        expected[directory] = ("new", stat.S_IFDIR, 0o777 & ~case.umask, None)
    return results, expected


def wrong_reference(case, results, expected):
    """Words, if py_compile did not do what the case is there for."""
    if case.act is not None:
        return None if expected else "compileall did nothing"
    per_file = len(results) // max(1, len(case.files))
    for number, result in enumerate(results):
        file = case.files[number // per_file]
        known = case.error_of(file)
        got = result[1] if result[0] == "error" else None
        if got != known:
            return "%r: the case says %s, py_compile %r" % (file, known, result)
    return None


def judge_messages(case, results, out, err):
    """Yields words on what is different in what was printed."""
    errors = [result for result in results if result[0] == "error"]
    paths = b"".join(result[1] + b"\n" for result in results if result[0] == "written")
    if case.act is not None:  # what compileall prints is its own
        return
    if out != paths:
        yield "printed paths: %r, expected %r" % (out, paths)
    if case.quiet:
        if err:
            yield "messages in spite of -q: %r" % err
        return
    names = [as_bytes(result[1]) for result in errors]
    got = LAST_LINE.findall(err)
    if got != names:
        yield "exceptions: %r (%r), expected %r" % (got, err, names)
    elif case.words and not case.is_by_hand():
        text = b"".join(result[2].rstrip(b"\n") + b"\n" for result in errors)
        # The name of the file beside, which is renamed, is each writer's own.
        pattern = TEMPORARY.sub(b"[^'\n]*'", re.escape(text))
        if not re.match(pattern + b"$", err):
            yield "messages: %r, expected %r" % (err, text)


def without_times(change):
    """The change, with the time in the header of its bytecode blotted out."""
    content = change[3]
    if not content or content[0] != "bytecode":
        return change
    place = 4 if PYTHON2 else 8
    header = content[1][:place] + b"TIME" + content[1][place + 4:]
    return change[:3] + (content[:1] + (header,) + content[2:],)


def judge_changes(case, expected, got):
    for path in sorted(set(expected) | set(got)):
        ours, theirs = got.get(path), expected.get(path)
        if case.any_time and ours and theirs:
            ours, theirs = without_times(ours), without_times(theirs)
        if ours == theirs:
            continue
        if ours is None or theirs is None:
            yield "%r: %.80r, expected %.80r" % (path, ours and ours[:3], theirs and theirs[:3])
        else:
            yield difference(repr(path), ours, theirs)


def judge(case, top, command):
    """All that is wrong, as a list of words; empty if pysupport-compile did as it should."""
    case = case.at(top)
    before = prepare(case, top)
    if case.is_by_hand():
        results, expected = expected_by_hand(case, top, before)
    else:
        results = run_reference(case, top)
        expected = changes(before, snapshot(top))
        wrong = wrong_reference(case, results, expected)
        if wrong:
            return [wrong]
    before = prepare(case, top)
    status, out, err = run_program(case, top, command)
    failed = any(result[0] == "error" for result in results)
    words = []
    if status != (1 if failed else 0):
        words.append("exit %s, expected %d; stderr %r" % (status, failed, err))
    words += judge_messages(case, results, out, err)
    words += judge_changes(case, expected, changes(before, snapshot(top)))
    return words
