import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import LoadedCourse, load_course
from tutor_app.distillation.collect import collect
from tutor_app.domain.course import Course
from tutor_app.domain.demonstration import Situation
from tutor_app.domain.dialogue import State
from tutor_app.domain.item import Item
from tutor_app.tutoring.plan import TABLE

PRINT_IDS = """
import sys
from pathlib import Path
from tutor_app.courses.catalogue import load_course
from tutor_app.distillation.collect import collect
print(*(s.model_dump_json() for s in collect(load_course(Path(sys.argv[1])))), sep="\\n")
"""


def test_another_process_with_another_hash_seed_finds_the_same_situations(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_IDS, str(mechanics.folder)],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [s.model_dump_json() for s in situations]


def test_no_two_situations_have_the_same_id(situations: list[Situation]) -> None:
    assert len({s.id for s in situations}) == len(situations) > 1000


def test_the_id_says_what_a_situation_is_and_not_whether_it_is_held_out(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    one = next(iter(mechanics.items.values()))
    alone = collect(LoadedCourse(mechanics.course, {one.id: one}, mechanics.folder))
    assert {s.held_out for s in alone} == {"item"}
    assert {s.id for s in alone} == {s.id for s in situations if s.item_id == one.id}


def test_one_item_in_six_of_each_kind_of_answer_is_held_out_whole(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    held_out = {s.item_id for s in situations if s.held_out == "item"}
    assert all((s.held_out == "item") == (s.item_id in held_out) for s in situations)
    items = mechanics.items.values()
    for kind, count in Counter(item.answer.kind for item in items).items():
        chosen = [i for i in held_out if mechanics.items[i].answer.kind == kind]
        assert len(chosen) == max(1, round(count / 6))


def test_about_a_tenth_of_the_situations_of_known_items_is_held_out(
    situations: list[Situation],
) -> None:
    known = [s for s in situations if s.held_out != "item"]
    assert 0.07 < sum(s.held_out == "situation" for s in known) / len(known) < 0.13


def test_every_step_is_met_stuck_at_each_rung_asked_about_and_begged_for(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    met = {(s.item_id, s.step, s.state, s.row) for s in situations}
    for item in mechanics.items.values():
        for step in item.steps:
            for state, row in (
                (State.STUCK, "nudge"),
                (State.STUCK, "question"),
                (State.STUCK, "teach"),
                (State.ASKS_ANSWER, "nudge"),
                (State.ASKS_WHY, "why"),
            ):
                assert (item.id, step.id, state, row) in met
        for state in (State.RIGHT, State.NO_ATTEMPT, State.ASKS_TERM, State.DISPUTES):
            assert any(s.item_id == item.id and s.state is state for s in situations)


def test_every_misconception_is_met_the_first_time_and_again(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    met = {(s.item_id, s.misconception, s.row, s.again) for s in situations}
    for item in mechanics.items.values():
        for one in item.misconceptions:
            assert (item.id, one.id, "misconception", False) in met
            assert (item.id, one.id, "teach", True) in met


def test_right_for_the_wrong_reason_is_met_where_answers_are_words(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    mixed = [s for s in situations if s.error == "right idea, wrong reason"]
    assert {mechanics.items[s.item_id].answer.kind for s in mixed} == {"text"}
    assert all(s.shown and s.step not in s.shown for s in mixed)


def test_only_numbers_are_nearly_right_and_only_with_a_unit_wrong_in_it(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    near = [s for s in situations if s.state is State.NEAR]
    assert {s.row for s in near} == {"unit", "sign", "rounding"}
    for one in near:
        answer = mechanics.items[one.item_id].answer
        assert answer.kind == "numeric"
        assert answer.unit or one.row != "unit"


def test_a_number_without_unit_is_never_nearly_right_in_its_unit(
    course: Course, item: Item, tmp_path: Path
) -> None:
    ratio = item.model_copy(
        update={
            "answer": item.answer.model_copy(update={"value": "h/h", "unit": ""}),
            "misconceptions": [],
        }
    )
    found = collect(LoadedCourse(course, {item.id: ratio}, tmp_path))
    assert {s.row for s in found if s.state is State.NEAR} == {"sign", "rounding"}


def test_an_option_that_fits_an_idea_is_no_error_without_a_reason(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    unexplained = {s.item_id for s in situations if s.error == "other"}
    for item in mechanics.items.values():
        if item.answer.kind == "choice":
            ideas = {m.option for m in item.misconceptions} | {item.answer.correct}
            open_options = {o.id for o in item.answer.options} - ideas
            assert (item.id in unexplained) == bool(open_options)


def test_the_move_is_the_plans_own(situations: list[Situation]) -> None:
    for one in situations:
        row = TABLE[one.row]
        assert (one.kind, one.strategy, one.intention, one.level) == (
            row.kind, row.strategy, row.intention, row.level,
        )  # fmt: skip
        assert row.level.rank < 3


@pytest.mark.parametrize("state", [State.STEP_RIGHT, State.RIGHT])
def test_what_was_just_shown_comes_last_among_the_shown_steps(
    mechanics: LoadedCourse, situations: list[Situation], state: State
) -> None:
    for one in situations:
        if one.state is state:
            steps = [step.id for step in mechanics.items[one.item_id].steps]
            until = steps.index(one.step) if one.step else len(steps)
            assert list(one.shown) == steps[:until]


def test_a_course_without_items_has_no_situations(course: Course, tmp_path: Path) -> None:
    assert collect(LoadedCourse(course, {}, tmp_path)) == []


def test_loading_the_course_anew_changes_nothing(
    mechanics: LoadedCourse, situations: list[Situation]
) -> None:
    assert collect(load_course(mechanics.folder)) == situations
