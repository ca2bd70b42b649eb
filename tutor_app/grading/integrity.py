"""What a person should know about a submission before its grade counts.

How to use:
- as submissions come in: `clean(submission)` takes out characters that nobody can see and keeps
  what they said in `hidden`, and blanks the learner's own name in the text;
- after grading: `with_signs(grade, submission, rubric)` adds what `signs` found to `flags`, and
  asks for review where it matters. `signs(submission, rubric)` alone is for the pages.
- for a whole batch: `tutor_app.grading.likeness.near_duplicates`,
  `tutor_app.grading.canaries.check_canaries`.

Nothing here says that somebody cheated or who, or what, wrote a text: there is no such verdict.
Nothing here changes a score.
"""

import re
from dataclasses import dataclass
from typing import Literal

from tutor_app.documents.wording import repeats
from tutor_app.domain.grade import Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.hidden import strip_hidden
from tutor_app.grading.injection import find_injections
from tutor_app.grading.likeness import shared_share
from tutor_app.grading.names import without_name

SignKind = Literal["speaks to the grader", "hidden text", "copied question", "copied reference"]
REVIEWED: frozenset[SignKind] = frozenset(
    {"speaks to the grader", "hidden text", "copied reference"}
)
"""Signs after which a person has to look; a copied question earns nothing by itself."""
COPIED_REFERENCE = 0.6
"""Share of the answer's runs of five words that stand in one reference answer."""
_LATIN = re.compile("[A-Za-z]{3}")
COPIED_WORDS = 25
"""Shorter answers are naturally like the reference: there are few ways to be short and right."""


@dataclass(frozen=True)
class Sign:
    """Something to look at.

    Attributes:
        kind: what it is.
        detail: the words concerned, or a figure, for people.
    """

    kind: SignKind
    detail: str

    def __str__(self) -> str:
        """Say it in a line, as `Grade.flags` keeps it."""
        return f"{self.kind[0].upper()}{self.kind[1:]}: {self.detail}"


def clean(submission: Submission) -> Submission:
    """Return the submission as people, graders and models are to see it.

    Characters that nobody sees are taken out and named in `hidden`; the learner's own name and
    key in the text are blanked letter by letter, so that every place stays where it was.
    """
    text, found = strip_hidden(submission.text)
    named = (*submission.hidden, *(str(one) for one in found))
    changed = submission.model_copy(update={"text": text, "hidden": tuple(dict.fromkeys(named))})
    return without_name(changed)


def signs(submission: Submission, rubric: Rubric) -> tuple[Sign, ...]:
    """Return what a person should know about one submission.

    Args:
        submission: as it came or `clean`.
        rubric: its question and reference answers.
    """
    text, found = strip_hidden(submission.text)
    hidden = dict.fromkeys((*submission.hidden, *(str(one) for one in found)))
    told = [Sign("hidden text", one) for one in hidden]
    known = " ".join((rubric.question, *rubric.reference_answers))
    spoken = {one.kind: one for part in (submission.text, *submission.hidden)
              for one in find_injections(part, known)}  # fmt: skip
    if spoken:
        told.append(Sign("speaks to the grader", next(iter(spoken.values())).sentence))
    if only_repeats(text, rubric.question):
        told.append(Sign("copied question", "the answer only says the question again"))
    if len(text.split()) >= COPIED_WORDS:
        share = max(shared_share(text, one) for one in rubric.reference_answers)
        if share >= COPIED_REFERENCE:
            told.append(
                Sign(
                    "copied reference",
                    f"{100 * share:.0f}\N{NO-BREAK SPACE}% of it stands in a reference answer",
                )
            )
    return tuple(told)


def only_repeats(text: str, question: str) -> bool:
    """Tell whether a text says the question again and nothing else; only for Latin letters."""
    if len(text) > 3 * len(question) + 200:
        return False
    return bool(_LATIN.search(text)) and repeats(text, question)


def with_signs(grade: Grade, submission: Submission, rubric: Rubric) -> Grade:
    """Return the grade with the signs among its flags, for review where one of them asks for it.

    Scores and confidences stay as they are. Doing it twice changes nothing.
    """
    found = signs(submission, rubric)
    flags = tuple(dict.fromkeys((*grade.flags, *map(str, found))))
    criteria = grade.criteria
    if any(one.kind in REVIEWED for one in found):
        criteria = tuple(one.model_copy(update={"needs_review": True}) for one in criteria)
    return grade.model_copy(update={"flags": flags, "criteria": criteria})
