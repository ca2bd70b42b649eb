"""The body of a CNXML module to Markdown blocks; exercises and notes for teachers are set apart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from xml.etree.ElementTree import Element

from tutor_app.courses.importers.cnxml_inline import Inline, code_text, pieces
from tutor_app.courses.importers.cnxml_tables import table_blocks
from tutor_app.documents.mathml import latex_from_mathml, name_of

_BLOCKS = frozenset(
    "para list note section equation figure subfigure table example exercise problem solution "
    "commentary proof rule statement quote media definition glossary meaning item content".split()
)
_SILENT = frozenset(("title", "label", "caption", "metadata", "abstract", ""))
_RUN_IN = {"problem": "", "solution": "Solution", "commentary": "Discussion", "proof": "Proof"}
_TOLD_LISTS = frozenset(("materials", "warnings"))
_MAX_DEPTH = 60


@dataclass
class SetApart:
    """What a learner must not come across in the notes.

    Attributes:
        exercises: (section titles, id, question, solution) in Markdown.
        without_text: exercises of which the book has only a link to somewhere else.
        for_teachers: notes for teachers, in Markdown.
    """

    exercises: list[tuple[tuple[str, ...], str, str, str]] = field(default_factory=list)
    without_text: int = 0
    for_teachers: list[str] = field(default_factory=list)


class BlockWriter:
    """Converts one module."""

    def __init__(self, inline: Inline, labels: Mapping[str, str], *, is_for_teachers: bool = False):
        """Begin a module.

        Args:
            inline: converts running text.
            labels: what a figure, table, ... is called, by its id: "Figure 2.3".
            is_for_teachers: notes for teachers are kept where they stand.
        """
        self.inline = inline
        self.apart = SetApart()
        self._is_for_teachers = is_for_teachers
        self._labels = labels
        self._path: list[str] = []
        self._depth = 0

    def blocks(self, node: Element, level: int) -> list[str]:
        """Return the Markdown blocks of what is in an element.

        Args:
            node: a container; its title and label are not looked at.
            level: the heading level of a section in it.
        """
        found: list[str] = []
        run: list[Element | str] = []
        for piece in pieces(node):
            if isinstance(piece, str) or not _is_block(piece):
                run.append(piece)
                continue
            self._flush(run, found)
            found.extend(self.block(piece, level))
        self._flush(run, found)
        return found

    def block(self, node: Element, level: int) -> list[str]:
        """Return the Markdown blocks of one element; elements nested beyond reason give text."""
        if self._depth > _MAX_DEPTH:
            return [self.inline.content(node)]
        self._depth += 1
        try:
            return [text for text in self._block(node, level) if text.strip()]
        finally:
            self._depth -= 1

    def _block(self, node: Element, level: int) -> list[str]:
        match name_of(node):
            case "section":
                return self._section(node, level)
            case "para":
                return _run_in(self._title(node), self.blocks(node, level))
            case "note":
                return self._note(node, level)
            case "example":
                return self._example(node, level)
            case "exercise":
                return self._exercise(node, level)
            case "problem" | "solution" | "commentary" | "proof" | "rule" | "statement":
                title = self._title(node) or _RUN_IN.get(name_of(node), "")
                return _run_in(title, self.blocks(node, level))
            case "list":
                return self._list(node, level)
            case "equation":
                return self._equation(node)
            case "figure" | "subfigure":
                return self._figure(node)
            case "media":
                return [said] if (said := _media(node)) else []
            case "table":
                return table_blocks(node, self._cell, self._caption(node))
            case "code":
                return [fenced(node)]
            case "quote":
                return [_quoted(block) for block in self.blocks(node, level)]
            case "glossary":
                return [_heading(level, "Glossary"), *self.blocks(node, level + 1)]
            case "definition":
                return [self._definition(node)]
            case name if name in _SILENT:
                return []
        return self.blocks(node, level)

    def _section(self, node: Element, level: int) -> list[str]:
        title = self._title(node) or self._label(node)
        if not title:
            return self.blocks(node, level)
        self._path.append(title)
        found = [_heading(level, title), *self.blocks(node, level + 1)]
        self._path.pop()
        return found

    def _note(self, node: Element, level: int) -> list[str]:
        kind = (node.get("class") or "").replace("‐", "-")
        if "teacher" in kind and not self._is_for_teachers:
            self._for_teachers(node)
            return []
        label = kind.split(" ")[0].replace("-", " ").capitalize() if kind else ""
        title = self._title(node)
        if label and label.casefold() not in title.casefold():
            title = f"{label}: {title}" if title else label
        return _run_in(title, self.blocks(node, level))

    def _for_teachers(self, node: Element) -> None:
        """Convert what teachers should read, with all that stands in it."""
        writer = BlockWriter(self.inline, self._labels, is_for_teachers=True)
        blocks = _run_in(self._title(node), writer.blocks(node, 3))
        where = " › ".join(self._path)
        if blocks:
            self.apart.for_teachers.append("\n\n".join([f"## {where}"] * bool(where) + blocks))

    def _example(self, node: Element, level: int) -> list[str]:
        title = self._title(node)
        named = self._labels.get(node.get("id", ""), "Example")
        return _run_in(f"{named}: {title}" if title else named, self.blocks(node, level))

    def _exercise(self, node: Element, level: int) -> list[str]:
        """Return a worked example's exercise; set any other apart."""
        problem = [part for part in node if name_of(part) == "problem"]
        answers = [part for part in node if name_of(part) in ("solution", "commentary", "proof")]
        if _is_worked(node):
            return [text for part in [*problem, *answers] for text in self.block(part, level)]
        question = [text for part in problem for text in self.block(part, level)]
        solution = [text for part in answers for text in self._answer(part, level)]
        if any(re.search(r"\w", text) for text in question):
            entry = ("\n\n".join(question), "\n\n".join(solution))
            self.apart.exercises.append((tuple(self._path), node.get("id", ""), *entry))
        else:
            self.apart.without_text += 1
        return []

    def _answer(self, node: Element, level: int) -> list[str]:
        is_plain = name_of(node) == "solution" and not self._title(node)
        return self.blocks(node, level) if is_plain else self.block(node, level)

    def _list(self, node: Element, level: int) -> list[str]:
        kind = node.get("class", "")
        title = self._title(node) or (kind.capitalize() if kind in _TOLD_LISTS else "")
        marks = _marks(node)
        items = []
        for item in node:
            if name_of(item) == "item":
                mark = next(marks)
                indent = "\n" + " " * (2 if mark.startswith("-") else len(mark) + 1)
                body = "\n\n".join(self.blocks(item, level)).replace("\n", indent)
                items.append(f"{mark} {body}")
        gap = "\n\n" if any("\n" in item for item in items) else "\n"
        text = re.sub(r"\n +(?=\n)", "\n", gap.join(items))
        return [f"**{title}**:", text] if title and text else [text]

    def _equation(self, node: Element) -> list[str]:
        maths = [latex_from_mathml(part) for part in node.iter() if name_of(part) == "math"]
        latex = r" \quad ".join(text for text in maths if text)
        if not latex:
            return [self.inline.content(node)]
        return [f"$$\n{latex}\n$$"]

    def _figure(self, node: Element) -> list[str]:
        caption = self._caption(node)
        seen = " ".join(filter(None, (_media(part) for part in _medias(node))))
        text = " ".join(filter(None, (caption, seen)))
        tables = [part for part in node.iter() if name_of(part) in ("table", "code")]
        inside = [text for part in tables if _is_block(part) for text in self.block(part, 6)]
        return [*inside, text]

    def _caption(self, node: Element) -> str:
        """Return "**Figure 2.3: Title.** Caption", as far as there is one."""
        name = self._labels.get(node.get("id", ""), "")
        title = ": ".join(filter(None, (name, self._title(node))))
        said = [
            self.inline.content(part)
            for part in node
            if name_of(part) == "caption" or (name_of(part) == "subfigure" and self._title(part))
        ]
        return " ".join(filter(None, [f"**{title}.**" if title else "", *said]))

    def _definition(self, node: Element) -> str:
        term = " ".join(self.inline.plain(part) for part in node if name_of(part) == "term")
        meaning = "\n\n".join(
            text for part in node if name_of(part) == "meaning" for text in self.blocks(part, 6)
        )
        return f"**{term}**: {meaning}"

    def _cell(self, node: Element) -> list[str]:
        return self.blocks(node, 6)

    def _title(self, node: Element) -> str:
        return next((self.inline.plain(part) for part in node if name_of(part) == "title"), "")

    def _label(self, node: Element) -> str:
        return next((self.inline.plain(part) for part in node if name_of(part) == "label"), "")

    def _flush(self, run: list[Element | str], found: list[str]) -> None:
        if text := self.inline.text(run):
            found.append(text)
        run.clear()


def fenced(node: Element) -> str:
    """Return a code block; its language is the one the book names."""
    code = dedent(code_text(node)).strip("\n").rstrip()
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{node.get('lang', '')}\n{code}\n{fence}" if code.strip() else ""


def _is_block(node: Element) -> bool:
    name = name_of(node)
    if name == "code":
        kind = node.get("display") or ("inline" if "inline" in node.get("class", "") else "")
        return kind == "block" or (kind != "inline" and "\n" in code_text(node).strip())
    return name in _BLOCKS and node.get("display") != "inline"


def _is_worked(exercise: Element) -> bool:
    """Tell whether the exercise is the body of an example; `mark_worked` has said so."""
    return exercise.get("type") == "worked"


def mark_worked(root: Element) -> None:
    """Mark the exercises that are worked in the text: those in examples."""
    for node in root.iter():
        is_example = name_of(node) == "example" or "worked-example" in node.get("class", "")
        for part in node.iter() if is_example else ():
            if name_of(part) == "exercise":
                part.set("type", "worked")


def _heading(level: int, title: str) -> str:
    return f"{'#' * min(level, 6)} {title}"


def _run_in(title: str, blocks: list[str]) -> list[str]:
    """Put a title before the first words, so that it stays in their passage."""
    if blocks and blocks[0].strip("*.: ").casefold() == title.casefold():
        blocks = blocks[1:]  # said twice in the book
    if not title or not blocks:
        return blocks
    stop = "" if title[-1] in ".?!:" else "."
    lead = f"**{title}{stop}**"
    first = blocks[0]
    if re.match(r"[$#|>`-]|\d+[.)] ", first):
        return [f"{lead.removesuffix('.**')}**:" if stop else lead, *blocks]
    return [f"{lead} {first}", *blocks[1:]]


def _marks(node: Element) -> Iterator[str]:
    """Yield what stands before each item: "-", "1.", or "- (a)" (Markdown has no such list)."""
    if node.get("list-type") != "enumerated":
        while True:
            yield "-"
    style = node.get("number-style", "arabic")
    start = node.get("start-value", "1")
    number = int(start) if start.isdecimal() else 1
    while True:
        yield f"{number}." if style == "arabic" else f"- ({_numeral(number, style)})"
        number += 1


def _numeral(number: int, style: str) -> str:
    if style.endswith("roman"):
        roman = ""
        for value, letters in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
            roman += letters * (number // value)
            number %= value
        text = roman
    else:
        text = chr(ord("a") + (number - 1) % 26)
    return text.upper() if style.startswith("upper") else text


def _medias(node: Element) -> Iterator[Element]:
    return (part for part in node.iter() if name_of(part) == "media")


def _media(node: Element) -> str:
    """Return what a picture shows, or where a film or simulation is."""
    kinds = {name_of(part): part for part in node}
    if "image" in kinds:
        alt = " ".join((node.get("alt") or "").split())
        return f"(Picture: {alt})" if len(alt) > 1 else ""
    source = kinds["iframe"].get("src", "") if "iframe" in kinds else ""
    return f"(Online: {source})" if source.startswith(("http://", "https://")) else ""


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in block.split("\n"))
