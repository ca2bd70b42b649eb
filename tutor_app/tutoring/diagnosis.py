"""Diagnosis: what did the learner show? Code first; the intent classifier only for plain words."""

import re
import unicodedata

from tutor_app.answers.check import (
    check_answer,
    formula_trouble,
    matching_misconception,
    matching_steps,
)
from tutor_app.answers.equation_truth import judge_equation
from tutor_app.answers.reader import read
from tutor_app.answers.reader_directions import directed
from tutor_app.answers.solution import Solution
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.dialogue import Channel, Diagnosis, State
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.answered import answers_question, belongs_here, only_an_amount, thinks_aloud
from tutor_app.tutoring.asked_meaning import asks_meaning
from tutor_app.tutoring.code_diagnosis import diagnose_program, program_in
from tutor_app.tutoring.diagnosis_words import BEGS, diagnose_words
from tutor_app.tutoring.heard import (
    EQUATION,
    IN_PLACE,
    MAX_EQUATION_WORDS,
    Ears,
    from_intent,
    quote,
)
from tutor_app.tutoring.intents import Intent, cue_intent, tone
from tutor_app.tutoring.offered import (
    answers_hint,
    asks_how,
    asserts,
    is_question,
    option_meant,
    speaks_of_options,
)
from tutor_app.tutoring.overheard import reconsider
from tutor_app.tutoring.state import DialogueState, step_to_help
from tutor_app.tutoring.steps import open_step, with_implied

MAX_CHARACTERS = 4_000
UNREAD_DIRECTION = "direction"
DISPUTE_FLOOR = 0.6

_UNWORKED = frozenset(
    {"off_topic", "social", "done", "no_attempt", "stuck", "asks_course", "asks_term", "asks_why"}
)
# "v^2 = 2gh, so v = 15 m/s" ends in an answer
_PUTS_ANSWER = re.compile(
    r"(?:^|[\s,;:(])[A-Za-z]\w{0,5}\s*[=≈]\s*[-−]?\d[\d.,]*(?:e[-+]?\d+)?"
    r"\s*(?:[A-Za-z°%][\w/^²³·*⁻¹ ]*)?\s*[.!?]*$"
)


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
    if channel == "skip":
        return Diagnosis(state=State.SKIP, step=step, reason="the learner pressed skip")
    if channel == "help":
        reason = "the learner pressed help"
        return Diagnosis(state=State.HELP, step=step_to_help(item, state), reason=reason)
    if not text:
        return Diagnosis(state=State.NO_ATTEMPT, step=step, reason="nothing was typed")
    if item.answer.kind == "code" and (ran := diagnose_program(channel, text, item, state)):
        return ran
    intent = reconsider(ears.intent(text), channel, text, item, rubric)
    if intent.name == "disputes":
        if channel == "chat" and _quarrels(text, intent, item, state):
            return _look_again(item, solution, state, step)
        # a doubtful quarrel is about the work, so it gets neither a greeting nor "not done yet"
        other = "" if intent.runner_up in ("social", "done") else intent.runner_up
        intent = Intent(other or "attempt", intent.confidence)
    mood = tone(text)
    if intent.name == "unsafe" or (intent.name == "hostile" and mood != "frustrated"):
        return from_intent(intent, text, step)
    if mood:
        intent = Intent(mood, 1.0)
    if asks_meaning(text, item, intent.name):
        return from_intent(Intent("asks_term", 1.0), text, step)
    answers = channel == "chat" and not mood and answers_question(text, intent, item, state)
    thinks = channel == "chat" and not mood and thinks_aloud(text, item)
    if (answers or thinks) and intent.name in _UNWORKED:
        # it is about the work, whatever the few words sound like
        intent = Intent("attempt", intent.confidence)
    found: Diagnosis | None
    if rubric is not None:
        found = diagnose_words(channel, text, item, state, ears, rubric, intent)
    elif item.answer.kind == "code":
        found = None
    else:
        found = _diagnose_work(channel, text, item, solution, state, intent)
    if answers and (found is None or _shows_nothing(found)):
        return _answer_to_question(text, item, state, step)
    return found or from_intent(intent, text, step)


def _shows_nothing(diagnosis: Diagnosis) -> bool:
    """Tell whether a chat line showed no work that could be checked."""
    unclear = diagnosis.state in (State.CANNOT_TELL, State.NO_ATTEMPT, State.WRONG)
    other = diagnosis.misconception or diagnosis.counted or diagnosis.error == EQUATION
    return unclear and not other


def _answer_to_question(text: str, item: Item, state: DialogueState, step: str) -> Diagnosis:
    place = belongs_here(text, item, step, state)
    reason = "these words have their place in the step" if place else "this cannot be checked"
    return Diagnosis(
        state=State.ANSWERS,
        step=step,
        quoted=quote(text),
        error=IN_PLACE if place else "",
        reason=f"answers the tutor's last question; {reason}",
    )


def _look_again(item: Item, solution: Solution, state: DialogueState, step: str) -> Diagnosis:
    """Read the last counted answer a second time, from its text alone."""
    if not state.counted_texts:
        return Diagnosis(state=State.DISPUTES, step=step, reason="no answer was checked yet")
    text = state.counted_texts[-1]
    code = item.answer.kind == "code"
    again = program_in(text) or text if code else directed(text, item).text
    quoted = "" if code else quote(text)
    check = check_answer(again, item.answer, solution)
    if check.verdict is Verdict.RIGHT:
        return Diagnosis(
            state=State.RIGHT,
            steps_shown=tuple(s.id for s in item.steps),
            check=check,
            quoted=quoted,
            reason="the second look says right",
        )
    return Diagnosis(
        state=State.DISPUTES, step=step, check=check, quoted=quoted, reason=check.reason
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


def _diagnose_work(
    channel: Channel,
    text: str,
    item: Item,
    solution: Solution,
    state: DialogueState,
    intent: Intent,
) -> Diagnosis | None:
    """Numbers, formulas and choices; None when the text shows no work."""
    quoted = quote(text)
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
    judged = judge_equation(text, item, solution)
    whole = quote(text, MAX_EQUATION_WORDS)
    if judged is not None and not judged.given_only and _PUTS_ANSWER.search(text):
        judged = None
    if judged is not None and judged.holds:
        settled = with_implied(item, (*steps, *judged.steps))
        return Diagnosis(
            state=State.STEP_RIGHT,
            step=open_step(item, state.shown | set(settled)),
            steps_shown=tuple(s for s in settled if s not in state.shown),
            quoted=whole,
            error=EQUATION,
            reason=f"{judged.typed} holds for the values of this item",
        )
    if judged is not None and channel == "chat":
        return Diagnosis(
            state=State.NO_ATTEMPT,
            step=step,
            quoted=whole,
            error=EQUATION,
            reason=f"{judged.typed} is not seen to hold, which is no try at the answer",
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
        if channel == "chat" and only_an_amount(text, check.reading, solution, state):
            return None
        return _wrong(quoted, item, solution, state, check, step)
    unclear = channel == "chat" and intent.name not in BEGS and speaks_of_options(text, item)
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
