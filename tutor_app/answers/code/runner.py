"""The program inside the sandbox: confine itself, then run each test in a process of its own.

Reads one job (JSON) from standard input and writes one line of JSON per test to standard output.
What a test's process may write reaches this one through pipes of known size; it knows what it was
asked to call, never what is expected.
"""

import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

from tutor_app.answers.code import confinement, seccomp, test_process

MAX_OUTPUT = 64_000
MAX_RECORD = 400_000
_WORKED = 0.25
"""Out of time on the clock, after less than this part of its computing time: it waited."""


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDWR)
    without = job["without"]
    known = seccomp.supported() and "seccomp" not in without
    code = seccomp.filter_program(os.uname().machine) if known else b""
    try:
        done = confinement.confine(without)
    except confinement.ConfinementError as error:
        _send({"refused": str(error)})
        return
    confinement.forget_paths()
    os.dup2(nothing, 0)
    if code and _filter_works(code):
        done |= {"network", "processes", "calls"}
    else:
        code = b""
    _send({"isolated": sorted(done)})
    limits, left = job["limits"], job["limits"]["total_s"]
    runs = [{**run, "folder": ""} for run in job["runs"]]
    if "scratch" in done:
        for number, run in enumerate(runs):
            run["folder"] = f"{os.getcwd()}/{number}"
            os.mkdir(run["folder"])
    for run in runs:
        if left <= 0:
            _send({"status": "not run"})
            continue
        own = {**limits, "wall_s": min(limits["wall_s"], left)}
        result, used = _run(job["program"], run, own, code, nothing)
        if result["status"] == "waited" and left < limits["wall_s"]:
            # its time was cut short by the tests before it
            result["status"] = "not run"
        left -= used
        _send(result)
        if result.get("record", "").startswith('{"syntax"'):
            return


def _send(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _filter_works(code: bytes) -> bool:
    """Try the filter in a process that can be spared."""
    child = os.fork()
    if not child:
        try:
            seccomp.restrict(code)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _run(
    program: str, run: dict[str, str], limits: dict[str, Any], code: bytes, nothing: int
) -> tuple[dict[str, Any], float]:
    """Run one test; return its result and the seconds it took from the total."""
    nonce = os.urandom(16).hex()
    fed, feed = os.pipe()
    heard, out = os.pipe()
    told, tell = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        for mine in (feed, heard, told):
            os.close(mine)
        test_process.main(program, run, limits, code, nonce, (fed, out, nothing, tell))
    for theirs in (fed, out, tell):
        os.close(theirs)
    _feed(feed, run["stdin"].encode("utf-8", "surrogateescape"))
    deadline = began + limits["wall_s"]
    output, record, stopped = _listen(heard, told, deadline)
    status, usage, late = _reap(child, 0.0 if stopped else deadline)
    stopped = stopped or late
    for mine in (heard, told):
        os.close(mine)
    cpu_s = usage.ru_utime + usage.ru_stime
    result: dict[str, Any] = {
        "output": output.decode("utf-8", "backslashreplace"),
        "cpu_ms": round(cpu_s * 1000, 1),
    }
    mark = nonce.encode()
    if stopped == "time" and cpu_s < _WORKED * limits["cpu_s"]:
        result["status"] = "waited"
    elif stopped:
        result["status"] = stopped
    elif os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        result["status"] = "time" if slow and cpu_s >= limits["cpu_s"] - 0.1 else "crashed"
    elif record.startswith(mark) and record.endswith(mark) and len(record) > len(mark):
        result["status"] = "ended"
        result["record"] = record[len(mark) : -len(mark)].decode("utf-8", "replace")
    else:
        result["status"] = "left"
    return result, time.monotonic() - began


def _feed(pipe: int, text: bytes) -> None:
    """Put the input into the pipe, which holds it all: the schema keeps it short."""
    os.set_blocking(pipe, False)
    try:
        os.write(pipe, text)
    except (BlockingIOError, BrokenPipeError):
        pass
    finally:
        os.close(pipe)


def _listen(heard: int, told: int, deadline: float) -> tuple[bytes, bytes, str]:
    """Collect output and record until both are closed, too long, or too late."""
    texts = {heard: bytearray(), told: bytearray()}
    caps = {heard: (MAX_OUTPUT, "output"), told: (MAX_RECORD, "too big")}
    unfinished = set(texts)
    stopped = ""
    while unfinished and not stopped:
        left = deadline - time.monotonic()
        if left <= 0:
            stopped = "time"
            continue
        for pipe in select.select(list(unfinished), [], [], left)[0]:
            piece = os.read(pipe, 65_536)
            texts[pipe] += piece
            cap, name = caps[pipe]
            if not piece:
                unfinished.discard(pipe)
            elif len(texts[pipe]) > cap:
                stopped = name
    return bytes(texts[heard][:MAX_OUTPUT]), bytes(texts[told]), stopped


def _reap(child: int, deadline: float) -> tuple[int, resource.struct_rusage, str]:
    """Wait for the process to end, or make it; it may go on after it closed its pipes."""
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            return status, usage, ""
        if time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            return status, usage, "time"
        time.sleep(0.0005)
