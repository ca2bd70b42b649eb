"""A class list: who should have handed in, whatever the source calls them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor_app.domain.submission import Submission
from tutor_app.errors import DocumentError
from tutor_app.exchange.gradebooks.writing import as_typed
from tutor_app.exchange.headings import people, plain
from tutor_app.exchange.opening import open_table
from tutor_app.exchange.submissions.report import Report


@dataclass(frozen=True)
class Student:
    """One line of a class list; `keys` are all forms in which a source may name the student."""

    shown: str
    keys: frozenset[str]


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read a class list: any table with an id, login, email or name column.

    Raises:
        DocumentError: it cannot be read, or has none of these columns.
    """
    table = open_table(path)
    ids, names = people(table.headings)
    if not ids and not names:
        raise DocumentError(
            f"{path}: has no column that is known to hold students. Head one with ID, Email or "
            f"Name. It has: {', '.join(filter(None, table.headings))}."
        )
    students = []
    for record in table.read():
        cells = [as_typed(one.strip()) for one in record.cells]
        name = " ".join(filter(None, (cells[n].strip() for n in names)))
        found = [cells[n].strip() for n in ids if cells[n].strip()]
        if not any((name, *found)) or "points possible" in name.casefold():
            continue
        keys = {one.casefold() for one in found} | name_keys(name)
        students.append(Student(" ".join(filter(None, (*found[:1], name))), frozenset(keys)))
    return tuple(students)


def name_keys(name: str) -> set[str]:
    """Return forms of a name in which the order and the accents of its parts play no role.

    The second is what Canvas writes into the names of files: "Ada Lovelace" is "lovelaceada".
    """
    parts = plain(name).split()
    if not parts:
        return set()
    return {" ".join(sorted(parts)), "".join(sorted("".join(parts)))}


def keys_of(one: Submission) -> Iterator[str]:
    """Yield all forms in which a submission names its student."""
    yield one.learner.casefold()
    yield from name_keys(one.name)
    for value in one.details.values():
        yield value.casefold()


def compare(students: Iterable[Student], seen: dict[str, str], report: Report) -> None:
    """Note who handed in nothing and who is not on the list.

    Args:
        students: the class list.
        seen: the learner by every key of every submission.
        report: where notes go.
    """
    known: set[str] = set()
    for student in students:
        found = [seen[key] for key in student.keys if key in seen]
        known.update(found)
        if not found:
            report.add("class list", student.shown, "missing", "The student handed in nothing.")
    for learner in dict.fromkeys(seen.values()):
        if learner not in known:
            report.add("submissions", learner, "unknown", "The student is not on the class list.")
