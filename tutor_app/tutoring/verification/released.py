"""What the course itself releases: the worked parallel, at the level of a similar example."""

import re

from tutor_app.domain.course import HintLevel
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.worked import parallel

_EMPTY_LINE = re.compile(r"^\s*\d+\.\s*$", re.M)


def own_words(text: str, context: VerificationContext) -> str:
    """Return the text without the lines of the worked parallel, where policy opened that level.

    The parallel speaks of the same ideas with other numbers; what remains is what the tutor says
    about this very item.
    """
    if context.level is not HintLevel.EXAMPLE:
        return text
    solved = parallel(context.item)
    if solved is None:
        return text
    released = (solved.prompt, *solved.lines, solved.last)
    for line in sorted(released, key=len, reverse=True):
        text = text.replace(line.strip(), " ")
    return _EMPTY_LINE.sub("", text)
