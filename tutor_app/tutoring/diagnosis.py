"""Diagnosis: what did the learner show? Code first; the intent classifier only for plain words."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor_app.answers.check import (
    check_answer,
    formula_trouble,
    matching_misconception,
    matching_steps,
)
from tutor_app.answers.reader import read
from tutor_app.answers.reader_directions import directed
from tutor_app.answers.solution import Solution
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.dialogue import Channel, Diagnosis, State
from tutor_app.domain.grade import Judgement
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.intents import Intent, cue_intent, tone
from tutor_app.tutoring.offered import (
    answers_hint,
    asks_how,
    asserts,
    content,
    is_question,
    may_answer,
    option_meant,
    speaks_of_options,
)
from tutor_app.tutoring.state import DialogueState

MAX_CHARACTERS = 4_000
MAX_QUOTED_WORDS = 14
UNREAD_DIRECTION = "direction"
DISPUTE_FLOOR = 0.6

Judge = Callable[[str, Rubric], Sequence[Judgement]]
ClassifyIntent = Callable[[str], Intent]
MatchSaying = Callable[[str, Item], str]

_STATE_OF_INTENT = {
    "asks_answer": State.ASKS_ANSWER,
    "no_attempt": State.NO_ATTEMPT,
    "stuck": State.STUCK,
    "asks_term": State.ASKS_TERM,
    "asks_why": State.ASKS_WHY,
    "asks_course": State.ASKS_COURSE,
    "disputes": State.DISPUTES,
    "done": State.DONE,
    "social": State.SOCIAL,
    "thanks": State.THANKS,
    "frustrated": State.FRUSTRATED,
    "off_topic": State.OFF_TOPIC,
    "unsafe": State.UNSAFE,
    "hostile": State.HOSTILE,
}
# these are heard before a few words that may be an answer
_BEGS = frozenset({"asks_answer", "disputes", "asks_why"})
# an answer box that holds one of these holds no answer in words
_NO_ANSWERS = frozenset({"asks_answer", "stuck", "no_attempt", "off_topic", "thanks", "frustrated"})
_NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class Ears:
    """What diagnosis listens with: plain callables, so that tests can replace none of the code.

    Attributes:
        intent: classifies plain words.
        judge: rubric verdicts for text answers; None where the item has no rubric.
        saying: id of the text misconception that a sentence voices, or "".
    """

    intent: ClassifyIntent
    judge: Judge
    saying: MatchSaying


def clean(text: str) -> str:
    """Return the text without control and direction marks, at most 4,000 characters."""
    kept = (
        c
        for c in text[: MAX_CHARACTERS * 2]
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )
    return "".join(kept).strip()[:MAX_CHARACTERS]


def diagnose(
    channel: Channel,
    text: str,
    item: Item,
    solution: Solution,
    state: DialogueState,
    ears: Ears,
    rubric: Rubric | None = None,
) -> Diagnosis:
    """Say what this turn shows; never raises for anything a learner can type."""
    step = open_step(item, state.shown)
    if channel == "dispute":
        return _look_again(item, solution, state, step)
    if channel in ("skip", "help"):
        kind = State.SKIP if channel == "skip" else State.HELP
        return Diagnosis(state=kind, step=step, reason=f"the learner pressed {channel}")
    if not text:
        return Diagnosis(state=State.NO_ATTEMPT, step=step, reason="nothing was typed")
    intent = ears.intent(text)
    if intent.name == "disputes":
        if channel == "chat" and _quarrels(text, intent, item, state):
            return _look_again(item, solution, state, step)
        # a doubtful quarrel is about the work, so it gets neither a greeting nor "not done yet"
        other = "" if intent.runner_up in ("social", "done") else intent.runner_up
        intent = Intent(other or "attempt", intent.confidence)
    mood = tone(text)
    if intent.name == "unsafe" or (intent.name == "hostile" and mood != "frustrated"):
        return _from_intent(intent, text, step)
    if mood:
        intent = Intent(mood, 1.0)
    if rubric is not None:
        return _diagnose_words(channel, text, item, state, ears, rubric, intent)
    found = _diagnose_work(channel, text, item, solution, state, intent)
    return found or _from_intent(intent, text, step)


def _look_again(item: Item, solution: Solution, state: DialogueState, step: str) -> Diagnosis:
    """Read the last counted answer a second time, from its text alone."""
    if not state.counted_texts:
        return Diagnosis(state=State.DISPUTES, step=step, reason="no answer was checked yet")
    text = state.counted_texts[-1]
    check = check_answer(directed(text, item).text, item.answer, solution)
    if check.verdict is Verdict.RIGHT:
        return Diagnosis(
            state=State.RIGHT,
            steps_shown=tuple(s.id for s in item.steps),
            check=check,
            quoted=_quote(text),
            reason="the second look says right",
        )
    return Diagnosis(
        state=State.DISPUTES, step=step, check=check, quoted=_quote(text), reason=check.reason
    )


def _quarrels(text: str, intent: Intent, item: Item, state: DialogueState) -> bool:
    """Tell a clear quarrel with a check from a question about one, or words before any check."""
    sure = intent.confidence >= DISPUTE_FLOOR and not is_question(text)
    clear = sure or cue_intent(text) == "disputes"
    return clear and bool(state.counted_texts) and not _is_new_answer(text, item, state)


def _is_new_answer(text: str, item: Item, state: DialogueState) -> bool:
    """Tell a new answer ("is 5.8 right?") from a quarrel about the one checked last."""
    value = read(text, item.answer).value
    before = [read(old, item.answer).value for old in state.counted_texts[-1:]]
    return value is not None and value not in before


def open_step(item: Item, shown: frozenset[str]) -> str:
    """Return the first step that is not shown yet; the last one when all are."""
    return next((s.id for s in item.steps if s.id not in shown), item.steps[-1].id)


def with_implied(item: Item, shown: Sequence[str]) -> tuple[str, ...]:
    """Add the steps that a shown step is computed from, and earlier ones that have no value."""
    found = set(shown)
    for step in reversed(item.steps):
        if step.id in found:
            used = set(_NAME.findall(step.value))
            before = item.steps[: item.steps.index(step)]
            found |= {s.id for s in before if s.id in used or not s.value}
    return tuple(s.id for s in item.steps if s.id in found)


def _diagnose_work(
    channel: Channel,
    text: str,
    item: Item,
    solution: Solution,
    state: DialogueState,
    intent: Intent,
) -> Diagnosis | None:
    """Numbers, formulas and choices; None when the text shows no work."""
    quoted = _quote(text)
    signed = directed(text, item)
    text = signed.text
    check = check_answer(text, item.answer, solution)
    chosen = ""
    if channel == "chat" and item.answer.kind == "choice" and not check.reading.option:
        chosen = option_meant(text, item.answer)
        check = check_answer(chosen, item.answer, solution) if chosen else check
    steps = with_implied(item, matching_steps(text, item, solution))
    asserted = channel == "answer" or bool(chosen) or asserts(text, check.reading, intent)
    if check.verdict is Verdict.RIGHT and asserted:
        return Diagnosis(
            state=State.RIGHT,
            steps_shown=tuple(s.id for s in item.steps),
            check=check,
            quoted=quoted,
            reason=check.reason,
        )
    shown = state.shown | set(steps)
    step = open_step(item, frozenset(shown))
    if answers_hint(channel, text, item, state):
        return Diagnosis(
            state=State.STEP_RIGHT,
            step=step,
            check=check,
            quoted=quoted,
            reason="the text answers the question of the last hint",
        )
    if check.verdict is Verdict.SIGN and signed.unread and asserted:
        reason = "The direction in words cannot be read as a sign."
        untold = Check(verdict=Verdict.CANNOT_TELL, reading=check.reading, reason=reason)
        return Diagnosis(
            state=State.CANNOT_TELL,
            step=step,
            check=untold,
            quoted=quoted,
            error=UNREAD_DIRECTION,
            reason=reason,
        )
    if check.verdict.nearly and asserted:
        return Diagnosis(
            state=State.NEAR,
            step=step,
            steps_shown=steps,
            check=check,
            quoted=quoted,
            error="nearly right",
            counted=True,
            reason=check.reason,
        )
    unread = check.verdict is Verdict.CANNOT_TELL and formula_trouble(text, item.answer)
    if unread and asserted:
        return Diagnosis(
            state=State.CANNOT_TELL, step=step, check=check, quoted=quoted, reason=check.reason
        )
    new_steps = tuple(s for s in steps if s not in state.shown)
    if new_steps and (asserted or (channel == "chat" and not asks_how(text))):
        return Diagnosis(
            state=State.STEP_RIGHT,
            step=step,
            steps_shown=new_steps,
            check=check,
            quoted=quoted,
            error="imprecise",
            reason=f"the text shows {', '.join(new_steps)}",
        )
    if check.verdict is Verdict.WRONG and asserted:
        return _wrong(quoted, item, solution, state, check, step)
    unclear = channel == "chat" and intent.name not in _BEGS and speaks_of_options(text, item)
    if unclear or (channel == "answer" and intent.name in ("attempt", "social")):
        return Diagnosis(
            state=State.CANNOT_TELL, step=step, check=check, quoted=quoted, reason=check.reason
        )
    return None


def _wrong(
    quoted: str, item: Item, solution: Solution, state: DialogueState, check: Check, step: str
) -> Diagnosis:
    matched = matching_misconception(check.reading, item, solution)
    error = "misconception" if matched else "other"
    if matched:
        broken = next(m for m in item.misconceptions if m.id == matched).step
        step = broken if broken and broken not in state.shown else step
    return Diagnosis(
        state=State.WRONG,
        step=step,
        misconception=matched,
        check=check,
        error=error,
        quoted=quoted,
        counted=True,
        reason=check.reason,
    )


def _diagnose_words(
    channel: Channel,
    text: str,
    item: Item,
    state: DialogueState,
    ears: Ears,
    rubric: Rubric,
    intent: Intent,
) -> Diagnosis:
    """Short text: the rubric's criteria decide which steps are shown."""
    step = open_step(item, state.shown)
    if channel == "chat" and intent.name not in ("attempt", "done"):
        heard = _hear_words(text, item, state, ears, rubric, intent)
        return heard or _from_intent(intent, text, step)
    if channel == "answer" and intent.name in _NO_ANSWERS:
        return _from_intent(intent, text, step)
    # what was shown in earlier attempts still counts: a learner adds to an answer
    judged = {j.criterion: j for j in ears.judge(text, rubric)}
    met = {s.id for s in item.steps if judged[s.criterion].verdict == "met"}
    unclear = [s.id for s in item.steps if judged[s.criterion].verdict == "unclear"]
    shown = frozenset(state.shown | met)
    step = open_step(item, shown)
    quoted = _quote(text)
    saying = ears.saying(text, item)
    if len(shown) == len(item.steps) and not saying:
        return Diagnosis(
            state=State.RIGHT,
            steps_shown=tuple(sorted(shown)),
            quoted=quoted,
            reason="every criterion of the rubric is met",
        )
    if saying:
        broken = next(m for m in item.misconceptions if m.id == saying).step
        return Diagnosis(
            state=State.WRONG,
            step=broken or step,
            steps_shown=tuple(sorted(met)),
            misconception=saying,
            quoted=quoted,
            counted=True,
            error="misconception",
            reason="the sentence is close to a known wrong idea",
        )
    new = tuple(sorted(met - state.shown))
    if new:
        return Diagnosis(
            state=State.STEP_RIGHT,
            step=step,
            steps_shown=new,
            quoted=_evidence(judged, item, new) or quoted,
            error="imprecise",
            reason=f"the text shows {', '.join(new)}",
        )
    if channel == "answer" and not content(text):
        return Diagnosis(
            state=State.CANNOT_TELL, step=step, quoted=quoted, reason="no words to judge"
        )
    return Diagnosis(
        state=State.WRONG,
        step=unclear[0] if unclear and unclear[0] not in shown else step,
        quoted=quoted,
        counted=channel == "answer",
        error="imprecise" if unclear else "other",
        reason="no criterion is clearly met" if not unclear else "one idea is there, but not clear",
    )


def _hear_words(
    text: str, item: Item, state: DialogueState, ears: Ears, rubric: Rubric, intent: Intent
) -> Diagnosis | None:
    """Hear a few words that sound like a question, "gravity?", as the idea that they name."""
    if intent.name in _BEGS or not may_answer(text) or ears.saying(text, item):
        return None
    verdicts = {j.criterion: j.verdict for j in ears.judge(text, rubric)}
    if any(verdicts.get(s.criterion) == "met" for s in item.steps if s.id not in state.shown):
        offered = Intent("attempt", intent.confidence)
        return _diagnose_words("chat", text, item, state, ears, rubric, offered)
    if "unclear" in verdicts.values() and intent.name not in ("stuck", "no_attempt"):
        return Diagnosis(
            state=State.CANNOT_TELL,
            step=open_step(item, state.shown),
            quoted=_quote(text),
            reason="the words name an idea, but not clearly",
        )
    return None


def _evidence(judged: dict[str, Judgement], item: Item, steps: Sequence[str]) -> str:
    criterion = item.step(steps[0]).criterion
    return _quote(judged[criterion].evidence)


def _from_intent(intent: Intent, text: str, step: str) -> Diagnosis:
    kind = _STATE_OF_INTENT.get(intent.name, State.CANNOT_TELL)
    if intent.name == "attempt":
        # words about the item without a value: a thought to build on
        kind = State.NO_ATTEMPT
    return Diagnosis(
        state=kind,
        step=step,
        # "idk" is nothing to build on
        quoted="" if intent.name == "no_attempt" else _quote(text),
        confidence=intent.confidence,
        reason=f"read as {intent.name.replace('_', ' ')} ({intent.confidence:.2f})",
    )


def _quote(text: str) -> str:
    """Return the learner's words on one line; a cut is marked."""
    words = text.split()
    if len(words) > MAX_QUOTED_WORDS:
        return " ".join(words[:MAX_QUOTED_WORDS]) + "…"
    # a full stop would stand before the quotation mark and again behind it
    return " ".join(words).rstrip(".")
