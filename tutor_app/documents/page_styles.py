"""The styles of a web page's elements: what the sheets inside the page say, then their own.

Enough of the cascade to tell what is hidden: selectors of names, classes and ids, below one another
or children; the more special rule wins, then the later one. Rules with anything else (states,
attributes, the width of a screen) are passed over, and so are sheets outside of the page. Selectors
are matched here and not by a library, so that a hostile page has a bounded price.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import tinycss2
from lxml import etree
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from tutor_app.documents.mathml import name_of

_LONGEST, _LONGEST_OWN = 1_000_000, 2_000
_MOST_RULES = 20_000
_MOST_PARTS = 6
# What a page may cost; after that its elements' own styles alone count.
_EFFORT, _CHAIN = 1_000_000, 50
_EVERYWHERE = re.compile(r"(?:only\s+)?(?:all|screen)", re.IGNORECASE)
_PART = re.compile(r"(\*|[A-Za-z][\w-]*)?((?:[.#][\w-]+)*)")
_TOLD = re.compile(
    r"display|visibility|opacity|color|background(?:-color|-image)?|font-size|left|top|right"
    r"|text-indent|clip|clip-path"
)
_Weight = tuple[bool, bool, tuple[int, int, int], int]


class _Part(NamedTuple):
    """What one element of a selector must be; `child` says that the next one is its child."""

    name: str
    ids: frozenset[str]
    classes: frozenset[str]
    child: bool = False

    def fits(self, element: etree._Element) -> bool:
        return (
            self.name in ("", "*", name_of(element))
            and (not self.ids or element.get("id") in self.ids)
            and self.classes <= set(element.get("class", "").split())
        )


class _Rule(NamedTuple):
    parts: tuple[_Part, ...]
    order: int
    says: tuple[tuple[str, str, bool], ...]

    @property
    def special(self) -> tuple[int, int, int]:
        return (
            sum(len(one.ids) for one in self.parts),
            sum(len(one.classes) for one in self.parts),
            sum(one.name not in ("", "*") for one in self.parts),
        )


class PageStyles:
    """Tells the style of each element of one page."""

    def __init__(self, root: etree._Element) -> None:
        sheets = "\n".join(e.text or "" for e in root.iter("style"))[:_LONGEST]
        # a rule is looked at where its last part can fit
        self._rules: dict[str, list[_Rule]] = {}
        for order, (selector, body) in enumerate(_blocks(sheets)):
            if order >= _MOST_RULES:
                break
            says = _declarations(body)
            for one in selector.split(",") if says else ():
                if parts := _parts(one):
                    self._rules.setdefault(_key(parts[-1]), []).append(_Rule(parts, order, says))
        self._effort = _EFFORT
        self._known: dict[etree._Element, str] = {}

    def of(self, element: etree._Element) -> str:
        """Return "property:value;..." in small letters without spaces, "" for nothing of note."""
        if element not in self._known:
            self._known[element] = self._found(element)
        return self._known[element]

    def _found(self, element: etree._Element) -> str:
        won: dict[str, tuple[_Weight, str]] = {}

        def say(name: str, value: str, weight: _Weight) -> None:
            if name not in won or won[name][0] <= weight:
                won[name] = (weight, value)

        for rule in self._candidates(element):
            if _fits(rule.parts, element):
                for name, value, important in rule.says:
                    say(name, value, (important, False, rule.special, rule.order))
        for name, value, important in _own_declarations(element.get("style", "")):
            say(name, value, (important, True, (0, 0, 0), 0))
        return ";".join(f"{name}:{value}" for name, (_, value) in won.items())

    def _candidates(self, element: etree._Element) -> Iterator[_Rule]:
        if self._rules:
            classes = (f".{one}" for one in set(element.get("class", "").split()))
            for key in (f"#{element.get('id')}", *classes, name_of(element), "*"):
                for rule in self._rules.get(key, ()):
                    self._effort -= 1 if len(rule.parts) == 1 else _CHAIN * len(rule.parts)
                    if self._effort < 0:
                        return
                    yield rule


def _key(part: _Part) -> str:
    if part.ids:
        return f"#{min(part.ids)}"
    return f".{min(part.classes)}" if part.classes else part.name or "*"


def _blocks(sheet: str | list[Any], nested: bool = False) -> Iterator[tuple[str, list[Any]]]:
    """Yield (selector, body); those of a sheet for all screens too, of others not."""
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, QualifiedRule):
            yield tinycss2.serialize(rule.prelude).strip(), rule.content
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "media" and not nested:
            screens = tinycss2.serialize(rule.prelude).strip()
            yield from _blocks(rule.content, True) if _EVERYWHERE.fullmatch(screens) else ()


@lru_cache(maxsize=1024)
def _own_declarations(style: str) -> tuple[tuple[str, str, bool], ...]:
    return _declarations(style[:_LONGEST_OWN]) if style else ()


def _declarations(body: str | Iterable[Node]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (one.lower_name, re.sub(r"\s", "", tinycss2.serialize(one.value)).lower(), one.important)
        for one in tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True)
        if isinstance(one, Declaration) and _TOLD.fullmatch(one.lower_name)
    )


def _parts(selector: str) -> tuple[_Part, ...]:
    """Return the parts of a selector, () for one that is passed over."""
    found: list[_Part] = []
    for word in re.sub(r"\s*>\s*", " > ", selector).split():
        if word == ">":
            if not found:
                return ()
            found[-1] = found[-1]._replace(child=True)
            continue
        read = _PART.fullmatch(word)
        if read is None:
            return ()
        marks = re.findall(r"[.#][\w-]+", read[2])
        ids = frozenset(one[1:] for one in marks if one[0] == "#")
        classes = frozenset(one[1:] for one in marks if one[0] == ".")
        found.append(_Part((read[1] or "").lower(), ids, classes))
    return tuple(found) if len(found) <= _MOST_PARTS else ()


def _fits(parts: tuple[_Part, ...], element: etree._Element) -> bool:
    if not parts[-1].fits(element):
        return False
    chain = [element, *element.iterancestors()] if len(parts) > 1 else []
    # places in the chain where the selector holds so far: never more than the chain is long
    places = [0]
    for part in reversed(parts[:-1]):
        above = [n + 1 for n in places] if part.child else range(places[0] + 1, len(chain))
        places = [n for n in above if n < len(chain) and part.fits(chain[n])]
        if not places:
            return False
    return True
