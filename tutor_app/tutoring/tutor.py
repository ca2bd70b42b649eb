"""The turn: diagnose, plan, retrieve, word, verify, record."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from uuid import uuid4

from tutor_app.answers.check import warm_up as warm_up_checks
from tutor_app.answers.reader import read
from tutor_app.answers.solution import Solution, fill, solve
from tutor_app.courses.catalogue import Catalogue, LoadedCourse
from tutor_app.domain.answer import Reading
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import (
    Candidate,
    Channel,
    Diagnosis,
    Dialogue,
    Evidence,
    Reply,
    State,
    Turn,
    TutorMove,
)
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import TutorError
from tutor_app.storage.records import OpenQuestion
from tutor_app.storage.store import Store
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.diagnosis import clean, diagnose
from tutor_app.tutoring.heard import Ears
from tutor_app.tutoring.mastery import SkillState, trace
from tutor_app.tutoring.material import Search, cited_passages, define, find_meaning, find_passages
from tutor_app.tutoring.meaning import numbers_of_prefixes
from tutor_app.tutoring.next_item import SITTING, Choice, LearnerState, next_item
from tutor_app.tutoring.plan import PlanInput, checks_left, choose_support, next_rung, plan
from tutor_app.tutoring.speakers import Speakers, nobody
from tutor_app.tutoring.state import DialogueState, fold, step_to_help
from tutor_app.tutoring.verification import VerificationContext, verify
from tutor_app.tutoring.worked import Opening, opening, parallel

MAX_REJECTED = 8
MAX_WARM = 200

Progress = Callable[[str], None]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _numbers(text: str) -> frozenset[float]:
    """Return the numbers that a worked example put on the page."""
    return frozenset(float(number) for number in _NUMBER.findall(text))


def _silent(step: str) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Prepared:
    """An item with everything that follows from it alone."""

    loaded: LoadedCourse
    item: Item
    solution: Solution
    rubric: Rubric | None

    @property
    def prompt(self) -> str:
        """The prompt with its numbers filled in (Markdown)."""
        return fill(self.item.prompt, self.solution.names)


@dataclass
class Tutor:
    """Tutors on the courses of a catalogue.

    Attributes:
        ears: intent classifier, rubric judge and misconception matcher.
        speakers: who words a move; the hints alone by default.
    """

    catalogue: Catalogue
    store: Store
    search: Search
    ears: Ears
    speakers: Speakers = field(default_factory=Speakers)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _prepared: dict[tuple[str, str], Prepared] = field(default_factory=dict)

    def prepare(self, course_id: str, item_id: str) -> Prepared:
        """Load and solve an item once; raises NotFoundError or ContentError."""
        key = (course_id, item_id)
        if key not in self._prepared:
            loaded = self.catalogue.course(course_id)
            item = loaded.item(item_id)
            rubric = (
                self.catalogue.rubric(item.answer.rubric) if item.answer.kind == "text" else None
            )
            self._prepared[key] = Prepared(loaded, item, solve(item), rubric)
        return self._prepared[key]

    def reload(self) -> None:
        """Read courses and rubrics anew at the next turn, for files that were changed."""
        self.catalogue.reload()
        self._prepared = {}

    def warm_up(self) -> None:
        """Load what the first turn would otherwise wait for; a course without index is left out.

        Of a bank with thousands of items only the first are solved, the others when opened.
        """
        warm_up_checks()
        for course_id in self.catalogue.course_ids():
            with suppress(TutorError):
                for item_id in islice(self.catalogue.course(course_id).askable, MAX_WARM):
                    self.prepare(course_id, item_id)
                self.search.search(course_id, "what does this mean", 1)
        self.ears.intent("I think it is this")

    def start(self, learner_id: str, course_id: str, item_id: str) -> Dialogue:
        """Begin a dialogue; the support follows from the learner's mastery."""
        prepared = self.prepare(course_id, item_id)
        skills = [self.skills(learner_id, course_id)[s] for s in prepared.item.skills]
        weakest = min(skills, key=lambda s: s.p)
        dialogue = Dialogue(
            id=uuid4().hex,
            learner_id=learner_id,
            course_id=course_id,
            item_id=item_id,
            support=choose_support(weakest.p, weakest.unaided_successes),
            started_at=self.clock(),
        )
        self.store.start_dialogue(dialogue)
        return dialogue

    def opening(self, dialogue: Dialogue) -> Opening:
        """Return what the dialogue's support gives at the start."""
        prepared = self.prepare(dialogue.course_id, dialogue.item_id)
        return opening(prepared.item, prepared.solution, dialogue.support)

    def state(self, dialogue: Dialogue) -> DialogueState:
        """Return where a dialogue stands."""
        return fold(dialogue, self.opening(dialogue).given)

    def read(self, dialogue: Dialogue, text: str) -> Reading:
        """Read a typed answer without checking it, for "I read this as ..."."""
        prepared = self.prepare(dialogue.course_id, dialogue.item_id)
        return read(clean(text), prepared.item.answer)

    def next_rung(self, dialogue: Dialogue) -> HintLevel | None:
        """Name the rung that Help opens next; None when the ladder is used up."""
        prepared = self.prepare(dialogue.course_id, dialogue.item_id)
        state = self.state(dialogue)
        step = step_to_help(prepared.item, state)
        return next_rung(prepared.item, step, state, prepared.loaded.course.policy)

    def checks_left(self, dialogue: Dialogue) -> int:
        """Return how many wrong answers a dialogue takes until it closes, at least 1."""
        prepared = self.prepare(dialogue.course_id, dialogue.item_id)
        return checks_left(prepared.item, self.state(dialogue), prepared.loaded.course.policy)

    def skills(self, learner_id: str, course_id: str) -> dict[str, SkillState]:
        """Return the learner's standing on every skill of a course."""
        return trace(
            self.catalogue.course(course_id).course,
            self.store.evidence(learner_id, course_id),
            self.store.frozen_items(learner_id, course_id),
        )

    def next_item(self, learner_id: str, course_id: str) -> Choice | None:
        """Choose the learner's next item, with the reason."""
        loaded = self.catalogue.course(course_id)
        skills = self.skills(learner_id, course_id)
        evidence = self.store.evidence(learner_id, course_id)
        past = list(reversed(self.store.dialogues(learner_id, course_id)))
        first_shown = {e.skill_id: e.created_at for e in reversed(evidence) if e.correct}
        reviews = [
            any(
                first_shown.get(skill, d.started_at) < d.started_at
                for skill in loaded.items[d.item_id].skills[:1]
            )
            for d in past
            if d.item_id in loaded.askable
        ]
        now = self.clock()
        state = LearnerState(
            loaded.course,
            loaded.askable,
            skills,
            [d.item_id for d in past if d.item_id in loaded.askable],
            reviews,
            frozenset(item for s in skills.values() for item, _ in s.unaided),
            frozenset(d.item_id for d in past if now - d.last_at < SITTING),
        )
        return next_item(state, now)

    def respond(
        self,
        dialogue: Dialogue,
        text: str,
        turn_id: str,
        channel: Channel = "chat",
        on_progress: Progress = _silent,
    ) -> Reply:
        """Answer one learner turn and record it, once per turn id.

        Args:
            dialogue: the dialogue with its turns so far.
            text: what the learner typed; empty for the buttons.
            turn_id: made by the page; a repeated id returns the recorded turn.
            channel: which box or button the text came from.
            on_progress: told the name of each step.

        Raises:
            StorageError: the turn could not be recorded; nothing was.
        """
        if (known := self.store.find_turn(turn_id)) is not None:
            return Reply(turn=known, repeated=True)
        began = time.thread_time()
        prepared = self.prepare(dialogue.course_id, dialogue.item_id)
        state = self.state(dialogue)
        text = clean(text)
        runs = channel == "answer" and prepared.item.answer.kind == "code"
        on_progress("running your program" if runs else "reading your answer")
        diagnosis = diagnose(
            channel, text, prepared.item, prepared.solution, state, self.ears, prepared.rubric
        )
        on_progress("planning")
        move = plan(
            PlanInput(
                diagnosis, state, prepared.loaded.course.policy, prepared.item, dialogue.support
            )
        )
        on_progress("looking in the course")
        material = self._material(dialogue, prepared, state, diagnosis, move, text, turn_id)
        on_progress("wording and checking the reply")
        chosen, rejected = self._choose(dialogue, prepared, material, text)
        turn = Turn(
            id=turn_id,
            dialogue_id=dialogue.id,
            number=len(dialogue.turns) + 1,
            channel=channel,
            text=text,
            diagnosis=diagnosis,
            move=move,
            reply=chosen.text,
            source=chosen.source,
            passages=chosen.passages,
            candidates=(chosen, *rejected),
            created_at=self.clock(),
            cpu_ms=(time.thread_time() - began) * 1000,
        )
        unanswered = move.situation in ("term", "course question") and not material.definition
        recorded = self.store.record_turn(
            turn,
            self._evidence(dialogue, prepared.item, state, turn),
            question=self._open_question(dialogue, turn) if unanswered else None,
            dispute=diagnosis.state is State.DISPUTES and diagnosis.check is not None,
        )
        return Reply(turn=recorded, repeated=recorded != turn)

    def _material(
        self,
        dialogue: Dialogue,
        prepared: Prepared,
        state: DialogueState,
        diagnosis: Diagnosis,
        move: TutorMove,
        text: str,
        seed: str,
    ) -> Material:
        course_id, item = dialogue.course_id, prepared.item
        model_speaks = self.speakers.model is not nobody
        passages = find_passages(self.search, course_id, item, move, text, model_speaks)
        definition = ""
        if move.situation == "term":
            definition, cited = find_meaning(self.search, course_id, item, prepared.solution, text)
            passages = cited if definition else passages
        if move.situation in ("term", "course question") and not definition:
            definition, passages = define(diagnosis, text, passages, item)
        return Material(
            course=prepared.loaded.course,
            item=item,
            solution=prepared.solution,
            move=move,
            diagnosis=diagnosis,
            state=state,
            passages=passages,
            cited=cited_passages(self.search, course_id, item, move),
            definition=definition,
            seed=seed,
        )

    def _choose(
        self, dialogue: Dialogue, prepared: Prepared, material: Material, text: str
    ) -> tuple[Candidate, list[Candidate]]:
        """Return the wording to say, and the others that were looked at."""
        context = self._context(dialogue, prepared, material, text)

        def checked(candidate: Candidate) -> Candidate:
            return verify(candidate, replace(context, passages=candidate.passages))

        best, others, rejected = self.speakers.choose(material, checked)
        return best, [*others, *rejected][:MAX_REJECTED]

    def _context(
        self, dialogue: Dialogue, prepared: Prepared, material: Material, text: str
    ) -> VerificationContext:
        state, diagnosis, move = material.state, material.diagnosis, material.move
        counted = diagnosis.counted or diagnosis.state in (State.RIGHT, State.STEP_RIGHT)
        given = self.opening(dialogue)
        example = parallel(prepared.item) if move.level is HintLevel.EXAMPLE else None
        shown = " ".join((example.prompt, *example.lines, example.last)) if example else ""
        return VerificationContext(
            item=prepared.item,
            solution=prepared.solution,
            move=move,
            diagnosis=diagnosis,
            learner_texts=(*state.texts, text),
            counted_texts=(*state.counted_texts, *((text,) if counted else ())),
            previous_replies=state.replies,
            computed=_numbers(f"{given.text} {shown}") | numbers_of_prefixes(material.definition),
            rubric=prepared.rubric,
            language=prepared.loaded.course.language,
        )

    def _open_question(self, dialogue: Dialogue, turn: Turn) -> OpenQuestion:
        return OpenQuestion(
            turn_id=turn.id,
            learner_id=dialogue.learner_id,
            course_id=dialogue.course_id,
            item_id=dialogue.item_id,
            text=turn.text,
            created_at=turn.created_at,
        )

    def _evidence(
        self, dialogue: Dialogue, item: Item, state: DialogueState, turn: Turn
    ) -> list[Evidence]:
        """One observation per skill when the dialogue ends: solved, or put aside after trying."""
        solved = turn.diagnosis.state is State.RIGHT
        tried = state.attempts + turn.diagnosis.counted > 0
        if state.closed or not (solved or (turn.move.closes and tried)):
            return []
        return [
            Evidence(
                learner_id=dialogue.learner_id,
                course_id=dialogue.course_id,
                skill_id=skill,
                item_id=item.id,
                dialogue_id=dialogue.id,
                correct=solved,
                aided=state.aided,
                created_at=turn.created_at,
            )
            for skill in item.skills
        ]
