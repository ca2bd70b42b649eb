"""Grading is measured on tables as people hand them over."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from tests.grading.toy import embed, write_training
from tutor_app.distillation.grader import GraderPlan, train_grader
from tutor_app.errors import ContentError
from tutor_app.evaluation.graded_answers import GradedAnswer, read_graded
from tutor_app.evaluation.grading import evaluate_grading, save_predictions
from tutor_app.evaluation.grading_measures import (
    calibration_error,
    f1_scores,
    grid_step,
    pearson,
    quadratic_kappa,
)
from tutor_app.grading.scoring import AnswerScorer

HEADING = "question_id,question,reference_answers,answer_id,answer,label\n"
KEYS = {
    "accuracy",
    "macro_f1",
    "weighted_f1",
    "qwk",
    "pearson",
    "rmse",
    "ece",
    "coverage",
    "answers_per_second",
}


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> AnswerScorer:
    place = tmp_path_factory.mktemp("grader")
    write_training(place / "data")
    train_grader(place / "data", embed, place / "work", place / "grader", GraderPlan(None))
    return AnswerScorer(embed, place / "grader")


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_any_encoding_and_with_any_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    heading = ["Extra", "Question ID", "Answer", "LABEL", "Reference-Answers"]
    rows = [["x", "q1", "café über alles", " Correct ", '"one\ntwo"']] * 12
    lines = [delimiter.join(row) for row in [heading, *rows]]
    found = read_graded(table(tmp_path, "\r\n".join(lines), encoding))
    assert len(found) == 12
    assert found[0].answer == "café über alles"
    assert found[0].label == 0
    assert found[0].references == ("one", "two")


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("CORRECT", 0),
        ("Contradictory", 1),
        ("in-correct", None),
        ("partially_correct_incomplete", 2),
        ("non_domain", 2),
        ("Wrong.", 2),
        ("1", 0),
        ("1.0", 0),
        ("0.0", 2),
        ("10", None),
        ("0", 2),
    ],
)
def test_labels_are_known_in_odd_spellings_or_refused_with_their_row(
    tmp_path: Path, label: str, place: int | None
) -> None:
    path = table(tmp_path, HEADING + f"q,w,r,1,a,correct\nq,w,r,2,b,{label}\n")
    if place is None:
        with pytest.raises(ContentError, match=r"answers\.csv:3: does not know the label"):
            read_graded(path)
    else:
        assert read_graded(path)[1].label == place


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "is empty"),
        (HEADING, "has no answers"),
        ("question,label\nq,correct\n", "no column answer"),
        ("question,answer\nq,a\n", "no column label"),
        (HEADING + "q,w,r,1,a,\n", "no row has a label"),
        ("answer,score,max_score\na,2,0\n", "max_score is 0"),
        ("answer,score\na,two\n", "score is 'two'"),
        ("answer,score,max_score\na,1,2\nb,3,2\n", r":3: score is 3, above max_score 2"),
        ("answer,score,max_score\na,150%,2\n", r":2: score is 150%, above max_score"),
        ("answer,score,max_score\na,-1,2\n", r":2: score is -1, below zero"),
        ("answer,score\na,50%\n", r":2: score is '50%', a share, and max_score is empty"),
        ("answer,label,score\na,correct,\nb,,2\n", r":3: has a score and no label, but row 2"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, text: str, wanted: str) -> None:
    with pytest.raises(ContentError, match=wanted):
        read_graded(table(tmp_path, text))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        read_graded(tmp_path / "none.csv")


def test_scores_are_read_as_fractions_commas_and_per_cent(tmp_path: Path) -> None:
    path = table(tmp_path, 'answer;score;out of\na;1/2;1\nb;"0,5";1\nc;50%;2\nd;1/2;4\ne;3;4\n')
    found = read_graded(path)
    assert [one.score for one in found] == [0.5, 0.5, 1.0, 2.0, 3.0]
    assert [one.share for one in found] == [0.5, 0.5, 0.5, 0.5, 0.75]
    bare = read_graded(table(tmp_path, "question_id,answer,score\nq,a,2\nq,b,4\np,c,1\n"))
    assert [one.max_score for one in bare] == [4, 4, 1]


def test_missing_columns_are_made_up_for(tmp_path: Path) -> None:
    found = read_graded(table(tmp_path, "answer,label,rubric\na,correct,the path\nb,wrong,gap\n"))
    assert found[0].question_id != found[1].question_id
    assert found[0].references == ("the path",)
    assert [one.answer_id for one in found] == ["2", "3"]


def test_labels_give_all_keys_and_reasons_for_what_is_absent(
    tmp_path: Path, scorer: AnswerScorer
) -> None:
    write_training(tmp_path)
    answers = read_graded(tmp_path / "toy_train_3way.csv")
    board, predicted = evaluate_grading(scorer, answers)
    found = board.as_json()
    assert set(found) >= KEYS
    assert found["task"] == "3way"
    assert found["macro_f1"] > 0.6
    assert 0 <= found["ece"] <= 1
    assert found["qwk"] is found["rmse"] is None
    assert set(found["reasons"]) == {"qwk", "pearson", "rmse"}
    assert "- (labels have no score scale" in str(board)
    assert len(predicted) == len(answers)


def test_two_way_adds_contradictory_to_incorrect(tmp_path: Path, scorer: AnswerScorer) -> None:
    write_training(tmp_path)
    answers = read_graded(tmp_path / "toy_train_3way.csv")
    board, predicted = evaluate_grading(scorer, answers, task="2way")
    assert board.figures["task"] == "2way"
    assert set(board.figures["f1"]) == {"correct", "incorrect"}
    assert board.figures["accuracy"] == board.figures["accuracy_2way"]
    save_predictions(tmp_path / "out.csv", predicted, "2way")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(answers)
    assert {row["label"] for row in rows} == {"correct", "incorrect"}
    assert {row["predicted_label"] for row in rows} <= {"correct", "incorrect"}
    for row in rows:
        assert float(row["p_correct"]) + float(row["p_incorrect"]) == pytest.approx(1, abs=1e-3)


def scored(number: int, answer: str, score: float) -> GradedAnswer:
    return GradedAnswer(
        number, "q", "Why?", ("the path is closed",), str(number), answer, None, score, 4.0
    )


def test_scores_give_rmse_correlation_and_kappa(scorer: AnswerScorer) -> None:
    rows = [scored(n, "the path is closed", 4) for n in range(8)]
    rows += [scored(n, "because of the weather", 0) for n in range(8, 16)]
    board, predicted = evaluate_grading(scorer, rows)
    assert board.figures["pearson"] > 0.9
    assert board.figures["rmse"] < 2.5
    assert board.figures["ece"] is None
    taught, _ = evaluate_grading(scorer, rows, rows)
    assert taught.figures["rmse"] < board.figures["rmse"]
    assert taught.figures["qwk"] > 0.9
    assert all(0 <= one.score <= 4 for one in predicted if one.score is not None)


@pytest.mark.parametrize("task", ["2way", "3way"])
def test_a_task_of_labels_is_refused_where_there_are_only_scores(
    scorer: AnswerScorer, task: str
) -> None:
    with pytest.raises(ContentError, match=f"task {task} needs labels.*only scores"):
        evaluate_grading(scorer, [scored(0, "a", 2), scored(1, "b", 4)], task=task)


def test_scores_that_never_vary_leave_agreement_out(scorer: AnswerScorer) -> None:
    board, _ = evaluate_grading(scorer, [scored(0, "a", 2), scored(1, "b", 2)])
    assert board.figures["pearson"] is None
    assert "pearson" in board.reasons


def test_one_unlabelled_and_one_empty_answer_are_carried_along(scorer: AnswerScorer) -> None:
    rows = [
        GradedAnswer(1, "q", "", (), "1", "", 2, None, math.nan),
        GradedAnswer(2, "q", "", (), "2", "x", None, None, math.nan),
    ]
    board, predicted = evaluate_grading(scorer, rows)
    assert board.figures["accuracy"] == 1
    assert len(predicted) == 2


def test_measures_agree_with_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score, f1_score

    draw = np.random.default_rng(1)
    true, found = draw.integers(0, 4, 500), draw.integers(0, 4, 500)
    found[:250] = true[:250]
    each, shares = f1_scores(true, found, range(4))
    assert np.allclose(each, f1_score(true, found, average=None))
    assert (each * shares).sum() == pytest.approx(f1_score(true, found, average="weighted"))
    wanted = cohen_kappa_score(true, found, weights="quadratic")
    assert quadratic_kappa(true, found) == pytest.approx(wanted)
    assert pearson(true.astype(float), found.astype(float)) == pytest.approx(
        np.corrcoef(true, found)[0, 1]
    )


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.full(10, 0.85)
    assert calibration_error(sure, np.arange(10) < 6) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("scores", "step"), [([0, 1, 2], 1), ([0, 0.5], 0.5), ([0.2, 1], 0.2), ([0.333, 1], 0.01)]
)
def test_the_step_of_a_score_scale_is_found(scores: list[float], step: float) -> None:
    assert grid_step(np.array(scores)) == step


@pytest.mark.parametrize("end", ["s5,6 inch,wrong\n", 's5,6 inch",wrong\ns6,c,correct\n'])
def test_an_open_quotation_mark_is_told_with_its_line(tmp_path: Path, end: str) -> None:
    text = 'answer_id,answer,label\ns1,a,correct\ns2,"5 inch,correct\ns3,b,wrong\n' + end
    with pytest.raises(ContentError, match=r"answers\.csv:3: a quotation mark"):
        read_graded(table(tmp_path, text))


def test_quoted_answers_of_several_lines_are_read_whole(tmp_path: Path) -> None:
    text = 'answer_id,answer,label\ns1,"First, a\nthen, b",correct\ns2,"say ""no""",wrong\n'
    found = read_graded(table(tmp_path, text))
    assert [one.answer for one in found] == ["First, a\nthen, b", 'say "no"']
