"""An answer taken apart: the spans that are read, without what only says the question again."""

from dataclasses import dataclass

from tutor_app.documents.sentences import sentence_spans
from tutor_app.documents.wording import clauses, repeats

CLOSELY_READ = 4_000
"""Characters at the start that are read clause by clause; the rest is read by sentences."""
READ_AT_ALL = 40_000
MAX_CLAUSES = 12
MAX_SENTENCES = 60
_WHOLE = 1_000


@dataclass(frozen=True)
class Pieces:
    """The parts of one answer that are compared with a rubric.

    Attributes:
        text: the submission's text, as it is.
        spans: (start, end) of each piece; pieces may overlap.
        copied: pieces that only repeat the question and were left out.
        unread: characters at the end that nobody compared with anything.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    copied: int = 0
    unread: int = 0

    @property
    def texts(self) -> list[str]:
        """The pieces, verbatim."""
        return [self.text[start:end] for start, end in self.spans]

    @property
    def blank(self) -> bool:
        """Nothing was handed in."""
        return not self.text.strip()


def take_apart(text: str, question: str) -> Pieces:
    """Return the pieces of an answer; time is bounded whatever its length.

    Args:
        text: what was handed in.
        question: what was asked; pieces that only say it again are left out.
    """
    near = text[:CLOSELY_READ]
    spans = [_span(near, part) for part in clauses(near, MAX_CLAUSES)]
    unread = max(0, len(text) - READ_AT_ALL)
    if len(text) > CLOSELY_READ:
        behind = sentence_spans(text[:READ_AT_ALL], CLOSELY_READ)
        if len(behind) > MAX_SENTENCES:
            unread = len(text) - behind[MAX_SENTENCES - 1][1]
        spans += [(start, min(end, start + _WHOLE)) for start, end in behind[:MAX_SENTENCES]]
    copied = [span for span in spans if repeats(text[span[0] : span[1]], question)]
    own = [span for span in spans if not any(a <= span[0] and span[1] <= b for a, b in copied)]
    return Pieces(text, tuple(own), copied=len(spans) - len(own), unread=unread)


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)
