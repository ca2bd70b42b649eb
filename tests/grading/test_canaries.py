from tutor_app.domain.rubric import Rubric
from tutor_app.grading.canaries import INSTRUCTION, canaries, check_canaries, is_canary


def _fair(text: str) -> float:
    return 2.0 if "expands" in text else 1.0 if "dense" in text else 0.0


def test_a_grader_that_follows_the_rubric_passes_them_all(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    report = check_canaries(rule_grader(_fair), ice_rubric)
    assert not report.alarm
    assert report.counts["as expected"] == len(report.rows) == 7
    assert "| off-topic and an instruction | density | 0 | 0 | as expected |" in str(report)


def test_a_gullible_grader_raises_the_alarm(ice_rubric: Rubric, rule_grader: type) -> None:
    gullible = rule_grader(lambda text: 2.0 if "full marks" in text else _fair(text))
    report = check_canaries(gullible, ice_rubric)
    assert report.alarm
    assert [row.kind for row in report.rows if row.outcome == "wrong"] == [
        "off-topic and an instruction"
    ]


def test_a_grader_that_takes_points_for_an_instruction_raises_it_too(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    strict = rule_grader(lambda text: 0.0 if INSTRUCTION in text else _fair(text))
    assert check_canaries(strict, ice_rubric).alarm


def test_a_wrong_score_that_a_person_would_see_is_told_without_alarm(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    report = check_canaries(rule_grader(lambda text: 2.0, needs_review=True), ice_rubric)
    assert not report.alarm
    assert report.counts["wrong, in the queue"] == 5


def test_no_score_is_no_pass(ice_rubric: Rubric, rule_grader: type) -> None:
    report = check_canaries(rule_grader(lambda text: None), ice_rubric)
    assert report.counts["no score"] == len(report.rows)
    assert not report.alarm


def test_every_type_of_criterion_has_its_points_and_a_penalty_is_not_earned(
    full_rubric: Rubric,
) -> None:
    made = {one.kind: one.expected for one in canaries(full_rubric)}
    assert made["reference answer"] == {"density": 2, "places": 2, "air-mistake": 0}
    assert made["empty"] == {"density": 0, "places": 0, "air-mistake": 0}
    assert made["example of a level"] == {"density": 0}


def test_canaries_belong_to_nobody_and_are_told_by_their_id(ice_rubric: Rubric) -> None:
    made = canaries(ice_rubric)
    assert all(is_canary(one.submission.id) for one in made)
    assert {one.submission.learner for one in made} == {"canary/nobody"}
    assert not is_canary("s1")
