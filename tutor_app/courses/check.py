"""Check a course or rubric beyond its schema: every mistake of every file in one run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor_app.answers.repetition import repeated
from tutor_app.answers.solution import Fault, Solution, examine, fill
from tutor_app.courses.catalogue import Catalogue, LoadedCourse
from tutor_app.courses.check_code import code_findings
from tutor_app.courses.check_hints import telling_hints
from tutor_app.courses.sections import known_sections
from tutor_app.courses.yaml_files import Mistake, MistakesError, line_of
from tutor_app.documents.sentences import count_words, without_formulas
from tutor_app.domain.course import Course, HintLevel
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError, NotFoundError

MAX_HINT_WORDS = 45
_REPEATED = (
    "the similar item reads the same as this one. Write the number's name in double brackets, such "
    "as [[A]], in the question and the worked lines, or fill in another question"
)
Field = tuple[str | int, ...]
Finding = tuple[Field, str]


@dataclass(frozen=True)
class Gap:
    """An optional part that is left out.

    Attributes:
        item_id: the item that leaves it out; "skill '...'" for a skill without items.
        part: the field where it would stand, or what kind of gap it is.
    """

    item_id: str
    part: str
    message: str

    def __str__(self) -> str:
        """`item: message`."""
        return f"{self.item_id}: {self.message}"


@dataclass(frozen=True)
class CourseReport:
    """What a check found.

    Attributes:
        gaps: optional fields that were left out.
        items: how many items there are; 0 where the course cannot be opened.
        loads: the course can be opened, so students see it, mistakes and all.
    """

    mistakes: tuple[Mistake, ...]
    gaps: tuple[Gap, ...]
    items: int
    loads: bool = True


def check_rubric(catalogue: Catalogue, rubric_id: str) -> tuple[Mistake, ...]:
    """Return the mistakes of one rubric file."""
    try:
        catalogue.rubric(rubric_id)
    except MistakesError as error:
        return error.mistakes
    path = catalogue.rubric_path(rubric_id)
    rubric = catalogue.rubric(rubric_id)
    found = [
        Mistake(path, line_of(path, field), rubric.criteria[int(field[1])].id, message)
        for field, message in rubric_findings(rubric)
    ]
    if rubric.id != rubric_id:
        found.append(Mistake(path, 1, "id", f"is {rubric.id!r}, the file is {path.name!r}"))
    return tuple(found)


def rubric_findings(rubric: Rubric) -> Iterator[Finding]:
    """Yield (field, message) of every mistake in a rubric beyond its schema."""
    for n, criterion in enumerate(rubric.criteria):
        ids = [element.id for element in criterion.key_elements]
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            yield ("criteria", n, "key_elements"), f"two key elements are called {name!r}"


def check_course(
    catalogue: Catalogue, course_id: str, *, run_programs: bool = True
) -> CourseReport:
    """Check one course folder: schema, references, every expression, every hint.

    Running the programs of code items takes a tenth of a second for each.
    """
    try:
        loaded = catalogue.course(course_id)
    except MistakesError as error:
        return CourseReport(error.mistakes, (), 0, loads=False)
    mistakes: list[Mistake] = []
    if loaded.course.id != course_id:
        path = loaded.folder / "course.yaml"
        mistakes.append(
            Mistake(path, 1, "id", f"is {loaded.course.id!r}, the folder {course_id!r}")
        )
    mistakes += _same_names(loaded)
    sections = known_sections(loaded.notes, loaded.documents, _cited_documents(loaded))
    for item in loaded.items.values():
        path = loaded.folder / "items" / f"{item.id}.yaml"
        for field, message in item_findings(item, loaded.course, sections, catalogue):
            mistakes.append(Mistake(path, line_of(path, field), _dotted(field), message))
        for field, message in code_findings(item) if run_programs else ():
            mistakes.append(Mistake(path, line_of(path, field), _dotted(field), message))
    gaps = [Gap(f"skill {skill!r}", "skill", "no items") for skill in _skills_without_items(loaded)]
    gaps += [gap for item in loaded.items.values() for gap in _gaps(item)]
    return CourseReport(tuple(sorted(mistakes)), tuple(gaps), len(loaded.items))


def _same_names(loaded: LoadedCourse) -> Iterator[Mistake]:
    """Find files that passages could not tell apart: they name a document by its stem."""
    seen: dict[str, str] = {}
    for path in loaded.readable_files:
        if other := seen.get(path.stem):
            message = f"has the same name as {other}. Rename one of them"
            yield Mistake(path, 1, "", message)
        seen.setdefault(path.stem, f"{path.parent.name}/{path.name}")


def _skills_without_items(loaded: LoadedCourse) -> list[str]:
    used = {skill for item in loaded.items.values() for skill in item.skills}
    return [skill.id for skill in loaded.course.skills if skill.id not in used]


def _cited_documents(loaded: LoadedCourse) -> set[str]:
    """Return the ids of the documents that items name: only these need to be read."""
    names = {
        name
        for item in loaded.items.values()
        for name in (*item.sections, *item.spoilers, *(hint.cite or "" for hint in item.hints))
    }
    return {name.partition("#")[0] for name in names}


def _dotted(field: Field) -> str:
    """Return ("steps", 0, "value") as "steps.1.value": people count from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in field)


def item_findings(
    item: Item, course: Course, sections: set[str], catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield (field, message) of every mistake in an item beyond its schema.

    Args:
        item: the item, of a file or of an editor.
        course: its skills are the ones that the item may name.
        sections: every "document#Heading" of the course.
        catalogue: where rubrics are found.
    """
    skills = {skill.id for skill in course.skills}
    for n, skill in enumerate(item.skills):
        if skill not in skills:
            yield ("skills", n), f"there is no skill {skill!r} in course.yaml"
    yield from _section_findings(item, sections)
    yield from _rubric_findings(item, sections, catalogue)
    yield from _choice_findings(item)
    solution, faults = examine(item)
    yield from own_faults(item, faults)
    if faults:
        return
    unfilled = list(_fill_findings(item, solution))
    yield from unfilled
    yield from _mal_rule_findings(item, solution)
    yield from _parallel_findings(item, solution)
    if not unfilled:
        yield from _repetition_findings(item)


def own_faults(item: Item, faults: Sequence[Fault]) -> Iterator[Finding]:
    """Yield the faults of an item's expressions, but for those that only follow from another."""
    broken: set[str] = set()
    for place in (fault.place for fault in faults):
        if place[0] == "quantities":
            broken.add(str(place[1]))
        elif place[0] == "steps":
            broken.add(item.steps[int(place[1])].id)
    for fault in faults:
        own = {item.steps[int(fault.place[1])].id} if fault.place[0] == "steps" else set()
        if not any(f"'{name}'" in fault.message for name in broken - own):
            yield fault.place, fault.message


def _section_findings(item: Item, sections: set[str]) -> Iterator[Finding]:
    for key, names in (("sections", item.sections), ("spoilers", item.spoilers)):
        for n, name in enumerate(names):
            in_words = key == "spoilers" and item.answer.kind == "code" and "#" not in name
            if name not in sections and not in_words:
                yield (key, n), f"there is no section {name!r} in the notes"
    for n, hint in enumerate(item.hints):
        if hint.cite and hint.cite not in sections:
            yield ("hints", n, "cite"), f"there is no section {hint.cite!r} in the notes"
        if hint.cite and hint.cite in item.spoilers:
            yield ("hints", n, "cite"), "cites a section that is a spoiler of this item"


def _rubric_findings(item: Item, sections: set[str], catalogue: Catalogue) -> Iterator[Finding]:
    if item.answer.kind != "text":
        return
    try:
        rubric = catalogue.rubric(item.answer.rubric)
    except NotFoundError as error:
        yield ("answer", "rubric"), str(error)
        return
    except MistakesError as error:
        yield ("answer", "rubric"), f"the rubric has {len(error.mistakes)} mistakes"
        return
    if " ".join(rubric.question.split()) != " ".join(item.prompt.split()):
        yield ("prompt",), f"differs from the question of rubric {rubric.id!r}"
    for section in rubric.course_sections:
        if section not in sections:
            yield ("answer", "rubric"), f"rubric {rubric.id!r}: there is no section {section!r}"
    known = {criterion.id for criterion in rubric.criteria}
    for n, step in enumerate(item.steps):
        if step.criterion not in known:
            yield (
                ("steps", n, "criterion"),
                f"{step.criterion!r} is not in the rubric: {sorted(known)}",
            )


def _choice_findings(item: Item) -> Iterator[Finding]:
    if item.answer.kind != "choice":
        return
    options = {option.id for option in item.answer.options}
    for n, misconception in enumerate(item.misconceptions):
        if misconception.option and misconception.option not in options:
            yield ("misconceptions", n, "option"), f"there is no option {misconception.option!r}"
        if misconception.option == item.answer.correct:
            yield ("misconceptions", n, "option"), "is the right option"


def _fill_findings(item: Item, solution: Solution) -> Iterator[Finding]:
    quantities = {name: solution.names[name] for name in item.quantities if name in solution.names}
    texts: list[tuple[Field, str, dict[str, str]]] = [(("prompt",), item.prompt, quantities)]
    for n, step in enumerate(item.steps):
        texts.append((("steps", n, "work"), step.work, solution.names))
        texts.append((("steps", n, "why"), step.why, solution.names))
        texts.append((("steps", n, "goal"), step.goal, quantities))
    spoken: list[tuple[Field, str]] = []
    for n, hint in enumerate(item.hints):
        names = solution.names if hint.level is HintLevel.ANSWER else quantities
        texts.append((("hints", n, "text"), hint.text, names))
        spoken.append((("hints", n, "text"), hint.text))
    for n, misconception in enumerate(item.misconceptions):
        names = {**quantities, "yours": "your answer"}
        texts.append((("misconceptions", n, "question"), misconception.question, names))
        spoken.append((("misconceptions", n, "question"), misconception.question))
    for field, text, names in texts:
        try:
            fill(text, names)
        except ContentError as error:
            yield field, str(error)
    for field, text in spoken:
        if (words := count_words(text)) > MAX_HINT_WORDS:
            yield field, f"has {words} words. Keep it to {MAX_HINT_WORDS}"
        if without_formulas(text).count("?") > 1:
            yield field, "asks more than one question"


def _mal_rule_findings(item: Item, solution: Solution) -> Iterator[Finding]:
    if solution.answer is None:
        return
    right = solution.answer.value
    seen: dict[str, float] = {}
    for n, misconception in enumerate(item.misconceptions):
        if misconception.id not in solution.mal_rules:
            continue
        value = solution.mal_rules[misconception.id]
        field: Field = ("misconceptions", n, "value")
        if abs(value - right) <= 0.03 * abs(right):
            yield field, f"gives {value:g}, which is the right answer"
        for other, known in seen.items():
            if abs(value - known) <= 0.01 * max(abs(value), abs(known)):
                yield field, f"gives {value:g}, the same as {other!r}"
        seen[misconception.id] = value


def _parallel_findings(item: Item, solution: Solution) -> Iterator[Finding]:
    if item.parallel is None or not item.parallel.quantities:
        return
    other, faults = examine(item, item.parallel.quantities)
    for fault in faults:
        yield ("parallel",), f"{_dotted(fault.place)}: {fault.message}"
    if solution.answer and other.answer:
        a, b = solution.answer.value, other.answer.value
        if abs(a - b) <= 0.05 * max(abs(a), abs(b)):
            yield ("parallel",), f"has nearly the same answer ({b:g}) as the item ({a:g})"


def _repetition_findings(item: Item) -> Iterator[Finding]:
    """Find what would show learners the solution of their own item as a solved example."""
    try:
        fields = repeated(item)
    except ContentError:
        return  # the parallel cannot be computed, which is a finding of its own
    for field in fields:
        yield field, _REPEATED


def _gaps(item: Item) -> Iterator[Gap]:
    if item.not_askable:
        yield Gap(item.id, "not_askable", f"not askable: {item.not_askable}")
    for name in ("difficulty", "misconceptions", "hints", "parallel", "sections"):
        if not getattr(item, name):
            yield Gap(item.id, name, f"no {name}")
    for step in () if item.hints_in_order else item.steps:
        levels = {hint.level for hint in item.hints_for(step.id)}
        for level in (HintLevel.NUDGE, HintLevel.QUESTION, HintLevel.CONCEPT):
            if item.hints and level not in levels:
                yield Gap(item.id, "ladder", f"step {step.id!r} has no {level} hint")
    for hint in item.hints:
        if not hint.cite and hint.level is HintLevel.CONCEPT:
            yield Gap(item.id, "citations", "a concept hint has no citation")
    for n in telling_hints(item):
        message = f"hint {n + 1} gives the answer away; it will not be said to students"
        yield Gap(item.id, "hints", message)
