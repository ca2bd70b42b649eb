"""What an account may do."""

from enum import StrEnum

from tutor_app.domain.base import Strict
from tutor_app.errors import AccessError


class Role(StrEnum):
    """A learner is called a student in what people read."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The word that people read."""
        return "student" if self is Role.LEARNER else self.value


class Account(Strict):
    """Someone who signed in. `id` is the learner_id of what they do; `name` only to show."""

    id: str
    name: str
    role: Role
    demo: bool = False
    simulated: bool = False


def require_role(account: Account | None, *roles: Role) -> Account:
    """Return the account when it has one of the roles; no role includes another.

    Raises:
        AccessError: nobody is signed in, or as something else.
    """
    wanted = " or ".join(role.label for role in roles)
    if account is None:
        raise AccessError(f"This page: it is for the {wanted}. Sign in first.")
    if account.role not in roles:
        raise AccessError(
            f"This page: it is for the {wanted}, and {account.name!r} is signed in as "
            f"{account.role.label}. Sign in with another account, or ask the admin."
        )
    return account
