"""The Fairness page: who agrees with whom, and what a name did."""

from collections.abc import Iterator
from typing import Any

from tutor_app.domain.grade import Grade
from tutor_app.grading.counterfactual_check import grade_counterfactuals
from tutor_app.grading.deciding import Decisions
from tutor_app.ui import resources

from .conftest import SureGrader


def test_the_fairness_page_says_when_there_is_nothing_to_compare(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Fairness")
    assert "Nothing is scored by a person yet" in screen.text
    assert "No group has ten answers or more" in screen.text
    Decisions(resources.store(), batch_id, "me").give(["1"], {"against-gradient": 1})
    text = view(batch_id, "Fairness").text
    assert "by the proposals and somebody without an account in 0\u00a0% of 1 decisions" in text
    assert "No answer was scored by two people" in text


def test_the_fairness_page_has_figures_for_each_person_by_name(view: Any, batch_id: str) -> None:
    view(batch_id, "Fairness")
    accounts = resources.store().accounts
    for name, points in (("instructor", 1), ("admin", 2)):
        Decisions(resources.store(), batch_id, accounts.named(name).id).give(
            ["1"], {"against-gradient": points}
        )
    screen = view(batch_id, "Fairness")
    assert "by the proposals and instructor in 0\u00a0%" in screen.text
    assert "by the proposals and admin in 100\u00a0%" in screen.text
    assert "No answer was scored by two people" not in screen.text
    between = set(screen.test.dataframe[0].value["Between"])
    assert {"the proposals and instructor", "the proposals and admin"} < between
    assert len(between) == 3


class NamedGrader(SureGrader):
    """Gives every criterion its best points where a name stands above the answer."""

    def grade_batch(self, submissions: Any, rubric: Any, **more: Any) -> Iterator[Grade]:
        every = list(submissions)
        for one, grade in zip(every, super().grade_batch(every, rubric), strict=True):
            best = {c.id: c.possible_points[0] for c in rubric.criteria}
            yield grade if one.text.startswith("Word") else grade.model_copy(
                update={"criteria": tuple(c.model_copy(update={"auto_score": best[c.criterion]})
                                          for c in grade.criteria)}
            )  # fmt: skip


def test_the_fairness_page_shows_what_a_name_did_to_the_totals(view: Any, sure_batch: str) -> None:
    screen = view(sure_batch, "Fairness")
    assert "once the whole batch is graded" in screen.text
    grade_counterfactuals(resources.store(), sure_batch, NamedGrader(), sample=12)
    screen = view(sure_batch, "Fairness")
    assert "Most moved with " in screen.text
    assert "12 of 12 totals, on average by +4 points, at most by +4." in screen.text
    table = next(f.value for f in screen.test.dataframe if "Totals moved" in f.value.columns)
    moved = dict(zip(table["Change"], table["Totals moved"], strict=True))
    assert moved["a name above the answer"] == 12
    assert moved["another name above it"] == 0
    assert set(table["n"]) == {12}
