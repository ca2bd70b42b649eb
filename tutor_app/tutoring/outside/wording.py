"""Wordings of one planned move, from the most fitting to the floor."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tutor_app.domain.dialogue import Candidate, TutorMove
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.materials import Problem
from tutor_app.tutoring.outside.quoting import quoted
from tutor_app.tutoring.outside.slots import Pointer, Slots, pointers_for, slots_for

MAX_FLOOR_CHARACTERS = 60
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[a-z0-9]{3,}")
_ROWS = {
    Kind.MISSING: ("missing", "missing_again", "plan_again"),
    Kind.EXTRA: ("extra", "plan"),
    Kind.TWICE: ("twice", "twice_inside", "plan"),
    Kind.SKIPPED: ("skipped", "skipped_again", "skipped_no_clause"),
    Kind.BEYOND: ("beyond", "plan_no_clause"),
    Kind.EARLY: ("early", "early_no_clause"),
    Kind.EQUATION: ("equation", "equation_no_clause"),
    Kind.TRANSFORMED: ("transformed", "transformed_quiet"),
    Kind.PLAN: ("plan", "plan_again", "plan_no_clause"),
    Kind.UNEXPLAINED: ("unexplained", "unexplained_again", "unexplained_no_clause"),
    Kind.GIVEN: ("given", "given_no_clause"),
    Kind.UNIT: ("unit",),
    Kind.STEP_RIGHT: ("step right", "step right no clause"),
    Kind.EXAMPLE: ("example", "example_number"),
    Kind.RIGHT: ("right", "right_bare"),
    Kind.NOTHING: ("start", "start_no_words"),
    Kind.WORDS: ("words", "start_no_words"),
}


@dataclass(frozen=True)
class Wording:
    """A candidate, and the numbers that code brought into it."""

    candidate: Candidate
    computed: frozenset[float]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("frames.toml").read_text(encoding="utf-8"))


def sentences_of(row: str) -> list[str]:
    """Return the sentences of one row."""
    found = _table().get(row, [])
    return list(found) if isinstance(found, list) else []


def wordings(
    finding: Finding, move: TutorMove, problem: Problem, said: Sequence[str]
) -> Iterator[Wording]:
    """Yield wordings that say something new, then those that repeat a clause, then the floor.

    Args:
        finding: what the latest work shows.
        move: the planned move.
        problem: the problem.
        said: the tutor's earlier lines, oldest first.
    """
    repeats: list[Wording] = []
    on_the_way = finding.kind in (Kind.STEP_RIGHT, Kind.GIVEN, Kind.EARLY)
    for row in rows_for(finding, move):
        for pointer in [*pointers_for(finding, problem), Pointer("")]:
            slots = slots_for(finding, problem, pointer, teaching(finding.kind), len(said))
            said_before = not on_the_way and _was_said(pointer.clause, said)
            for frame in turned(sentences_of(row), _place(finding, slots, len(said))):
                text = _fill(frame, slots, finding)
                if not text:
                    continue
                wording = Wording(Candidate(text=text, source="template"), slots.computed)
                if "{clause}" in frame and said_before:
                    repeats.append(wording)
                else:
                    yield wording
    yield from repeats
    yield from _floor(finding, problem)


def rows_for(finding: Finding, move: TutorMove) -> tuple[str, ...]:
    """Return the rows of frames.toml that fit, best first."""
    own = _rows_of_kind(finding)
    if finding.is_departure and finding.kind is not Kind.UNEXPLAINED:
        own = (*own, "by_number")
    if move.situation == "teach":
        if finding.kind is Kind.TRANSFORMED:
            return own
        if finding.kind is Kind.EARLY:
            return ("teach_early", "teach_number", *own)
        return ("teach", "teach_cue", "teach_short", "teach_number", *own)
    return own


def _rows_of_kind(finding: Finding) -> tuple[str, ...]:
    kind, inverse = finding.kind, finding.inverse
    if finding.results and kind in (Kind.STEP_RIGHT, Kind.EARLY):
        return ("results", "step right no clause")
    match kind:
        case Kind.NOTHING | Kind.WORDS if not re.search(r"\w", finding.first_words):
            return ("start_empty",)
        case Kind.SLIP:
            computed = finding.claim.computed if finding.claim else None
            right = finding.step.value if finding.step else None
            fits = computed is not None and right is not None and same(computed, right)
            return ("slip",) if fits else ("slip_elsewhere",)
        case Kind.MISSING if finding.wants is None:
            row = "missing_result" if finding.result_missing else "missing_words"
            return (row, "plan_no_clause")
        case Kind.TRANSFORMED if finding.before is None:
            return ("transformed_alone",)
        case Kind.TRANSFORMED if finding.claim is not None and not finding.claim.left.operators:
            return ("solved_wrongly", *_ROWS[kind])
        case Kind.OPERATION if finding.spot:
            return ("operation_at", "operation", "operation_again", "operation_plain")
        case Kind.OPERATION:
            operators = set(finding.claim.left.operators) if finding.claim else set()
            row = f"operation {operators.pop()}" if len(operators) == 1 else "operation"
            return (("operation_inverse",) if inverse else ()) + (
                row,
                "operation_again",
                "operation_plain",
            )
        case Kind.QUANTITY:
            return (("quantity_inverse",) if inverse else ()) + _quantity_rows(finding)
        case Kind.UNEXPLAINED if finding.results:
            return ("unexplained_sum", *_ROWS[kind])
        case Kind.UNEXPLAINED if inverse:
            return ("unexplained_inverse", *_ROWS[kind])
        case Kind.PLAN if inverse:
            return ("plan_inverse", *_ROWS[kind])
        case Kind.STEP_RIGHT if finding.repeated:
            return ("step again", *_ROWS[kind])
        case Kind.STEP_RIGHT if inverse:
            return ("step right inverse", *_ROWS[kind])
        case Kind.STEP_RIGHT if finding.step is not None and len(finding.step.operands) > 2:
            return ("step right no clause", "step right")
        case Kind.EARLY if finding.wants is None:
            return ("early_no_clause", "early")
    return _ROWS[kind]


def _quantity_rows(finding: Finding) -> tuple[str, ...]:
    got, wants = finding.got, finding.wants
    if got is None:
        return ("quantity_own", "quantity_plain", "quantity_own_again", "quantity_result", "plan")
    if wants is not None and got.clause == wants.clause:
        return ("quantity_same_clause", "quantity_again")
    return ("quantity", "quantity_plain", "quantity_again", "quantity_result")


def turned(rows: Sequence[str], at: int) -> list[str]:
    """Begin a row at another place."""
    start = at % len(rows) if rows else 0
    return [*rows[start:], *rows[:start]]


def _place(finding: Finding, slots: Slots, turn: int) -> int:
    """Return where a row begins: it follows from the error and how far the dialogue is."""
    operators = finding.claim.left.operators if finding.claim else ()
    weight = sum("+-*/^".index(operator) + 1 for operator in operators)
    return slots.cue.index + weight + turn + len(finding.held)


def _fill(frame: str, slots: Slots, finding: Finding) -> str:
    needed = _SLOT.findall(frame)
    if any(not slots.texts.get(name) for name in needed):
        return ""
    text = frame.format(**{name: slots.texts[name] for name in needed})
    lead = lead_of(finding.act) if finding.stale else ""
    return f"{lead} {text[:1].upper()}{text[1:]}".strip()


def _was_said(clause: str, said: Sequence[str]) -> bool:
    """Say whether the tutor has pointed at these words before."""
    words = set(_WORD.findall(clause.lower()))
    if not words:
        return False
    return any(
        len(words & set(_WORD.findall(line.lower()))) >= 0.7 * len(words)
        for line in said
        if len(line.split()) < 60
    )


def _floor(finding: Finding, problem: Problem) -> Iterator[Wording]:
    """Safe sentences that still quote this learner."""
    own = []
    if finding.claim is not None and len(finding.claim.quote) < MAX_FLOOR_CHARACTERS:
        own.append(quoted(finding.claim.quote))
    own += [quoted(c.quote) for c in finding.held if len(c.quote) < MAX_FLOOR_CHARACTERS]
    own += [finding.number] if finding.number else []
    own += [quoted(words) for words in (finding.last_words, finding.first_words) if words]
    before_number = re.split(r"[$£€]?\d", finding.first_words)[0].strip()
    if len(before_number.split()) > 1:
        own.append(quoted(before_number))
    for one in dict.fromkeys(own):
        if problem.question:
            yield _plain(f"You wrote {one}. How does that lead to {quoted(problem.question)}?")
        yield _plain(f"You wrote {one}. Which words of the problem made you choose that?")
    yield _plain("Write down what is asked and the first amount you know. What is it?")


def _plain(text: str) -> Wording:
    return Wording(Candidate(text=text, source="template"), frozenset())


def teaching(kind: Kind) -> dict[str, str]:
    """Return what is taught about an error of this kind."""
    rows = _table().get("teaching", {})
    found = rows.get(kind.value, {}) if isinstance(rows, dict) else {}
    return dict(found) if isinstance(found, dict) else {}


def lead_of(act: Act) -> str:
    """Return what answers a question or a sigh, before the hint."""
    leads = _table().get("lead", {})
    return leads.get(act.value, "") if isinstance(leads, dict) else ""
