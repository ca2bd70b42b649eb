"""What one learner handed in for one question, as graders see it."""

from tutor_app.domain.base import Strict, Text


class Submission(Strict):
    """One answer of one learner to one question.

    Graders and models see `text` only: who wrote it plays no part in what it is worth.

    Attributes:
        id: unique in its batch.
        learner: the key by which the source names the learner (an LMS id, an address, a folder).
        name: the learner's name as the source gives it, or "".
        question: the source's name for the question ("Response 1", a column); "" for the only one.
        text: what was handed in, as plain text; "" for nothing.
        source: file and row, folder or archive member, for people.
        language: two-letter code, or "" where nobody said.
        groups: groups that the instructor gave ("section": "B"), for the fairness report only.
        details: the source's own columns that an export needs back, by heading.
        remarks: what the reader of the file noticed, whole sentences.
        hidden: text that a person reading the file would not see (white, tiny, zero-width).
        problem: why nothing could be read; a submission with a problem is never graded.
        rival: its problem is only that the learner gave another answer to the same question; it is
            gone when a person says that this one counts.
        nameless: the source names no learner; `learner` says where it stood, and is nobody's key.
    """

    id: Text
    learner: Text
    name: str = ""
    question: str = ""
    text: str = ""
    source: str = ""
    language: str = ""
    groups: dict[str, str] = {}
    details: dict[str, str] = {}
    remarks: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    problem: str = ""
    rival: bool = False
    nameless: bool = False
