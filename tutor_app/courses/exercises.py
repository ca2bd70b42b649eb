"""A book's own exercises: exercises/<note>.yaml in a course folder.

They are kept for the instructor and for measuring the search. Nothing of them is indexed or shown
to learners: their questions are homework, their solutions spoilers.
"""

from pathlib import Path

from tutor_app.courses.yaml_files import read_yaml
from tutor_app.domain.base import Strict, Text

FOLDER = "exercises"


class BookExercise(Strict):
    """One exercise.

    Attributes:
        id: how the book names it.
        section: the titles of the sections it stands in, outermost first.
        question: Markdown, with the choices if there are any.
        solution: Markdown; empty where the book gives none.
    """

    id: str = ""
    section: list[str] = []
    question: Text
    solution: str = ""


class ModuleExercises(Strict):
    """The exercises of one module.

    Attributes:
        module: how the book names the module.
        document: the note that the module became; passages name it so.
        title: the title of the module.
        exercises: in the order of the book.
    """

    module: str
    document: str
    title: Text
    exercises: list[BookExercise]


def load_exercises(course_folder: Path) -> list[ModuleExercises]:
    """Load the exercises of a course, in file order; none when the course has none.

    Raises:
        MistakesError: a file breaks the schema.
    """
    return [
        read_yaml(path, ModuleExercises) for path in sorted((course_folder / FOLDER).glob("*.yaml"))
    ]
