"""The tutor model words a planned move. Its prompt never holds the final answer."""

import logging
from collections.abc import Callable, Iterable, Iterator

import httpx
import openai
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from tutor_app.answers.solution import fill
from tutor_app.domain.dialogue import Candidate
from tutor_app.errors import ModelError
from tutor_app.prompts.render import render
from tutor_app.tutoring.candidates import Material

MAX_SAMPLES = 3
MAX_HISTORY = 4
MAX_PASSAGES = 2
_LOG = logging.getLogger(__name__)
_UNANSWERED = (ModelError, openai.OpenAIError, httpx.HTTPError, TimeoutError, ConnectionError)


def model_speaker(
    model: BaseChatModel, samples: int = MAX_SAMPLES
) -> Callable[[Material], Iterable[Candidate]]:
    """Return a callable that yields up to `samples` wordings, each asked for only when needed."""

    def speak(material: Material) -> Iterator[Candidate]:
        messages = tutor_prompt(material)
        for _ in range(samples):
            try:
                answer = model.invoke(messages)
            except _UNANSWERED as error:
                # the hints speak instead; a failed call is never an empty reply
                _LOG.warning("tutor model did not answer: %s", error)
                return
            if text := str(answer.text).strip():
                yield Candidate(
                    text=text, source="model", passages=tuple(material.passages[:MAX_PASSAGES])
                )

    return speak


def tutor_prompt(material: Material) -> list[BaseMessage]:
    """Build the prompt of one move, from what the learner may know."""
    item, move, diagnosis = material.item, material.move, material.diagnosis
    names = {name: material.solution.names[name] for name in item.quantities}
    names["yours"] = diagnosis.check.reading.echo if diagnosis.check else "that"
    hints = [h for h in item.hints_for(move.step or item.steps[0].id) if h.level is move.level]
    misconception = next((m for m in item.misconceptions if m.id == diagnosis.misconception), None)
    hint = misconception.question if misconception else hints[0].text if hints else ""
    spoken = zip(material.state.texts, material.state.replies, strict=True)
    history = [line for pair in spoken for line in (f"Learner: {pair[0]}", f"Tutor: {pair[1]}")]
    return [
        SystemMessage(render("tutor_system", max_words=move.max_words)),
        HumanMessage(
            render(
                "tutor_move",
                problem=fill(item.prompt, names),
                history=history[-MAX_HISTORY:],
                learner=diagnosis.quoted or "(opened a hint)",
                showed=diagnosis.state.value,
                misconception=misconception.title if misconception else "",
                goal=fill(item.step(move.step).goal, names),
                kind=move.kind,
                strategy=move.strategy,
                intention=move.intention,
                hint=fill(hint, names) if hint else "",
                passages=[p.text for p in material.passages[:MAX_PASSAGES]],
            )
        ),
    ]
