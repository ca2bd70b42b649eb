"""All checks on one candidate."""

from tutor_app.domain.dialogue import Candidate
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.form import check_form
from tutor_app.tutoring.verification.grounding import check_grounding
from tutor_app.tutoring.verification.leakage import check_leakage
from tutor_app.tutoring.verification.numbers import check_numbers
from tutor_app.tutoring.verification.released import own_words


def verify(candidate: Candidate, context: VerificationContext) -> Candidate:
    """Return the candidate with its checks filled in; every check runs, whatever the others say."""
    own = own_words(candidate.text, context)
    checks = (
        check_leakage(own, context),
        check_numbers(own, context),
        check_grounding(candidate.text, context),
        check_form(candidate.text, context),
    )
    return candidate.model_copy(update={"checks": checks})
