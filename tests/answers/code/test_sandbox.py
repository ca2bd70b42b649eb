import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor_app.answers.code import sandbox, seccomp, system_calls
from tutor_app.answers.code.sandbox import Layer, Run, isolation, run_program
from tutor_app.errors import SandboxError

LINUX = sys.platform == "linux"
SYSTEM_PYTHON = "/usr/bin/python3"


def run(program: str, call: str = "f()", stdin: str = "", **more: object) -> Run:
    report = run_program(program, [(call, stdin)], **more)  # type: ignore[arg-type]
    assert report.syntax is None
    return report.runs[0]


def what_python_says(program: str, **more: object) -> str:
    found = run(program, **more)
    assert found.status == "error", found
    assert found.fault is not None
    return f"{found.fault.type}: {found.fault.message}"


def test_this_computer_isolates_everything_that_the_readme_names() -> None:
    if not LINUX:
        pytest.skip("the readme promises this for Linux")
    assert isolation() >= {"files", "network", "processes"}
    assert "user" in isolation() or os.geteuid() != 0


def test_a_value_comes_back_as_plain_data() -> None:
    found = run("def f(n): return [n, 2.5, 'a', None, {1: (True,)}]", "f(1)")
    assert found.status == "value"
    assert found.value == [
        "list",
        [
            ["int", "1"],
            ["float", "2.5"],
            ["str", "a"],
            ["none"],
            ["dict", [[["int", "1"], ["tuple", [["bool", True]]]]]],
        ],
    ]


def test_a_program_reads_its_input_and_what_it_asks_is_no_output() -> None:
    found = run("print(int(input('First? ')) + int(input('Second? ')))", "", "3\n4\n")
    assert (found.status, found.output) == ("ended", "7\n")


def test_the_main_part_runs_for_a_program_and_not_for_its_functions() -> None:
    program = "def f(): return 1\nif __name__ == '__main__':\n    print(input())\n"
    assert run(program).output == ""
    assert run(program, "", "hello\n").output == "hello\n"


def test_tests_do_not_see_what_another_test_changed() -> None:
    program = "seen = []\ndef f(n):\n    seen.append(n)\n    return seen\n"
    runs = run_program(program, [("f(1)", ""), ("f(2)", "")]).runs
    assert [r.value for r in runs] == [["list", [["int", "1"]]], ["list", [["int", "2"]]]]


def test_a_syntax_error_names_its_line_and_nothing_runs() -> None:
    report = run_program("x = 1\nif x = 2:\n    pass\n", [("x", ""), ("x", "")])
    assert report.runs == ()
    assert report.syntax is not None
    assert (report.syntax.line, report.syntax.type) == (2, "SyntaxError")


def test_an_error_names_the_line_of_the_program_not_of_the_library() -> None:
    found = run("import json\n\ndef f():\n    return json.loads('{')\n")
    assert found.fault is not None
    assert (found.fault.type, found.fault.line) == ("JSONDecodeError", 4)


def test_the_standard_library_can_be_imported_and_nothing_else() -> None:
    names = "random math json re datetime decimal collections statistics string itertools csv"
    assert run(f"import {', '.join(names.split())}\ndef f(): return 1").status == "value"
    assert "No module named 'pydantic'" in what_python_says("import pydantic")
    assert "No module named 'tutor_app.storage'" in what_python_says("import tutor_app.storage")


def test_the_child_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_API_KEY", "secret")
    found = run("import os\ndef f(): return sorted(os.environ)")
    assert found.value == ["list", []]


def test_each_test_has_a_scratch_folder_of_its_own() -> None:
    if "scratch" not in isolation():
        pytest.skip("this system gives no scratch folder")
    program = (
        "import os\nopen('notes.txt', 'a').write('x')\n"
        "def f(): return len(os.listdir('.')), open('notes.txt').read()\n"
    )
    runs = run_program(program, [("f()", ""), ("f()", "")]).runs
    assert runs[0].value == runs[1].value == ["tuple", [["int", "1"], ["str", "x"]]]


def test_output_that_is_no_utf8_is_shown_escaped() -> None:
    found = run("import sys\nsys.stdout.buffer.write(b'\\xff\\xfe ok')", "")
    assert found.output == "\\xff\\xfe ok"


def test_lone_surrogates_and_control_characters_can_be_stored_and_shown() -> None:
    found = run("print('\\ud800 \\x1b[31m \\x00')\ndef f(): return 1")
    assert found.output.encode()
    assert "\x1b" not in found.output
    assert "\x00" not in found.output


def test_sys_exit_ends_a_program_but_gives_no_value() -> None:
    assert run("print(1)\nimport sys\nsys.exit(0)", "").status == "ended"
    assert run("exit()", "").status == "ended"
    assert "SystemExit" in what_python_says("def f(): return 1\nquit()")


def test_the_runner_imports_the_standard_library_only() -> None:
    folder = Path(sandbox.__file__).parent
    inside = (
        "runner confinement namespaces landlock seccomp system_calls libc test_process plain_values"
    )
    for name in inside.split():
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                top = node.module.split(".")[0]
                assert (
                    top in sys.stdlib_module_names
                    or node.module == "tutor_app.answers.code"
                    or (node.module.removeprefix("tutor_app.answers.code.") in inside.split())
                )
            elif isinstance(node, ast.Import):
                assert all(a.name.split(".")[0] in sys.stdlib_module_names for a in node.names)


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
        ("aarch64", Path("/usr/include/asm-generic/unistd.h")),
    ],
)
def test_the_numbers_of_the_system_calls_are_those_of_the_kernel(
    machine: str, header: Path
) -> None:
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    known = {}
    for line in header.read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "#define" and words[2].isdigit():
            known[
                words[1].removeprefix("__NR_").removeprefix("__NR3264_").removeprefix("3264_")
            ] = int(words[2])
    for name, number in {**system_calls.ALLOWED[machine], **system_calls.REFUSED[machine]}.items():
        assert known.get(name, known.get(name.removeprefix("new"), number)) == number, name
    assert system_calls.PIVOT_ROOT[machine] == known["pivot_root"]
    assert system_calls.CAPSET[machine] == known["capset"]
    assert not set(system_calls.ALLOWED[machine]) & set(system_calls.REFUSED[machine])


def test_a_filter_is_whole_instructions() -> None:
    for machine in system_calls.ARCHITECTURES:
        assert len(seccomp.filter_program(machine)) % 8 == 0


def test_a_python_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_base_executable", "/bin/false")
    with pytest.raises(SandboxError, match="it did not start"):
        run("x = 1")


def test_a_server_that_is_not_root_isolates_as_much() -> None:
    if not LINUX or os.geteuid() != 0 or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("needs root to become somebody else, and a Python for everybody")
    program = (
        "from tutor_app.answers.code.sandbox import isolation, run_program\n"
        "run = run_program('def f(): return open(\"/etc/passwd\").read()', [('f()', '')]).runs[0]\n"
        "print(run.fault.type, sorted(isolation()))\n"
    )
    said = subprocess.run(
        [SYSTEM_PYTHON, "-c", program],
        user=65534, group=65534, extra_groups=[], cwd=sandbox._ROOT, env={},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stderr == ""
    assert said.stdout.split()[0] in ("FileNotFoundError", "PermissionError")
    for protection in ("files", "network", "processes"):
        assert f"'{protection}'" in said.stdout


def test_another_user_runs_the_program_when_the_server_is_root(without: tuple[Layer, ...]) -> None:
    if os.geteuid() != 0:
        pytest.skip("the server is not root")
    program = (
        "import os\n"
        "def f():\n"
        "    try: open('/etc/shadow')\n"
        "    except OSError: return os.getresuid() + os.getresgid(), os.getgroups()\n"
    )
    found = run(program, without=without)
    assert found.value is not None
    ids, groups = found.value[1]
    assert all(int(i[1], 16) >= 65534 for i in ids[1])
    assert groups == ["list", []]
