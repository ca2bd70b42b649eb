"""Answers written otherwise, with nothing else said: what a grader must not react to."""

import random

from tutor_app.grading.counterfactuals import with_typos, without_marks

# none of these is what `grading/counterfactuals.toml` puts around an answer to see what moves
BEFORE = (
    "Hi!", "So,", "Okay, here is what I think.", "In my opinion", "Good question!", "Well,",
    "My answer is this:", "We did this last week, so let me try.", "I will try to explain it.",
    "Sorry for my handwriting.", "First of all,", "To answer the question:",
)  # fmt: skip
AFTER = (
    "That is all.", "Have a nice weekend!", "I think that's it.", "Thanks!", "That's my answer.",
    "Please be kind when you mark it.", "I am quite sure about this one.", "The end.",
    "I enjoyed this exercise.", "Let me know if something is missing.",
)  # fmt: skip


def rewritten(text: str, draw: random.Random) -> str:
    """Return the text with typing errors, without marks, in small letters, or with filler."""
    kind = draw.randrange(5)
    if kind == 0:
        return with_typos(text, draw, draw.choice((0.02, 0.04)))
    if kind == 1:
        return without_marks(text)
    if kind == 2:
        return text.lower()
    before = draw.choice(BEFORE) if draw.random() < 0.7 else ""
    after = draw.choice(AFTER) if draw.random() < 0.7 else ""
    return f"{before} {text.rstrip()} {after}".strip()
