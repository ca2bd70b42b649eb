"""Replies where there is no reference solution: by the tutor's last question and its answer."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

from tutor_app.domain.dialogue import Candidate
from tutor_app.tutoring.outside.acts import act_of
from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.claims import find_claims
from tutor_app.tutoring.outside.finals import final_number
from tutor_app.tutoring.outside.findings import Act, Finding, Kind
from tutor_app.tutoring.outside.forms import Form, shape_of
from tutor_app.tutoring.outside.matching import alike
from tutor_app.tutoring.outside.questions import Asked
from tutor_app.tutoring.outside.quoting import quoted
from tutor_app.tutoring.outside.reference import Step
from tutor_app.tutoring.outside.slips import guide
from tutor_app.tutoring.outside.talk import Answer, Talk, answer_of, bare, operation_in
from tutor_app.tutoring.outside.tokens import tidy, tokenize
from tutor_app.tutoring.outside.wording import Wording, turned

MAX_WORDS = 12
_NO_CONCEPT = (Answer.CHAT, Answer.CHECK, Answer.LETTER)
_OTHER_SORT = ("sort number", "meaning number")
_EMPTY = (Answer.YES, Answer.CHAT, Answer.CHECK, Answer.PARTLY)
NEAR = 0.3


@dataclass(frozen=True)
class Concept:
    """One row of concepts.toml."""

    pattern: re.Pattern[str]
    says: str
    answer: re.Pattern[str] | None = None
    form: str = ""


@cache
def _concepts() -> tuple[Concept, ...]:
    table = tomllib.loads(Path(__file__).with_name("concepts.toml").read_text(encoding="utf-8"))
    return tuple(
        Concept(
            re.compile(row["pattern"], re.IGNORECASE),
            row["says"],
            re.compile(row["answer"], re.IGNORECASE) if "answer" in row else None,
            row.get("form", ""),
        )
        for row in table["concept"]
    )


@cache
def _rows() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("asked.toml").read_text(encoding="utf-8"))


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
    form = answer_of(text)
    if form is Answer.YES and len(lines) > 1 and re.search(r"\d", lines[-2]):
        text = tidy(lines[-2])
    if form is Answer.NUMBER:
        text = bare(text)
    claims = find_claims(text)
    numbers = [t for t in tokenize(text) if t.kind == "num"]
    act = act_of(text, bool(numbers or claims))
    if act is Act.ASKS and form not in (Answer.WORDS, Answer.CHAT):
        act = Act.SAYS
    if asked.talk is Talk.END and not numbers:
        act = Act.SOCIAL
    words = " ".join(tidy(lines[-1]).split()[:MAX_WORDS]).strip(" .,;:=!?")
    step = next(iter(step_asked(asked)), None)
    plain = claims or len(text.split()) <= MAX_WORDS
    said = final_number(text, claims) if plain else None
    number = next((t.text for t in reversed(numbers) if t.value == said), "")
    if step is None or said is None or step.value is None or asked.expression is None:
        stuck = act in (Act.STUCK, Act.WANTS_ANSWER, Act.ASKS)
        kind = Kind.NOTHING if stuck else Kind.WORDS
        return Finding(kind, act, step, number=number, last_words=words)
    if alike(said, step.value):
        return Finding(Kind.RIGHT, act, step, number=number, last_words=words)
    answered = Claim(asked.expression, said, None, asked.text, 0, 0, asked.text)
    return Finding(Kind.SLIP, act, step, answered, number, last_words=words)


def asked_wordings(
    finding: Finding, asked: Asked, lines: Sequence[str], turn: int
) -> Iterator[Wording]:
    """Yield wordings about the last question, the most telling first.

    Args:
        finding: what the learner's line shows.
        asked: the last question.
        lines: the learner's lines, oldest first.
        turn: how many lines the tutor has said.
    """
    shape = shape_of(asked.text)
    form = answer_of(lines[-1])
    texts = {
        "words": "" if form is Answer.NONE else _named(finding.last_words, form),
        "answer": _earlier_answer(lines) or asked.offered,
        "number": finding.number,
        "asked": quoted(asked.text) if asked.text else "",
        "topic": shape.topic,
        "told": quoted(asked.told) if asked.told else "",
        "told_plain": asked.told.replace("“", "'").replace("”", "'"),
        "operation": operation_in(lines[-1]),
    }
    # a bare "yes" tells learners apart by what was said before it only
    place = turn
    if not texts["answer"] and not asked.text:
        place += crc32("|".join((asked.told, *lines)).encode("utf-8", "replace"))
    about = asked.talk.value or shape.form.value
    rows = (
        ["any none"]
        if form is Answer.NONE
        else [f"{about} {form.value}", f"any {form.value}", about, "any"]
    )
    if form not in (*_EMPTY, Answer.NONE):
        rows[1:3] = reversed(rows[1:3])
    computed: frozenset[float] = frozenset()
    if finding.kind is Kind.SLIP and finding.claim is not None:
        texts["guide"], computed = guide(finding.claim)
        rows = ["near" if _is_near(finding) else "far", *rows]
    elif finding.kind is Kind.RIGHT:
        rows = ["right", *rows]
    elif finding.kind is Kind.NOTHING:
        rows = ["stuck", *rows]
    elif not asked.talk and form not in _NO_CONCEPT and rows[0] not in _OTHER_SORT:
        yield from _conceptual(asked, form, shape.form, texts)
    for row in rows:
        for frame in turned(_rows().get(row, []), place):
            needed = re.findall(r"\{(\w+)\}", frame)
            if all(texts.get(name) for name in needed):
                yield _built(frame.format(**texts), computed)


def _built(text: str, computed: frozenset[float]) -> Wording:
    text = text[:1].upper() + text[1:]
    return Wording(Candidate(text=text, source="template"), computed)


def _named(words: str, form: Answer) -> str:
    """Quote the learner; a lone number or choice stands without quotation marks."""
    if form is Answer.NUMBER:
        return bare(words) or words
    if form is Answer.LETTER:
        return bare(words).upper()
    return quoted(words) if words else ""


def _earlier_answer(lines: Sequence[str]) -> str:
    """Return the learner's last number or choice before the last line, as written."""
    for line in reversed(lines[:-1]):
        if answer_of(line) in (Answer.NUMBER, Answer.LETTER, Answer.EXPRESSION):
            return _named(bare(tidy(line)), answer_of(line))
    return ""


def _is_near(finding: Finding) -> bool:
    said = finding.claim.stated if finding.claim else None
    right = finding.step.value if finding.step else None
    return said is not None and right is not None and abs(said - right) <= NEAR * abs(right)


def _conceptual(
    asked: Asked, form: Answer, shape: Form, texts: Mapping[str, str]
) -> Iterator[Wording]:
    if form is Answer.YES and shape is not Form.YES_OR_NO:
        return
    if not texts["words"]:
        return
    for concept in _concepts():
        said = concept.answer is None or concept.answer.search(texts["words"].strip("“”"))
        if said and concept.form in ("", shape.value) and concept.pattern.search(asked.text):
            says = concept.says
            if form in (Answer.YES, Answer.NO, Answer.PARTLY) and says.startswith("{words}: "):
                rest = says.removeprefix("{words}: ")
                says = "You say {words}. " + rest[:1].upper() + rest[1:]
            own = frozenset(t.value for t in tokenize(says) if t.kind == "num")
            yield _built(says.format(**texts), own)
