"""Every error the program raises on purpose.

    TutorError
    ├── ContentError          a course or rubric file is wrong (file, line, field)
    ├── NotFoundError         a named thing does not exist; lists the known ones
    ├── AnswerSyntaxError     a formula cannot be read
    ├── ModelError            a language model or embedder cannot be loaded or did not answer
    ├── SearchIndexError      the search index is missing or stale
    ├── StorageError          the database is locked, read-only or full
    ├── AccessError           wrong password, missing role, demo accounts refused
    ├── DocumentError         a document cannot be read
    ├── SandboxError          a learner's program cannot be run here
    └── GradingError          a batch cannot be graded, audited or released as asked

A message reads `<where>: <what is wrong, with the value>. <what to do>.`
"""

from collections.abc import Iterable
from difflib import get_close_matches


class TutorError(Exception):
    """Anything the program can explain to the person who caused it."""


class ContentError(TutorError):
    """A course or rubric file breaks the schema."""


class NotFoundError(TutorError):
    """A name that is not in the catalogue."""

    @classmethod
    def for_name(cls, kind: str, name: str, known: Iterable[str]) -> "NotFoundError":
        """Build the message, with the nearest known name and the list."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(names) or "none"
        return cls(f"{kind}: there is no {name!r}.{guess} Known: {listed}.")


class AnswerSyntaxError(TutorError):
    """A formula that the reader cannot parse."""


class ModelError(TutorError):
    """A model that cannot be loaded, or that did not answer."""


class SearchIndexError(TutorError):
    """The search index is missing or was built with another embedder."""


class StorageError(TutorError):
    """The database is locked, read-only, full or from a newer version."""


class AccessError(TutorError):
    """A person may not do this."""


class DocumentError(TutorError):
    """A document that cannot be read."""


class SandboxError(TutorError):
    """A learner's program cannot be run safely, or the sandbox failed."""


class GradingError(TutorError):
    """A batch that cannot be graded, audited or released as asked."""
