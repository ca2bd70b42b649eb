"""The grading model is trained for real, on a toy world, in seconds."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.grading.toy import embed, toy_answers, write_training
from tutor_app.distillation.grader import GraderPlan, measure_grader, train_grader
from tutor_app.distillation.grader_data import load_training, measure_training, split
from tutor_app.distillation.grader_folds import cascade, choose_lean, fit_head
from tutor_app.errors import ContentError, ModelError
from tutor_app.grading.heads import load_heads, save_heads, softmax
from tutor_app.grading.judged import Example
from tutor_app.grading.scoring import AnswerScorer

NO_PAIRS = GraderPlan(None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("grader")
    write_training(place / "data")
    board = train_grader(place / "data", embed, place / "work", place / "grader-0.1", NO_PAIRS)
    assert "new questions, first stage" in str(board)
    return place / "grader-0.1"


def test_a_trained_model_tells_right_from_wrong_on_a_new_question(trained: Path) -> None:
    scorer = AnswerScorer(embed, trained)
    found = scorer.probabilities(
        "Why does the lamp work?",
        ["the lamp is in a closed path", "the path is closed"],
        ["the lamp path is closed", "the lamp path is not closed", "because of the weather", " "],
    )
    assert found.shape == (4, 3)
    assert np.allclose(found.sum(axis=1), 1)
    assert found[0, 0] > found[1, 0]
    assert found[0, 0] > found[2, 0]
    assert found[3].tolist() == [0, 0, 1]


def test_graded_answers_change_the_mind_from_the_fifth_on(trained: Path) -> None:
    scorer = AnswerScorer(embed, trained)
    asked = ("What is it?", ["a rock"], ["some purple moss", "nothing at all"])
    alone = scorer.probabilities(*asked)
    moss = [Example.of_class(f"purple moss {n}", 0) for n in "abcd"]
    assert np.array_equal(scorer.probabilities(*asked, moss), alone)
    taught = scorer.probabilities(
        *asked, [*moss, *(Example.of_class(f"nothing {n}", 2) for n in "abcd")]
    )
    assert taught[0, 0] > alone[0, 0]
    assert taught[0, 0] > taught[1, 0]


def test_one_answer_at_a_time_gives_what_all_at_once_give(trained: Path) -> None:
    scorer = AnswerScorer(embed, trained)
    texts = ["the path is closed", "it is open", "no", "the path is closed"]
    together = scorer.probabilities("Why?", ["the path is closed"], texts)
    apart = [scorer.probabilities("Why?", ["the path is closed"], [text])[0] for text in texts]
    assert np.allclose(together, apart, atol=1e-6)
    assert scorer.probabilities("Why?", [], []).shape == (0, 3)


def test_a_question_without_references_gets_an_answer(trained: Path) -> None:
    found = AnswerScorer(embed, trained).probabilities("", [], ["the path is closed"])
    assert np.isfinite(found).all()


def test_a_changed_or_missing_file_is_refused(trained: Path, tmp_path: Path) -> None:
    copy = tmp_path / "grader-0.1"
    copy.mkdir()
    with pytest.raises(ModelError, match="is no grading model"):
        AnswerScorer(embed, copy)
    for path in trained.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    assert AnswerScorer(embed, copy).name == AnswerScorer(embed, trained).name
    with (copy / "heads.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="is not the file of the manifest"):
        AnswerScorer(embed, copy)


def test_the_manifest_lists_weights_and_no_pickle_is_written(trained: Path) -> None:
    assert set(json.loads((trained / "manifest.json").read_text())["files"]) == {
        "heads.safetensors"
    }
    assert {path.suffix for path in trained.iterdir()} == {".safetensors", ".json", ".md"}
    card = (trained / "README.md").read_text()
    assert "CC BY-SA" in card
    assert "Apache-2.0" in card


def test_heads_as_arrays_give_what_the_regression_gives(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    inputs = draw.normal(3, 5, (200, 7))
    labels = (inputs[:, 0] > 3).astype(int) + (inputs[:, 1] > 6).astype(int)
    head = fit_head(inputs, labels, 0.5)
    standard = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    model = LogisticRegression(C=0.5, max_iter=1000, tol=1e-6).fit(standard, labels)
    assert np.allclose(softmax(head.log_odds(inputs)), model.predict_proba(standard), atol=1e-6)
    save_heads({"one": head}, {"lean": np.array([0.5])}, tmp_path / "h.safetensors")
    heads, extra = load_heads(tmp_path / "h.safetensors")
    assert np.allclose(heads["one"].log_odds(inputs), head.log_odds(inputs), atol=1e-4)
    assert extra["lean"] == [0.5]


def test_two_classes_of_three_still_make_a_head() -> None:
    inputs = np.array([[0.0], [1.0], [2.0], [3.0]])
    found = softmax(fit_head(inputs, np.array([0, 0, 2, 2]), 1.0).log_odds(inputs))
    assert found[0, 0] > 0.5 > found[3, 0]
    assert found[:, 1].max() < 1e-6


def test_question_folds_never_part_a_question_and_answer_folds_part_each(tmp_path: Path) -> None:
    write_training(tmp_path)
    measured = measure_training(embed, *load_training(tmp_path))
    assert len(measured.answers) == len(toy_answers())
    by_question, by_answer = split(measured, "questions"), split(measured, "answers")
    for question in np.unique(measured.questions):
        here = measured.questions == question
        assert len(set(by_question[here])) == 1
        assert set(by_answer[here]) == {0, 1, 2}


def test_a_cascade_takes_the_second_word_only_where_the_first_is_unsure() -> None:
    first = np.array([[0.95, 0.03, 0.02], [0.5, 0.3, 0.2]])
    second = np.array([[0.0, 0.0, 1.0], [0.1, 0.1, 0.8]])
    rows, found = cascade(np.array([4, 7]), first, np.array([7, 4]), second[::-1])
    assert rows.tolist() == [7, 4]
    assert found.tolist() == [second[1].tolist(), first[0].tolist()]


def test_lean_is_chosen_where_it_helps(tmp_path: Path) -> None:
    write_training(tmp_path)
    measured = measure_training(embed, *load_training(tmp_path))
    rows = np.arange(len(measured.answers))
    chances = np.full((len(rows), 3), 0.1)
    chances[measured.labels == 0] = (0.8, 0.1, 0.1)
    chances[measured.labels == 1] = (0.1, 0.35, 0.55)
    chances[measured.labels == 2] = (0.1, 0.1, 0.8)
    assert choose_lean({"one": (rows, chances)}, measured) > 0.4


def test_folders_without_data_are_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="holds no"):
        measure_grader(tmp_path, embed, tmp_path / "work", NO_PAIRS)
