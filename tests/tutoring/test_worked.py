import pytest

from tutor_app.answers.solution import solve
from tutor_app.domain.item import Item, Parallel
from tutor_app.tutoring.worked import opening, parallel


def test_the_parallel_item_is_solved_with_its_own_numbers(item: Item) -> None:
    worked = parallel(item)
    assert worked is not None
    assert "45 m" in worked.prompt
    assert "29.7 m/s" in worked.last
    assert all("19.8" not in line for line in (*worked.lines, worked.last))


def test_a_beginner_sees_the_parallel_item_solved_and_is_given_one_thing_to_do(item: Item) -> None:
    given = opening(item, solve(item), "worked")
    assert "29.7" in given.text
    assert given.text.count("?") == 1, "the only question is that of the solved item"
    assert given.text.endswith("Now go on with your own.")
    assert not given.given


def test_faded_support_works_the_first_steps_and_leaves_the_last_open(item: Item) -> None:
    given = opening(item, solve(item), "faded")
    assert given.given == {"square"}
    assert "19.8" not in given.text


def test_open_support_gives_nothing(item: Item) -> None:
    assert opening(item, solve(item), "open").text == ""


def with_plain_numbers(item: Item, *, prompt: bool, lines: bool) -> Item:
    steps = [
        step.model_copy(update={"work": work})
        for step, work in zip(
            item.steps,
            ("$v^2 = 2 g h$ gives 392 m²/s².", "The root of it is 19.8 m/s."),
            strict=True,
        )
    ]
    update: dict[str, object] = {"steps": steps} if lines else {}
    if prompt:
        update["prompt"] = "A ball is dropped from rest from 20 m. How fast does it land?"
    return item.model_copy(update=update)


@pytest.mark.parametrize(("prompt", "lines"), [(True, True), (True, False), (False, True)])
def test_an_example_that_is_the_item_itself_is_never_shown(
    item: Item, prompt: bool, lines: bool
) -> None:
    own = with_plain_numbers(item, prompt=prompt, lines=lines)
    assert parallel(own) is None
    assert opening(own, solve(own), "worked").text == ""


def test_an_example_written_out_with_the_items_own_question_is_never_shown(item: Item) -> None:
    other = {"prompt": "Why  does a ball fall?", "answer": "It is pulled."}
    own = item.model_copy(
        update={"prompt": "Why does a ball fall?", "parallel": Parallel.model_validate(other)}
    )
    assert parallel(own) is None
    elsewhere = own.model_copy(update={"prompt": "Why does a stone fall?"})
    assert parallel(elsewhere) is not None
