# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the source is and what is in it."""
from compile_cases.case import VERSIONS_3, ByHand, Case
from compile_cases.paths import one
from compile_cases.scene import BAD, PLAIN

GOOD = {
    "empty.py": b"",
    "newline.py": b"\n",
    "comment.py": b"# nothing",
    "bom.py": b"\xef\xbb\xbfx = u'\xc3\xbc'\n",
    "bom_cookie.py": b"\xef\xbb\xbf# -*- coding: utf-8 -*-\nx = u'\xc3\xbc'\n",
    "latin.py": b"# -*- coding: latin-1 -*-\nx = u'\xfc', '\xfc'\n",
    "cp1252.py": b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = u'\x80'\n",
    "koi8.py": b"# coding=koi8-r\nx = u'\xc1'\n",
    "crlf.py": b"def f():\r\n    return '''a\r\nb'''\r\n",
    "cr.py": b"x = '''a\rb'''\ry = 2\r",
    "mixed.py": b"x = 1\r\ny = '''a\rb\nc'''\n",
    "no_newline.py": b"def f():\n    return 1",
    "form_feed.py": b"x = 1\n\x0c\ndef f():\n\x0c    return 2\n",
    "tabs.py": b"if 1:\n\tx = 1\n\tif x:\n\t\ty = 2\n",
    "blank_end.py": b"if 1:\n    x = 1\n    \n    ",
    "continued.py": b"x = 1 + \\\n    2\n",
    "numbers.py": b"x = [1.5, -0.0, 1e309, 2**70, 1j, 0x7fffffff, -1, 12345678901234567890]\n",
    "long_line.py": b"x = '" + b"t" * 100000 + b"'\n",
    "surrogates.py": b"x = u'\\ud800', u'\\U0001f600'\n",
    "sets.py": b"def f(x):\n    return x in {1, 'a', 2.5, None}\n",
}

# The exceptions are those of py_compile of 3.x and, after it, of 2.7 where that differs.
WRONG = {
    "syntax.py": (BAD, "SyntaxError"),
    "indent.py": (b"if 1:\nx = 1\n", "IndentationError"),
    "unindent.py": (b"if 1:\n    a\n  b\n", "IndentationError"),
    "tab.py": (b"if 1:\n        x = 1\n\ty = 2\n", {"2.7": None, "else": "TabError"}),
    "late.py": (b"def f():\n    return 1\n\nbreak\n", "SyntaxError"),
    "unclosed.py": (b"x = (1,\n", "SyntaxError"),
    "text.py": (b"x = 'abc\n", "SyntaxError"),
    "cookie.py": (b"# -*- coding: no-such-code -*-\nx = 1\n", "SyntaxError"),
    "two_codes.py": (b"\xef\xbb\xbf# -*- coding: latin-1 -*-\nx = 1\n", "SyntaxError"),
    "undecodable.py": (b"# plain\nname = '\xff\xfe'\n", {"2.7": None, "else": "SyntaxError"}),
    "bad_utf8.py": (b"# coding: utf-8\nname = u'\xff\xfe'\n", "SyntaxError"),
    "nul.py": (b"x = 1\0\n", {"2.7": "TypeError", "3.9": "ValueError", "3.11": "ValueError",
                              "else": "SyntaxError"}),
    "nul_first.py": (b"\0", {"2.7": "TypeError", "3.9": "ValueError", "3.11": "ValueError",
                             "else": "SyntaxError"}),
    "non_ascii.py": ("x = 1 ± 2\n".encode("utf-8") if str is not bytes else "x = 1 ± 2\n",
                     "SyntaxError"),
    "parens.py": (b"x = " + b"(" * 3000 + b")" * 3000 + b"\n",
                  {"2.7": "MemoryError", "else": "SyntaxError"}),
    "escape.py": (b"x = '\\N{no such name}'\n", {"2.7": None, "else": "SyntaxError"}),
    "future.py": (b"from __future__ import no_such_thing\n", "SyntaxError"),
}


def contents():
    def build(scene):
        for name in GOOD:
            scene.source(name, GOOD[name])
    yield Case("sources of all kinds", sorted(GOOD), build)
    yield Case("sources of all kinds, hashed", sorted(GOOD), build, mode="checked-hash",
               versions=VERSIONS_3)
    for name in sorted(WRONG):
        content, error = WRONG[name]
        yield Case("source " + name, [name],
                   lambda scene, name=name, content=content: scene.source(name, content),
                   {name: error})

    def mixture(scene):
        build(scene)
        for name in WRONG:
            scene.source(name, WRONG[name][0])
    files = [name for pair in zip(sorted(WRONG), sorted(GOOD)) for name in pair]
    errors = dict((name, WRONG[name][1]) for name in WRONG)
    yield Case("good and bad sources in turn", files, mixture, errors)
    yield Case("good and bad sources in turn, some workers", files, mixture, errors,
               extra=["-j", "3"])


def depths():
    def source(content):
        return lambda scene: scene.source("a.py", content)
    yield Case("code too deep to be written", ["a.py"],
               source(b"x = " + b"lambda:" * 1400 + b"0\n"),
               {"a.py": {"2.7": "MemoryError", "else": "ValueError"}},
               by_hand=ByHand("py_compile has made __pycache__ by then; here nothing is left",
                              versions=VERSIONS_3))
    yield Case("a long sum", ["a.py"], source(b"x = " + b"a+" * 5000 + b"a\n"),
               {"a.py": {"3.9": "RecursionError", "3.11": "RecursionError", "else": None}},
               words=False, versions=VERSIONS_3)


def kinds():
    """What lies at the source's path."""
    def nothing(scene):
        scene.directory("d")
    yield Case("source missing", ["a.py"], nothing, {"a.py": "FileNotFoundError"})
    yield Case("source in a missing directory", ["none/a.py"], nothing,
               {"none/a.py": "FileNotFoundError"})
    yield Case("source below a file", ["a.py/b.py"], one, {"a.py/b.py": "NotADirectoryError"})
    yield Case("source with a slash behind it", ["a.py/"], one, {"a.py/": "NotADirectoryError"})
    yield Case("source is a dangling link", ["a.py"], lambda scene: scene.link("a.py", "none"),
               {"a.py": "FileNotFoundError"})
    yield Case("source is a link in a circle", ["a.py"], lambda scene: scene.link("a.py", "a.py"),
               {"a.py": "OSError"})

    def linked(scene):
        scene.source("real/b.py", mode=0o640, time="1500000000.75")
        scene.link("a.py", "real/b.py")
    yield Case("source is a link: its target's mode, time and size", ["a.py"], linked)
    yield Case("source is a directory, with cfile", ["d"], nothing, {"d": "IsADirectoryError"},
               cfile="x.pyc")


def streams():
    """Sources that can be read only once."""
    def fifo(scene):
        scene.fifo("a.py")
    yield Case("source is a FIFO", ["a.py"], fifo, feed={"a.py": PLAIN}, any_time=True)
    yield Case("source is a FIFO, hashed", ["a.py"], fifo, feed={"a.py": PLAIN},
               mode="checked-hash", versions=VERSIONS_3)
    yield Case("source is a FIFO with a source that is bad", ["a.py"], fifo,
               {"a.py": "SyntaxError"}, feed={"a.py": BAD},
               by_hand=ByHand("py_compile of 3.x opens the file again for the line, and waits",
                              versions=VERSIONS_3))
    yield Case("source is standard input, a pipe", ["/dev/stdin"], one, stdin=PLAIN,
               cfile="x.pyc", any_time=True)
    yield Case("source is standard input, a pipe, hashed", ["/dev/stdin"], one, stdin=PLAIN,
               cfile="x.pyc", mode="unchecked-hash", versions=VERSIONS_3)
    yield Case("source is standard input, a file", ["/dev/stdin"], one, stdin_file="a.py",
               cfile="x.pyc")
    yield Case("source is a device without end of nothing", ["/dev/null"], one, cfile="x.pyc",
               any_time=True)


def times():
    """Lengths of a name and times that files can have."""
    stamps = ["0", "1", "1600000000.5", "1600000000.9999999", "1600000000.999999999",
              "1600000000.9999998", "2147483647", "2147483648", "4294967295", "4294967296",
              "4294967301", "4294967297.25", "9999999999", "-1", "-0.5", "-1.25"]
    files = ["t%s.py" % stamp for stamp in stamps]

    def build(scene):
        for stamp in stamps:
            scene.source("t%s.py" % stamp, time=stamp)
    reason = "2.7's py_compile rounds the time as a double; its importer wants the whole seconds"
    yield Case("times of sources", files, build,
               by_hand=ByHand(reason, dict((file + "c", file) for file in files)))


def cases():
    for part in (contents, depths, kinds, streams, times):
        for case in part():
            yield case
