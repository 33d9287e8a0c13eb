# SPDX-License-Identifier: GPL-2.0-or-later
"""The two actors, each a child process with the working directory, umask and user of the case."""
import base64
import codecs
import errno
import os
import pickle
import py_compile
import signal
import sys
import tempfile
import traceback

from compile_cases.scene import PYTHON2, as_bytes

SECONDS = 60
RESULT = 9  # the descriptor on which py_compile's child tells what came of it

# PEP 3151; all others are OSError.
NAMES = {
    errno.ENOENT: "FileNotFoundError", errno.EEXIST: "FileExistsError",
    errno.EACCES: "PermissionError", errno.EPERM: "PermissionError",
    errno.EISDIR: "IsADirectoryError", errno.ENOTDIR: "NotADirectoryError",
}


def escaped(error):
    words = "".join("\\x%02x" % byte for byte in bytearray(error.object[error.start:error.end]))
    return (words.decode("ascii") if PYTHON2 else words, error.end)


codecs.register_error("escaped", escaped)


def printed(text):
    """The bytes that Python 3 prints on stderr for a text. 2.7 prints bytes that are none as they
    are; we do not."""
    if isinstance(text, bytes):
        return text.decode("utf-8", "escaped").encode("utf-8")
    return text.encode("utf-8", "backslashreplace")


def name_of(error):
    if PYTHON2 and isinstance(error, EnvironmentError):
        return NAMES.get(error.errno, "OSError")
    return type(error).__name__


def compile_one(request, file, level):
    """("written", path) or ("error", exception, message)."""
    options = {"cfile": request["cfile"], "dfile": request["dfile"], "doraise": True}
    if not PYTHON2:
        options["optimize"] = level
        if request["mode"]:
            options["invalidation_mode"] = py_compile.PycInvalidationMode[
                request["mode"].upper().replace("-", "_")]
    try:
        path = py_compile.compile(file, **options)
    except py_compile.PyCompileError as error:
        message = error.msg[len("Sorry: "):] if error.msg.startswith("Sorry: ") else error.msg
        return ("error", error.exc_type_name, printed(message))
    except Exception as error:
        # 2.7's names of exceptions that the system's calls raise are translated.
        return ("error", name_of(error), printed("%s: %s" % (name_of(error), error)))
    if PYTHON2:  # which returns nothing
        path = file + ("c" if __debug__ else "o") if request["cfile"] is None else request["cfile"]
    return ("written", as_bytes(path))


def compile_all(request):
    return [compile_one(request, file, level) for file in request["files"]
            for level in request["levels"] or [-1]]


def tell(results):
    with os.fdopen(RESULT, "wb") as stream:
        pickle.dump(results, stream, 2)


def main_of_fresh_interpreter(text):
    tell(compile_all(pickle.loads(base64.b64decode(text))))


def standard_input(case):
    """A descriptor from which the case's input is read."""
    if case.stdin_file:
        return os.open(case.stdin_file, os.O_RDONLY)
    reader, writer = os.pipe()
    os.write(writer, case.stdin)
    os.close(writer)
    return reader


def become(case, top, streams):
    """In the child: all that is the same for both actors."""
    signal.alarm(SECONDS)  # it stays over execve
    os.chdir(os.path.join(top, case.cwd))
    os.dup2(standard_input(case), 0)
    for number, descriptor in streams:
        os.dup2(descriptor, number)
    os.umask(case.umask)
    if case.cwd_deleted:
        os.rmdir(os.path.join(top, case.cwd))
    if case.uid:
        os.setgroups([])
        os.setgid(case.uid)
        os.setuid(case.uid)


def feeders(case, top):
    """Processes that write into the FIFOs of the scene."""
    for name in case.feed:
        pid = os.fork()
        if pid == 0:
            try:
                signal.alarm(SECONDS)
                with open(os.path.join(top, name), "wb") as stream:
                    stream.write(case.feed[name])
            finally:
                os._exit(0)
        yield pid


def run_child(case, top, action):
    """Status and the bytes on stdout, stderr and RESULT of ACTION in a child."""
    streams = [tempfile.TemporaryFile() for _ in range(3)]
    numbers = list(zip((1, 2, RESULT), [stream.fileno() for stream in streams]))
    writers = list(feeders(case, top))
    pid = os.fork()
    if pid == 0:
        status = 0
        try:
            become(case, top, numbers)
            action()
        except BaseException:
            os.write(2, printed(traceback.format_exc()))
            status = 99
        finally:
            os._exit(status)
    status = os.waitpid(pid, 0)[1]
    for writer in writers:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    output = []
    for stream in streams:
        stream.seek(0)
        output.append(stream.read())
        stream.close()
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    return [code] + output


def environment_of(case):
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
    environment.update(case.environment)
    return environment


def reference_action(case, top, levels, flags):
    request = {"files": case.files, "cfile": case.cfile, "dfile": case.dfile,
               "levels": levels, "mode": case.mode}
    if case.fresh or flags:
        words = base64.b64encode(pickle.dumps(request, 2)).decode("ascii")
        script = os.path.abspath(sys.argv[0])
        # It writes the bytecode of what it imports, for the next one at its level.
        arguments = [sys.executable] + flags + [script, "--act", words]
        environment = environment_of(case)
        return lambda: os.execve(sys.executable, arguments, environment)

    def act():
        # The compilers up to 3.11 measure how deep they may go by this.
        sys.setrecursionlimit(1000)
        os.environ.clear()
        os.environ.update(environment_of(case))
        sys.pycache_prefix = case.environment.get("PYTHONPYCACHEPREFIX") or None
        tell(compile_all(request) if case.act is None else case.act(top))
    return act


def run_reference(case, top):
    """What py_compile did, as a list of what compile_one gives."""
    runs = [(case.levels, case.flags)]
    if PYTHON2 and case.levels:  # a level is an option of the interpreter there
        runs = [(None, ["-" + "O" * level] if level > 0 else []) for level in case.levels]
    results = []
    for levels, flags in runs:
        status, _, words, result = run_child(case, top, reference_action(case, top, levels, flags))
        if status != 0:
            raise RuntimeError("py_compile's child ended with %s: %r" % (status, words))
        results += pickle.loads(result)
    return results


def run_program(case, top, command):
    """(status, stdout, stderr) of pysupport-compile."""
    arguments = command + case.program_arguments()
    environment = environment_of(case)

    def act():
        os.close(RESULT)
        os.execve(arguments[0], arguments, environment)
    return run_child(case, top, act)[:3]
