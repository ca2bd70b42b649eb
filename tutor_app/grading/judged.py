"""A short answer that a person has judged against reference answers."""

from dataclasses import dataclass

CLASSES = ("correct", "contradictory", "incorrect")


@dataclass(frozen=True)
class JudgedAnswer:
    """One answer with the class that people gave it.

    Attributes:
        question_id: which question; answers of one question share it.
        question: its text; may be empty.
        references: right answers; may be empty.
        answer_id: unique within the question.
        text: the answer; may be empty.
        label: place in CLASSES.
    """

    question_id: str
    question: str
    references: tuple[str, ...]
    answer_id: str
    text: str
    label: int
