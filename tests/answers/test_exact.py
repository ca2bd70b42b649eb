from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.answers.check import check_answer
from tutor_app.answers.exact import same_answer
from tutor_app.answers.matching import matching_misconception
from tutor_app.answers.solution import examine, solve
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.item import Item


@dataclass(frozen=True)
class Key:
    accepted: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    nearly: tuple[str, ...] = ()
    prompt: str = "Find it."
    any_order: bool = False


KEYS = [
    Key(
        "5",
        right=("5", "x=5", "5.0", "the answer is 5", "I got 5", "five", "is it 5?", "y = 5"),
        wrong=("6", "-5", "5x", "5 x", "4.9", "x = 6"),
        # equal, but not worked out; or more than one answer
        cannot_tell=("2+3", "10/2", "5, 6", "idk", "", "5 dogs"),
    ),
    Key(
        "1/2",
        right=("1/2", "0.5", ".5", "1 / 2", r"\frac{1}{2}", "$\\frac12$", "½"),
        wrong=("-1/2", "2", "0.51"),
        cannot_tell=("2/4", "50%"),
    ),
    Key("4+2/3", right=("4 2/3", "14/3", "4⅔"), wrong=("4.2/3", "14"), nearly=("4.67",)),
    Key(
        "5*sqrt(3)",
        prompt=r"Simplify $\sqrt{75}$.",
        right=("5sqrt3", "5√3", "5 root 3", "5 square root of 3", r"5\sqrt{3}"),
        wrong=("3sqrt5", "15", "25sqrt(3)"),
        cannot_tell=("sqrt(75)", "√75"),
        nearly=("8.66",),
    ),
    Key(
        "(x+2)(x-3)",
        prompt="Factor $x^2-x-6$.",
        right=("(x-3)(x+2)", "(x + 2) * (x - 3)", r"\left(x+2\right)\left(x-3\right)"),
        wrong=("(x+3)(x-2)", "(y+2)(y-3)", "x+2"),
        cannot_tell=("x^2-x-6", "x² - x - 6"),
    ),
    Key(
        "2(x+1)(x+4)",
        prompt="Factor completely.",
        right=("2(x+4)(x+1)",),
        cannot_tell=("(2x+2)(x+4)", "2(x^2+5x+4)", "(x+1)(2x+8)"),
    ),
    Key(
        "5x+1",
        prompt="Simplify $2x+3x+1$.",
        right=("1+5x", "5x + 1"),
        wrong=("5x", "6x"),
        cannot_tell=("2x+3x+1", "3x+2x+1"),
    ),
    Key("abs(x)", right=("|x|", "sqrt(x^2)"), cannot_tell=("x",), wrong=("-|x|",)),
    Key("x^(2/3)", right=("cube root of x^2", r"\sqrt[3]{x^2}"), cannot_tell=("x^2/3",)),
    Key("e^(2x)", right=("e^(2x)",), cannot_tell=("e^2x",), wrong=("e^(3x)",)),
    Key("log_2(5)", right=("ln(5)/ln(2)", "log(5)/log(2)"), wrong=("log_5(2)",), nearly=("2.32",)),
    Key("8-i", right=("-i+8", "8 - 1i"), wrong=("8+i",), cannot_tell=("8+i^3",)),
    Key("3x^2y", right=("3yx^2", "3 x² y", "x^2*3y"), wrong=("3xy^2",)),
    Key("sqrt(x-6)+3", right=("3+√(x-6)",), wrong=("3-sqrt(x-6)",)),
    Key(
        "(-inf, 3]",
        prompt="Solve the inequality.",
        right=("(-inf,3]", "(-∞, 3]", "x<=3", "x ≤ 3", "3 ≥ x", r"(-\infty,3]", "(-infinity, 3]"),
        wrong=("(-inf,3)", "x<3", "[3, inf)", "x>=3", "no solution"),
        cannot_tell=("3",),
    ),
    Key(
        "(-inf, 3]",
        prompt="Write the solution in interval notation.",
        right=("(-inf,3]",),
        cannot_tell=("x<=3",),
    ),
    Key(
        "(-inf,-4)U[3,inf)",
        prompt="Solve the inequality.",
        right=("(-∞,-4)∪[3,∞)", "[3,inf) U (-inf,-4)", "x<-4 or x>=3"),
        wrong=("(-inf,-4)U(3,inf)", "(-inf,-4)"),
    ),
    Key("21<x<95", right=("(21,95)", "95>x>21"), wrong=("21<=x<95", "21<x<96")),
    Key("y<=2x+1", right=("2x+1>=y",), wrong=("y<2x+1", "y>=2x+1"), cannot_tell=("y-2x<=1",)),
    Key(
        "(2,5)",
        prompt="Find the point where they meet.",
        right=("(2, 5)", "2,5", "x=2, y=5", "(x,y)=(2,5)", "(2, 5.0)"),
        wrong=("(5,2)", "(2,6)", "7"),
        cannot_tell=("[2,5]",),
    ),
    Key(
        "(1,2),(3,4)",
        any_order=True,
        right=("(3,4),(1,2)", "(1,2) and (3,4)"),
        wrong=("(1,2)", "(2,1),(3,4)"),
    ),
    Key(
        "x=-2, x=3",
        any_order=True,
        right=("x=3, x=-2", "x=-2 or x=3", "-2, 3", "{-2,3}", "-2 and 3", "x = -2, 3"),
        wrong=("x=3", "x=±3", "2, 3"),
    ),
    Key("-3, 3", any_order=True, right=("±3", "x=±3", "3,-3"), wrong=("3",)),
    Key("1, 5, 9", right=("1,5,9", "1; 5; 9"), wrong=("1,5,10",), cannot_tell=("9, 5, 1",)),
    Key(
        "y = 2x+3",
        right=("y=3+2x", "f(x)=2x+3"),
        wrong=("y=3x+2", "y=2x-3"),
        cannot_tell=("2x+3", "y-2x=3", "y-5=2(x-1)"),
    ),
    Key(
        "x^2/9+y^2/25=1",
        right=("25x^2+9y^2=225", "y^2/25 + x^2/9 = 1"),
        wrong=("x^2/25+y^2/9=1", "x^2/9-y^2/25=1"),
    ),
    Key(
        "no solution",
        right=("None", "there is no solution", "∅", "No solutions."),
        wrong=("0", "x=3", "all real numbers"),
        cannot_tell=("idk",),
    ),
    Key("(-inf, inf)", prompt="Find the domain.", right=("all real numbers", "R", "(-∞, ∞)")),
    Key("Down", right=("down", "Downwards", "it opens downward"), wrong=("up",)),
    Key(
        "128 child tickets, 125 adult tickets",
        right=("128 child, 125 adult",),
        cannot_tell=("128 and 125", "125 child and 128 adult"),
    ),
    Key(
        "0.403",
        right=(".403", "0.4034"),
        nearly=("0.40", "0.4"),
        wrong=("0.41", "0.5"),
        cannot_tell=("40.3%",),
    ),
    Key("136", prompt="Round to the nearest degree.", right=("136", "136.3"), wrong=("150",)),
    Key("45", prompt="What percent is it?", right=("45%", "45 percent"), cannot_tell=("0.45",)),
    Key(
        "35",
        prompt="Find the length in feet.",
        right=("35 feet", "35 ft"),
        wrong=("36 feet",),
        cannot_tell=("35 miles", "12 yards"),
    ),
    Key("2.4*10^5", right=("2.4 x 10^5", "240000", "2.4e5"), wrong=("2.4 x 10^4", "2.4")),
    Key("6,414", right=("6414", "6,414"), wrong=("6.414", "64144")),
    Key("[[1,2],[3,4]]", right=("[[1,2],[3,4]]",), wrong=("[[1,2],[4,3]]",)),
    Key("np.arange(10)", right=("np.arange( 10 )",), cannot_tell=("np.arange(0,10)",)),
]
ALL = [
    (key, text, verdict)
    for key in KEYS
    for verdict, texts in (
        (Verdict.RIGHT, (key.accepted, *key.right)),
        (Verdict.WRONG, key.wrong),
        (Verdict.CANNOT_TELL, key.cannot_tell),
        (Verdict.ROUNDING, key.nearly),
    )
    for text in texts
]


def item(key: Key) -> Item:
    answer = {"kind": "exact", "accepted": [key.accepted], "any_order": key.any_order}
    return Item.model_validate(
        {
            "id": "i",
            "title": "I",
            "prompt": key.prompt,
            "skills": ["s"],
            "answer": answer,
            "steps": [{"id": "s", "goal": "Find it"}],
        }
    )


def judged(key: Key, text: str) -> Check:
    made = item(key)
    return check_answer(text, made.answer, solve(made))


@pytest.mark.parametrize(("key", "text", "verdict"), ALL, ids=lambda v: str(v)[:40])
def test_an_exact_answer_is_judged_by_what_it_says(key: Key, text: str, verdict: Verdict) -> None:
    assert judged(key, text).verdict is verdict


def test_there_are_many_ways_of_typing_on_both_sides() -> None:
    verdicts = [verdict for _, _, verdict in ALL]
    assert verdicts.count(Verdict.RIGHT) > 120
    assert verdicts.count(Verdict.WRONG) > 60


def test_what_was_read_is_shown_as_maths() -> None:
    assert judged(Key("(-inf, 3]"), "x<=3").reading.echo == r"$x \le 3$"
    assert judged(Key("(2,5)"), "(2, 1/2)").reading.echo == r"$(2,\ \frac{1}{2})$"
    assert judged(Key("5"), "bananas").reading.echo == "no answer"
    assert judged(Key("none"), "no solution").reading.echo == "“no solution”"


def test_the_expression_of_the_exercise_is_no_answer_to_it() -> None:
    check = judged(Key("0.75", prompt="Write $\\frac{3}{4}$ as a decimal."), "3/4")
    assert check.verdict is Verdict.CANNOT_TELL
    assert "repeats" in check.reason


def test_a_bracket_without_partner_in_a_key_is_a_mistake_of_the_item() -> None:
    _, faults = examine(item(Key("(3+sqrt(17)/4")))
    assert [fault.place for fault in faults] == [("answer", "accepted")]
    assert "partner" in faults[0].message


def test_a_known_wrong_idea_is_recognised_in_any_form() -> None:
    made = item(Key("(x+2)(x-3)")).model_dump()
    idea = {"id": "signs", "title": "Swaps the signs", "value": "(x-2)(x+3)", "question": "Why?"}
    with_idea = Item.model_validate({**made, "misconceptions": [idea]})
    solution = solve(with_idea)
    for text, found in (("(x+3)(x-2)", "signs"), ("(x+1)(x-6)", ""), ("bananas", "")):
        reading = check_answer(text, with_idea.answer, solution).reading
        assert matching_misconception(reading, with_idea, solution) == found


def test_a_hints_question_is_answered_in_any_form() -> None:
    assert same_answer("12", "$$12$$")
    assert same_answer("x = 12", "12")
    assert same_answer("yes", "Yes")
    assert same_answer("2(x+1)", "$$2x+2$$")
    assert not same_answer("13", "12")
    assert not same_answer("i do not know", "12")


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("0123456789xyi+-*/^()[]{}|,.=<>≤∞ √%°UandrobreizF\\$_"),
        max_size=40,
    )
)
def test_no_text_breaks_the_reader(text: str) -> None:
    for key in (KEYS[0], KEYS[4], KEYS[14], KEYS[19]):
        assert judged(key, text).verdict in Verdict
