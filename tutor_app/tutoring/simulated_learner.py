"""A simulated learner: mal-rules for what goes wrong, BKT for what is learned.

For demonstrations, estimates and regression tests only; it says nothing about real learners.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from tutor_app.answers.units import format_measure
from tutor_app.domain.dialogue import Channel, Dialogue
from tutor_app.domain.item import Item, Misconception
from tutor_app.tutoring.tutor import Prepared, Tutor

MAX_TURNS = 8
_HELPLESS = ("idk", "I don't know how to start", "can you just tell me the answer?", "I am stuck")


@dataclass
class SimulatedLearner:
    """Knows each skill or not, and learns it with BKT's p_learn after every item.

    Attributes:
        learner_id: id of the (simulated) account.
        ability: shifts the chance in [0, 1] that a skill is known at the start.
    """

    learner_id: str
    ability: float
    random: random.Random
    known: dict[str, bool] = field(default_factory=dict)

    def work(self, tutor: Tutor, course_id: str) -> Dialogue | None:
        """Take the next item and work on it until the dialogue closes."""
        choice = tutor.next_item(self.learner_id, course_id)
        if choice is None:
            return None
        dialogue = tutor.start(self.learner_id, course_id, choice.item.id)
        prepared = tutor.prepare(course_id, choice.item.id)
        for _ in range(MAX_TURNS):
            channel, text = self._say(prepared, dialogue)
            turn_id = UUID(int=self.random.getrandbits(128)).hex
            tutor.respond(dialogue, text, turn_id, channel)
            dialogue = tutor.store.dialogue(dialogue.id)
            if tutor.state(dialogue).closed:
                break
        else:
            tutor.respond(dialogue, "", UUID(int=self.random.getrandbits(128)).hex, "skip")
        self._learn(prepared)
        return tutor.store.dialogue(dialogue.id)

    def _say(self, prepared: Prepared, dialogue: Dialogue) -> tuple[Channel, str]:
        item = prepared.item
        helped = len(dialogue.turns)
        bkt = prepared.loaded.course.skill(item.skills[0]).bkt
        knows = self._knows(item.skills[0], bkt.p_init) or self.random.random() < 0.15 * helped
        if knows and self.random.random() > bkt.p_slip:
            return "answer", right_answer(prepared)
        kind = self.random.random()
        if kind < 0.2:
            return "help", ""
        if kind < 0.35:
            return "chat", self.random.choice(_HELPLESS)
        wrong = wrong_answers(prepared)
        return ("answer", self.random.choice(wrong)) if wrong else ("help", "")

    def _knows(self, skill: str, p_init: float) -> bool:
        if skill not in self.known:
            self.known[skill] = self.random.random() < min(0.95, p_init + self.ability)
        return self.known[skill]

    def _learn(self, prepared: Prepared) -> None:
        for skill in prepared.item.skills:
            bkt = prepared.loaded.course.skill(skill).bkt
            known = self._knows(skill, bkt.p_init)
            self.known[skill] = known or self.random.random() < 2 * bkt.p_learn


def right_answer(prepared: Prepared) -> str:
    """Return an answer that is right, as a learner might type it."""
    item, solution = prepared.item, prepared.solution
    if item.answer.kind == "choice":
        return item.answer.correct
    if item.answer.kind == "text" and prepared.rubric is not None:
        return prepared.rubric.reference_answers[0]
    if item.answer.kind == "symbolic":
        return item.answer.value
    if item.answer.kind == "exact":
        return item.answer.accepted[0]
    if item.answer.kind == "code":
        return item.answer.solution
    return format_measure(solution.answer, 4) if solution.answer else ""


def wrong_answers(prepared: Prepared) -> list[str]:
    """Return one answer per misconception."""
    return [text for m in prepared.item.misconceptions if (text := voiced(m, prepared))]


def voiced(misconception: Misconception, prepared: Prepared) -> str:
    """Return what a learner with a misconception may type; "" where nobody wrote that down."""
    item: Item = prepared.item
    if misconception.option:
        return misconception.option
    if misconception.says:
        return misconception.says[0]
    if misconception.program:
        return misconception.program
    if item.answer.kind == "symbolic":
        return misconception.value
    value = prepared.solution.mal_rules.get(misconception.id)
    unit = item.answer.unit if item.answer.kind == "numeric" else ""
    return "" if value is None else f"{value:.4g} {unit}".strip()


def simulate_class(
    tutor: Tutor,
    learner_ids: Sequence[str],
    course_id: str,
    first_day: datetime,
    days: int = 4,
    items_a_day: int = 3,
    seed: int = 0,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Let a class work for some days on the real path; returns the number of dialogues.

    The tutor's clock is moved to each day, so that reviews and "different days" mean something.
    """
    learners = [
        SimulatedLearner(one, ability, random.Random(f"{seed}-{one}"))
        for one, ability in zip(learner_ids, _spread(len(learner_ids)), strict=True)
    ]
    total, done = days * len(learners) * items_a_day, 0
    real_clock = tutor.clock
    try:
        for day in range(days):
            for number, learner in enumerate(learners):
                for slot in range(items_a_day):
                    now = first_day + timedelta(days=day, minutes=7 * slot, seconds=number)
                    tutor.clock = partial(_stopped, now)
                    learner.work(tutor, course_id)
                    done += 1
                    on_progress(done, total)
    finally:
        tutor.clock = real_clock
    return done


def _stopped(now: datetime) -> datetime:
    return now


def _spread(count: int) -> list[float]:
    """Return abilities from -0.2 to 0.4, evenly spread."""
    return [-0.2 + 0.6 * n / max(1, count - 1) for n in range(count)]
