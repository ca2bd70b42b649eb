"""Estimates of difficulty and ambiguity. Filled in below."""

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.ui.session import Session


def show_estimates(session: Session, loaded: LoadedCourse) -> None:
    """Nothing yet."""
