import numpy as np
import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.critic import (
    Array,
    Estimate,
    Fit,
    Inputs,
    Labels,
    Predict,
    evaluate_critic,
    macro_f1,
    problem_folds,
)
from tutor_app.evaluation.judged_replies import JudgedReply

WRITERS = ("Expert", "Novice", "Phi3")


@pytest.fixture(scope="module")
def replies() -> list[JudgedReply]:
    """Thirty dialogues on fifteen problems; the writers are good, middling and bad."""
    return [
        JudgedReply(f"problem {d // 2}", d, writer, "Learner: 12", "Why so?", (2 - n,) * 8)
        for d in range(30)
        for n, writer in enumerate(WRITERS)
    ]


def inputs_of(replies: list[JudgedReply]) -> Inputs:
    """Give each reply its problem, its writer and its mark."""
    problems = [int(reply.problem.split()[1]) for reply in replies]
    writers = [WRITERS.index(reply.writer) for reply in replies]
    marks = [reply.labels[0] for reply in replies]
    return np.array([problems, writers, marks], dtype=np.float32).T


def telling(turned: bool = False) -> Fit:
    """Return a fit that reads the mark from the inputs, or turns it round."""

    def fit(inputs: Inputs, labels: Labels) -> Predict:
        def predict(test: Inputs) -> Array:
            marks = test[:, 2].astype(int)
            return np.eye(3)[np.stack([2 - marks if turned else marks] * 8, axis=1)]

        return predict

    return fit


def test_a_perfect_critic_agrees_everywhere(replies: list[JudgedReply]) -> None:
    board = evaluate_critic(replies, inputs_of(replies), telling())
    assert all(row.macro_f1 == Estimate(1, 1, 1) for row in board.dimensions)
    assert board.dimensions[0].majority == pytest.approx(0.5 / 3)
    assert board.preferences[0].total == 90
    assert board.preferences[0].accuracy == Estimate(1, 1, 1)


def test_a_critic_that_prefers_the_worse_reply_is_shown_as_such(
    replies: list[JudgedReply],
) -> None:
    board = evaluate_critic(replies, inputs_of(replies), telling(turned=True))
    assert board.preferences[0].accuracy.value == 0


def test_a_tie_counts_as_half(replies: list[JudgedReply]) -> None:
    board = evaluate_critic(replies, inputs_of(replies), telling())
    assert board.preferences[0].longer == board.preferences[0].asking == 0.5


def test_replies_that_reveal_or_are_long_are_left_out_of_the_second_row(
    replies: list[JudgedReply],
) -> None:
    board = evaluate_critic(replies, inputs_of(replies), telling())
    # two of three writers are marked as revealing, so no dialogue has a pair left
    assert board.preferences[1].total == 0


def test_neither_the_problem_nor_in_the_second_column_the_writer_is_trained_on(
    replies: list[JudgedReply],
) -> None:
    seen: list[tuple[bool, bool]] = []

    def fit(inputs: Inputs, labels: Labels) -> Predict:
        def predict(test: Inputs) -> Array:
            shared = [bool(set(test[:, c]) & set(inputs[:, c])) for c in (0, 1)]
            seen.append((shared[0], shared[1]))
            return np.full((len(test), 8, 3), 1 / 3)

        return predict

    evaluate_critic(replies, inputs_of(replies), fit)
    assert seen == [(False, True)] * 5 + [(False, False)] * 15


def test_folds_keep_problems_whole_and_are_all_used() -> None:
    problems = np.arange(40) % 11
    folds = problem_folds(problems)
    assert all(len(set(folds[problems == p])) == 1 for p in range(11))
    assert set(folds) == set(range(5))


def test_macro_f1_is_the_mean_over_the_classes_that_occur() -> None:
    # class 0: precision 2/3, recall 1; class 1: precision 1, recall 1/2; class 2 never occurs
    table = np.array([[2, 0, 0], [1, 1, 0], [0, 0, 0]])
    assert macro_f1(table) == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_too_few_problems_are_refused(replies: list[JudgedReply]) -> None:
    with pytest.raises(ContentError, match="2 problems are too few"):
        evaluate_critic(replies[:12], inputs_of(replies[:12]), telling())


def test_the_scoreboard_shows_published_figures_as_of_another_set(
    replies: list[JudgedReply],
) -> None:
    board = str(evaluate_critic(replies, inputs_of(replies), telling()))
    assert "best published, other set" in board
    assert "| mistake identification | 1.00 (1.00 to 1.00) | 0.17 | 1.00 | 0.72 |" in board
