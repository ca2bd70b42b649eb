import pytest

from tutor_app.answers.solution import solve
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.tutoring.verification import VerificationContext
from tutor_app.tutoring.verification.leakage import check_leakage


def turn(
    accepted: str, prompt: str, state: State = State.STUCK, learner: str = "help", **move: object
) -> VerificationContext:
    item = Item.model_validate(
        {
            "id": "i",
            "title": "I",
            "prompt": prompt,
            "skills": ["s"],
            "answer": {"kind": "exact", "accepted": [accepted]},
            "steps": [{"id": "s", "goal": "Find it"}],
        }
    )
    return VerificationContext(
        item=item,
        solution=solve(item),
        move=TutorMove(
            kind="probe",
            situation="question",
            strategy="ask",
            intention="",
            level=HintLevel.QUESTION,
            **move,
        ),
        diagnosis=Diagnosis(state=state),
        learner_texts=(learner,),
    )


FACTOR = ("(x+2)(x-3)", "Factor $x^2-x-6$.")
LINE = ("y = 2x+3", "Find the line through $(0,3)$ with slope 2.")
INTERVAL = ("(-inf, 3]", "Solve $2x+1 \\le 7$. Write it as an interval.")
POINT = ("(4,7)", "Where do $y=x+3$ and $y=2x-1$ meet?")
ROOTS = ("-2, 5", "Solve $x^2-3x-10=0$.")
NUMBER = ("63", "Twelve less than $x$ is equal to $51$. Find $x$.")
SURD = ("5sqrt(3)", "Simplify $\\sqrt{75}$.")
SPACED = ("6m^2 n^3", "Find the greatest common factor of $12m^2 n^3$ and $30m^5 n^3$.")
SQUARE = ("10 (k+4)^2", "Factor $10k^2+80k+160$.")
LETTER = ("n", "Simplify $\\sqrt[3]{n^3}$.")
NONE = ("no solution", "Solve $x+1=x+2$.")


@pytest.mark.parametrize(
    ("item", "reply"),
    [
        (FACTOR, "It is $(x-3)(x+2)$."),
        (FACTOR, "Write (x + 2)(x - 3)."),
        (FACTOR, r"What about $\left(x+2\right)\left(x-3\right)$?"),
        (FACTOR, "So $x^2-x-6=(x+2)(x-3)$."),
        (LINE, "That gives $y = 3 + 2x$."),
        (LINE, "The line is y = 2x + 3."),
        (LINE, "The right side is $2x+3$."),
        (INTERVAL, "The answer is $(-\\infty, 3]$."),
        (INTERVAL, "So $x \\le 3$."),
        (INTERVAL, "Every number with x <= 3 works."),
        (POINT, "They meet at (4, 7)."),
        (POINT, "Here x is 4 and y is 7."),
        (POINT, "The point is $(4,\\ 7)$."),
        (ROOTS, "The solutions are -2 and 5."),
        (ROOTS, "Check $x=-2$ and $x=5$."),
        (NUMBER, "You should get 63."),
        (NUMBER, "Sixty-three fits."),
        (NUMBER, "So $x = 63$."),
        (SURD, "It comes to $5\\sqrt{3}$."),
        (SURD, "Write 5√3."),
        (SPACED, "You get 6m^2 n^3 in the end."),
        (SPACED, "What about 6 m^2 n^3?"),
        (SQUARE, "You get 10 (k+4)^2 in the end."),
        (LETTER, "The answer is $n$."),
        (NONE, "It has no solution."),
        (NONE, "Is there no solution?"),
    ],
)
def test_a_reply_that_states_an_exact_answer_is_caught(item: tuple[str, str], reply: str) -> None:
    assert not check_leakage(reply, turn(*item)).passed


@pytest.mark.parametrize(
    ("item", "reply"),
    [
        (FACTOR, "Which two numbers multiply to $-6$?"),
        (FACTOR, "What do you know about $x^2-x-6$?"),
        (FACTOR, "The two brackets begin with $x$."),
        (LINE, "What does the slope say about each step to the right?"),
        (LINE, "The point (0, 3) lies on the y-axis."),
        (INTERVAL, "Take 1 from both sides first. What is left?"),
        (INTERVAL, "Which bracket do you need when the end belongs to it?"),
        (POINT, "At the point both give the same height. Which equation says that?"),
        (ROOTS, "Look for two numbers whose product is $-10$."),
        (NUMBER, "Which words mean subtraction here?"),
        (SURD, "Which square number divides 75?"),
        (SPACED, "Which powers of $m$ stand in both $12m^2 n^3$ and $30m^5 n^3$?"),
        (LETTER, "What is the cube of $n$?"),
        (NONE, "What is left when you take $x$ from both sides?"),
    ],
)
def test_a_hint_that_leaves_the_work_to_the_learner_passes(
    item: tuple[str, str], reply: str
) -> None:
    found = check_leakage(reply, turn(*item))
    assert found.passed, found.reason


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (FACTOR, "is it (x-3)(x+2)?"),
        (POINT, "is it (4,7)?"),
        (INTERVAL, "x <= 3?"),
        (NUMBER, "63?"),
    ],
)
def test_a_guess_is_not_confirmed(item: tuple[str, str], said: str) -> None:
    context = turn(*item, state=State.CANNOT_TELL, learner=said)
    assert not check_leakage("Yes, that is right.", context).passed
    assert check_leakage("How did you get there?", context).passed


def test_nothing_is_withheld_where_policy_allows_the_answer() -> None:
    context = turn(*FACTOR, answer_allowed=True)
    assert check_leakage("It is $(x-3)(x+2)$.", context).passed
