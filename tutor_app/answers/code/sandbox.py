"""Run a learner's Python program where it can do no harm, and report what it did.

Every run starts a fresh interpreter (`-I -S`, an empty environment) that confines itself before it
sees the program; each test then runs in a process of its own, with these limits: CPU and wall
time, memory, size and number of open files, output, no further process or thread.

What is isolated, by system; `isolation` tells for this one:

- Linux on x86-64 or ARM64, with namespaces (as root, or where people may make user namespaces):
  no network, no other process to be seen, a file tree with nothing but Python's own library and
  the system's, an 8 MiB scratch folder in memory, and only the system calls that computing needs.
- Linux without namespaces (most containers; Ubuntu restricts them): the same, but the filter of
  system calls alone keeps the network and other processes away, Landlock (Linux 5.13) the files;
  a program can write no file at all. Without Landlock too, a server that is root still runs the
  program as a user who owns nothing; one that is not root then leaves the program the files of
  the account it runs under, the database among them.
- As root, the program always runs as another user, of a number that nobody else has; where that
  is impossible it does not run.
- macOS, and Linux on other processors: limits of time, file size and processes only. Network and
  files are NOT isolated, and macOS limits no memory. Do not serve a class from there.
- Windows: programs are not run at all.

What no sandbox isolates: a program can burn its two seconds on one core, and it can find out from
inside what a hidden test calls it with (never what is expected). It can also return what a visible
test expects without computing it; that is what hidden tests are for.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tutor_app.errors import SandboxError

Status = Literal[
    "value", "ended", "error", "time", "waited", "output", "too big", "crashed", "left", "not run"
]
Layer = Literal["namespaces", "landlock", "seccomp"]
_ROOT = str(Path(__file__).resolve().parents[3])
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from tutor_app.answers.code.runner import main; main()"
)
_START_UP_S = 10.0
_STATUSES = frozenset({"time", "waited", "output", "too big", "crashed", "left", "not run"})


@dataclass(frozen=True)
class Limits:
    """What one program may use.

    Attributes:
        cpu_s: computing time per test, whole seconds.
        wall_s: time per test on the clock, for programs that sleep or wait.
        total_s: time on the clock for all tests; what is left over then is not run.
        memory_bytes: address space of the interpreter with the program.
        file_bytes: largest file.
    """

    cpu_s: int = 2
    wall_s: float = 4.0
    total_s: float = 8.0
    memory_bytes: int = 256 << 20
    file_bytes: int = 1 << 20


@dataclass(frozen=True)
class Fault:
    """What Python said: the class, the message, the line of the program (0: none)."""

    type: str
    message: str
    line: int


@dataclass(frozen=True)
class Run:
    """What one test's run did.

    Attributes:
        status: how it ended: with a value, without one (there was no call), with an exception, or
            stopped: out of time, out of time though it hardly computed (waited: it sleeps, or the
            computer is too busy to say), too much output, a value too big to look at, crashed,
            left (the process ended itself), or never run because the time was up.
        value: the call's value as a `plain_values` tree.
        output: what was printed, shortened.
        fault: the exception, if any.
    """

    status: Status
    value: list[Any] | None = None
    output: str = ""
    fault: Fault | None = None
    cpu_ms: float = 0.0


@dataclass(frozen=True)
class Report:
    """What a program did in each run, or why it is no program (`syntax`, then without runs)."""

    runs: tuple[Run, ...]
    syntax: Fault | None = None


def run_program(
    program: str,
    runs: Sequence[tuple[str, str]],
    limits: Limits | None = None,
    without: Collection[Layer] = (),
) -> Report:
    """Run a program once per (call, stdin) pair, each in a process of its own.

    Args:
        program: Python text; it need not be a program.
        runs: what is evaluated after it ("": nothing), and its standard input.
        limits: what it may use.
        without: layers of the sandbox to leave away, as on a system that has none; for tests.

    Raises:
        SandboxError: programs cannot be run safely here, or the sandbox itself failed.
    """
    limits = limits or Limits()
    job = {
        "program": program,
        "runs": [{"call": call, "stdin": stdin} for call, stdin in runs],
        "limits": asdict(limits),
        "without": sorted(without),
    }
    _, *lines = _converse(json.dumps(job), limits.total_s + _START_UP_S)
    found = [_run(line) for line in lines]
    syntax = next((fault for line in lines if (fault := _syntax(line))), None)
    if syntax is not None:
        return Report((), syntax)
    if len(found) != len(runs):
        raise SandboxError(
            f"Running a program: {len(found)} results came for {len(runs)} tests. Try again"
        )
    return Report(tuple(found))


@cache
def isolation(without: Collection[Layer] = frozenset()) -> frozenset[str]:
    """Return what is isolated here: of "user", "files", "network", "processes", "scratch" and more.

    Raises:
        SandboxError: programs cannot be run here.
    """
    job = {"program": "", "runs": [], "limits": asdict(Limits()), "without": sorted(without)}
    return frozenset(_converse(json.dumps(job), _START_UP_S)[0]["isolated"])


_ISOLATED = {
    "network": "the network",
    "files": "the files of the account that runs the server",
    "processes": "other processes",
}


def shortcoming() -> str:
    """Say in one sentence what is not isolated from learners' programs here; "" when all is."""
    try:
        found = isolation()
    except SandboxError as error:
        return f"Learners' programs are not run. {error}."
    reach = [words for name, words in _ISOLATED.items() if name not in found]
    if not reach:
        return ""
    return f"Learners' programs can reach {', '.join(reach)} on this system. Serve no class here."


def _converse(job: str, seconds: float) -> list[dict[str, Any]]:
    if os.name != "posix":
        raise SandboxError("Running a program: needs Linux or macOS. Choose another exercise")
    python = getattr(sys, "_base_executable", "") or sys.executable
    process = subprocess.Popen(
        [python, "-I", "-S", "-B", "-X", "utf8", "-c", _START, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        out, said = process.communicate(job.encode(), timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise SandboxError(
            f"Running a program: the sandbox gave no answer in {seconds:.0f} s. Try again"
        ) from error
    finally:
        _end(process)
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    if not lines or "isolated" not in lines[0]:
        reason = lines[0]["refused"] if lines else said.decode(errors="replace")[-300:].strip()
        raise SandboxError(f"Running a program: {reason or 'it did not start'}. Tell the admin")
    return lines


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole session; with the first process of a namespace all others go."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()
    process.wait()


def _syntax(line: dict[str, Any]) -> Fault | None:
    record = json.loads(line.get("record") or "{}")
    fault = record.get("syntax") if isinstance(record, dict) else None
    return _fault(fault) if fault else None


def _run(line: dict[str, Any]) -> Run:
    """Read one result; what the test's process wrote is not trusted to have the right shape."""
    status, output = line["status"], clean(str(line.get("output", "")))
    cpu_ms = float(line.get("cpu_ms", 0.0))
    if status in _STATUSES:
        return Run(status, output=output, cpu_ms=cpu_ms)
    try:
        record = json.loads(line["record"])
    except ValueError:
        record = {}
    if not isinstance(record, dict):
        record = {}
    if isinstance(record.get("value"), list):
        return Run("value", record["value"], output, cpu_ms=cpu_ms)
    if "error" in record:
        return Run("error", None, output, _fault(record["error"]), cpu_ms)
    if record.get("too big"):
        return Run("too big", output=output, cpu_ms=cpu_ms)
    return Run("ended" if record.get("ended") else "left", output=output, cpu_ms=cpu_ms)


def _fault(record: Any) -> Fault:
    found = record if isinstance(record, dict) else {}
    line = found.get("line", 0)
    return Fault(
        clean(str(found.get("type", "Error")))[:60],
        clean(str(found.get("message", "")))[:300],
        line if isinstance(line, int) else 0,
    )


def clean(text: str) -> str:
    """Return text that can be stored and shown: no lone surrogates, no control characters."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(
        c if c in "\n\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text
    )
