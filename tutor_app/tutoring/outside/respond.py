"""One turn on a problem from outside: diagnose, plan, word, verify. The straight path again."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from tutor_app.answers.solution import Solution
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Candidate, Diagnosis, State, TutorMove
from tutor_app.domain.item import Hint, Item
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.outside.amounts import CONSTANTS
from tutor_app.tutoring.outside.asked import asked_wordings, find_answer, step_asked
from tutor_app.tutoring.outside.context import OutsideContext, OutsideReply
from tutor_app.tutoring.outside.departure import find_departure, shown_steps
from tutor_app.tutoring.outside.findings import Finding, Kind
from tutor_app.tutoring.outside.materials import Problem, build_course, build_item, build_problem
from tutor_app.tutoring.outside.planning import error_of, plan_outside, questions_asked, state_of
from tutor_app.tutoring.outside.prose import stated_numbers
from tutor_app.tutoring.outside.questions import Asked, last_question
from tutor_app.tutoring.outside.reference import find_steps
from tutor_app.tutoring.outside.tokens import tidy
from tutor_app.tutoring.outside.wording import Wording, wordings
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.verification import VerificationContext, verify

MAX_CANDIDATES = 24
POSED_CHARACTERS = 60

Speak = Callable[[Material], Iterable[Candidate]]
Verify = Callable[[Candidate, VerificationContext], Candidate]


@dataclass(frozen=True)
class Prepared:
    """Everything that was found out about one context before a word is said.

    Attributes:
        asked: what the tutor asked last; it stands for the problem where there is no reference.
        has_reference: there is a reference solution to compare with.
    """

    problem: Problem
    asked: Asked
    item: Item
    solution: Solution
    finding: Finding
    diagnosis: Diagnosis
    move: TutorMove
    learner_texts: tuple[str, ...]
    tutor_texts: tuple[str, ...]
    has_reference: bool

    @property
    def facts(self) -> frozenset[float]:
        """Numbers such as 7 days that the learner knows, and that no step has for its result."""
        results = {step.value for step in self.problem.steps}
        said = {t.value for text in self.learner_texts for t in stated_numbers(tidy(text))}
        return frozenset(v for v in said if v in CONSTANTS and v not in results)


def respond(
    context: OutsideContext, speak: Speak | None = None, check: Verify = verify
) -> OutsideReply:
    """Answer the last line of a context.

    Args:
        context: problem, reference and history.
        speak: the tutor model's wordings of the move, tried before the built ones.
        check: verifies one candidate.

    Returns:
        the first wording that passes; the safest one, with its verdicts, where none does.
    """
    began = time.thread_time()
    prepared = prepare(context)
    base = VerificationContext(
        item=prepared.item,
        solution=prepared.solution,
        move=prepared.move,
        diagnosis=prepared.diagnosis,
        learner_texts=prepared.learner_texts,
        counted_texts=prepared.learner_texts,
        previous_replies=prepared.tutor_texts,
    )
    checked = Candidate(text="", source="template")
    for wording in _wordings(prepared, speak):
        computed = wording.computed | prepared.facts
        checked = check(wording.candidate, replace(base, computed=computed))
        if checked.passed:
            break
    return OutsideReply(
        id=context.id,
        reply=checked.text,
        move=prepared.move,
        source=checked.source,
        verdicts=checked.checks,
        latency_ms=round((time.thread_time() - began) * 1000, 2),
    )


def prepare(context: OutsideContext) -> Prepared:
    """Diagnose and plan."""
    learner = tuple(u.text for u in context.history if u.role == "learner") or ("",)
    tutor = tuple(tidy(u.text) for u in context.history if u.role == "tutor")
    posed = tidy(context.problem)[:POSED_CHARACTERS]
    asked = last_question(tutor)
    steps = find_steps(context.reference_solution)
    if steps:
        problem = build_problem(tidy(context.problem), steps)
        finding = find_departure(problem.text, problem.steps, learner, tutor[-1] if tutor else "")
    else:
        problem = build_problem(tidy(context.problem) or asked.text, step_asked(asked))
        finding = find_answer(asked, learner)
    count = questions_asked(
        [(u.role, u.text) for u in context.history], _progress(problem, learner)
    )
    item, solution = build_item(problem)
    return Prepared(
        problem=problem,
        asked=asked,
        item=item,
        solution=solution,
        finding=finding,
        diagnosis=_diagnosis(finding, item),
        move=plan_outside(finding, count),
        learner_texts=learner,
        # a line that only poses the problem is no hint given before
        tutor_texts=tuple(text for text in tutor if not posed or posed not in text),
        has_reference=bool(steps),
    )


def _progress(problem: Problem, learner: Sequence[str]) -> list[bool]:
    """Say for each learner line whether it showed a step that no earlier line had."""
    seen: frozenset[str] = frozenset()
    found = []
    for n in range(len(learner)):
        shown = shown_steps(problem.text, problem.steps, learner[: n + 1])
        found.append(bool(shown - seen))
        seen |= shown
    return found


def _diagnosis(finding: Finding, item: Item) -> Diagnosis:
    step = finding.step.id if finding.step else item.steps[-1].id
    state = state_of(finding)
    known = {s.id for s in item.steps}
    return Diagnosis(
        state=state,
        step=step if step in known else item.steps[0].id,
        steps_shown=tuple(sorted(finding.shown & known)),
        error=error_of(finding),
        quoted=finding.claim.quote if finding.claim else finding.last_words or finding.number,
        counted=finding.is_departure or state is State.RIGHT,
        reason=finding.kind.value,
    )


def _wordings(prepared: Prepared, speak: Speak | None) -> Iterator[Wording]:
    said = prepared.tutor_texts
    if prepared.has_reference:
        ways = wordings(prepared.finding, prepared.move, prepared.problem, said)
    else:
        ways = asked_wordings(prepared.finding, prepared.asked, prepared.learner_texts, len(said))
    short = (way for way in ways if len(way.candidate.text.split()) <= prepared.move.max_words)
    built = list(islice(short, MAX_CANDIDATES))
    samples: Iterable[Candidate] = ()
    if speak is not None and prepared.finding.kind is not Kind.RIGHT:
        samples = speak(_material(prepared, built))
    return chain((Wording(sample, frozenset()) for sample in samples), built)


def _material(prepared: Prepared, built: Sequence[Wording]) -> Material:
    """Hand the same move to the tutor model, with the best built wording as the hint to word."""
    move = prepared.move
    hints = [
        Hint(level=level, step=move.step or prepared.item.steps[0].id, text=built[0].candidate.text)
        for level in {move.level, HintLevel.NUDGE}
        if built
    ]
    texts = prepared.learner_texts
    replies = (*prepared.tutor_texts, *[""] * len(texts))[: len(texts)]
    return Material(
        course=build_course(),
        item=prepared.item.model_copy(update={"hints": hints}),
        solution=prepared.solution,
        move=move,
        diagnosis=prepared.diagnosis,
        state=DialogueState(texts=texts, replies=replies),
        passages=(),
        cited={},
        definition="",
        seed=prepared.finding.kind.value,
    )
