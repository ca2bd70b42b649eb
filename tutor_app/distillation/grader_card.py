"""The card that stands beside the grading model's weights."""

from collections import Counter
from pathlib import Path

from tutor_app.distillation.grader_data import Measured
from tutor_app.distillation.grader_report import RESAMPLES, FoldBoard

_CARD = """# {name}
Judges a short answer against right answers: correct, contradictory or incorrect, with calibrated
probabilities. An instructor decides; this proposes. It also says how clearly an answer shows a
rubric's key element, which is the same question.

- heads.safetensors: linear heads over {measures} and 768 comparisons of frozen
  all-MiniLM-L6-v2 vectors, and over what graded answers of the same question say. CC BY-SA 4.0.
- pairs-int8.onnx (where it is there): all-MiniLM-L6-v2 fine-tuned as a cross-encoder, int8, asked
  where the first stage is unsure. CC BY-SA 4.0, and Apache-2.0 for what is MiniLM's.
- manifest.json: sha256 of both, checked at loading.
- Data: {counts}. SemEval-2013 task 7, "The Joint Student Response Analysis and 8th Recognizing
  Textual Entailment Challenge" (Dzikovska, Nielsen, Brew, Leacock, Giampiccolo, Bentivogli, Clark,
  Dagan and Dang, 2013): the Beetle and SciEntsBank training files, CC BY-SA, not part of this
  repository. The labels are human. Nothing else was used; no test file was opened.
- Base weights: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), itself from Microsoft's MiniLM.
- The weights derive from CC BY-SA data: pass them on under CC BY-SA 4.0 with this credit.
- Train: `tutor grader train DATA` (`refresh` extra). Figures again: `tutor evaluate grading-folds
  DATA`, with the same work folder in minutes, without it hours on two busy cores.

## By folds
{board}

Intervals: {resamples} bootstrap samples of questions. "New questions": nothing that was trained saw
any answer to the question. "Graded questions": a third of each question's answers is judged, the
others are training data and graded examples, as an instructor has after grading a part. The
cross-encoder was trained for three question folds and for one fold of answers, so its rows on
graded questions rest on a third of the answers. Heads that combine stages are fitted on four fifths
of the questions and shown on the last. How readily "contradictory" is named is chosen on all.

## Limits
- English, school science and circuits. Other subjects, longer answers and other languages are not
  measured; expect less.
- "Contradictory" is hard on new questions: see the log in models/README.md. Tell people "not
  correct" there rather than "you said the opposite".
- A flat denial that keeps the right words ("the bulb is not in a closed path") can still come out
  as correct, at about 0.5. Release only what is surer than that.
- Probabilities are calibrated on these corpora. Another class grades otherwise: ten graded answers
  of the question itself say more than anything here.
"""


def write_card(folder: Path, board: FoldBoard, measured: Measured) -> None:
    """Write README.md beside the weights."""
    from tutor_app.grading.features import MEASURES

    counts = Counter(str(corpus) for corpus in measured.corpora)
    text = _CARD.format(
        name=folder.name,
        measures=f"{len(MEASURES)} plain measures",
        counts=", ".join(f"{count:,} answers of {name}" for name, count in counts.items()),
        board=board,
        resamples=RESAMPLES,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
