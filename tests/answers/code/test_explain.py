import pytest

from tutor_app.answers.code.explain import explain
from tutor_app.errors import AnswerSyntaxError

PROGRAM = """\
# counts
def count_vowels(text):
    count = 0
    for letter in text:
        if letter in "aeiou":
            count += 1
        elif letter == " ":
            continue
        else:
            pass
    return count

numbers = [int(input()),
           2]
while numbers[0] > 1:
    print(numbers[1:])
try:
    import math
except ImportError:
    print()
finally:
    a, b = 1, 2
"""


def words(line: int, program: str = PROGRAM) -> str:
    return explain(program).lines[line - 1].words


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (1, "A remark for people"),
        (2, "Defines the function `count_vowels` with the parameter `text`"),
        (3, "Gives `count` the value: `0`."),
        (4, "Goes through `text`, one after the other; each time `letter` is the next one"),
        (5, "only if `letter` stands in the text `'aeiou'`"),
        (6, "Adds `1` to `count`"),
        (7, "Otherwise: runs the lines moved in below only if `letter` is equal to"),
        (8, "next round of the loop"),
        (9, "Otherwise, the lines moved in below run."),
        (11, "Ends the function and gives back `count`."),
        (12, ""),
        (13, "a list of the next line of the input, as text as a whole number and `2`"),
        (14, "Goes on from line 13."),
        (15, "Repeats the lines moved in below as long as the item at `0` of `numbers`"),
        (16, "Prints the part of `numbers` from place `1` to its end."),
        (17, "if one of them raises an error"),
        (18, "Makes the module `math` usable."),
        (19, "If an error of kind `ImportError` was raised"),
        (21, "Whatever happened"),
        (22, "Gives `a` and `b` the parts of a tuple of `1` and `2`"),
    ],
)
def test_every_line_is_said_in_plain_words(line: int, says: str) -> None:
    found = words(line)
    assert says in found
    assert bool(found) == bool(says)


def test_concepts_come_with_their_lines_in_order() -> None:
    found = {c.name: c.lines for c in explain(PROGRAM).concepts}
    assert list(found)[:3] == ["function", "parameter", "variable"]
    assert found["for loop"] == (4,)
    assert found["running result"] == (6,)
    assert found["condition"] == (5, 7)
    assert found["slicing"] == (16,)
    assert "recursion" not in found


def test_a_function_that_calls_itself_is_recursive() -> None:
    found = explain("def f(n):\n    return n * f(n - 1)\n").concepts
    assert [c.lines for c in found if c.name == "recursion"] == [(2,)]


def test_the_summary_says_what_the_program_does_and_not_whether_it_is_right() -> None:
    wrong = "def count(text):\n    for letter in text:\n        return 1\n"
    assert explain(wrong).summary == (
        "3 lines of code. The function `count` takes `text`, goes through `text` with a loop and "
        "gives back `1`."
    )


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("", "there is no code yet"),
        ("def f(:\n", "Python cannot read line 1"),
        ("x = 1\nif x = 2:\n    pass", "line 2"),
        ("-" * 5000 + "1", "nested too deep"),
        ("x = 1\n" * 5000, "30000 characters"),
        ("x = '\0'", "Python cannot read|nested"),
    ],
)
def test_what_cannot_be_explained_says_why(program: str, says: str) -> None:
    with pytest.raises(AnswerSyntaxError, match=says):
        explain(program)


@pytest.mark.parametrize(
    "program",
    [
        "async def f():\n    await g()\n    async for x in y: pass",
        "match x:\n    case [1, *rest]: pass",
        "with open('a') as f: pass",
        "class A:\n    x: int = 1\n    y: str",
        "global x; del x; raise",
        "lambda *a, **k: (yield)",
        "{**a, 'b': 1}; {x: y for x in z}; [*a]; f(*a, **b); x[::2]; x[1, 2]; ~x; x @ y; x |= 1",
        "try: pass\nexcept* E: pass\nelse: pass",
        "for x in y: pass\nelse: pass\nwhile 1: pass\nelse:\n    # why\n    pass",
        "@d\ndef f(a, /, b=1, *, c): return",
        "assert x; nonlocal_ = f'{a!r:>{w}}'; print(...); ...",
        "x = y = 1; a.b = 2; (a, b), c = d; x: int",
    ],
)
def test_any_python_is_explained_without_failing(program: str) -> None:
    found = explain(program)
    assert all(line.words for line in found.lines if line.code.strip())
    assert found.summary
