"""What the rest of a batch will take with a chat model, from a few answers that were tried.

How to use: grade five answers, then
`estimate(grader.usage, left=295, price_in=..., price_out=..., parallel=4)`.
No price is assumed: without the instructor's there is no cost.
"""

from dataclasses import dataclass

from tutor_app.grading.llm_call import Usage


@dataclass(frozen=True)
class Estimate:
    """For the submissions that are left, if they are like those that were tried.

    Attributes:
        tried: submissions that the figures rest on.
        left: submissions that are left.
        seconds: None where none was tried.
        tokens_in: tokens read by the model; None where the server does not count them.
        tokens_out: tokens written by it; None likewise.
        cost: in the currency of the prices; None without prices or counts.
    """

    tried: int
    left: int
    seconds: float | None
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None

    def __str__(self) -> str:
        """Say it in a sentence or two."""
        if self.seconds is None:
            return "Nothing was tried yet, so nobody can say how long it takes."
        minutes = self.seconds / 60
        answers = "answer" if self.left == 1 else "answers"
        said = f"{self.left:,} more {answers}: about {max(1, round(minutes)):,} min"
        if self.tokens_in is None or self.tokens_out is None:
            return f"{said}. The server does not count tokens, so there is no cost estimate."
        said += f", {self.tokens_in:,} tokens in and {self.tokens_out:,} out"
        if self.cost is None:
            return f"{said}. Give both prices of a million tokens for a cost estimate."
        # a few answers with a small model cost less than a hundredth of anything
        cost = "less than 0.01" if 0 < self.cost < 0.01 else f"{self.cost:,.2f}"
        return f"{said}, cost {cost} (from {self.tried} answers tried)."


def estimate(
    usage: Usage,
    left: int,
    *,
    price_in: float | None = None,
    price_out: float | None = None,
    parallel: int = 1,
) -> Estimate:
    """Estimate time and cost from what was used so far.

    Args:
        usage: of the tried answers; those that came from the cache do not count.
        left: submissions that are left.
        price_in: of a million tokens read, from the instructor.
        price_out: of a million tokens written.
        parallel: calls at the same time.
    """
    if not usage.asked:
        return Estimate(0, left, None, None, None, None)
    each = left / usage.asked
    seconds = usage.seconds * each / parallel
    if not usage.calls or usage.counted < usage.calls:
        return Estimate(usage.asked, left, seconds, None, None, None)
    tokens_in, tokens_out = round(usage.tokens_in * each), round(usage.tokens_out * each)
    cost = None
    if price_in is not None and price_out is not None:
        cost = (tokens_in * price_in + tokens_out * price_out) / 1_000_000
    return Estimate(usage.asked, left, seconds, tokens_in, tokens_out, cost)
