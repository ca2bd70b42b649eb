"""The words of the pages: one word for one thing, everywhere."""

from datetime import datetime

from tutor_app.domain.answer import Verdict
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Channel, Dialogue, State, Support
from tutor_app.domain.item import Item
from tutor_app.storage.records import InstructorReply
from tutor_app.tutoring.mastery import SkillState
from tutor_app.tutoring.next_item import READY

RUNGS = {
    HintLevel.NUDGE: "a nudge",
    HintLevel.QUESTION: "a question",
    HintLevel.CONCEPT: "a concept",
    HintLevel.EXAMPLE: "a similar example",
    HintLevel.ANSWER: "the answer",
}
SUPPORTS: dict[Support, str] = {
    "worked": "A solved example",
    "faded": "The first steps, done for you",
    "open": "",
}
CHECKS_LEFT = {1: "Last check on this exercise", 2: "2 checks left"}
_VERDICTS = {
    Verdict.UNIT: "right, but for the unit",
    Verdict.SIGN: "right, but for the sign",
    Verdict.ROUNDING: "right, but for the rounding",
}
NO_HINT_LEFT = "You have every hint for this step. Check a try, or say below where you are stuck."


def newest_first(n: int, one: str, many: str = "") -> str:
    """Return "1 mark" or "3 marks, the newest first"."""
    return counted(n, one, many) + (", the newest first" if n > 1 else "")


def help_label(rung: HintLevel | None) -> str:
    """Name what the Help button opens next; a plain "Help" when there is nothing to open."""
    return f"Help: {RUNGS[rung]}" if rung else "Help"


def said(channel: Channel, text: str, item: Item) -> str:
    """Return what the learner did in a turn, as plain text."""
    if text and channel in ("answer", "chat"):
        answer = item.answer
        if answer.kind == "choice" and text in {option.id for option in answer.options}:
            return f"{text}) {answer.option(text).text}"
        return text
    return {
        "help": "Asked for help",
        "skip": "Skipped",
        "dispute": "I think I'm right",
        "answer": "Empty answer",
        "chat": "Empty message",
    }[channel]


def ended(dialogue: Dialogue) -> str:
    """Say how a dialogue ended: "solved", "skipped", "put aside", or "not finished"."""
    if any(turn.diagnosis.state is State.RIGHT for turn in dialogue.turns):
        return "solved"
    closing = next((turn for turn in dialogue.turns if turn.move.closes), None)
    if closing is None:
        return "not finished"
    return "skipped" if closing.diagnosis.state is State.SKIP else "put aside"


def verdict_words(verdict: Verdict) -> str:
    """Say a verdict for people: "wrong", "right, but for the unit"."""
    return _VERDICTS.get(verdict, verdict.value)


def percent(p: float) -> str:
    """Return a probability as "41 %", on one line wherever it stands."""
    return f"{100 * p:.0f}\N{NO-BREAK SPACE}%"


def standing(skill: SkillState, *, waits: bool = False) -> str:
    """Say in words where a learner stands on a skill; `waits`: a disputed item of it is open."""
    if skill.mastered:
        return "mastered"
    if not skill.seen:
        return "waits for your instructor" if waits else "not started"
    return "nearly there" if skill.p >= READY else "in progress"


def counted(n: int, one: str, many: str = "") -> str:
    """Return "1 answer", "2 answers"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def day(moment: datetime, now: datetime) -> str:
    """Return "today", "tomorrow" or "in 5 days"; both times in the same zone."""
    days = (moment.date() - now.date()).days
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"


def date(moment: datetime) -> str:
    """Return "3 June 2026, 14:05"."""
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def reply_words(reply: InstructorReply) -> str:
    """Say what an instructor decided, and what they wrote."""
    decided = {
        "right": "You were right; the item counts as solved alone.",
        "stands": "The verdict stands.",
        "": "",
    }[reply.verdict]
    return " ".join(part for part in (decided, reply.text) if part)
