"""Assess: a trained model on the situations that were held out, alone and in the whole tutor."""

from collections.abc import Callable, Sequence
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from tutor_app.domain.demonstration import Demonstration
from tutor_app.errors import ModelError
from tutor_app.evaluation.rehearsal import Stage
from tutor_app.evaluation.wording import (
    WordingScoreboard,
    raw_figures,
    rehearse_all,
    whole_figures,
)
from tutor_app.llms.chat_model import load_chat_model
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.phrasing import WORDED, from_model, model_prompt
from tutor_app.tutoring.speakers import Speak, Speakers, nobody
from tutor_app.tutoring.voice import MAX_SAMPLES, small_speaker

MAX_TURNS = 120
TEMPERATURE = 0.7
SETS = {"item": "held-out items", "situation": "held-out situations of known items"}


def assess(model_folder: Path, demonstrations: Sequence[Demonstration], stage: Stage) -> str:
    """Return the evaluation report of a model (Markdown).

    Args:
        model_folder: the trained model.
        demonstrations: all that passed the filters; the held-out ones supply the learners' lines.
        stage: rehearses them.

    Raises:
        ModelError: the model cannot be loaded.
    """
    model = load_chat_model(str(model_folder), temperature=TEMPERATURE)
    if model is None:
        raise ModelError(f"{model_folder}: there is no model to assess.")
    return f"# Evaluation on held-out turns\n\n{assess_speakers(model, demonstrations, stage)}\n"


def assess_speakers(
    model: BaseChatModel,
    demonstrations: Sequence[Demonstration],
    stage: Stage,
    memory: Speak = nobody,
) -> WordingScoreboard:
    """Measure the model's first samples, and who speaks in the whole tutor."""
    raw, whole = [], []
    for key, name in SETS.items():
        chosen = [
            one
            for one in demonstrations
            if one.situation.held_out == key and one.situation.row in WORDED
        ]
        turns = rehearse_all(_spread(chosen, MAX_TURNS), stage)
        raw.append(raw_figures(f"model, {name}", turns, sampler(model)))
        speakers = Speakers(model=small_speaker(model, MAX_SAMPLES), memory=memory)
        whole.append(whole_figures(name, turns, speakers))
    return WordingScoreboard(tuple(raw), tuple(whole))


def sampler(model: BaseChatModel) -> Callable[[Material], tuple[str, bool]]:
    """Return a callable that draws one wording, filled, and says whether it stopped by itself."""

    def sample(material: Material) -> tuple[str, bool]:
        (drawn,) = model.generate([[HumanMessage(model_prompt(material))]]).generations[0]
        ended = (drawn.generation_info or {}).get("finish_reason") == "stop"
        return from_model(drawn.text.strip(), material), ended

    return sample


def _spread(some: Sequence[Demonstration], most: int) -> list[Demonstration]:
    """Return at most so many, evenly spread."""
    step = max(1.0, len(some) / most)
    return [some[int(n * step)] for n in range(min(most, len(some)))]
