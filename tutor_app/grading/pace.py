"""How long the rest of a batch takes on this computer, told from a few answers that were graded.

How to use: `warm_up` for each question, then grade a few answers by the clock, then `seconds_left`.
A grader that asks a chat model is not warmed up, as that would be paid for: see `llm_cost`.
"""

from collections.abc import Sequence

from tutor_app.domain.grade import GradedExample
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.counterfactuals import CHANGES, SAMPLE


def warm_up(grader: AnyGrader, rubric: Rubric, examples: Sequence[GradedExample] = ()) -> None:
    """Load and prepare what grading in words needs once, so that a clock does not count it.

    Args:
        grader: the local one.
        rubric: of a question whose answers are words.
        examples: what the batch is taught with.
    """
    answer = Submission(id="warm-up", learner="nobody", text=rubric.reference_answers[0])
    list(grader.grade_batch([answer], rubric, examples=examples))


def seconds_left(each_s: float, left: int, in_words: int, questions: int) -> float:
    """Return the seconds that the rest takes, with the changed answers that are graded after it.

    Args:
        each_s: seconds that one answer took.
        left: answers that are left.
        in_words: answers of the batch in words, of which a sample is changed.
        questions: that those answer.
    """
    changed = min(SAMPLE * questions, in_words) * (1 + len(CHANGES))
    return each_s * (left + changed)
