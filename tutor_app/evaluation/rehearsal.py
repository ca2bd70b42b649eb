"""Rehearse: put a demonstration into a real turn, with this item's numbers or its parallel's.

The turn is built from the same parts as a live one (Material, VerificationContext), so a
demonstration is filled, verified and turned into training text exactly as at run time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor_app.answers.check import check_answer, matching_misconception, matching_steps
from tutor_app.answers.solution import Solution, fill, solve
from tutor_app.answers.units import format_measure
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.domain.answer import Verdict
from tutor_app.domain.demonstration import Demonstration, Situation
from tutor_app.domain.dialogue import Candidate, Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage, Place
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.plan import TABLE
from tutor_app.tutoring.slots import slot_values
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.verification import VerificationContext

_FACTORS = (1.37, 0.73, 2.6, 0.31, 4.3, 1.17, 7.1, 0.13)
_NEAR_FACTORS = (1.03, 0.97, 1.05, 0.95, 1.07, 0.93, 1.1, 0.9)
_UNITS = ("m", "s", "m/s", "m/s^2", "N", "J", "kg", "W", "kg*m/s")
_DEFINITION = "A quantity is something that can be measured and written as a number with a unit."
MAX_QUOTED_WORDS = 14


@dataclass(frozen=True)
class Rehearsal:
    """One turn, ready to be worded: what the learner typed, what the wording may use."""

    material: Material
    context: VerificationContext
    learner: str

    def filled(self, reply: str) -> str:
        """Fill the slots of a wording.

        Raises:
            ContentError: the wording leaves a slot open that this turn cannot fill.
        """
        material = self.material
        slots = slot_values(
            material.item, material.solution, material.diagnosis, material.marked_definition
        )
        return fill(reply, slots)

    def in_context(self, candidate: Candidate) -> VerificationContext:
        """Return the context with the passages that a wording cites."""
        return replace(self.context, passages=candidate.passages)


class Stage:
    """Rehearses demonstrations of one course; items are solved once."""

    def __init__(self, loaded: LoadedCourse, rubrics: dict[str, Rubric]) -> None:
        self._loaded = loaded
        self._rubrics = rubrics
        self._solved: dict[tuple[str, bool], tuple[Item, Solution]] = {}

    def rehearse(self, demonstration: Demonstration, *, parallel: bool = False) -> Rehearsal:
        """Build the turn; with `parallel`, on the item's second set of quantities.

        Raises:
            ContentError: the learner's line leaves a slot open that cannot be filled here.
        """
        situation = demonstration.situation
        item, solution = self._item(situation.item_id, parallel)
        value = learner_value(situation, item, solution)
        names = {name: solution.names[name] for name in item.quantities}
        learner = fill(demonstration.learner, names | ({"yours": value} if value else {}))
        diagnosis = _diagnosis(situation, item, solution, learner, value)
        row = TABLE[situation.row]
        move = TutorMove(
            kind=situation.kind,
            situation=situation.row,
            strategy=situation.strategy,
            intention=situation.intention,
            step=situation.step if row.on_step else "",
            level=situation.level,
            max_words=row.words,
            max_questions=row.questions,
            closes=row.closes,
        )
        asks_term = situation.state is State.ASKS_TERM
        passage = Passage(
            id="definition", course_id=situation.course_id, text=_DEFINITION,
            place=Place(document="notes"),
        )  # fmt: skip
        passages = (passage,) if asks_term else ()
        before = tuple(s for s in situation.shown if s not in diagnosis.steps_shown)
        material = Material(
            course=self._loaded.course,
            item=item,
            solution=solution,
            move=move,
            diagnosis=diagnosis,
            state=DialogueState(shown=frozenset(before)),
            passages=passages,
            cited={},
            definition=_DEFINITION if asks_term else "",
            seed=situation.id,
        )
        counted = diagnosis.counted or diagnosis.state in (State.RIGHT, State.STEP_RIGHT)
        rubric = self._rubrics[item.answer.rubric] if item.answer.kind == "text" else None
        earlier = _said_before(item, solution, before, rubric)
        context = VerificationContext(
            item=item,
            solution=solution,
            move=move,
            diagnosis=diagnosis,
            learner_texts=(*earlier, learner),
            counted_texts=(*earlier, *((learner,) * counted)),
            passages=passages,
            rubric=rubric,
            language=self._loaded.course.language,
        )
        return Rehearsal(material, context, learner)

    def has_parallel(self, item_id: str) -> bool:
        """Say whether the item has a second set of quantities."""
        parallel = self._loaded.items[item_id].parallel
        return parallel is not None and bool(parallel.quantities)

    def _item(self, item_id: str, parallel: bool) -> tuple[Item, Solution]:
        key = (item_id, parallel)
        if key not in self._solved:
            item = self._loaded.items[item_id]
            if parallel and item.parallel:
                item = item.model_copy(update={"quantities": item.parallel.quantities})
            self._solved[key] = item, solve(item)
        return self._solved[key]


def learner_value(situation: Situation, item: Item, solution: Solution) -> str:
    """Return a value that a learner in this situation would give, as typed; "" where none is."""
    if item.answer.kind == "text":
        return ""
    match situation.state:
        case State.RIGHT:
            return _right(item, solution)
        case State.NEAR:
            return next(_near(situation, item, solution), "")
        case State.STEP_RIGHT:
            return _step_value(situation.shown[-1], solution)
        case State.WRONG | State.DISPUTES if not situation.misconception:
            return next(_wrong(item, solution), "")
        case State.WRONG:
            return _misconceived(situation, item, solution)
        case _:
            return ""


def _right(item: Item, solution: Solution) -> str:
    answer = item.answer
    if answer.kind == "choice":
        return answer.correct
    if answer.kind == "symbolic":
        return answer.value
    if answer.kind == "code":
        return answer.solution
    return format_measure(solution.answer, 4) if solution.answer else ""


def _step_value(step: str, solution: Solution) -> str:
    formula = solution.step_formulas.get(step)
    return formula.text if formula else solution.names.get(step, "")


def _near(situation: Situation, item: Item, solution: Solution) -> Iterator[str]:
    answer = solution.answer
    if item.answer.kind != "numeric" or answer is None:
        return
    tried = {
        "unit": [_typed(answer.value, unit) for unit in _UNITS],
        "sign": [_typed(-answer.value, item.answer.unit)],
        "rounding": [_typed(answer.value * by, item.answer.unit) for by in _NEAR_FACTORS],
    }[situation.row]
    wanted = Verdict(f"right but {situation.row}")
    for text in tried:
        if check_answer(text, item.answer, solution).verdict is wanted:
            yield text


def _wrong(item: Item, solution: Solution) -> Iterator[str]:
    """Yield wrong answers, those that fit no misconception and show no step first."""
    answer = item.answer
    if answer.kind == "choice":
        explained = {m.option for m in item.misconceptions}
        wrong = [o.id for o in answer.options if o.id != answer.correct]
        yield from sorted(wrong, key=lambda option: option in explained)
        return
    if answer.kind == "symbolic":
        tried = [f"{by}*{answer.value}" for by in ("3", "5", "7")]
    elif answer.kind == "numeric" and solution.answer is not None:
        tried = [_typed(solution.answer.value * by, answer.unit, 3) for by in _FACTORS]
    else:
        tried = []
    for text in tried:
        check = check_answer(text, answer, solution)
        known = matching_misconception(check.reading, item, solution)
        unknown = not known and not matching_steps(text, item, solution)
        if check.verdict is Verdict.WRONG and unknown:
            yield text


def _misconceived(situation: Situation, item: Item, solution: Solution) -> str:
    found = next(m for m in item.misconceptions if m.id == situation.misconception)
    if found.option or found.program:
        return found.option or found.program
    if item.answer.kind == "symbolic":
        return found.value
    value = solution.mal_rules.get(found.id)
    unit = item.answer.unit if item.answer.kind == "numeric" else ""
    return "" if value is None else _typed(value, unit)


def _typed(value: float, unit: str, digits: int = 4) -> str:
    """Write a rounded value as people type it: 10760 m, not 1.076e+04 m."""
    return f"{float(f'{value:.{digits}g}'):.12g} {unit}".strip()


def _diagnosis(
    situation: Situation, item: Item, solution: Solution, learner: str, value: str
) -> Diagnosis:
    check = check_answer(value, item.answer, solution) if value else None
    words = learner.split()
    cut = len(words) > MAX_QUOTED_WORDS
    # as a live turn quotes: one line, no full stop before the quotation mark
    quoted = f"{' '.join(words[:MAX_QUOTED_WORDS])}…" if cut else " ".join(words).rstrip(".")
    new: tuple[str, ...] = ()
    if situation.state is State.RIGHT:
        new = tuple(s.id for s in item.steps)
    elif situation.state is State.STEP_RIGHT:
        new = situation.shown[-1:]
    return Diagnosis(
        state=situation.state,
        step=situation.step,
        steps_shown=new,
        misconception=situation.misconception,
        error=situation.error,
        check=check,
        quoted=quoted,
        counted=situation.state in (State.WRONG, State.NEAR),
        reason="rehearsal",
    )


def _said_before(
    item: Item, solution: Solution, shown: tuple[str, ...], rubric: Rubric | None
) -> tuple[str, ...]:
    """Return what a learner must have said to have shown these steps."""
    if rubric is None:
        return tuple(solution.names[s] for s in shown if s in solution.names)
    settled = {step.criterion for step in item.steps if step.id in shown}
    return tuple(
        wording
        for criterion in rubric.criteria
        if criterion.id in settled
        for element in criterion.key_elements
        for wording in (element.text, *element.variants)
    )


def open_slot(error: ContentError) -> str:
    """Return the short reason of a wording that cannot be filled."""
    return str(error).split(" names nothing")[0].removeprefix("text: ") + " cannot be filled here"
