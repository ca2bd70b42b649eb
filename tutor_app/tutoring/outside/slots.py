"""The slots of a sentence: the learner's own line, the problem's words, the cue's questions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tutor_app.tutoring.outside.amounts import Amount
from tutor_app.tutoring.outside.comparing import same
from tutor_app.tutoring.outside.cues import Cue, cue_of, number_in
from tutor_app.tutoring.outside.findings import Finding, Kind
from tutor_app.tutoring.outside.materials import Problem
from tutor_app.tutoring.outside.quoting import first_operand, own_operand, quoted, quoted_claim
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.slips import guide

MAX_QUOTED_CHARACTERS = 60


@dataclass(frozen=True)
class Slots:
    """Texts by slot name, the cue they come from, and numbers that code brought in."""

    texts: dict[str, str]
    cue: Cue
    computed: frozenset[float] = frozenset()


def slots_for(
    finding: Finding,
    problem: Problem,
    pointer: "Pointer",
    teaching: Mapping[str, str],
    turn: int,
) -> Slots:
    """Fill every slot that this finding and this clause allow.

    Args:
        finding: what the learner's work shows.
        problem: the problem.
        pointer: words of the problem to point at, and the amount in them.
        teaching: what is taught where the words hold no telling cue.
        turn: how many lines the tutor has said; varies the wording within a dialogue.
    """
    texts: dict[str, str] = {}
    computed: frozenset[float] = frozenset()
    clause, amount = pointer.clause, pointer.amount
    cue = cue_of(clause, amount.text, amount.at) if amount else cue_of(clause)
    in_quote = (
        finding.claim is not None and amount is not None and amount.text in finding.claim.quote
    )
    if amount is not None and pointer.plain and not (finding.kind is Kind.MISSING and in_quote):
        texts["w"] = amount.named
    if clause:
        texts["clause"] = quoted(clause)
    if finding.claim is not None:
        texts["claim"] = quoted_claim(finding.claim)
        if finding.kind is Kind.SLIP:
            texts["guide"], computed = guide(finding.claim)
        if finding.claim.left.leaves:
            texts["a"] = first_operand(finding.claim)
        if own := own_operand(finding, problem):
            texts["own"] = own
    if finding.before is not None:
        texts["before"] = quoted_claim(finding.before)
    if finding.number:
        texts["number"] = finding.number
    if finding.base and finding.kind is not Kind.EARLY:
        texts["yours"] = f"your {finding.base}"
    elif finding.number:
        texts["yours"] = f"your {finding.number}"
    if finding.got is not None and finding.got.how in ("digits", "spelled", "percent"):
        texts["got"] = finding.got.named
    if finding.spot:
        texts["spot"] = finding.spot
    if finding.held and finding.held[-1] is not finding.claim:
        texts["held"] = quoted_claim(finding.held[-1])
    if finding.kind in (Kind.RIGHT, Kind.STEP_RIGHT) and finding.claim is not None:
        texts["held"] = texts["key"] = quoted_claim(finding.claim)
    if problem.question:
        texts["question"] = quoted(problem.question)
    if len(finding.results) > 1:
        *first, last = finding.results
        texts["results"] = f"{', '.join(first)} and {last}"
    if finding.last_words:
        texts["words"] = quoted(finding.last_words)
    if problem.amounts and finding.kind is Kind.RIGHT:
        texts["amount"] = f"the {problem.amounts[0].named}"
    texts |= _from_cue(cue, clause, texts, turn)
    if finding.number.endswith("%") and finding.kind in (Kind.STEP_RIGHT, Kind.EARLY):
        texts["use"] = f"{finding.number} of which amount?"
    if finding.step is not None and _changes_unit(finding.step, problem):
        teaching = _UNITS
    weak = cue.weak or not _bears_on(cue, finding)
    if not weak and "teach" in texts:
        texts["cue_teach"] = texts["teach"]
    if teaching:
        texts |= {f"k{name}": text for name, text in teaching.items()}
        if weak or not clause:
            texts |= teaching
    if "teach" in texts:
        texts["teach_lower"] = texts["teach"][:1].lower() + texts["teach"][1:]
    return Slots(texts, cue, computed)


_UNITS = {
    "teach": "The larger the unit, the fewer of it make up the same amount.",
    "apply": "Which of the two units here is the larger one?",
}
_PER_UNIT = (3.0, 4.0, 7.0, 12.0, 16.0, 24.0, 36.0, 60.0, 100.0, 365.0, 1000.0)
_UNIT_WORDS = re.compile(
    r"\b(yards?|feet|foot|inch(?:es)?|miles?|quarts?|gallons?|pints?|ounces?|pounds?|hours?|minutes?|"
    r"seconds?|days?|weeks?|months?|years?|cents?|dollars?|meters?|metres?|km|cm|mm|kg|grams?)\b",
    re.IGNORECASE,
)


def _changes_unit(step: Step, problem: Problem) -> bool:
    """Say whether a step turns one unit into another, with a number that nobody gives."""
    given = [v for a in problem.amounts for v in a.values]
    given += [s.value for s in problem.steps if s.value is not None]
    factors = [
        v for v in step.operands if v in _PER_UNIT and not any(same(v, known) for known in given)
    ]
    return bool(factors) and len(set(_UNIT_WORDS.findall(step.sentence.lower()))) > 1


def _is_money(written: str) -> bool:
    return bool(re.search(r"[$£€]|\bdollars?\b|\bcents?\b", written))


def _bears_on(cue: Cue, finding: Finding) -> bool:
    """Say whether a cue can matter: events of a story call for adding and taking away only."""
    if cue.name not in ("gone", "came", "left over", "extra") or finding.step is None:
        return True
    return bool(set(finding.step.operators) & {"+", "-"})


def _turned(rows: tuple[str, ...], turn: int) -> tuple[str, ...]:
    at = turn % len(rows) if rows else 0
    return rows[at:] + rows[:at]


def _from_cue(cue: Cue, clause: str, texts: dict[str, str], turn: int) -> dict[str, str]:
    if not clause:
        first = texts.get("a", "")
        larger = f"Should the number you want be larger or smaller than {first}?"
        return {"sense": larger} if first else {}
    number = number_in(clause, cue)
    if texts.get("a") and texts.get("w", "").split(" ")[0] == texts["a"]:
        texts = {name: text for name, text in texts.items() if name != "a"}
    values = {"n": number} | {k: texts.get(k, "") for k in ("a", "w", "yours", "number")}
    found = {}
    for name in ("whole", "use", "sense", "inverse", "teach", "apply"):
        rows = getattr(cue, name)
        for text in _turned((rows,) if isinstance(rows, str) else rows, turn):
            if all(values[slot] for slot in re.findall(r"\{(\w+)\}", text)):
                filled = text.format(**values)
                found[name] = filled[:1].upper() + filled[1:]
                break
    if cue.weak and "w" not in texts:
        found["use"] = "Which number belongs to that?"
    elif values["w"] and values["number"] and _is_money(values["w"]) != _is_money(values["number"]):
        # dollars are never "inside" hours
        found["use"] = f"What do the {values['w']} have to do with your {values['number']}?"
    if "sense" not in found and values["a"]:
        found["sense"] = f"Should the number you want be larger or smaller than {values['a']}?"
    for name, instead in (
        ("use", "whole"),
        ("sense", "whole"),
    ):
        if name not in found and instead in found:
            found[name] = found[instead]
    return found


@dataclass(frozen=True)
class Pointer:
    """Words of the problem worth pointing at.

    Attributes:
        clause: verbatim; "" to point at none.
        amount: the given quantity in them that matters, if there is one.
    """

    clause: str
    amount: Amount | None = None

    @property
    def plain(self) -> bool:
        """The amount reads well after "the": "the 20 crates", not "the half" or "the 20%"."""
        if self.amount is None or self.amount.values[0] == 1:
            return False
        return self.amount.how in ("digits", "spelled")


def pointers_for(finding: Finding, problem: Problem) -> list[Pointer]:
    """Return the words worth pointing at, the best first."""
    if finding.kind is Kind.TWICE and finding.got is not None:
        return [Pointer(finding.got.clause, finding.got)]
    in_line = finding.claim.left.operands if finding.claim and finding.is_departure else ()
    found = [Pointer(finding.wants.clause, finding.wants)] if finding.wants else []
    if finding.step is not None:
        spoken = finding.claim.sentence if finding.claim and finding.is_departure else ""
        near, fits = problem.clause_for(finding.step, spoken)
        first = problem.fit(found[0].clause, finding.step, spoken) if found else 0.0
        amount = next((a for a in problem.amounts if a.clause == near), None)
        if near and near != (found[0].clause if found else ""):
            used = amount is not None and amount.is_in(in_line)
            used = used or (bool(found) and finding.kind in (Kind.MISSING, Kind.SKIPPED))
            if not used and fits > first + 1 and (first < 0.5 or fits > 2 * first + 1):
                found.insert(0, Pointer(near, amount))
            elif not used or not found:
                found.append(Pointer(near, amount))
    if finding.kind is Kind.RIGHT and problem.amounts:
        found = [Pointer(problem.amounts[0].clause, problem.amounts[0])]
    if finding.kind is Kind.GIVEN:
        found = [
            p for p in found if p.amount is None or not finding.number.startswith(p.amount.text)
        ]
    if not found and finding.kind in (Kind.NOTHING, Kind.WORDS) and problem.amounts:
        found.append(Pointer(problem.amounts[0].clause, problem.amounts[0]))
    return list({pointer.clause: pointer for pointer in reversed(found)}.values())[::-1]
