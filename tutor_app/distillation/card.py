"""The model card that a refresh writes beside the weights."""

from datetime import UTC, datetime
from pathlib import Path

from huggingface_hub import ModelCard, ModelCardData

from tutor_app import __version__
from tutor_app.distillation.handover import load_demonstrations
from tutor_app.domain.course import Course


def write_card(folder: Path, model_id: str, course: Course, start: str, run: Path) -> None:
    """Write README.md: what the model is for, what it was made from, and its figures.

    Args:
        folder: the model folder.
        model_id: its name.
        course: the course it was refreshed for.
        start: name of the model it was trained from.
        run: folder of the run, with kept.jsonl, funnel.md and report.md.
    """
    kept = load_demonstrations(run / "kept.jsonl")
    trained = [one for one in kept if not one.situation.held_out]
    teachers = sorted({one.teacher for one in kept}) or ["unknown"]
    prompts = sorted({one.prompt for one in kept})
    data = ModelCardData(
        model_name=model_id,
        language=course.language,
        license="apache-2.0",
        pipeline_tag="text-generation",
        tags=["tutoring", "socratic", "distillation"],
    )
    text = f"""---
{data.to_yaml()}
---
# {model_id}

Words the planned moves of tutor_app in the course "{course.title}". It decides nothing and computes
nothing: code plans the move, fills the numbers and checks every wording before a learner sees it.
Not for use by itself.

## Lineage
- Trained from: {start}; with tutor_app {__version__}, {datetime.now(UTC):%Y-%m-%d}.
- Demonstrations: {len(trained)} of {len(kept)} that passed the filters; the others are held out.
- Written by a language model (teacher: {", ".join(teachers)}), under the prompts with hash
  {", ".join(prompts)}. No learner's data is in them.
- Course: {course.title}, {course.licence}.

## Filters
{(run / "funnel.md").read_text(encoding="utf-8")}
{(run / "report.md").read_text(encoding="utf-8").replace("# Evaluation", "## Evaluation")}
"""
    ModelCard(text).save(folder / "README.md")
