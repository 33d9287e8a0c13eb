# SPDX-License-Identifier: GPL-2.0-or-later
"""The interpreter's side of normal_form.sh; runs on 2.7 and every 3.x, given with -c.

compile forward|reversed N [DIR...]
                            compiles up to N sources below the directories (its own library if
                            there are none) in that order, in this one process; writes a frame
                            each (empty where it does not compile)
compare N [DIR...]          descriptor 3: frames of `compile forward`, 4: the tool's answers to
                            them, 5 and 6: the same for `compile reversed`; says what it compared,
                            exit status 1 on any difference
hash-input                  writes frames to hash
hash-compare                descriptor 3: the tool's answers to them

A frame is a little-endian 32-bit length and as many bytes; an answer has a byte before it, 0 for
"done".
"""
from __future__ import print_function

import marshal
import os
import struct
import sys
import types

CODE_FIELDS = [
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize",
    "co_flags", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename",
    "co_name", "co_qualname", "co_firstlineno", "co_linetable", "co_exceptiontable", "co_consts",
]
if not hasattr(types.CodeType, "co_linetable"):
    CODE_FIELDS.append("co_lnotab")

if sys.version_info[0] == 2:
    RecursionError = RuntimeError

# Modules that do something when executed, and need nothing but their own name.
EXECUTED = ["bisect", "colorsys", "difflib", "fractions", "heapq", "keyword", "pprint", "shlex",
            "statistics", "string", "textwrap", "token"]


def binary(stream):
    return getattr(stream, "buffer", stream)


def write_frame(out, data):
    out.write(struct.pack("<I", len(data)))
    out.write(data)


def read_frames(stream):
    frames = []
    while True:
        head = stream.read(4)
        if not head:
            return frames
        frames.append(stream.read(struct.unpack("<I", head)[0]))


def read_answers(stream):
    answers = []
    while True:
        head = stream.read(5)
        if not head:
            return answers
        status, size = struct.unpack("<BI", head)
        answers.append((status, stream.read(size)))


def sources(limit, tops):
    found = []
    for top in tops or [os.path.dirname(os.__file__)]:
        for directory, _, names in os.walk(top):
            found.extend(os.path.join(directory, name) for name in names if name.endswith(".py"))
    found.sort()
    return found[::max(1, -(-len(found) // limit))]


def compile_all(order, limit, tops):
    out = binary(sys.stdout)
    names = sources(limit, tops)
    for name in names if order == "forward" else reversed(names):
        with open(name, "rb") as file:
            source = file.read()
        try:
            data = marshal.dumps(compile(source, name, "exec", 0, True))
        except (SyntaxError, TypeError, ValueError, RecursionError):
            data = b""
        write_frame(out, data)


def bits(value, codes):
    """VALUE as nested tuples that are equal only if type and bits are; CODES numbers the code
    objects, so that sharing of one counts as well."""
    kind = type(value).__name__
    if isinstance(value, types.CodeType):
        if id(value) in codes:
            return ("same code", codes[id(value)])
        codes[id(value)] = len(codes)
        return (kind,) + tuple(bits(getattr(value, name, None), codes) for name in CODE_FIELDS)
    if isinstance(value, float):
        return (kind, struct.pack("<d", value))
    if isinstance(value, complex):
        return (kind, struct.pack("<dd", value.real, value.imag))
    if isinstance(value, (tuple, list)):
        return (kind,) + tuple(bits(item, codes) for item in value)
    if isinstance(value, (set, frozenset)):
        return (kind,) + tuple(sorted((bits(item, codes) for item in value), key=repr))
    if kind == "slice":
        return (kind, bits((value.start, value.stop, value.step), codes))
    if kind in ("dict", "frozendict"):
        return (kind,) + tuple(bits(pair, codes) for pair in value.items())
    return (kind, value)


def executes(data, name):
    module = types.ModuleType(name)
    saved = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(marshal.loads(data), module.__dict__)
    finally:
        if saved is None:
            del sys.modules[name]
        else:
            sys.modules[name] = saved
    return len(module.__dict__) > 5


def compare(limit, tops):
    names = sources(limit, tops)
    raw, answers, raw_back, answers_back = (
        reader(os.fdopen(fd, "rb")) for reader, fd in
        ((read_frames, 3), (read_answers, 4), (read_frames, 5), (read_answers, 6)))
    raw_back.reverse()
    answers_back.reverse()
    assert len(names) == len(raw) == len(answers) == len(raw_back) == len(answers_back)
    counts = dict.fromkeys(["compared", "raw_differs", "changed", "executed", "uncompilable"], 0)
    size = [0, 0]
    wrong = []
    for index, name in enumerate(names):
        if not raw[index]:
            counts["uncompilable"] += 1
            continue
        status, normal = answers[index]
        counts["compared"] += 1
        counts["changed"] += normal != raw[index]
        counts["raw_differs"] += raw[index] != raw_back[index]
        size[0] += len(raw[index])
        size[1] += len(normal)
        if status != 0:
            wrong.append((name, "not normalized: %r" % normal))
        elif answers_back[index] != answers[index]:
            wrong.append((name, "depends on the order"))
        elif bits(marshal.loads(normal), {}) != bits(marshal.loads(raw[index]), {}):
            wrong.append((name, "loads to something else"))
        module = os.path.basename(name)[:-3]
        if module in EXECUTED and os.path.dirname(name) == os.path.dirname(os.__file__):
            counts["executed"] += executes(normal, module)
    for name, why in wrong:
        print("%s: %s" % (name, why))
    print("python%d.%d: %d files, %d differences (raw: %d), %d of other bytes than raw, "
          "size %+.2f %%, %d executed, %d do not compile"
          % (sys.version_info[0], sys.version_info[1], counts["compared"], len(wrong),
             counts["raw_differs"], counts["changed"],
             100.0 * (size[1] - size[0]) / size[0], counts["executed"], counts["uncompilable"]))
    enough = counts["compared"] >= 100 and (tops or counts["executed"] >= 5)
    return 0 if enough and not wrong else 1


def hash_inputs():
    return [bytes(bytearray((7 * i + n) & 0xff for i in range(n)))
            for n in list(range(70)) + [255, 256, 1023, 65536]]


def hash_compare():
    import importlib.util
    answers = read_answers(os.fdopen(3, "rb"))
    expected = [(0, importlib.util.source_hash(data)) for data in hash_inputs()]
    print("python%d.%d: %d source hashes, %d differences"
          % (sys.version_info[0], sys.version_info[1], len(expected),
             sum(a != b for a, b in zip(answers, expected))))
    return 0 if answers == expected else 1


def main(arguments):
    sys.setrecursionlimit(20000)
    if arguments[0] == "compile":
        return compile_all(arguments[1], int(arguments[2]), arguments[3:])
    if arguments[0] == "compare":
        return compare(int(arguments[1]), arguments[2:])
    if arguments[0] == "magic":
        import importlib.util
        print(struct.unpack("<I", importlib.util.MAGIC_NUMBER)[0])
        return 0
    if arguments[0] == "hash-input":
        for data in hash_inputs():
            write_frame(binary(sys.stdout), data)
        return 0
    return hash_compare()


sys.exit(main(sys.argv[1:]))
