# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles the sources that arrive on standard input and does nothing else.

Runs in CPython 2.7 and 3.4 to 3.15. Uses only modules that are part of the interpreter's own
executable, for the standard library may be damaged, and the messages below are all it says.

A job:     number, level, length of the name (4 bytes each), length of the source (8), name, source.
An answer: length of the text (4 bytes), number of the job (4), kind (1), text.
Numbers are little-endian. The first answer has number 0 and says what interpreter this is; jobs
are numbered from 1.
"""
import sys

del sys.path[0]  # of a program given by -c it is the working directory

import marshal
import posix

HELLO, CODE, SOURCE, MARSHAL, MEMORY = 0, 1, 2, 3, 4

PYTHON2 = sys.version_info[0] == 2
JOB_HEAD = 20
PIPE_SIZE = 65536


def number(data):
    value = 0
    for byte in reversed(data):
        value = value << 8 | byte
    return value


def four_bytes(value):
    return bytearray((value & 255, value >> 8 & 255, value >> 16 & 255, value >> 24))


def answer(job, kind, text):
    frame = four_bytes(len(text)) + four_bytes(job) + bytearray((kind,))
    frame += text
    rest = memoryview(frame)
    while len(rest):
        rest = rest[posix.write(1, rest):]


def compile_source(source, name, level):
    if PYTHON2:  # the level is this interpreter's own (-O, -OO); py_compile opens with mode "U"
        source = source.replace(b'\r\n', b'\n').replace(b'\r', b'\n')
        return compile(source, name, 'exec', 0, True)
    return compile(source, name.decode('utf-8', 'surrogateescape'), 'exec', 0, True, level)


def add_source_line(error, source):
    """The compiler proper takes the line it complains of from the file, which it cannot read here
    as a rule; the parser takes it from the source."""
    if error.text is not None or not error.lineno:
        return
    lines = source.replace(b'\r\n', b'\n').replace(b'\r', b'\n').split(b'\n')
    if error.lineno > len(lines):
        return
    line = lines[error.lineno - 1] + b'\n'
    if not PYTHON2:
        error.text = line.decode('utf-8', 'replace')
    elif len(error.args) == 2:  # its traceback module looks at the arguments alone
        error.args = (error.msg, (error.filename, error.lineno, error.offset, line))


def syntax_error_text(error):
    try:
        import traceback
        return ''.join(traceback.format_exception_only(type(error), error))
    except BaseException:  # no standard library, or a damaged one
        return '  File "%s", line %s\n%s: %s' % (
            error.filename, error.lineno, type(error).__name__, error.msg)


def place(error, field):
    """A number that a SyntaxError has on its place, '0' where there is none."""
    value = getattr(error, field, None)
    return str(value) if isinstance(value, int) and value > 0 else '0'


def explain(error, source):
    """Exception, line, column, and what py_compile prints for ERROR without its "Sorry: "."""
    kind = type(error)
    try:
        if kind is SyntaxError:
            add_source_line(error, source)
            text = syntax_error_text(error)
        else:
            text = '%s: %s' % (kind.__name__, error)
        if not isinstance(text, bytes):
            text = text.encode('utf-8', 'backslashreplace')
    except BaseException:
        text = kind.__name__.encode('ascii', 'replace')
    head = (kind.__name__, place(error, 'lineno'), place(error, 'offset'), '')
    return '\n'.join(head).encode('ascii', 'replace') + text.rstrip(b'\n')


def result(source, name, level):
    """Kind and text of the answer. A function of its own so that the code object and the
    exception are released before the next source comes."""
    kind = SOURCE
    try:
        code = compile_source(source, name, level)
        kind = MARSHAL
        return CODE, marshal.dumps(code)
    except MemoryError as error:
        return MEMORY, explain(error, source)
    except BaseException as error:
        return kind, explain(error, source)


def identity():
    if PYTHON2:
        import imp
        implementation, tag, magic = sys.subversion[0].lower(), 'cpython-27', imp.get_magic()
    else:
        importer = (sys.modules.get('_frozen_importlib_external') or
                    sys.modules['_frozen_importlib'])
        implementation, tag = sys.implementation.name, sys.implementation.cache_tag
        magic = importer.MAGIC_NUMBER
    fields = (implementation, sys.version_info[0], sys.version_info[1],
              number(bytearray(magic)), tag)
    return '\n'.join(map(str, fields)).encode('ascii')


def serve():
    # An interpreter that cannot compile this one line is not asked for more.
    marshal.loads(result(b'0\n', b'<hello>', 0)[1])
    answer(0, HELLO, identity())

    pending = bytearray()

    def fill(size):
        while len(pending) < size:
            chunk = posix.read(0, PIPE_SIZE)
            if not chunk:
                posix._exit(0)
            pending.extend(chunk)

    def take(start, end):
        return memoryview(pending)[start:end].tobytes()

    while True:
        fill(JOB_HEAD)
        job, level = number(pending[0:4]), number(pending[4:8])
        name_end = JOB_HEAD + number(pending[8:12])
        source_end = name_end + number(pending[12:20])
        fill(source_end)
        name, source = take(JOB_HEAD, name_end), take(name_end, source_end)
        del pending[:source_end]
        answer(job, *result(source, name, level))


serve()
