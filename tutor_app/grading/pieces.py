"""An answer taken apart: the spans that are read, without what only says the question again."""

from dataclasses import dataclass

from tutor_app.documents.sentences import sentence_spans
from tutor_app.documents.wording import clauses, copies, repeats

CLOSELY_READ = 4_000
"""Characters at the start that are read clause by clause; the rest is read by sentences."""
READ_AT_ALL = 40_000
MAX_CLAUSES = 12
MAX_SENTENCES = 60
SCRAP = 5
"""Words; a shorter piece is quoted with the sentence around it."""
_WHOLE = 1_000


@dataclass(frozen=True)
class Pieces:
    """The parts of one answer that are compared with a rubric.

    Attributes:
        text: the submission's text, as it is.
        spans: (start, end) of each piece; pieces may overlap.
        copied: pieces that only repeat the question, or hold no word, and were left out.
        repeated: some piece really repeats the question.
        unread: characters at the end that nobody compared with anything.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    copied: int = 0
    unread: int = 0
    repeated: bool = False

    @property
    def texts(self) -> list[str]:
        """The pieces, verbatim."""
        return [self.text[start:end] for start, end in self.spans]

    @property
    def blank(self) -> bool:
        """Nothing was handed in."""
        return not self.text.strip()

    def to_show(self, place: int) -> tuple[int, int]:
        """Return the span of a piece, or of what it stands in where it is a mere scrap."""
        start, end = self.spans[place]
        around = [
            (b - a, a, b)
            for a, b in self.spans
            if a <= start and end <= b and len(self.text[a:b].split()) >= SCRAP
        ]
        return min(around)[1:] if around else (start, end)


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
    # a short text as a whole stands behind its sentences; one of them may be the learner's own
    whole = [span for span in copied if span != spans[0] and span[0] == spans[0][0]]
    within = [span for span in copied if span not in whole]
    own = [
        span
        for span in spans
        if span not in copied and not any(a <= span[0] and span[1] <= b for a, b in within)
    ]
    repeated = any(copies(text[start:end], question) for start, end in copied)
    left_out = len(spans) - len(own)
    return Pieces(text, tuple(own), copied=left_out, unread=unread, repeated=repeated)


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)
