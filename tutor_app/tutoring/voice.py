"""voice.json in a tutor model's folder: how the model is asked, and where it won its place."""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from tutor_app.domain.base import Strict
from tutor_app.domain.dialogue import Candidate, Source
from tutor_app.errors import ModelError
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.phrasing import WORDED, from_model, model_prompt
from tutor_app.tutoring.plan import TABLE
from tutor_app.tutoring.speakers import usual_order

VOICE = "voice.json"
FORMAT = "move-1"
_LOG = logging.getLogger(__name__)
MAX_SAMPLES = 3


class Voice(Strict):
    """What evaluation decided about a model.

    Attributes:
        format: version of `phrasing.model_prompt` that the model was trained on.
        order: who is asked first, by row of the plan; rows that are missing have the usual order,
            without the model: a small model speaks only where it won.
    """

    format: str = FORMAT
    order: dict[str, tuple[Source, ...]] = {}

    @property
    def won(self) -> tuple[str, ...]:
        """The rows in which the model is asked at all."""
        return tuple(row for row, order in self.order.items() if "model" in order)

    @property
    def full_order(self) -> dict[str, tuple[Source, ...]]:
        """The order for every row of the plan."""
        return {row: usual_order(row) for row in TABLE} | self.order


def load_voice(folder: Path) -> Voice | None:
    """Load voice.json; None where a folder has none, as any other chat model.

    Raises:
        ModelError: the file is broken, or the model was trained on another prompt.
    """
    path = folder / VOICE
    if not path.is_file():
        return None
    try:
        voice = Voice.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ModelError(f"{path}: this cannot be read. Take the model folder anew.") from None
    if voice.format != FORMAT:
        raise ModelError(
            f"{path}: the model reads {voice.format!r}, this program speaks {FORMAT!r}. "
            "Refresh the model with this version."
        )
    return voice


def small_speaker(
    model: BaseChatModel, samples: int = MAX_SAMPLES
) -> Callable[[Material], Iterable[Candidate]]:
    """Return a callable that yields a small model's wordings, with its slots filled by code.

    All samples are drawn in one call (`n=`), as the local engines allow.
    """

    def speak(material: Material) -> Iterator[Candidate]:
        if material.move.situation not in WORDED:
            return
        try:
            drawn = model.generate([[HumanMessage(model_prompt(material))]], n=samples)
        except ModelError as error:
            # memory and hints speak instead
            _LOG.warning("tutor model did not answer: %s", error)
            return
        for text in dict.fromkeys(said.text.strip() for said in drawn.generations[0]):
            if filled := from_model(text, material):
                yield Candidate(text=filled, source="model")

    return speak
