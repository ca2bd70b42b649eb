"""A reply must not state, confirm, or let one compute in a step what policy withholds."""

from collections.abc import Iterator

from tutor_app.domain.dialogue import CheckResult
from tutor_app.tutoring.verification.affirmation import confirmed
from tutor_app.tutoring.verification.canonical import MAX_LENGTH
from tutor_app.tutoring.verification.choices import option_given_away
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.corrections import corrected
from tutor_app.tutoring.verification.digits import pieced_together
from tutor_app.tutoring.verification.disguises import decoded, letters
from tutor_app.tutoring.verification.elements import element_given_away
from tutor_app.tutoring.verification.exact import exact_given_away
from tutor_app.tutoring.verification.formulas import computed
from tutor_app.tutoring.verification.number_names import names_of
from tutor_app.tutoring.verification.statements import means, read, stated
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.withheld import Withheld, withheld

NAME = "leakage"
_REMEMBERED_REPLIES = 6
_SPELLED_OUT = 0.001
"""A code that gives nearly the answer is a coincidence."""


def check_leakage(text: str, context: VerificationContext) -> CheckResult:
    """Check one wording; the reason names what leaks and through which words."""
    if context.move.answer_allowed:
        return CheckResult(name=NAME, passed=True, reason="Policy allows the answer in this turn.")
    if len(text) > MAX_LENGTH:
        return CheckResult(name=NAME, passed=False, reason="It is too long to be checked.")
    reason = next(_leaks(text, withheld(context)), "")
    return CheckResult(name=NAME, passed=not reason, reason=f"It {reason}." if reason else "")


def _leaks(text: str, hidden: Withheld) -> Iterator[str]:
    """Yield a reason for every kind of leak, cheapest first."""
    context = hidden.context
    reading = read(context.previous_replies[-_REMEMBERED_REPLIES:], text)
    for look in (stated, pieced_together, computed):
        if found := look(reading, hidden):
            yield found
    if found := _disguised(text, hidden):
        yield found
    for check in (
        confirmed,
        corrected,
        option_given_away,
        element_given_away,
        exact_given_away,
    ):
        if found := check(text, hidden):
            yield found


def _disguised(text: str, hidden: Withheld) -> str:
    """Return why a code or a pattern of letters gives a withheld value away."""
    values = [target for target in hidden.targets if not target.is_formula]
    if not values:
        return ""
    for inner in decoded(text):
        if any(hidden.is_given(token) for token in tokenize(inner[::-1])):
            # a given number, read backwards by us
            continue
        for token in tokenize(inner):
            if token.kind == "num" and not hidden.is_given(token):
                for target in values:
                    if token.value > 2 and means(target, token, _SPELLED_OUT):
                        return f"hides {target.name} in a code: {inner[:40]!r}"
    runs = letters(text)
    for target in values:
        if not target.final:
            continue
        for name in names_of(target.shown):
            if any(name in run for run in runs):
                return f"hides {target.name} in its letters: {name!r}"
    return ""
