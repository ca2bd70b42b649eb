"""Manual scores that teach the grader: never those of an audit or of a blind second reading."""

import json

from tutor_app.domain.batch import standing_decisions
from tutor_app.domain.grade import GradedExample
from tutor_app.storage.store import Store


def examples_of(store: Store, batch_id: str, question: str) -> list[GradedExample]:
    """Return what `improve` chose last for a question, as it was then.

    Every answer that is graded after it is graded with the same examples, whoever goes on with
    the batch and whatever is decided meanwhile.
    """
    chosen = [
        one
        for one in standing_decisions(store.grading.decisions(batch_id, ""))
        if one.kind == "improve" and one.question == question
    ]
    if not chosen:
        return []
    points: dict[str, dict[str, float]] = json.loads(str(chosen[-1].value))
    texts = {one: store.grading.marked_one(batch_id, one).submission.text for one in points}
    return [GradedExample(text=texts[one], points=given) for one, given in points.items()]
