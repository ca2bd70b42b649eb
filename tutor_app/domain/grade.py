"""What a judge says about one criterion of one answer."""

from typing import Literal

from tutor_app.domain.base import Strict


class Judgement(Strict):
    """Verdict on one criterion; `evidence` is a verbatim quote from the answer, or "".

    `similarity` in [0, 1] is how near the best sentence comes to the criterion's key elements.
    """

    criterion: str
    verdict: Literal["met", "unclear", "unmet"]
    evidence: str = ""
    similarity: float = 0.0
    reason: str = ""
