"""Fields bound to a draft: each shows what is wrong with it, and every change is checked at once.

A widget writes into the draft in its callback, which Streamlit runs before the page is drawn: so
the check, which runs first on the page, already knows the newest value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from tutor_app.courses.drafts import (
    ROW,
    Place,
    add_row,
    lines_of,
    move_row,
    put,
    remove_row,
    split_lines,
    value_at,
)
from tutor_app.courses.editing import NEEDED, Checked
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Editing, held

REMOVE, UP, DOWN = "Remove", "Move up", "Move down"


@dataclass
class Form:
    """The fields of one draft.

    Attributes:
        new: it has no file yet, so its name can be chosen.
        advice: what could be better at a place; it keeps nobody from saving.
        shown: the places whose mistakes are on the page already.
    """

    editing: Editing
    checked: Checked
    new: bool = False
    advice: Mapping[Place, Sequence[str]] = field(default_factory=dict)
    shown: set[Place] = field(default_factory=set)
    _slim: bool = False
    _labels: dict[Place, str] = field(default_factory=dict)

    def get(self, *place: str | int) -> Any:
        """Return what stands at a place of the draft."""
        return value_at(self.editing.draft, place)

    def text(
        self,
        label: str,
        *place: str | int,
        tall: int = 0,
        hint: str = "",
        example: str = "",
        none: bool = False,
        live: bool = False,
    ) -> None:
        """Draw a box for text.

        Args:
            label: what it is for.
            place: where its text stands in the draft.
            tall: pixels; 0 for one line.
            hint: more about it, behind a question mark.
            example: shown while it is empty.
            none: an empty box means that there is no such text.
            live: check while it is typed.
        """
        self._labels[place] = label
        made = self._made(place, lambda text: (text or None) if none else text or "")
        more: dict[str, Any] = {"help": hint or None, "placeholder": example or None}
        value = self.get(*place) or ""
        if tall:
            st.text_area(label, value, height=tall, **made, **more)
        else:
            st.text_input(label, value, live="300ms" if live else False, **made, **more)
        self.mistakes(*place)

    def lines(
        self, label: str, *place: str | int, tall: int = 110, apart: str = "\n", hint: str = ""
    ) -> None:
        """Draw a box for a list of texts: one a line, or one a paragraph where `apart` says so."""
        made = self._made(place, lambda text: split_lines(text or "", apart))
        st.text_area(
            label, lines_of(self.get(*place), apart), height=tall, help=hint or None, **made
        )
        self.mistakes(*place, within=True)

    def number(
        self,
        label: str,
        *place: str | int,
        least: float | None = None,
        most: float | None = None,
        step: float = 1.0,
        hint: str = "",
    ) -> None:
        """Draw a box for a number; empty means that there is none."""
        value = self.get(*place)
        whole = isinstance(step, int)
        made = self._made(place, lambda number: number)
        st.number_input(
            label,
            None if least is None else int(least) if whole else float(least),
            None if most is None else int(most) if whole else float(most),
            value if value is None else int(value) if whole else float(value),
            step,
            help=hint or None,
            **made,
        )
        self.mistakes(*place)

    def one_of(
        self,
        label: str,
        options: Sequence[Any],
        *place: str | int,
        named: Callable[[Any], str] = str,
        hint: str = "",
    ) -> None:
        """Draw a choice of one; a value that is not among the options (any more) is kept."""
        value = self.get(*place)
        known = list(options) if value in options else [value, *options]
        st.selectbox(
            label,
            known,
            known.index(value),
            format_func=named,
            help=hint or None,
            **self._made(place, lambda chosen: chosen),
        )
        self.mistakes(*place)

    def many_of(
        self,
        label: str,
        options: Sequence[str],
        *place: str | int,
        named: Callable[[Any], str] = str,
        hint: str = "",
    ) -> None:
        """Draw a choice of several; values that are not among the options (any more) are kept."""
        chosen = self.get(*place)
        known = [*options, *(one for one in chosen if one not in options)]
        st.multiselect(
            label,
            known,
            chosen,
            format_func=named,
            help=hint or None,
            placeholder="Choose" if known else "There is nothing to choose yet",
            **self._made(place, list),
        )
        self.mistakes(*place, within=True)

    def tick(self, label: str, *place: str | int, hint: str = "") -> None:
        """Draw a box to tick."""
        st.checkbox(label, self.get(*place), help=hint or None, **self._made(place, bool))
        self.mistakes(*place)

    def rows(
        self,
        draw: Callable[["Form", Place], None],
        *place: str | int,
        add: str,
        title: Callable[[int, Any], str] | None = None,
        empty: str = "",
    ) -> None:
        """Draw the rows of a list with their menus, and the button that adds one.

        Args:
            draw: draws the fields of the row at a place.
            place: where the list stands in the draft.
            add: label of the button.
            title: heads a row, given its number from 1 and itself; without, rows are slim.
            empty: said while there are no rows.
        """
        rows = self.get(*place)
        if not rows and empty:
            st.caption(empty)
        for number, row in enumerate(rows):
            at = (*place, number)
            with self._row(at, title and title(number + 1, row)):
                draw(self, at)
        self.mistakes(*place)
        st.button(
            add, key=f"{self.key(*place)}-add", icon=":material/add:", on_click=add_row,
            args=(self.editing.draft, place),
        )  # fmt: skip

    def row(self, draw: Callable[["Form", Place], None], at: Place, title: str) -> None:
        """Draw one row of a list alone, with its menu."""
        with self._row(at, title):
            draw(self, at)

    @contextmanager
    def _row(self, at: Place, title: str | None) -> Iterator[None]:
        key = self.key(*at)
        if title is None:
            # what is wrong with its fields is said below the row, which would not hold it
            self._slim = True
            with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}-slim"):
                yield
                self._menu(at)
            self._slim = False
            self.mistakes(*at, within=True)
            return
        with st.container(border=True, key=f"{key}-row"):
            with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-head"):
                st.markdown(f"**{plain(title)}**", width="stretch")
                self._menu(at)
            self.mistakes(*at)
            yield

    def _menu(self, at: Place) -> None:
        rows, number = self.get(*at[:-1]), int(at[-1])
        moves = ([UP] if number else []) + ([DOWN] if number + 1 < len(rows) else [])
        chosen = st.menu_button(
            "", [*moves, REMOVE], key=f"{self.key(*at)}-menu", type="tertiary",
            icon=":material/more_horiz:", help=f"Move or remove row {number + 1}",
        )  # fmt: skip
        if chosen is None:
            return
        if chosen == REMOVE:
            self.editing.removed = (at[:-1], number, deepcopy(rows[number]))
            remove_row(self.editing.draft, at)
        else:
            move_row(self.editing.draft, at, -1 if chosen == UP else 1)
        st.rerun(scope="app")

    def mistakes(self, *place: str | int, within: bool = False) -> None:
        """Say what is wrong at a place; with `within`, also at the places below it."""
        if self._slim:
            return
        for at, messages in self.checked.mistakes.items():
            if at == place or (within and at[: len(place)] == place):
                self.shown.add(at)
                for message in messages:
                    self._say(message, self._where(at, place))
        for sentence in self.advice.get(place, ()):
            st.caption(f":material/lightbulb: {plain(sentence)}")

    def _where(self, at: Place, place: Place) -> str:
        """Name the entry or field below the place where mistakes are said."""
        if at == place:
            return ""
        if at in self._labels:
            return f"{self._labels[at]}: "
        entry = at[len(place)]
        return f"{entry + 1}: " if isinstance(entry, int) else ""

    def _say(self, message: str, where: str) -> None:
        if message == NEEDED:
            st.caption(f":material/edit: {plain(where + 'Needed')}")
        else:
            st.markdown(f":red[:material/error: {plain(where + message)}]")

    def key(self, *place: str | int) -> str:
        """Return a key for a place that goes with its rows when they move."""
        parts: list[str] = [self.editing.key]
        node: Any = self.editing.draft
        for part in place:
            node = node[part]
            is_row = isinstance(part, int) and isinstance(node, dict)
            parts.append(str(node[ROW] if is_row else part))
        return "-".join(parts)

    def _made(self, place: Place, parse: Callable[[Any], Any]) -> dict[str, Any]:
        key = self.key(*place)

        def take() -> None:
            put(self.editing.draft, place, parse(held(key)))

        return {"key": key, "on_change": take}
