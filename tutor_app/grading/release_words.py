"""The sentences of a release, for people."""

from tutor_app.grading.release_plan import ReleasePlan, ThresholdTest

_NOTHING = "No mark goes out unread; those that you graded in the audit are decided by you."


def released_words(plan: ReleasePlan, released: int, test: ThresholdTest) -> str:
    """Say what was shown, of the set that it was shown of."""
    counts = (
        "This is about that mark as it stood at the verdict of the audit."
        if released == 1
        else f"This counts all {released} as they stood at the verdict of the audit, however many "
        "of them you release or read since; it is no promise about a part of them."
    )
    return (
        f"Of the {released} {'mark' if released == 1 else 'marks'} released without review, "
        f"at most {_percent(plan.target)} "
        f"{_differ(plan)} from what you would have given ({_percent(plan.confidence)} confidence; "
        f"{_seen(test)}). {counts}{_pooled(plan)}"
    )


def too_many(plan: ReleasePlan, test: ThresholdTest) -> str:
    """Say that the strictest threshold is not good enough."""
    return (
        f"Too many differ: {_seen(test)}, more than the {_percent(plan.target)} that you allow. "
        f"{_NOTHING} Read the rest, or let the grader learn, or edit the rubric where it can be "
        f"taken in two ways, and audit afresh."
    )


def given_up(graded: int, size: int) -> str:
    """Say that an audit was left before its end, and what that means."""
    return (
        f"The audit was given up after {graded} of {size} answers, so it shows nothing. "
        f"{_NOTHING if graded else 'No mark goes out unread.'} "
        "It counts as an audit: the next one has to show more."
    )


def not_enough(plan: ReleasePlan, test: ThresholdTest, least: int | None, more: int | None) -> str:
    """Say why the evidence does not suffice, and how many grades would."""
    size = test.candidates
    head = f"Not enough evidence: {_seen(test)}"
    if least is None or least >= size - 1:
        return (
            f"{head}. With {size} marks to release, an audit that shows at most "
            f"{_percent(plan.target)} would have to read nearly all of them, so read them all, "
            f"or allow a larger share to differ. {_NOTHING}"
        )
    if test.audited < least:
        head += f"; {least} without a difference would have been needed among these {size}"
    if more is None:
        return (
            f"{head}. At the rate seen, no fresh audit of the rest would show at most "
            f"{_percent(plan.target)}. {_NOTHING}"
        )
    return (
        f"{head}. At the rate seen, a fresh audit of {more} answers would probably show at most "
        f"{_percent(plan.target)}. {_NOTHING}"
    )


def _differ(plan: ReleasePlan) -> str:
    verb = "differ" if plan.differs == "total" else "differ in any criterion"
    if plan.tolerance:
        points = "point" if plan.tolerance == 1 else "points"
        return f"{verb} by more than {plan.tolerance:g} {points}"
    return verb


def _seen(test: ThresholdTest) -> str:
    return f"{test.audited} audited, {test.errors} differed"


def _pooled(plan: ReleasePlan) -> str:
    if len(plan.questions) < 2:
        return ""
    return (
        f" {len(plan.questions)} questions were pooled: this holds for them together, not for each."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.4g}\N{NO-BREAK SPACE}%"
