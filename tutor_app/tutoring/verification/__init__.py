"""Checks that stand between every wording and the learner."""

from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.verify import verify

__all__ = ["VerificationContext", "verify"]
