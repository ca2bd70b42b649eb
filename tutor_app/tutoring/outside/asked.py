"""Replies where there is no reference solution: by the tutor's last question and its answer."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor_app.domain.dialogue import Candidate
from tutor_app.tutoring.outside.acts import act_of
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.finals import final_number
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.matching import alike
from tutor_app.tutoring.outside.questions import Asked
from tutor_app.tutoring.outside.quoting import quoted
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.slips import guide
from tutor_app.tutoring.outside.tokens import tidy, tokenize
from tutor_app.tutoring.outside.wording import Wording, sentences_of, turned

MAX_WORDS = 12
NEAR = 0.3


@dataclass(frozen=True)
class Concept:
    """One row of concepts.toml."""

    pattern: re.Pattern[str]
    says: str
    answer: re.Pattern[str] | None = None


@cache
def _concepts() -> tuple[Concept, ...]:
    table = tomllib.loads(Path(__file__).with_name("concepts.toml").read_text(encoding="utf-8"))
    return tuple(
        Concept(
            re.compile(row["pattern"], re.IGNORECASE),
            row["says"],
            re.compile(row["answer"], re.IGNORECASE) if "answer" in row else None,
        )
        for row in table["concept"]
    )


def step_asked(asked: Asked) -> list[Step]:
    """Return the one step that a question in plain arithmetic amounts to."""
    if asked.expression is None or asked.value is None:
        return []
    expression = asked.expression
    return [Step("step1", asked.value, expression.operands, expression.operators, asked.text)]


def find_answer(asked: Asked, lines: Sequence[str]) -> Finding:
    """Compare the learner's last answer with what was asked last.

    Args:
        asked: the last question.
        lines: the learner's lines, oldest first; a bare "yes" at the end refers to the one before.
    """
    text = tidy(lines[-1])
    if len(lines) > 1 and act_of(text, bool(find_claims(text))) is Act.AGREES:
        text = tidy(lines[-2]) if re.search(r"\d", lines[-2]) else text
    claims = find_claims(text)
    numbers = [t for t in tokenize(text) if t.kind == "num"]
    act = act_of(text, bool(numbers or claims))
    words = " ".join(text.split()[:MAX_WORDS]).strip(" .,;:=")
    step = next(iter(step_asked(asked)), None)
    said = final_number(text, claims)
    number = next((t.text for t in reversed(numbers) if t.value == said), "")
    if step is None or said is None or step.value is None or asked.expression is None:
        kind = Kind.WORDS if act in (Act.SAYS, Act.WORKS, Act.AGREES) else Kind.NOTHING
        return Finding(kind, act, step, number=number, last_words=words)
    if alike(said, step.value):
        return Finding(Kind.RIGHT, act, step, number=number, last_words=words)
    answered = Claim(asked.expression, said, None, asked.text, 0, 0, asked.text)
    return Finding(Kind.SLIP, act, step, answered, number, last_words=words)


def asked_wordings(finding: Finding, asked: Asked, turn: int) -> Iterator[Wording]:
    """Yield wordings about the last question, the most telling first.

    Args:
        finding: what the learner's line shows.
        asked: the last question.
        turn: how many lines the tutor has said.
    """
    texts = {
        "words": quoted(finding.last_words) if finding.last_words else "",
        "number": finding.number,
        "asked": quoted(asked.text) if asked.text else "",
    }
    computed: frozenset[float] = frozenset()
    rows: list[str] = []
    if finding.kind is Kind.SLIP and finding.claim is not None:
        texts["guide"], computed = guide(finding.claim)
        rows.append("asked_near" if _is_near(finding) else "asked_far")
    elif finding.kind is Kind.RIGHT:
        rows.append("asked_right")
    elif finding.act is not Act.STUCK and finding.kind is Kind.WORDS:
        yield from _conceptual(finding, asked, texts)
    rows += ["asked_stuck" if finding.kind is Kind.NOTHING else "asked_words", "asked_any"]
    for row in rows:
        for frame in turned(sentences_of(row), turn):
            needed = re.findall(r"\{(\w+)\}", frame)
            if all(texts.get(name) for name in needed):
                text = frame.format(**texts)
                text = text[:1].upper() + text[1:]
                yield Wording(Candidate(text=text, source="template"), computed)


def _is_near(finding: Finding) -> bool:
    said = finding.claim.stated if finding.claim else None
    right = finding.step.value if finding.step else None
    return said is not None and right is not None and abs(said - right) <= NEAR * abs(right)


def _conceptual(finding: Finding, asked: Asked, texts: dict[str, str]) -> Iterator[Wording]:
    if not texts["words"]:
        return
    for concept in _concepts():
        fits = concept.answer is None or concept.answer.search(finding.last_words)
        if fits and concept.pattern.search(asked.text):
            text = concept.says.format(**texts)
            candidate = Candidate(text=text[:1].upper() + text[1:], source="template")
            yield Wording(candidate, frozenset())
