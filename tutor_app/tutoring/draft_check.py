"""A learner's draft beside the rubric: which criteria it meets, which not yet, with quotes.

The grader decides; what is shown is the learner's own words, and of the rubric only what passes the
leak check: never a reference answer, a key element or a grader's note. A criterion's title says its
idea ("Lactate renews NAD"), and a grader may be wrong about "met": so a criterion is named by the
goal of its step, or by its number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tutor_app.domain.dialogue import Diagnosis, Dialogue, State, TutorMove
from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.errors import ContentError
from tutor_app.tutoring.tutor import Prepared, Tutor
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.leakage import check_leakage

Standing = Literal["met", "partly met", "not yet met", "takes points off", "cannot say"]
GradeText = Callable[[str, Rubric], Grade]
SURE = 0.7
"""A proposal that is less sure than this is told to nobody. On the gold answers, of those between
0.5 and 0.6 a "met" was right in 44 % and a "not yet met" in 57 %; from 0.7 on in 87 % and 94 %.
The shipped heads were trained on these answers too: on others the figures are lower."""


@dataclass(frozen=True)
class DraftRow:
    """One criterion of a draft.

    Attributes:
        name: the criterion as the learner may know it.
        quote: the learner's own words that show it, or "".
        advice: what the level's feedback asks, where it gives nothing away, or "".
    """

    name: str
    standing: Standing
    quote: str = ""
    advice: str = ""


def check_draft(
    tutor: Tutor, dialogue: Dialogue, text: str, grade: GradeText
) -> tuple[DraftRow, ...]:
    """Grade a draft of a text item and say what the learner may know about it.

    Args:
        tutor: the tutor of the dialogue.
        dialogue: the dialogue on the item.
        text: the draft; it counts as no attempt and is recorded nowhere.
        grade: the grader.

    Returns:
        One row per criterion, penalties only where they apply.

    Raises:
        ContentError: the item has no rubric.
    """
    prepared = tutor.prepare(dialogue.course_id, dialogue.item_id)
    if prepared.rubric is None:
        raise ContentError(f"Item {prepared.item.id!r}: it has no rubric. Check your answer.")
    proposed = {one.criterion: one for one in grade(text, prepared.rubric).criteria}
    context = _context(tutor, dialogue, prepared, text)
    return tuple(_rows(prepared.rubric, prepared.item, proposed, context))


def _rows(
    rubric: Rubric, item: Item, proposed: dict[str, CriterionGrade], context: VerificationContext
) -> Iterator[DraftRow]:
    for number, criterion in enumerate(rubric.criteria, 1):
        one = proposed[criterion.id]
        standing = _standing(criterion, one)
        if criterion.type == "penalty" and standing != "takes points off":
            continue
        goals = [step.goal for step in item.steps if step.criterion == criterion.id]
        names = [criterion.title] if criterion.type == "penalty" else goals
        shown = standing not in ("not yet met", "cannot say")
        yield DraftRow(
            name=next((n for n in names if _passes(n, context)), f"Part {number} of the answer"),
            standing=standing,
            quote=one.evidence[0].quote if one.evidence and shown else "",
            advice=_advice(criterion, one, standing, context),
        )


def _standing(criterion: Criterion, one: CriterionGrade) -> Standing:
    points = one.auto_score
    if points is None or one.confidence < SURE:
        return "cannot say"
    if criterion.type == "penalty":
        return "takes points off" if points < 0 else "met"
    if points >= max(criterion.possible_points):
        return "met"
    return "partly met" if points > 0 else "not yet met"


def _advice(
    criterion: Criterion, one: CriterionGrade, standing: Standing, context: VerificationContext
) -> str:
    if standing in ("met", "cannot say"):
        return ""
    said = next((level.feedback for level in criterion.levels if level.title == one.level), "")
    return said if said and _passes(said, context) else ""


def _passes(text: str, context: VerificationContext) -> bool:
    return check_leakage(text, context).passed


def _context(
    tutor: Tutor, dialogue: Dialogue, prepared: Prepared, text: str
) -> VerificationContext:
    state = tutor.state(dialogue)
    return VerificationContext(
        item=prepared.item,
        solution=prepared.solution,
        move=TutorMove(
            kind="focus", situation="draft", strategy="show the rubric", intention="see what lacks"
        ),
        diagnosis=Diagnosis(state=State.NO_ATTEMPT),
        learner_texts=(*state.texts, text),
        counted_texts=state.counted_texts,
        previous_replies=state.replies,
        rubric=prepared.rubric,
        language=prepared.loaded.course.language,
    )
