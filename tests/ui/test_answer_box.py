import pytest
from streamlit.testing.v1 import AppTest

from tutor_app.answers.reader import read
from tutor_app.domain.item import ExactAnswer
from tutor_app.ui.student.answer import HOW_TO_TYPE, echo

ANSWER = ExactAnswer(kind="exact", accepted=["(2, 5)", "no solution"])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("(2, 1/2)", r"I read this as $(2,\ \frac{1}{2})$"),
        ("x <= 3", r"I read this as $x \le 3$"),
        ("no solution", "I read this as “no solution”"),
        ("", "I cannot read an answer in this yet."),
    ],
)
def test_an_exact_answer_is_read_back_while_it_is_typed(typed: str, shown: str) -> None:
    assert echo(read(typed, ANSWER)) == shown


def test_the_box_of_an_exact_answer_shows_how_to_type() -> None:
    assert "no solution" in HOW_TO_TYPE["exact"]


def _list_exercises(size: int) -> None:
    import streamlit as st

    from tutor_app.domain.item import Item
    from tutor_app.ui.student.choose import shown_skills

    item = Item.model_validate(
        {
            "id": "i",
            "title": "I",
            "prompt": "P",
            "skills": ["s"],
            "answer": {"kind": "exact", "accepted": ["1"]},
            "steps": [{"id": "s", "goal": "G"}],
        }
    )
    for title, items in shown_skills([("First", [item] * size), ("Second", [item])]):
        st.write(f"{title}: {len(items)}")


def test_a_large_bank_lists_the_exercises_of_one_skill_at_a_time() -> None:
    page = AppTest.from_function(_list_exercises, args=(500,)).run()
    assert [text.value for text in page.markdown] == ["First: 500"]
    page.selectbox[0].select_index(1).run()
    assert [text.value for text in page.markdown] == ["Second: 1"]


def test_a_small_course_lists_all_its_exercises() -> None:
    page = AppTest.from_function(_list_exercises, args=(20,)).run()
    assert not page.selectbox
    assert [text.value for text in page.markdown] == ["First: 20", "Second: 1"]
