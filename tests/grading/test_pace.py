"""The time that the rest of a batch takes: what is loaded once is not counted for every answer."""

from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.counterfactuals import counterfactuals
from tutor_app.grading.pace import seconds_left


def test_the_changed_answers_that_follow_are_counted(ice_rubric: Rubric, rule_grader: type) -> None:
    for size in (4, 50):
        grader = rule_grader(lambda _: 1.0)
        some = [Submission(id=f"s{n}", learner="u", text=f"Ice {n}") for n in range(size)]
        counterfactuals(grader, some, ice_rubric, seed=1)
        assert seconds_left(1.0, size, size, 1) == size + len(grader.seen)
    assert seconds_left(0.5, 10, 0, 0) == 5.0, "numbers are not changed"
