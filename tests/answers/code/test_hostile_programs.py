import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.answers.code import sandbox
from tutor_app.answers.code.sandbox import Layer, Limits, Run, isolation, run_program

QUICK = Limits(cpu_s=1, wall_s=2.0, total_s=4.0)


def run(program: str, call: str = "f()", stdin: str = "", **more: object) -> Run:
    report = run_program(program, [(call, stdin)], **more)  # type: ignore[arg-type]
    assert report.syntax is None
    return report.runs[0]


def what_python_says(program: str, **more: object) -> str:
    found = run(program, **more)
    assert found.status == "error", found
    assert found.fault is not None
    return f"{found.fault.type}: {found.fault.message}"


def test_an_endless_loop_is_stopped(without: tuple[Layer, ...]) -> None:
    assert run("while True: pass", limits=QUICK, without=without).status == "time"


def test_a_loop_that_catches_everything_is_stopped() -> None:
    program = (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    )
    assert run(program, limits=QUICK).status == "time"


def test_a_program_that_sleeps_is_stopped_and_known_to_have_waited() -> None:
    began = time.monotonic()
    assert run("import time\ntime.sleep(100)", limits=QUICK).status == "waited"
    assert time.monotonic() - began < 10


def test_closing_every_pipe_does_not_outwit_the_clock() -> None:
    program = "import os, time\nos.closerange(0, 60)\ntime.sleep(100)"
    assert run(program, limits=QUICK).status == "waited"


def test_many_slow_tests_share_one_budget() -> None:
    began = time.monotonic()
    report = run_program("while True: pass", [("f()", "")] * 20, QUICK)
    assert time.monotonic() - began < 15
    assert [r.status for r in report.runs[:2]] == ["time", "time"]
    assert report.runs[-1].status == "not run"


def test_a_fork_bomb_makes_no_process(without: tuple[Layer, ...]) -> None:
    program = (
        "import os\nmade = 0\n"
        "for _ in range(200):\n"
        "    try:\n"
        "        if os.fork() == 0:\n"
        "            while True: os.fork()\n"
        "        made += 1\n"
        "    except OSError: pass\n"
        "def f(): return made\n"
    )
    found = run(program, limits=QUICK, without=without)
    assert found.value == ["int", "0"]


def test_no_thread_no_program_no_session_of_its_own() -> None:
    assert "can't start new thread" in what_python_says(
        "import threading\nthreading.Thread(target=print).start()"
    )
    assert "Error" in what_python_says("import subprocess\nsubprocess.run(['/bin/true'])")
    assert "Error" in what_python_says("import os\nos.execv('/bin/true', ['true'])")
    assert "Error" in what_python_says("import os\nos.setsid()")


def test_a_memory_eater_meets_its_limit() -> None:
    found = run("x = []\nwhile True: x.append('a' * 10**6)")
    assert found.fault is not None
    assert found.fault.type == "MemoryError"


def test_a_program_that_survives_memory_errors_is_stopped() -> None:
    program = (
        "x = []\nwhile True:\n    try: x.append(bytearray(10**7))\n    except MemoryError: pass"
    )
    assert run(program, limits=QUICK).status == "time"


def test_a_file_writer_fills_its_scratch_and_nothing_else(without: tuple[Layer, ...]) -> None:
    program = (
        "import os\nwritten = 0\n"
        "for place in ('', '/', '/tmp/', '/var/tmp/', '/dev/shm/', '/run/', '/scratch/'):\n"
        "    for number in range(60):\n"
        "        try:\n"
        "            with open(f'{place}sandbox-test-{number}', 'wb', buffering=0) as file:\n"
        "                while True: written += file.write(bytes(200_000))\n"
        "        except OSError: pass\n"
        "def f(): return written\n"
    )
    found = run(program, without=without, limits=Limits(wall_s=8.0))
    left = [
        p
        for d in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run")
        for p in Path(d).glob("sandbox-test-*")
    ]
    for path in left:
        path.unlink()
    assert found.value is not None, found
    written = int(found.value[1], 16)
    if "namespaces" in without and "landlock" in without:
        assert "files" not in isolation(without)
        return
    assert not left
    assert written <= (8 << 20 if "scratch" in isolation(without) else 0)


def test_no_socket_of_any_kind(without: tuple[Layer, ...]) -> None:
    if "network" not in isolation(without):
        pytest.skip("this way of running isolates no network, and says so")
    program = (
        "import socket\nopened = []\n"
        "def f():\n"
        "    for address in (('127.0.0.1', PORT), ('1.1.1.1', 53)):\n"
        "        try: opened.append(socket.create_connection(address, 1))\n"
        "        except OSError: pass\n"
        "    return len(opened)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", "import socket,sys\ns = socket.create_server(('127.0.0.1', 0))\n"
         "print(s.getsockname()[1], flush=True)\nsys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as listener:  # fmt: skip
        assert listener.stdout is not None
        port = listener.stdout.readline().strip()
        found = run(program.replace("PORT", port), limits=QUICK, without=without)
        listener.kill()
    assert found.value == ["int", "0"]


@pytest.fixture
def secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database as a careless school would leave it: readable by everybody."""
    folder = Path("/var/tmp") / f"tutor-home-{os.getpid()}"
    folder.mkdir(mode=0o755)
    path = folder / "tutor.sqlite"
    path.write_text("every password")
    path.chmod(0o644)
    yield path
    path.unlink()
    folder.rmdir()


def test_neither_the_database_nor_the_checkout_nor_passwords_can_be_read(
    without: tuple[Layer, ...], secret: Path
) -> None:
    if "files" not in isolation(without):
        pytest.skip("this way of running isolates no files, and says so")
    program = (
        "got = []\n"
        "def f():\n"
        f"    for path in ('/etc/shadow', '/etc/passwd', {str(secret)!r}, {sandbox.__file__!r},\n"
        "                 '/proc/self/environ', '/proc/1/cmdline'):\n"
        "        try: got.append(open(path, 'rb').read())\n"
        "        except OSError: pass\n"
        "    return len(got)\n"
    )
    assert run(program, without=without).value == ["int", "0"]


def test_no_process_can_be_killed_or_traced(without: tuple[Layer, ...]) -> None:
    if "processes" not in isolation(without):
        pytest.skip("this way of running isolates no processes, and says so")
    program = (
        "import os, signal\n"
        "def f():\n"
        "    for pid in (PARENT, os.getppid(), 1, -1):\n"
        "        try: os.kill(pid, signal.SIGKILL)\n"
        "        except OSError: pass\n"
        "    return 1\n"
    )
    found = run(program.replace("PARENT", str(os.getpid())), without=without, limits=QUICK)
    # in a namespace the first process takes no signal, and -1 reaches nobody outside
    assert found.value == ["int", "1"]


def test_ctypes_opens_no_way_out() -> None:
    program = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "def f():\n"
        "    return [libc.setuid(0), libc.fork(), libc.socket(2, 1, 0), libc.unshare(1 << 28),\n"
        "            libc.prctl(22, 0, 0, 0, 0), libc.ptrace(16, 1, 0, 0), libc.kill(1, 9)]\n"
    )
    found = run(program)
    assert found.value is not None, found
    assert {item[1] for item in found.value[1]} == {"-1"}


def test_an_output_flood_is_cut() -> None:
    found = run("while True: print('x' * 1000)", "")
    assert found.status == "output"
    assert len(found.output) <= 64_000


def test_waiting_for_input_that_never_comes_is_an_error() -> None:
    assert what_python_says("while True: input()").startswith("EOFError")
    assert run("import sys\ndef f(): return sys.stdin.read()").value == ["str", ""]


@pytest.mark.parametrize("value", ["'a' * 10**8", "10**200000", "list(range(10**6))", "deep"])
def test_a_huge_value_is_too_big_to_look_at(value: str) -> None:
    program = "deep = []\nfor _ in range(1000): deep = [deep]\n"
    assert run(program + f"def f(): return {value}\n").status == "too big"


def test_a_value_that_holds_itself_is_too_big_to_look_at() -> None:
    assert run("x = []\nx.append(x)\ndef f(): return x").status == "too big"


def test_deep_recursion_ends_in_an_error_or_a_crash_of_the_child_alone() -> None:
    assert "RecursionError" in what_python_says("def f(): return f()")
    wild = (
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "class A:\n    def __repr__(self): return repr(self)\n"
    )
    assert run(wild + "def f(): return repr(A())", limits=QUICK).status in (
        "crashed",
        "error",
        "time",
    )


@pytest.mark.parametrize("how", ["os._exit(0)", "os.abort()", "os.kill(os.getpid(), 9)"])
def test_leaving_without_a_record_is_no_result(how: str) -> None:
    found = run(f"import os\ndef f():\n    {how}\n    return 3")
    assert found.status != "value"


def test_printing_the_protocol_is_only_output() -> None:
    record = json.dumps({"value": ["int", "3"]})
    line = json.dumps({"status": "ended", "record": record})
    found = run(f"import os\nprint({line!r}, flush=True)\nos._exit(0)", "")
    assert found.status == "left"
    assert found.output.startswith('{"status"')


def test_writing_a_record_without_the_nonce_is_no_result() -> None:
    program = (
        "import os\nfor pipe in range(3, 20):\n"
        '    try: os.write(pipe, b\'{"value": ["int", "3"]}\')\n'
        "    except OSError: pass\n"
        "os._exit(0)\n"
    )
    assert run(program).status == "left"
    # written before the true record it spoils that one
    assert run(program.replace("os._exit(0)", "def f(): return 3")).status == "left"


def test_patched_builtins_do_not_reach_the_record() -> None:
    program = (
        "import builtins, json\n"
        "builtins.type = lambda x: int\nbuiltins.repr = lambda x: '3'\n"
        "builtins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 0\n"
        'json.dumps = lambda x: \'{"value": ["int", "3"]}\'\n'
        "def f(): return 'wrong'\n"
    )
    found = run(program)
    # it may state what it likes, as by returning it; what counts is that nothing else passes
    assert found.status == "left" or found.value in (["str", "wrong"], ["int", "3"])


def test_an_object_that_equals_everything_is_only_its_class() -> None:
    program = (
        "class Any:\n    __class__ = int\n    def __eq__(self, other): return True\n"
        "    def __repr__(self): return '3'\ndef f(): return Any()"
    )
    assert run(program).value == ["other", "Any"]


def test_a_subclass_is_what_it_holds_not_what_it_claims() -> None:
    program = (
        "class N(int):\n    def __eq__(self, o): return True\n    def __int__(self): return 3\n"
        "    def __pos__(self): return 3\n    def __repr__(self): return '3'\n"
        "def f(): return N(5)"
    )
    assert run(program).value == ["int", "5"]
