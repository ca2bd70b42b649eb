"""Advice on a rubric: what would make two graders disagree, told at its place with what to do.

Advice is no mistake: a rubric with advice can be saved and used. Everything is told from words and
numbers alone, without a model, so that it is there while somebody types.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from tutor_app.courses.drafts import Place
from tutor_app.courses.vague_words import vague_words
from tutor_app.documents.wording import marked_words

Data = Mapping[str, Any]
MANY_CRITERIA = 12
SAME_LEVEL = 0.75
SAME_CRITERION = 0.85
GIVEN_AWAY = 0.8
_FEW_WORDS = 3
# words that set two levels apart though all others are the same
_SETS_APART = frozenset(
    "no not never without only but both neither nor none nothing all every each most half part "
    "partly one two three four five six seven eight nine ten first second third more less fewer "
    "least either or instead wrong wrongly right missing incomplete opposite few many some".split()
)
_SAID = re.compile(r"[a-z]+(?:n't)?|\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Advice:
    """One thing that could be better.

    Attributes:
        rule: its short name, the same for every finding of this kind.
        place: of the field in the draft.
        where: the same in words; "" for the rubric as a whole.
        what: what is the matter, one sentence.
        do: what to do about it, one sentence.
    """

    rule: str
    place: Place
    where: str
    what: str
    do: str


def lint_data(data: Data) -> list[Advice]:
    """Return advice on a rubric, given as the data of its file, right or wrong.

    What all criteria lack is said once.
    """
    found = list(_of_the_whole(data))
    for n, criterion in enumerate(data["criteria"]):
        found += _of_points(n, criterion)
        found += _of_words(n, criterion)
        found += _of_material(n, criterion)
        found += _given_away(n, criterion, set(marked_words(data["question"])))
    return _gathered(found, data)


def _of_the_whole(data: Data) -> Iterator[Advice]:
    criteria: Sequence[Data] = data["criteria"]
    if len(criteria) > MANY_CRITERIA:
        yield Advice(
            "many-criteria", ("criteria",), "",
            f"There are {len(criteria)} criteria; few people keep over {MANY_CRITERIA} apart.",
            "Join those that are given together, or make checklists of small facts.",
        )  # fmt: skip
    worth = [c["points"] for c in criteria if c["points"] is not None]
    if worth and all(points <= 0 for points in worth):
        yield Advice(
            "only-negative", ("criteria",), "",
            "No criterion gives points, so every answer ends with the fewest points in all.",
            "Say first what earns points; take points off only for a definite mistake.",
        )  # fmt: skip
    if len(data["reference_answers"]) == 1:
        yield Advice(
            "one-reference", ("reference_answers",), "Reference answers",
            "There is one reference answer, so answers in other words look less right.",
            "Add one or two that say the same in another way.",
        )  # fmt: skip
    for (a, first), (b, second) in combinations(enumerate(criteria), 2):
        if first["title"].strip().lower() == second["title"].strip().lower() != "":
            yield Advice(
                "same-title", ("criteria", b, "title"), _name(second, b),
                f"Criteria {a + 1} and {b + 1} have the same title.",
                "Name them by what tells them apart.",
            )  # fmt: skip
        elif (
            "penalty" not in (first["type"], second["type"])
            and _alike(_idea_words(first), _idea_words(second)) >= SAME_CRITERION
        ):
            yield Advice(
                "same-criterion", ("criteria", b, "title"), _name(second, b),
                f"It seems to judge the same as {_name(first, a)}.",
                "Join the two, or say in their levels what only one of them looks at.",
            )  # fmt: skip


def _of_points(n: int, criterion: Data) -> Iterator[Advice]:
    levels: Sequence[Data] = criterion["levels"]
    points = [level["points"] for level in levels]
    if criterion["type"] not in ("levels", "holistic") or len(levels) < 2 or None in points:
        return
    place: Place = ("criteria", n, "levels")
    where = _name(criterion, n)
    order = sorted(points, reverse=True)
    worth = criterion["points"]
    if worth is not None and abs(order[0] - worth) > 1e-9:
        yield Advice(
            "points-differ", ("criteria", n, "points"), where,
            f"It is worth {worth:g}, but its best level gives {order[0]:g}.",
            "Make the two the same.",
        )  # fmt: skip
    if order[-1] > 0:
        yield Advice(
            "no-zero", place, where,
            f"Its lowest level still gives {order[-1]:g}, also to an answer that shows nothing.",
            "Add a level with 0 points, or give the lowest one 0.",
        )  # fmt: skip
    if len(set(points)) < len(points):
        yield Advice(
            "same-points", place, where, "Two of its levels give the same points.",
            "Give them different points, or make one level of them.",
        )  # fmt: skip
        return
    if points != order:
        yield Advice(
            "order", place, where, "Its levels are not in order.", "Put the best one first."
        )
    yield from _gaps(place, where, order)


def _gaps(place: Place, where: str, order: Sequence[float]) -> Iterator[Advice]:
    steps = [a - b for a, b in pairwise(order)]
    widest = max(steps)
    at = steps.index(widest)
    if len(order) == 2 and widest >= 2:
        yield Advice(
            "all-or-nothing", place, where,
            f"An answer gets {order[0]:g} or {order[1]:g}; nothing is between.",
            "Add a level for an answer that is half right.",
        )  # fmt: skip
    elif len(order) > 2 and widest >= 2 * min(steps) and widest > (order[0] - order[-1]) / 2:
        yield Advice(
            "gap", place, where,
            f"There is no level between {order[at]:g} and {order[at + 1]:g}, "
            "but closer ones elsewhere.",
            "Add a level there, or space the points evenly.",
        )  # fmt: skip


def _of_words(n: int, criterion: Data) -> Iterator[Advice]:
    levels: Sequence[Data] = criterion["levels"]
    titles = [level["title"].strip().lower() for level in levels]
    for m, level in enumerate(levels):
        place: Place = ("criteria", n, "levels", m, "description")
        where = f"{_name(criterion, n)}, level {_quoted(level['title'], str(m + 1))}"
        text = level["description"]
        if words := vague_words(text):
            listed = ", ".join(f"“{word}”" for word in words)
            yield Advice(
                "vague", place, where, f"Graders will read {listed} in different ways.",
                "Say what an answer at this level says or leaves out.",
            )  # fmt: skip
        if text.strip() and text.strip(" .").lower() == titles[m]:
            yield Advice(
                "says-nothing", place, where, "Its description only repeats its title.",
                "Say what an answer at this level says or leaves out.",
            )  # fmt: skip
        if titles[m] and titles[m] in titles[:m]:
            yield Advice(
                "same-level-title", ("criteria", n, "levels", m, "title"), where,
                "Another level of the criterion has this title.", "Give it a name of its own.",
            )  # fmt: skip
    for (a, first), (b, second) in combinations(enumerate(levels), 2):
        if _overlap(first["description"], second["description"]):
            yield Advice(
                "overlap", ("criteria", n, "levels", b, "description"),
                f"{_name(criterion, n)}, level {_quoted(second['title'], str(b + 1))}",
                f"It says nearly the same as level {_quoted(first['title'], str(a + 1))}.",
                "Say what is there in the better one and missing in this one.",
            )  # fmt: skip


def _of_material(n: int, criterion: Data) -> Iterator[Advice]:
    levels: Sequence[Data] = criterion["levels"]
    ideas: Sequence[Data] = criterion["key_elements"]
    where = _name(criterion, n)
    if criterion["type"] == "penalty":
        if not criterion["grader_note"].strip():
            yield Advice(
                "penalty-note", ("criteria", n, "grader_note"), where,
                "Nothing says when exactly the points are taken off.",
                "Write for graders what counts as this mistake and what does not yet.",
            )  # fmt: skip
        return
    if criterion["type"] in ("levels", "holistic") and levels:
        if not any(level["example"].strip() for level in levels):
            yield Advice(
                "no-example", ("criteria", n, "levels"), where,
                "No level has an example.",
                "Add a sentence from a real answer, best of all to the level in the middle.",
            )  # fmt: skip
        if not ideas:
            yield Advice(
                "no-ideas", ("criteria", n, "key_elements"), where,
                "It has no key elements, by which the program recognizes what an answer says.",
                "Write each idea that an answer must show as a full sentence.",
            )  # fmt: skip
    for m, idea in enumerate(ideas):
        if idea["text"].strip() and not idea["variants"]:
            yield Advice(
                "one-wording", ("criteria", n, "key_elements", m, "variants"), where,
                f"The idea {_quoted(idea['text'], str(m + 1))} is there in one wording only.",
                "Add how students would say it: short, clumsy, in symbols.",
            )  # fmt: skip


def _given_away(n: int, criterion: Data, asked: set[str]) -> Iterator[Advice]:
    """Find feedback of a lower level that says what is missing; the question's words do not."""
    levels: Sequence[Data] = criterion["levels"]
    best = max((level["points"] or 0.0 for level in levels), default=0.0)
    for m, level in enumerate(levels):
        said = set(marked_words(level["feedback"]))
        if (level["points"] or 0.0) >= best or not said:
            continue
        for idea in criterion["key_elements"]:
            words = set(marked_words(idea["text"])) - asked
            if len(words) >= _FEW_WORDS and len(words & said) >= GIVEN_AWAY * len(words):
                yield Advice(
                    "given-away", ("criteria", n, "levels", m, "feedback"),
                    f"{_name(criterion, n)}, level {_quoted(level['title'], str(m + 1))}",
                    f"The feedback says what is missing: {_quoted(idea['text'], '')}.",
                    "Point at the gap, and let the student fill it.",
                )  # fmt: skip
                break


_LACKED = {
    "no-example": "No criterion has an example at any of its levels.",
    "no-ideas": "No criterion has key elements, by which the program recognizes what answers say.",
    "one-wording": "All key elements are there in one wording only.",
}


def _gathered(found: list[Advice], data: Data) -> list[Advice]:
    """Say once what all criteria lack."""
    judged = [c for c in data["criteria"] if c["type"] != "penalty"]
    ideas = sum(len(c["key_elements"]) for c in judged)
    for rule, what in _LACKED.items():
        of_rule = [one for one in found if one.rule == rule]
        if len(of_rule) > 1 and len(of_rule) == (ideas if rule == "one-wording" else len(judged)):
            first = found.index(of_rule[0])
            found = [one for one in found if one.rule != rule]
            found.insert(first, Advice(rule, ("criteria",), "", what, of_rule[0].do))
    return found


def _overlap(first: str, second: str) -> bool:
    """Say whether two descriptions say nearly the same, with no word that sets them apart."""
    one, other = set(marked_words(first)), set(marked_words(second))
    if min(len(one), len(other)) < _FEW_WORDS:
        return first.strip(" .").lower() == second.strip(" .").lower() != ""
    apart = set(_SAID.findall(first.lower())) ^ set(_SAID.findall(second.lower()))
    if apart & _SETS_APART or any(word[0].isdigit() or word.endswith("n't") for word in apart):
        return False
    return len(one & other) >= SAME_LEVEL * len(one | other)


def _idea_words(criterion: Data) -> set[str]:
    """Return the words that say what a criterion looks for."""
    levels: Sequence[Data] = criterion["levels"]
    best = max(levels, key=lambda level: level["points"] or 0.0)["description"] if levels else ""
    ideas = [idea["text"] for idea in criterion["key_elements"]]
    return set(marked_words(" . ".join([criterion["title"], best, *ideas])))


def _alike(one: set[str], other: set[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller > _FEW_WORDS else 0.0


def _name(criterion: Data, n: int) -> str:
    return _quoted(criterion["title"], f"criterion {n + 1}")


def _quoted(text: str, otherwise: str) -> str:
    text = " ".join(text.split())
    if not text:
        return otherwise
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"
