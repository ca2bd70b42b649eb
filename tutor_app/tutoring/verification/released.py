"""What is no longer withheld: the worked parallel, and an equation that the learner just showed."""

import re

from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import State
from tutor_app.tutoring.heard import EQUATION
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.wordings import LEADS
from tutor_app.tutoring.worked import parallel

_EMPTY_LINE = re.compile(r"^\s*\d+\.\s*$", re.M)


def own_words(text: str, context: VerificationContext) -> str:
    """Return what the tutor says about this very item, of its own.

    Left out are the lines of the worked parallel where policy opened that level, for they speak of
    the same ideas with other numbers; and the quotation of an equation that the learner wrote in
    this turn and that was found to hold, for it is theirs; and a sentence that does nothing but
    name the learner's answer to a question.
    """
    diagnosis = context.diagnosis
    if diagnosis.state is State.ANSWERS:
        for lead in LEADS["answered"]:
            text = text.replace(lead.format(quoted=diagnosis.quoted), " ")
    if diagnosis.state is State.STEP_RIGHT and diagnosis.error == EQUATION and diagnosis.quoted:
        text = text.replace(f"“{diagnosis.quoted}”", "“”")
    if context.level is not HintLevel.EXAMPLE:
        return text
    solved = parallel(context.item)
    if solved is None:
        return text
    released = (solved.prompt, *solved.lines, solved.last)
    for line in sorted(released, key=len, reverse=True):
        text = text.replace(line.strip(), " ")
    return _EMPTY_LINE.sub("", text)
