import json
from pathlib import Path

import numpy as np
import pytest

from tutor_app.distillation.critic import fit_heads, measure_critic, refresh_critic, save_heads
from tutor_app.errors import ContentError
from tutor_app.evaluation.critic import Inputs, Labels
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.ranking import Critic, Heads
from tutor_app.tutoring.reply_features import SCALARS, dialogue_context

BENCHMARKS = Path(__file__).parents[3] / "shared" / "benchmarks"
GOOD = (
    "Look at your second line again. What is half of {n}?",
    "You halved twice. Where, with {n}?",
)
BAD = ("Great job! Keep it up!", "Yes.")


@pytest.fixture(scope="module")
def benchmarks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six problems; two writers help, two do not."""
    dialogues = []
    for n in range(10, 22, 2):
        responses = {}
        for place, text in enumerate((*GOOD, *BAD)):
            mark = "Yes" if place < 2 else "No"
            keys = ("Mistake_Identification", "Mistake_Location", "Providing_Guidance")
            marks = dict.fromkeys((*keys, "Actionability", "Coherence", "humanlikeness"), mark)
            responses[f"writer {place}"] = {
                "response": text.format(n=n),
                "annotation": {
                    **marks,
                    "Revealing_of_the_Answer": "No",
                    "Tutor_Tone": "Neutral",
                },
            }
        dialogues.append(
            {
                "conversation_history": f"Tutor: The question is: Half of {n}?\nStudent: {n / 4}",
                "Topic": "Not Available",
                "anno_llm_responses": responses,
            }
        )
    folder = tmp_path_factory.mktemp("benchmarks")
    (folder / "mrbench").mkdir()
    (folder / "mrbench/mrbench_v2_open.json").write_text(json.dumps(dialogues), encoding="utf-8")
    return folder


def separable(classes: int) -> tuple[Inputs, Labels]:
    labels = np.repeat(np.arange(classes), 20)
    inputs = np.random.default_rng(0).normal(size=(len(labels), SCALARS + 2)).astype(np.float32)
    inputs[:, 0] = 50 + 10 * (labels == 1) + labels
    inputs[:, 1] = -3 + 4 * labels
    return inputs, np.stack([labels] * 8, axis=1)


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_heads_know_their_own_lines_however_many_classes_there_are(classes: int) -> None:
    inputs, labels = separable(classes)
    shares = fit_heads(inputs, labels).probabilities(inputs)
    assert (shares.argmax(axis=2) == labels).mean() > 0.95
    assert shares[..., classes:].max(initial=0) < 1e-6


def test_a_measure_that_never_changes_does_no_harm() -> None:
    inputs, labels = separable(2)
    inputs[:, 5] = 7
    heads = fit_heads(inputs, labels)
    assert np.isfinite(heads.weight).all()


def test_a_refreshed_critic_prefers_what_people_marked_higher(
    benchmarks: Path, tmp_path: Path
) -> None:
    embed = load_embedder().embed_array
    board = refresh_critic(benchmarks, embed, tmp_path)
    assert board.preferences[0].accuracy.value > 0.9
    critic = Critic(embed, tmp_path / "head.safetensors")
    context = dialogue_context("Half of 40?", [("Learner", "10")])
    good, bad = critic.scores(context, ["You halved twice. What is half of 40?", "Great job!"])
    assert good > bad
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in card
    assert str(board) in card


def test_training_twice_gives_the_same_heads(tmp_path: Path) -> None:
    paths = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for path in paths:
        save_heads(fit_heads(*separable(3)), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_saved_heads_are_single_precision_and_small(tmp_path: Path) -> None:
    path = tmp_path / "head.safetensors"
    save_heads(Heads(np.zeros((8, 3, 100)), np.zeros((8, 3))), path)
    assert path.stat().st_size < 11_000


def test_a_missing_benchmark_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="mrbench_v2_open"):
        measure_critic(tmp_path, load_embedder().embed_array)


@pytest.mark.evaluation
@pytest.mark.slow
def test_the_critic_agrees_with_people_better_than_the_majority_and_than_length() -> None:
    if not (BENCHMARKS / "mrbench/mrbench_v2_open.json").is_file():
        pytest.skip("MRBench is not on this machine")
    board = measure_critic(BENCHMARKS, load_embedder().embed_array)
    assert all(row.macro_f1.low > row.majority for row in board.dimensions)
    for preference in board.preferences:
        assert preference.accuracy.low > preference.longer
        assert preference.new_writer.low > 0.6
