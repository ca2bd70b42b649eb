"""What a chat model is asked about one submission, and what it is never told.

It sees the rubric, passages of the course, a few graded answers to the same question and one
submission. It never sees a name, a learner's key, a file name or another learner's ungraded work.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from tutor_app.domain.grade import GradedExample
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.grading.levels import title_of
from tutor_app.prompts.render import prompt_hash, render

PROMPTS = ("grader_system", "grader_task", "grader_repair")
LONGEST_EXAMPLE = 1_500
LONGEST_PASSAGE = 2_500


@dataclass(frozen=True)
class Ask:
    """One thing that the model gives a verdict on.

    Attributes:
        id: of the criterion; for an element of a checklist "criterion/element".
        criterion: the criterion it belongs to.
        what: what is judged.
        levels: best first; empty where it is only shown or not.
        ideas: what a good answer says, for criteria with levels.
        note: the instructor's advice to graders.
    """

    id: str
    criterion: str
    what: str
    levels: tuple[Level, ...] = ()
    ideas: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Task:
    """All that a model is told about one submission, but for the code of the fence.

    Attributes:
        text: the submission, without names and characters that nobody sees.
        examples: graded answers to the same question.
        passages: text of the course.
    """

    rubric: Rubric
    text: str
    examples: tuple[GradedExample, ...] = ()
    passages: tuple[str, ...] = ()

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What is judged, in the rubric's order."""
        return asks_of(self.rubric)

    @property
    def digest(self) -> str:
        """Sha256 over all of it, in hex; the same for the same task."""
        parts = [self.rubric.digest, self.text, *self.passages]
        parts += [one.model_dump_json() for one in self.examples]
        return sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def asks_of(rubric: Rubric) -> tuple[Ask, ...]:
    """Return what the model is asked: each criterion, and each element of a checklist."""
    return tuple(ask for criterion in rubric.criteria for ask in _asks(criterion))


def messages_for(task: Task) -> list[BaseMessage]:
    """Build the messages; the fence carries a code that no part of the data contains."""
    examples = [
        {"text": one.text[:LONGEST_EXAMPLE], "given": _given(task.rubric, one.points)}
        for one in task.examples
    ]
    passages = [one[:LONGEST_PASSAGE] for one in task.passages]
    data = "\n".join([task.text, *passages, *(one["text"] for one in examples)])
    return [
        SystemMessage(render("grader_system")),
        HumanMessage(
            render(
                "grader_task",
                question=task.rubric.question,
                reference_answers=task.rubric.reference_answers,
                asks=task.asks,
                passages=passages,
                examples=examples,
                submission=task.text,
                nonce=_nonce(data),
            )
        ),
    ]


def repair_messages(
    messages: Sequence[BaseMessage], said: str, problems: Sequence[str]
) -> list[BaseMessage]:
    """Ask once more, with what was said and what is wrong with it."""
    return [*messages, AIMessage(said), HumanMessage(render("grader_repair", problems=problems))]


def prompts_digest() -> str:
    """Return 12 hex digits over the prompt files."""
    return sha256("".join(map(prompt_hash, PROMPTS)).encode()).hexdigest()[:12]


def balanced(
    examples: Sequence[GradedExample], most: int, text: str, rubric: Rubric
) -> tuple[GradedExample, ...]:
    """Choose a few graded answers, spread evenly over the totals; the shorter of equals.

    The submission itself is never among them, nor an answer that lacks a criterion's points.

    Args:
        examples: answers to the same question that a person has graded.
        most: how many at most.
        text: the submission that is to be graded.
        rubric: theirs.
    """
    ids = {criterion.id for criterion in rubric.criteria}
    usable = [
        one
        for one in examples
        if set(one.points) >= ids and one.text.strip() and one.text.strip() != text.strip()
    ]
    ranked = sorted(usable, key=lambda one: (rubric.total(one.points), len(one.text), one.text))
    by_total: dict[float, list[GradedExample]] = {}
    for one in ranked:
        by_total.setdefault(rubric.total(one.points), []).append(one)
    chosen: list[GradedExample] = []
    while by_total and len(chosen) < most:
        totals = sorted(by_total)
        left = most - len(chosen)
        steps = range(min(left, len(totals)))
        for place in {round(n * (len(totals) - 1) / max(1, len(steps) - 1)) for n in steps}:
            chosen.append(by_total[totals[place]].pop(0))
        by_total = {total: some for total, some in by_total.items() if some}
    return tuple(sorted(chosen, key=lambda one: -rubric.total(one.points)))


def _asks(criterion: Criterion) -> list[Ask]:
    if criterion.type == "checklist":
        return [
            Ask(
                id=f"{criterion.id}/{element.id}",
                criterion=criterion.id,
                what=f"{criterion.title}. MET only if this idea is there: {element.text}",
                ideas=tuple(element.variants[:3]),
                note=criterion.grader_note,
            )
            for element in criterion.key_elements
        ]
    if criterion.type == "penalty":
        fault = f"A fault: {criterion.title}. MET only if the submission has this fault."
        return [Ask(criterion.id, criterion.id, fault, note=criterion.grader_note)]
    levels = tuple(sorted(criterion.levels, key=lambda level: -level.points))
    ideas = tuple(element.text for element in criterion.key_elements)
    return [Ask(criterion.id, criterion.id, criterion.title, levels, ideas, criterion.grader_note)]


def _given(rubric: Rubric, points: Mapping[str, float]) -> str:
    return "; ".join(
        f"{one.id}: {title_of(one, points[one.id]) or f'{points[one.id]:g} points'}"
        for one in rubric.criteria
        if one.id in points
    )


def _nonce(data: str) -> str:
    while (nonce := secrets.token_hex(8)) in data:
        pass
    return nonce
