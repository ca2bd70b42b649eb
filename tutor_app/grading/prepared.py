"""A rubric made ready: everything that answers are compared with, worked out once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Embed, Idea, Vectors
from tutor_app.documents.rubric_ideas import rubric_ideas
from tutor_app.documents.wording import clauses, marked_words
from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.grading.respelling import Respelling

Columns = NDArray[np.intp]
MOST_PASSAGES = 2
WrongIdeas = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Wording:
    """One right wording: its text, its stems with their weights, those that were not asked."""

    text: str
    stems: frozenset[str]
    weights: dict[str, float]
    new: dict[str, float]

    @classmethod
    def of(cls, text: str, weigh: Callable[[str], float], asked: frozenset[str]) -> "Wording":
        """Take a wording apart; `new` are the stems that the question does not hold."""
        weights = {stem: weigh(stem) for stem in marked_words(text)}
        new = {stem: w for stem, w in weights.items() if stem.lstrip("¬") not in asked}
        return cls(text, frozenset(weights), weights, new)


@dataclass(frozen=True)
class Target:
    """What one criterion, or one key element of a checklist, asks for.

    Attributes:
        criterion: its id.
        ideas: the key elements as ideas; none for a penalty.
        wordings: the right wordings of each key element.
        columns: where each key element's wordings stand among the rubric's vectors.
        examples: columns of level examples by place (best, between, lowest).
        descriptions: the same for level descriptions.
        penalty: it takes points away.
        between: there are levels between best and lowest.
    """

    criterion: str
    ideas: tuple[Idea, ...]
    wordings: tuple[tuple[Wording, ...], ...]
    columns: tuple[Columns, ...]
    examples: tuple[Columns, Columns, Columns]
    descriptions: tuple[Columns, Columns, Columns]
    penalty: bool
    between: bool


@dataclass(frozen=True)
class PreparedRubric:
    """A rubric with what follows from it alone.

    Attributes:
        targets: for each criterion one target, for a checklist one per key element.
        centre: what all texts about this question have in common, (dimensions,).
        plain: unit vectors of all its texts, (texts, dimensions).
        centred: the same without the centre, unit length again.
        question, references, wrong: columns of these.
        passages: for each criterion the course sections that it rests on, nearest first.
        respelt: puts misspelt words of an answer right.
    """

    rubric: Rubric
    targets: dict[str, tuple[Target, ...]]
    centre: Vectors
    plain: Vectors
    centred: Vectors
    question: Columns
    references: Columns
    wrong: Columns
    passages: dict[str, tuple[str, ...]]
    respelt: Callable[[str], str]


def prepare(
    rubric: Rubric, embed: Embed, wrong_ideas: Sequence[str] = (), *, respell: bool = True
) -> PreparedRubric:
    """Make once what every answer to this rubric's question is compared with.

    Args:
        rubric: the rubric.
        embed: texts to unit vectors, shape (texts, dimensions).
        wrong_ideas: sentences that voice known misconceptions.
        respell: answers are in English, so that misspelt words can be told.
    """
    asked = clauses(rubric.question) or [rubric.question]
    book = _Book()
    question = book.add(asked)
    references = book.add(rubric.reference_answers)
    wrong = book.add(wrong_ideas)
    headings = [_heading(section) for section in rubric.course_sections]
    book.add(headings)
    parts = [(criterion, right_wordings(criterion)) for criterion in rubric.criteria]
    examples = [level.example for c in rubric.criteria for level in c.levels]
    told = [text for criterion, groups in parts if criterion.type != "penalty"
            for group in groups for text in group]  # fmt: skip
    common = [*told, *asked, *(text for text in examples if text)]
    weigh = _weights([frozenset(marked_words(text)) for text in common])
    stems = frozenset(marked_words(rubric.question))
    ideas = rubric_ideas(rubric, embed, wrong_ideas)
    targets: dict[str, tuple[Target, ...]] = {}
    for criterion, groups in parts:
        wordings = tuple(tuple(Wording.of(t, weigh, stems) for t in group) for group in groups)
        columns = tuple(book.add(group) for group in groups)
        whole = Target(
            criterion=criterion.id,
            ideas=() if criterion.type == "penalty" else tuple(ideas[criterion.id]),
            wordings=wordings,
            columns=columns,
            examples=_by_place(book, criterion, lambda level: level.example),
            descriptions=_by_place(book, criterion, lambda level: level.description),
            penalty=criterion.type == "penalty",
            between=criterion.type != "checklist" and len(criterion.possible_points) > 2,
        )
        targets[criterion.id] = (
            tuple(_element(whole, place) for place in range(len(groups)))
            if criterion.type == "checklist"
            else (whole,)
        )
    plain = embed(book.texts)
    centre = plain[[book.place[text] for text in common]].mean(axis=0)
    centred = unit(plain - centre)
    sections = plain[[book.place[heading] for heading in headings]]
    passages = {
        name: _nearest_sections(rubric.course_sections, sections, plain, some)
        for name, some in targets.items()
    }
    return PreparedRubric(
        rubric, targets, centre, plain, centred, question, references, wrong, passages,
        Respelling(rubric) if respell else str,
    )  # fmt: skip


def unit(vectors: Vectors) -> Vectors:
    """Return vectors of length one."""
    made: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return made


class _Book:
    """All texts of a rubric, each once."""

    def __init__(self) -> None:
        self.place: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        return list(self.place)

    def add(self, texts: Sequence[str]) -> Columns:
        kept = [text for text in texts if text.strip()]
        return np.array(
            [self.place.setdefault(text, len(self.place)) for text in kept], dtype=np.intp
        )


def right_wordings(criterion: Criterion) -> list[list[str]]:
    """Return the right wordings of each thing that a criterion asks for; never none."""
    if criterion.type == "penalty":
        return [[text for text in (criterion.title, criterion.grader_note) if text]]
    if criterion.key_elements:
        return [[element.text, *element.variants] for element in criterion.key_elements]
    best = max(criterion.levels, key=lambda level: level.points)
    return [[text for text in (best.example, best.description) if text]]


def _by_place(
    book: _Book, criterion: Criterion, text_of: Callable[[Level], str]
) -> tuple[Columns, Columns, Columns]:
    points = criterion.possible_points
    best, lowest = points[0], points[-1]
    places: tuple[list[str], list[str], list[str]] = ([], [], [])
    for level in criterion.levels:
        place = 0 if level.points == best else 2 if level.points == lowest else 1
        places[place].append(text_of(level))
    return book.add(places[0]), book.add(places[1]), book.add(places[2])


def _element(whole: Target, place: int) -> Target:
    return replace(
        whole,
        ideas=whole.ideas[place : place + 1],
        wordings=whole.wordings[place : place + 1],
        columns=whole.columns[place : place + 1],
        between=False,
    )


def _heading(section: str) -> str:
    """Return the words of "03-forces#Two hands" that say what it is about."""
    document, _, heading = section.partition("#")
    return heading or document.replace("-", " ")


def _nearest_sections(
    names: Sequence[str], sections: Vectors, plain: Vectors, targets: Sequence[Target]
) -> tuple[str, ...]:
    """Return the sections whose headings lie nearest to what a criterion asks for."""
    columns = np.concatenate([c for target in targets for c in target.columns])
    if not len(names) or not len(columns):
        return ()
    near = (sections @ plain[columns].T).mean(axis=1)
    order = np.argsort(-near, kind="stable")[:MOST_PASSAGES]
    return tuple(names[place] for place in order)


def _weights(documents: Sequence[frozenset[str]]) -> Callable[[str], float]:
    """Return how telling a stem is: the rarer among a rubric's texts, the more."""
    seen: dict[str, int] = {}
    for stems in documents:
        for stem in stems:
            bare = stem.lstrip("¬")
            seen[bare] = seen.get(bare, 0) + 1
    return lambda stem: log(1 + len(documents) / (1 + seen.get(stem.lstrip("¬"), 0)))
