"""How a typed answer was read and judged."""

from enum import StrEnum

from tutor_app.domain.base import Strict


class Verdict(StrEnum):
    """What a check says; `CANNOT_TELL` costs no attempt."""

    RIGHT = "right"
    UNIT = "right but unit"
    SIGN = "right but sign"
    ROUNDING = "right but rounding"
    WRONG = "wrong"
    CANNOT_TELL = "cannot tell"

    @property
    def nearly(self) -> bool:
        """Right but for the unit, the sign or the rounding."""
        return self in (Verdict.UNIT, Verdict.SIGN, Verdict.ROUNDING)


class Reading(Strict):
    """What the reader made of the text.

    Attributes:
        echo: Markdown for "I read this as ...": the value with its unit, or the formula.
        value: the number as typed, in the typed unit; None when there is none.
        unit: the unit in plain form ("m/s"), or "".
        formula: the formula in the grammar of answers.formula, or "".
        option: the chosen letter, or "".
        exact: the exact answer as read, in plain text, or "".
        numbers: every number that stands in the text.
        bare: the text is this one value, formula or option and nothing else.
    """

    echo: str
    value: float | None = None
    unit: str = ""
    formula: str = ""
    option: str = ""
    exact: str = ""
    numbers: tuple[float, ...] = ()
    bare: bool = False


class CodeOutcome(Strict):
    """What a learner's program did in one test, as far as the learner may see it.

    Attributes:
        step: the step that the test speaks for, or "".
        call: what was called; with `stdin`, `expected` and `got` empty for a hidden test.
        expected: the value or the output that was asked for.
        got: what came instead.
        prints: the test looks at the output, not at a value.
        trouble: why there is nothing to compare: "stops in line 3 with an IndexError: ...".
        printed: the call gave nothing back, but the program printed what was expected of it.
    """

    id: str
    about: str
    passed: bool
    step: str = ""
    hidden: bool = False
    call: str = ""
    stdin: str = ""
    expected: str = ""
    got: str = ""
    prints: bool = False
    trouble: str = ""
    printed: bool = False


class Check(Strict):
    """A verdict with the reading it rests on and one plain sentence of reason.

    `outcomes` are those of a program's tests, in their order.
    """

    verdict: Verdict
    reading: Reading
    reason: str = ""
    outcomes: tuple[CodeOutcome, ...] = ()
