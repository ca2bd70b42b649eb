"""CNXML, the format of OpenStax textbooks: a book becomes notes, a skill per chapter, exercises.

Each module is one note in the order of the book. What is no reading for learners lies beside the
notes and is never indexed: exercises/ (the book's own, with solutions) and teacher/.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from tutor_app.courses.exercises import FOLDER, BookExercise, ModuleExercises
from tutor_app.courses.importers.cnxml_blocks import BlockWriter, mark_worked
from tutor_app.courses.importers.cnxml_book import (
    MODULE,
    Book,
    PlannedModule,
    label_elements,
    module_files,
    parse_xml,
    read_book,
)
from tutor_app.courses.importers.cnxml_inline import Inline
from tutor_app.courses.importers.report import ImportReport, OnProgress, PartRow
from tutor_app.courses.importers.source import SourceFiles, open_source
from tutor_app.courses.new_course import slug, unused
from tutor_app.courses.sections import headings
from tutor_app.courses.yaml_text import yaml_text
from tutor_app.documents.mathml import name_of
from tutor_app.errors import ContentError, DocumentError

LICENCE = "LICENSE"
_Module = tuple[PlannedModule, Element]


def is_cnxml(names: Sequence[str]) -> bool:
    """Tell from the names of its files whether a source is a CNXML book."""
    return any(name.rsplit("/", 1)[-1] == MODULE for name in names)


def import_cnxml(source: Path, folder: Path, on_progress: OnProgress) -> ImportReport:
    """Write a CNXML book as a course.

    Args:
        source: an archive or a folder with modules/*/index.cnxml, and one *.collection.xml.
        folder: the empty folder of the course; its name is the course's id.
        on_progress: called with (modules done, modules to do).

    Raises:
        ContentError: there is no module, or several books.
        DocumentError: the archive or the collection is broken; a broken module is only reported.
    """
    parts: list[PartRow] = []
    with open_source(source) as files:
        book = read_book(str(source), files)
        modules = list(_read_modules(files, book, parts))
        licence = [files.read(name) for name in files.names if name.endswith(LICENCE)]
    if not modules:
        raise ContentError(f"{source}: holds no module that can be read. Check the archive.")
    book.title = book.title or _title(modules[0][1])
    converter = _Converter(book, modules, folder)
    for done, (planned, root) in enumerate(modules):
        on_progress(done, len(modules))
        parts.append(converter.write(planned, root))
    on_progress(len(modules), len(modules))
    _write_course(book, modules, folder)
    if len(licence) == 1:
        (folder / LICENCE).write_bytes(licence[0])
    return converter.report(parts)


def _read_modules(files: SourceFiles, book: Book, parts: list[PartRow]) -> list[_Module]:
    known = module_files(files.names)
    modules: list[_Module] = []
    for planned in book.modules:
        if planned.id not in known:
            parts.append(
                PartRow(planned.id, "refused", "the collection names it, the source lacks it")
            )
            continue
        try:
            root = parse_xml(known[planned.id], files.read(known[planned.id]))
        except DocumentError as error:
            parts.append(PartRow(planned.id, "refused", str(error)))
            continue
        mark_worked(root)
        modules.append((planned, root))
    used = {planned.id for planned in book.modules}
    parts += [
        PartRow(name, "skipped", "the collection does not name it")
        for name in known
        if name not in used
    ]
    return modules


class _Converter:
    """Writes modules as notes and counts what it wrote."""

    def __init__(self, book: Book, modules: Sequence[_Module], folder: Path):
        self._book, self._folder = book, folder
        self._labels = label_elements(modules)
        names = {planned.id: _title(root) for planned, root in modules}
        self._inline = Inline(self._labels, names)
        titles = [_title(root).casefold() for _, root in modules]
        self._ambiguous = {title for title in titles if titles.count(title) > 1}
        self._stems: set[str] = set()
        self._written: list[str] = []
        self._counts = dict.fromkeys(
            (
                "modules_planned",
                "modules",
                "section_titles",
                "section_titles_kept",
                "exercises",
                "exercises_with_solution",
                "exercises_without_text",
                "teacher_notes",
            ),
            0,
        )
        self._counts["modules_planned"] = len(book.modules)

    def write(self, planned: PlannedModule, root: Element) -> PartRow:
        """Write one module: its note, its exercises, its notes for teachers."""
        title = _heading_of(self._book, planned, root, self._ambiguous)
        number = len(self._stems) + 1
        stem = unused(f"{number:03d}-{slug(title) or slug(planned.id) or 'module'}", self._stems)
        self._stems.add(stem)
        writer = BlockWriter(self._inline, self._labels)
        blocks = [f"# {title}"]
        for part in root:
            if name_of(part) in ("content", "glossary"):
                blocks += writer.block(part, 2)
        note = self._save(f"notes/{stem}.md", "\n\n".join(blocks) + "\n")
        apart = writer.apart
        if apart.exercises:
            self._save_exercises(planned, stem, title, writer)
        if apart.for_teachers:
            text = "\n\n".join([f"# {title}: notes for teachers", *apart.for_teachers])
            self._save(f"teacher/{stem}.md", text + "\n")
        lost = self._count(root, note, writer)
        reason = f"titles that were lost: {', '.join(lost)}" if lost else ""
        if len(blocks) == 1:
            reason = "the module holds nothing for learners"
        return PartRow(planned.id, "marked" if reason else "imported", reason)

    def report(self, parts: Sequence[PartRow]) -> ImportReport:
        """Return what was done, and which promises were not kept."""
        c, missed = self._counts, []
        if c["modules"] < c["modules_planned"]:
            missed.append(f"{c['modules']} of {c['modules_planned']} modules were imported")
        if c["section_titles_kept"] < c["section_titles"]:
            missed.append(f"{c['section_titles_kept']} of {c['section_titles']} titles were kept")
        return ImportReport(
            format="cnxml",
            course_id=self._folder.name,
            title=self._book.title,
            counts=self._counts,
            parts=tuple(parts),
            written=("course.yaml", *self._written),
            missed=tuple(missed),
        )

    def _save_exercises(
        self, planned: PlannedModule, stem: str, title: str, writer: BlockWriter
    ) -> None:
        exercises = [
            BookExercise(id=name, section=list(path), question=question, solution=solution)
            for path, name, question, solution in writer.apart.exercises
        ]
        path = f"{FOLDER}/{stem}.yaml"
        found = ModuleExercises(module=planned.id, document=stem, title=title, exercises=exercises)
        self._save(path, yaml_text(found.model_dump(mode="json", exclude_defaults=True)))

    def _save(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._written.append(name)
        return path

    def _count(self, root: Element, note: Path, writer: BlockWriter) -> list[str]:
        """Add to the counts; returns the source's section titles that the note lacks."""
        wanted = [_folded("".join(title.itertext())) for title in _section_titles(root)]
        kept = iter([_folded(heading) for heading in headings(note)])
        lost = [title for title in wanted if not any(title in heading for heading in kept)]
        apart = writer.apart
        for name, more in (
            ("modules", 1),
            ("section_titles", len(wanted)),
            ("section_titles_kept", len(wanted) - len(lost)),
            ("exercises", len(apart.exercises)),
            ("exercises_with_solution", sum(bool(entry[3]) for entry in apart.exercises)),
            ("exercises_without_text", apart.without_text),
            ("teacher_notes", len(apart.for_teachers)),
        ):
            self._counts[name] += more
        return lost


def _write_course(book: Book, modules: Sequence[_Module], folder: Path) -> None:
    """Write course.yaml: a skill per chapter, or per module where there are no chapters."""
    titles = book.chapters or [_title(root) for _, root in modules]
    ids: list[str] = []
    skills = []
    for title in titles:
        ids.append(unused(slug(title) or "skill", ids))
        skills.append({"id": ids[-1], "title": title})
    by = f" by {book.authors}" if book.authors else ""
    licence = book.licence or "not stated in the source"
    course = {
        "id": folder.name,
        "title": book.title,
        "language": book.language,
        "licence": licence,
        "description": (
            f'"{book.title}"{by}, licence: {licence}. Converted from CNXML: exercises and notes '
            "for teachers are set apart, pictures are told by their captions and descriptions."
        ),
        "skills": skills,
    }
    (folder / "course.yaml").write_text(yaml_text(course), encoding="utf-8")
    (folder / "items").mkdir(exist_ok=True)


def _heading_of(book: Book, planned: PlannedModule, root: Element, ambiguous: set[str]) -> str:
    """Return the module's title, with the chapter's where several modules share it."""
    title = _title(root)
    if title.casefold() in ambiguous and planned.chapter:
        return f"{book.chapters[planned.chapter - 1]}: {title}"
    return title


def _title(root: Element) -> str:
    """Return the title of a module, from the document or its metadata."""
    found = (node for node in root.iter() if name_of(node) == "title")
    return next(
        (text for node in found if (text := " ".join("".join(node.itertext()).split()))), "Untitled"
    )


def _section_titles(root: Element) -> list[Element]:
    """Return the title elements of the module and of its sections, in order."""
    first = next((node for node in root.iter() if name_of(node) == "title"), None)
    found = [] if first is None else [first]
    for section in (node for node in root.iter() if name_of(node) == "section"):
        found += [child for child in section if name_of(child) == "title" and _words(child)]
    return found


def _words(node: Element) -> str:
    return "".join(node.itertext()).strip()


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
