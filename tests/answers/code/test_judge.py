import pytest

from tutor_app.answers.code import judge
from tutor_app.answers.code.comparing import equal, literal, same_output, show
from tutor_app.answers.code.judge import (
    behaves_like,
    check_program,
    difference,
    first_failing,
    steps_reached,
)
from tutor_app.answers.code.plain_values import encode
from tutor_app.answers.code.plain_words import syntax_words
from tutor_app.answers.code.sandbox import Fault, Report, Run
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import CodeAnswer, CodeTest, Item
from tutor_app.errors import SandboxError

SOLUTION = "def double(n):\n    return 2 * n\n"
TESTS = [
    {"id": "three", "about": "a small number", "call": "double(3)", "expect": "6", "step": "twice"},
    {"id": "text", "about": "a word", "call": "double('ab')", "expect": "'abab'", "step": "text"},
    {"id": "secret", "about": "a large number", "call": "double(71)", "expect": "142",
     "hidden": True},
]  # fmt: skip
SQUARE = "def double(n):\n    return n * n\n"


def answer(**more: object) -> CodeAnswer:
    return CodeAnswer.model_validate({"kind": "code", "solution": SOLUTION, "tests": TESTS, **more})


@pytest.fixture
def item() -> Item:
    wrong = {"title": "w", "question": "Why [[yours]]?"}
    return Item.model_validate(
        {
            "id": "double",
            "title": "Double",
            "prompt": "Double it.",
            "skills": ["functions"],
            "answer": answer().model_dump(),
            "steps": [{"id": "twice", "goal": "Double"}, {"id": "text", "goal": "Text too"}],
            "misconceptions": [
                {"id": "square", "program": SQUARE, **wrong},
                {"id": "print", "program": "def double(n):\n    print(2 * n)\n", **wrong},
            ],
        }
    )


def test_a_program_that_passes_every_test_is_right() -> None:
    check = check_program("double = lambda n: n + n", answer())
    assert check.verdict is Verdict.RIGHT
    assert [o.passed for o in check.outcomes] == [True, True, True]


def test_a_wrong_program_shows_the_difference_of_its_first_failing_test() -> None:
    check = check_program("def double(n):\n    return 2 + n\n", answer())
    assert check.verdict is Verdict.WRONG
    assert check.reading.echo == "`5`"
    assert check.reason == "`double(3)` gives `5`."


def test_nothing_returned_is_said_so() -> None:
    check = check_program("def double(n):\n    print(2 * n)\n", answer())
    assert check.reason == "`double(3)` gives `None` (nothing is returned)."


def test_an_error_is_told_with_its_line_in_plain_words() -> None:
    check = check_program("def double(n):\n    return m * 2\n", answer())
    assert check.reason == (
        "`double(3)` stops in line 2 with a NameError: "
        "it uses the name m, which has no value there."
    )
    assert check.reading.echo == "an error"


def test_an_endless_loop_is_wrong_with_its_reason() -> None:
    one = answer(tests=TESTS[:1])
    check = check_program("def double(n):\n    while True: pass\n", one)
    assert check.verdict is Verdict.WRONG
    assert "does not come to an end" in check.reason


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("def double(n)\n    return 2", "Python cannot read line 1: a colon is missing"),
        ("def double(n):\nreturn 2", "line 2: the lines that belong to the function definition"),
        ("print('a", "a piece of text has no closing quotation mark"),
        ("x = (1,", "the bracket ( is opened and never closed"),
        ("return 1", "a return stands outside of every function"),
        ("if x = 1:\n    pass", "a single = stands where two sides are compared"),
        ("x = 1\n  y = 2", "line 2: this line is moved in"),
    ],
)
def test_what_is_no_program_cannot_be_judged_and_names_line_and_reason(
    program: str, says: str
) -> None:
    check = check_program(program, answer())
    assert check.verdict is Verdict.CANNOT_TELL
    assert says in check.reason
    assert check.outcomes == ()


def test_what_an_exercise_asks_to_do_without_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("ran")

    monkeypatch.setattr(judge, "run_program", never)
    bare = answer(without=["max", "sum"])
    check = check_program("def double(n):\n    return max(n + n, n)\n", bare)
    assert check.verdict is Verdict.CANNOT_TELL
    assert check.reason == ("Your program uses `max`; this exercise asks you to do without it.")
    assert check.outcomes == ()
    both = check_program("def double(n):\n    return max(sum([n, n]))\n", bare)
    assert "uses `max` and `sum`; this exercise asks you to do without them." in both.reason


def test_only_a_line_with_one_above_blames_the_line_above() -> None:
    first = check_program("def f(:\n    return 1\n", answer()).reason
    assert first == "Python cannot read line 1: something in it is not Python."
    second = check_program("x = 1\ndef f(:\n    return 1\n", answer()).reason
    assert "line 2: something in it, or at the end of the line above, is not Python" in second


def test_a_program_that_got_no_time_to_compute_is_not_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starved = Report((Run("value", encode(6)), Run("waited", cpu_ms=90.0), Run("not run")))
    monkeypatch.setattr(judge, "run_program", lambda *_: starved)
    busy = check_program(SOLUTION + "# starved", answer())
    assert busy.verdict is Verdict.CANNOT_TELL
    assert "too busy" in busy.reason
    wrong = Report((Run("value", encode(5)), Run("waited", cpu_ms=90.0), Run("not run")))
    monkeypatch.setattr(judge, "run_program", lambda *_: wrong)
    assert check_program(SOLUTION + "# wrong and starved", answer()).verdict is Verdict.WRONG
    endless = Report((Run("time", cpu_ms=2000.0), Run("not run"), Run("not run")))
    monkeypatch.setattr(judge, "run_program", lambda *_: endless)
    assert check_program(SOLUTION + "# endless", answer()).verdict is Verdict.WRONG


def test_a_program_that_sleeps_hears_that_it_sleeps() -> None:
    check = check_program("import time\n\ndef double(n):\n    time.sleep(60)\n", answer())
    assert check.verdict is Verdict.CANNOT_TELL
    assert "`sleep`" in check.reason


def test_an_endless_loop_is_wrong() -> None:
    check = check_program("def double(n):\n    while n:\n        pass\n", answer())
    assert check.verdict is Verdict.WRONG
    assert "does not come to an end" in check.reason


def test_an_unknown_complaint_of_python_is_passed_on() -> None:
    assert syntax_words(Fault("SyntaxError", "new words.", 4)) == (
        "Python cannot read line 4: new words."
    )


def test_a_hidden_test_tells_neither_call_nor_value_nor_message() -> None:
    special = "def double(n):\n    if n == 71: raise ValueError(n)\n    return 2 * n\n"
    check = check_program(special, answer())
    hidden = check.outcomes[2]
    assert not hidden.passed
    assert "71" not in check.model_dump_json()
    assert hidden.trouble == "stops with an error in line 2"
    assert "one test that you cannot see: a large number" in check.reason


def test_a_visible_test_speaks_before_a_hidden_one() -> None:
    check = check_program("def double(n):\n    return 6 if n == 3 else 0", answer())
    failing = first_failing(check.outcomes)
    assert failing is not None
    assert failing.id == "text"
    assert difference(failing) == "`double('ab')` gives `0`."


def test_what_is_expected_never_enters_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = judge.run_program

    def spy(program: str, runs: tuple[tuple[str, str], ...]):
        seen.append(repr((program, runs)))
        return real(program, runs)

    monkeypatch.setattr(judge, "run_program", spy)
    check_program("def double(n):\n    return 'never seen'\n", answer())
    assert len(seen) == 1
    assert "142" not in seen[0]
    assert "abab" not in seen[0]


def test_a_cheat_passes_no_test_it_does_not_know() -> None:
    cheat = (
        "class Any:\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n"
        "    def __repr__(self): return '6'\n"
        "import builtins\nbuiltins.print = lambda *a: None\n"
        "def double(n): return Any()\n"
    )
    check = check_program(cheat, answer())
    assert not any(o.passed for o in check.outcomes)
    assert check.outcomes[0].got == "an object of kind Any"


def test_a_check_is_remembered_but_not_one_that_ran_out_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = "def double(n):\n    return 'remember'\n"
    check_program(program, answer())

    def never(*_: object) -> None:
        raise SandboxError("ran again")

    monkeypatch.setattr(judge, "run_program", never)
    assert check_program(program, answer()).verdict is Verdict.WRONG
    assert check_program(program + "#", answer()).verdict is Verdict.CANNOT_TELL


def test_a_mal_rule_is_found_by_what_the_program_does(item: Item) -> None:
    # the same results everywhere, the same kind of error included
    assert behaves_like("def double(k):\n    r = k * k\n    return r\n", item) == "square"
    assert behaves_like("def double(n):\n    print(n + n)\n", item) == "print"
    assert behaves_like("def double(n):\n    return 0\n", item) == ""
    assert behaves_like("def double(n:", item) == ""


def test_a_step_is_reached_when_all_its_tests_pass(item: Item) -> None:
    check = check_program("def double(n):\n    return int(n) * 2\n", answer())
    assert steps_reached(check.outcomes, item) == ("twice",)


def test_printed_output_forgives_white_space_at_the_ends() -> None:
    assert same_output("7\n", "7  \n\n")
    assert same_output("a\nb", "a\r\nb\n")
    assert not same_output("7", "7 7")
    assert not same_output("a b", "a  b")


def test_a_program_that_prints_is_judged_by_what_it_prints() -> None:
    test = {"id": "p", "about": "two numbers", "stdin": "3\n4\n", "stdout": "7\n"}
    prints = answer(tests=[test])
    assert check_program("print(int(input()) + int(input()))", prints).verdict is Verdict.RIGHT
    wrong = check_program("print(input() + input())", prints)
    assert wrong.reason == "Your program prints `34` for the input `3 ⏎ 4`."
    silent = check_program("x = 1", prints)
    assert silent.reason == "Your program prints nothing for the input `3 ⏎ 4`."
    shouting = check_program("print(7)\nraise ValueError('no')", prints)
    assert not shouting.outcomes[0].passed


@pytest.mark.parametrize(
    ("expected", "value", "same"),
    [
        ("3", 3, True), ("3", 3.0, True), ("3.0", 3, True), ("0.3", 0.1 + 0.2, True),
        ("1", True, False), ("True", 1, False), ("3", "3", False), ("[1]", (1,), False),
        ("{1, 2}", {2, 1}, True), ("{1, 2}", {1, 3}, False), ("{'a': [1.0]}", {"a": [1]}, True),
        ("{'a': 1}", {"b": 1}, False), ("None", None, True), ("None", 0, False),
        ("(1, 'a')", (1, "a"), True), ("[]", [], True), ("[1, 2]", [2, 1], False),
        ("'é'", "é", True), ("b'a'", b"a", True), ("1e300", 1e300, True), ("0", -0.0, True),
        ("1000", 1000, True), ("1j", 1j, True), ("set()", set(), True),
    ],
)  # fmt: skip
def test_values_are_compared_by_kind_and_content(expected: str, value: object, same: bool) -> None:
    assert equal(literal(expected), encode(value)) is same


@pytest.mark.parametrize(
    "shape", [None, [], 3, ["int"], ["int", None], ["list", 3], ["dict", [1]], ["int", "zz"], "3"]
)
def test_a_shape_that_no_value_has_equals_nothing_and_can_be_shown(shape: object) -> None:
    for expected in ("3", "[1]", "{'a': 1}", "{1}", "None"):
        assert equal(literal(expected), shape) is False
    assert show(shape)


def test_values_are_shown_as_python_writes_them_and_short() -> None:
    value = [1, 2.5, "a", None, True, (1,), {1}, {"k": 2}, b"x"]
    assert show(encode(value)) == repr(value)
    assert len(show(encode("x" * 1000))) <= 80
    assert show(encode(10**2000)) == "a very long number"[:80]
    assert show(encode({"b", "a"})) == "{'a', 'b'}"


def test_a_test_may_look_at_value_and_output_both() -> None:
    both = CodeTest(id="b", about="both", call="f()", expect="1", stdout="hi\n")
    two = answer(tests=[both], solution="def f():\n    print('hi')\n    return 1\n")
    assert check_program(two.solution, two).verdict is Verdict.RIGHT
    assert check_program("def f(): return 1", two).reason == "`f()` prints nothing."
    assert check_program("def f(): print('hi')", two).reason.startswith("`f()` gives `None`")
