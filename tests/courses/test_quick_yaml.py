from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tutor_app.courses.quick_yaml import load_quickly
from tutor_app.courses.yaml_text import yaml_text

CHECKOUT = Path(__file__).parents[2]
SHIPPED = sorted([*CHECKOUT.glob("datasets/courses/*/**/*.yaml"), *CHECKOUT.glob("rubrics/*.yaml")])
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["yes", "no", "1.0", "12", "null", "~", "it's", "a: b", "- x", "$\\frac{1}{2}$", "a\n\nb", " x"]
)


def carefully(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def test_every_shipped_file_reads_the_same_quickly_and_carefully() -> None:
    assert len(SHIPPED) > 30
    quick = {path: load_quickly(path.read_text(encoding="utf-8")) for path in SHIPPED[::4]}
    assert all(found is not None for found in quick.values())
    for path, found in quick.items():
        assert found == carefully(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "a: 0x10",
        "a: 012",
        "a: .inf",
        "a: 2026-01-02",
        "a: 1e5",
        "a: {b: 1, b: 2}",
        "a: !!python/object:os.system x",
        "a: [1",
        "- a",
        "",
        "a: 1_000",
        "b: &x {a: 1}\nc: {<<: *x}",
    ],
)
def test_what_is_broken_or_odd_is_left_to_the_careful_reader(text: str) -> None:
    assert load_quickly(text) is None


def test_yes_and_no_are_words() -> None:
    assert load_quickly("a: yes\nb: no\nc: on\nd: true\ne: y") == {
        "a": "yes",
        "b": "no",
        "c": "on",
        "d": True,
        "e": "y",
    }


@given(st.dictionaries(st.text("abc_", min_size=1), st.recursive(
    TEXTS | st.integers(-999, 999) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1), inner),
    max_leaves=8,
), min_size=1))  # fmt: skip
def test_what_is_written_reads_back_as_it_was(data: dict[str, object]) -> None:
    text = yaml_text(data)
    assert carefully(text) == data
    assert load_quickly(text) in (data, None)
