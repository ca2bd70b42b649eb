"""One test of a learner's program, in the last and most confined process of the sandbox."""

import builtins
import io
import json
import os
import resource
import signal
import sys
from types import TracebackType
from typing import Any, NoReturn

from tutor_app.answers.code import seccomp
from tutor_app.answers.code.libc import PR_SET_PDEATHSIG, prctl
from tutor_app.answers.code.plain_values import TooBigError, encode

FILE_NAME = "<program>"
MAX_MESSAGE = 300
_RECORD = 3
_OUT_OF_MEMORY = b'{"error": {"type": "MemoryError", "message": "", "line": 0}}'
# bound here, before a learner can replace the built-ins
_write, _leave, _type = os.write, os._exit, type


class _Caught:
    """Keep whatever a block raises: a learner's program may raise anything at all."""

    error: BaseException | None = None

    def __enter__(self) -> "_Caught":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.error = error
        return True


def main(
    program: str,
    run: dict[str, str],
    limits: dict[str, Any],
    code: bytes,
    nonce: str,
    pipes: tuple[int, int, int, int],
) -> NoReturn:
    """Run one test, write its record between two nonces, and end without looking back.

    Args:
        program: what the learner wrote.
        run: "call" and "folder" to work in.
        limits: see `sandbox.Limits`.
        code: the filter of system calls, empty where there is none.
        nonce: tells the record from anything that the program writes.
        pipes: input, output, the null device, and where the record goes.
    """
    record = _OUT_OF_MEMORY
    with _Caught() as failed:
        output = _set_up(pipes, limits, run["folder"])
        if code:
            seccomp.restrict(code)
        with _Caught() as caught:
            record = json.dumps(_evaluate(program, run["call"])).encode()
        if caught.error is not None and _type(caught.error) is not MemoryError:
            raise caught.error
        output.flush()
    mark = nonce.encode()
    if failed.error is None:
        text = mark + record + mark
        while text:
            text = text[_write(_RECORD, text) :]
    _leave(0 if failed.error is None else 70)


def _set_up(
    pipes: tuple[int, int, int, int], limits: dict[str, Any], folder: str
) -> io.TextIOWrapper:
    """Take the pipes' ends as the standard streams, set the limits, and return the output."""
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for target, pipe in enumerate((pipes[0], pipes[1], pipes[2])):
        os.dup2(pipe, target)
    record = os.dup(pipes[3]) if pipes[3] == _RECORD else pipes[3]
    os.dup2(record, _RECORD)
    os.closerange(_RECORD + 1, 64)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = _text(number, mode)
        vars(sys).update({name: stream, f"__{name}__": stream})
    vars(builtins).update(input=_input, exit=sys.exit, quit=sys.exit)
    os.environ.clear()
    if folder:
        os.chdir(folder)
    limit(limits)
    output: io.TextIOWrapper = vars(sys)["stdout"]
    return output


def _text(number: int, mode: str) -> io.TextIOWrapper:
    raw = io.FileIO(number, mode, closefd=False)
    buffered = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    errors = "surrogateescape" if mode == "r" else "backslashreplace"
    return io.TextIOWrapper(buffered, encoding="utf-8", errors=errors, newline=None)


def _input(prompt: object = "") -> str:
    """Read a line; what is asked is no output, or no program that asks could pass a test."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")


def limit(limits: dict[str, Any]) -> None:
    """Set what this process may use; a limit that the system does not know is left out."""
    seconds = max(1, int(limits["cpu_s"]))
    for kind, value in (
        (resource.RLIMIT_CORE, (0, 0)),
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (resource.RLIMIT_FSIZE, (limits["file_bytes"],) * 2),
        (resource.RLIMIT_NOFILE, (32, 32)),
        (resource.RLIMIT_NPROC, (0, 0)),
        (resource.RLIMIT_AS, (limits["memory_bytes"],) * 2),
    ):
        try:
            resource.setrlimit(kind, value)
        except (OSError, ValueError):
            # macOS refuses to limit the address space
            if sys.platform == "linux":
                raise


def _evaluate(program: str, call: str) -> dict[str, Any]:
    # a file that is tested by calls is imported, so to speak: its main part stays out
    name = "program" if call else "__main__"
    space: dict[str, Any] = {"__name__": name, "__builtins__": builtins}
    with _Caught() as caught:
        compiled = compile(program, FILE_NAME, "exec", dont_inherit=True)
    if caught.error is not None:
        return {"syntax": _syntax(caught.error)}
    with _Caught() as caught:
        exec(compiled, space)
    if isinstance(caught.error, SystemExit) and not call:
        return {"ended": True}
    if caught.error is not None:
        return {"error": _error(caught.error)}
    if not call:
        return {"ended": True}
    with _Caught() as caught:
        value = eval(compile(call.strip(), "<call>", "eval", dont_inherit=True), space)
    if caught.error is not None:
        return {"error": _error(caught.error)}
    try:
        return {"value": encode(value)}
    except TooBigError:
        return {"too big": True}


def _syntax(error: BaseException) -> dict[str, Any]:
    if isinstance(error, SyntaxError):
        return {
            "type": type(error).__name__,
            "message": str(error.msg)[:MAX_MESSAGE],
            "line": error.lineno or 0,
        }
    return {"type": type(error).__name__, "message": str(error)[:MAX_MESSAGE], "line": 0}


def _error(error: BaseException) -> dict[str, Any]:
    message = ""
    with _Caught():
        message = str.__str__(str(error))[:MAX_MESSAGE]
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    own = type(error).__module__ != "builtins"
    name = str(type(error).__name__)[:60]
    return {"type": name, "own": own, "message": message, "line": line}
