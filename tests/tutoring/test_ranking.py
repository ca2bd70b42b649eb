from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tutor_app.domain.dialogue import Candidate, CheckResult
from tutor_app.errors import ModelError
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.ranking import DIMENSIONS, Critic, Heads, combined, critic_inputs
from tutor_app.tutoring.reply_features import dialogue_context

HEAD = Path(__file__).parents[2] / "models/critic-0.1/head.safetensors"
CONTEXT = dialogue_context(
    "A tray holds 20 cupcakes. Anna fills 4 trays and sells 3/5 of the cupcakes. How many is that?",
    [("Learner", "4 x 20 = 80, so she sold 80 x 5/3 = 133 cupcakes.")],
)
HELPFUL = (
    "You found 80 cupcakes correctly, but 133 is more than she baked. What does 3/5 of 80 mean?"
)
EMPTY = "Great job! Keep it up!"


@pytest.fixture(scope="module")
def critic() -> Critic:
    return Critic(load_embedder().embed_array, HEAD)


def candidate(text: str, passed: bool = True) -> Candidate:
    return Candidate(text=text, source="hint", checks=(CheckResult(name="form", passed=passed),))


def constant(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.ones((len(texts), 4), dtype=np.float32) / 2


def test_a_reply_that_locates_the_mistake_and_asks_comes_before_empty_praise(
    critic: Critic,
) -> None:
    ranked = critic.rank(CONTEXT, [candidate(EMPTY), candidate(HELPFUL)])
    assert [c.text for c in ranked] == [HELPFUL, EMPTY]


def test_a_candidate_that_did_not_pass_never_comes_back(critic: Critic) -> None:
    unchecked = Candidate(text=HELPFUL, source="model")
    shown = [candidate(HELPFUL, passed=False), unchecked, candidate(EMPTY), candidate(EMPTY)]
    assert {c.text for c in critic.rank(CONTEXT, shown)} == {EMPTY}


def test_equal_replies_keep_their_order(critic: Critic) -> None:
    first, second = candidate(EMPTY), Candidate(**{**dict(candidate(EMPTY)), "source": "model"})
    assert [c.source for c in critic.rank(CONTEXT, [first, second])] == ["hint", "model"]


def test_scores_lie_between_nought_and_one_and_do_not_depend_on_the_other_replies(
    critic: Critic,
) -> None:
    both = critic.scores(CONTEXT, [HELPFUL, EMPTY])
    assert both.shape == (2,)
    assert ((both > 0) & (both < 1)).all()
    assert critic.scores(CONTEXT, [EMPTY])[0] == pytest.approx(both[1], abs=1e-3)


def test_no_replies_have_no_scores(critic: Critic) -> None:
    assert critic.scores(CONTEXT, []).shape == (0,)


@pytest.mark.parametrize("text", ["", "\ud800", "x" * 100_000, "为什么?"])
def test_any_text_is_scored(critic: Critic, text: str) -> None:
    assert np.isfinite(critic.scores(text, [text, "Why?"])).all()


def test_everything_is_embedded_in_one_call() -> None:
    calls: list[Sequence[str]] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        calls.append(texts)
        return constant(texts)

    critic_inputs(embed, CONTEXT, ["Why?", "How?", "And?"])
    assert [len(texts) for texts in calls] == [5]


def test_neither_tone_nor_humanlikeness_moves_the_score() -> None:
    shares = np.full((1, 8, 3), 1 / 3)
    changed = shares.copy()
    changed[0, 6:] = [0, 0, 1]
    assert combined(changed) == pytest.approx(combined(shares))
    changed[0, DIMENSIONS.index("actionability")] = [0, 0, 1]
    assert combined(changed)[0] > combined(shares)[0]


def test_an_answer_revealed_is_worth_nothing_even_when_it_is_right() -> None:
    wrong, right = np.zeros((1, 8, 3)), np.zeros((1, 8, 3))
    wrong[..., 0], right[..., 0] = 1, 1
    right[0, DIMENSIONS.index("not revealing the answer")] = [0, 1, 0]
    assert combined(wrong)[0] == combined(right)[0]


def test_probabilities_of_a_head_add_up_to_one() -> None:
    heads = Heads(np.ones((8, 3, 2)) * 900, np.zeros((8, 3)))
    assert heads.probabilities(np.ones((5, 2))).sum(axis=2) == pytest.approx(np.ones((5, 8)))


def test_a_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    cut = tmp_path / "head.safetensors"
    cut.write_bytes(HEAD.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        Critic(constant, cut)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tutor refresh critic"):
        Critic(constant, tmp_path / "none.safetensors")


@pytest.mark.parametrize("shape", [(7, 3, 9), (8, 3)])
def test_weights_of_another_shape_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "head.safetensors"
    bias = np.zeros(shape[:2], dtype=np.float32)
    save_file({"weight": np.zeros(shape, dtype=np.float32), "bias": bias}, path)
    with pytest.raises(ModelError, match="has weights of shape"):
        Critic(constant, path)


def test_an_embedder_of_another_size_is_refused_with_what_to_do() -> None:
    with pytest.raises(ModelError, match="the heads want"):
        Critic(constant, HEAD).scores(CONTEXT, ["Why?"])
