from tutor_app.answers.solution import solve
from tutor_app.domain.item import Item
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
