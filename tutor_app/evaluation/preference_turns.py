"""Turns for a blind preference: the same learner's line, worded by each speaker alone."""

from collections.abc import Callable, Sequence

from tutor_app.answers.solution import fill
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.dialogue import Candidate, Source
from tutor_app.errors import ContentError
from tutor_app.evaluation.preference import Wordings
from tutor_app.evaluation.rehearsal import Rehearsal, Stage
from tutor_app.evaluation.wording import said
from tutor_app.tutoring.phrasing import WORDED
from tutor_app.tutoring.speakers import Speakers

GROUPS = {
    "held-out item": 80,
    "held-out situation": 60,
    "known situation, new words": 60,
    "no hint, fixed sentence": 60,
}
"""How many turns of each kind."""

_FIXED = frozenset({"right", "unit", "sign", "rounding", "term", "dispute"})

BuildSpeakers = Callable[[Sequence[Demonstration]], dict[str, tuple[Source, Speakers]]]
Say = Callable[[Rehearsal, Speakers], Candidate]


def first_sample(turn: Rehearsal, speakers: Speakers) -> Candidate:
    """Return a model's first sample as it came, unchecked; empty where a slot stays open."""
    nothing = Candidate(text="", source="model")
    return next(iter(speakers.model(turn.material)), nothing)


def word_turns(
    demonstrations: Sequence[Demonstration],
    stage: Stage,
    build: BuildSpeakers,
    say: Say = said,
) -> list[Wordings]:
    """Let every speaker word every turn; a speaker that has nothing to say is left out.

    Args:
        demonstrations: all that were kept; the held-out ones, and the particular replies of known
            situations, lend their learners' lines and nothing else.
        stage: rehearses them.
        build: speakers by name, each with the source it must speak from, given the demonstrations
            that memory may know.
        say: how a speaker words a turn: with all checks, or as it came.
    """
    worded = [one for one in demonstrations if one.situation.row in WORDED]
    asked = {
        "held-out item": [d for d in worded if d.situation.held_out == "item"],
        "held-out situation": [d for d in worded if d.situation.held_out == "situation"],
        "known situation, new words": [
            d for d in worded if not d.situation.held_out and not d.any_learner
        ],
        "no hint, fixed sentence": [
            d for d in demonstrations if not d.situation.held_out and d.situation.row in _FIXED
        ],
    }
    chosen = {name: _spread(asked[name], most) for name, most in GROUPS.items()}
    borrowed = {one.id for some in chosen.values() for one in some}
    known = [d for d in demonstrations if not d.situation.held_out and d.id not in borrowed]
    speakers = build(known)
    return [
        turn
        for name, some in chosen.items()
        for one in some
        if (turn := _word(name, one, stage, speakers, say)) is not None
    ]


def _word(
    group: str,
    one: Demonstration,
    stage: Stage,
    speakers: dict[str, tuple[Source, Speakers]],
    say: Say,
) -> Wordings | None:
    try:
        turn = stage.rehearse(one)
    except ContentError:
        return None
    spoken = {}
    for name, (source, speaker) in speakers.items():
        candidate = say(turn, speaker)
        if candidate.source == source:
            spoken[name] = candidate.text
    material = turn.material
    item, solution, situation = material.item, material.solution, one.situation
    step = item.step(situation.step)
    misconception = next((m for m in item.misconceptions if m.id == situation.misconception), None)
    idea = f" ({misconception.title})" if misconception else ""
    return Wordings(
        turn=one.id,
        group=group,
        problem=fill(item.prompt, solution.names).strip(),
        showed=f"{situation.state.value}{idea}; {situation.row}",
        step=f"{step.goal} [key: {fill(step.work, solution.names)}]",
        learner=turn.learner,
        spoken=spoken,
    )


def _spread(some: Sequence[Demonstration], most: int) -> list[Demonstration]:
    step = max(1.0, len(some) / most)
    return [some[int(n * step)] for n in range(min(most, len(some)))]
