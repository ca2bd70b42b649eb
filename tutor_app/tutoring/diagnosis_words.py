"""Diagnosis of answers in words: the rubric's criteria decide which steps are shown."""

from collections.abc import Sequence

from tutor_app.domain.dialogue import Channel, Diagnosis, State
from tutor_app.domain.grade import Judgement
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.heard import Ears, from_intent, quote
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.offered import content, may_answer
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.steps import open_step

# these are heard before a few words that may be an answer
BEGS = frozenset({"asks_answer", "disputes", "asks_why"})
# an answer box that holds one of these holds no answer in words
_NO_ANSWERS = frozenset({"asks_answer", "stuck", "no_attempt", "off_topic", "thanks", "frustrated"})


def diagnose_words(
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
        return heard or from_intent(intent, text, step)
    if channel == "answer" and intent.name in _NO_ANSWERS:
        return from_intent(intent, text, step)
    # what was shown in earlier attempts still counts: a learner adds to an answer
    judged = {j.criterion: j for j in ears.judge(text, rubric)}
    met = {s.id for s in item.steps if judged[s.criterion].verdict == "met"}
    unclear = [s.id for s in item.steps if judged[s.criterion].verdict == "unclear"]
    shown = frozenset(state.shown | met)
    step = open_step(item, shown)
    quoted = quote(text)
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
    if intent.name in BEGS or not may_answer(text) or ears.saying(text, item):
        return None
    verdicts = {j.criterion: j.verdict for j in ears.judge(text, rubric)}
    if any(verdicts.get(s.criterion) == "met" for s in item.steps if s.id not in state.shown):
        offered = Intent("attempt", intent.confidence)
        return diagnose_words("chat", text, item, state, ears, rubric, offered)
    if "unclear" in verdicts.values() and intent.name not in ("stuck", "no_attempt"):
        return Diagnosis(
            state=State.CANNOT_TELL,
            step=open_step(item, state.shown),
            quoted=quote(text),
            reason="the words name an idea, but not clearly",
        )
    return None


def _evidence(judged: dict[str, Judgement], item: Item, steps: Sequence[str]) -> str:
    criterion = item.step(steps[0]).criterion
    return quote(judged[criterion].evidence)
