"""tutor_app: Socratic tutoring, rubric grading and model refresh that run on a laptop."""

from tutor_app import offline as offline

__version__ = "0.1.0"
