"""`tutor evaluate wording|preference|critic|engines`: the tutor model and who speaks beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tutor_app.cli.evaluate import BENCHMARKS, SHARED
from tutor_app.distillation.intake import rubrics_of
from tutor_app.errors import ModelError
from tutor_app.factory import build_catalogue, build_embedder, build_memory, build_shelf
from tutor_app.settings import Settings

if TYPE_CHECKING:
    from tutor_app.evaluation.preference import Wordings

_MODEL = Annotated[str, typer.Argument(help="Id of the model; the shipped champion if left out.")]


def wording(
    model_id: _MODEL = "",
    course_id: Annotated[str, typer.Option(help="Id of the course.")] = "mechanics",
    folder: Annotated[
        Path | None, typer.Option(help="A model folder that is on no shelf, for comparisons.")
    ] = None,
) -> None:
    """Word held-out turns: the model's raw first samples, and who speaks in the whole tutor."""
    from tutor_app.distillation.assess import TEMPERATURE, assess_speakers
    from tutor_app.evaluation.rehearsal import Stage
    from tutor_app.factory import load_all_demonstrations
    from tutor_app.llms.chat_model import load_chat_model

    settings = Settings.from_environment()
    shelf = build_shelf(settings)
    where = folder or shelf.find(model_id or shelf.champion()).folder
    model = load_chat_model(str(where), temperature=TEMPERATURE, sealed=folder is None)
    if model is None:
        raise ModelError(f"{where}: there is no model to evaluate.")
    catalogue = build_catalogue(settings)
    stage = Stage(catalogue.course(course_id), rubrics_of(catalogue, course_id))
    memory = build_memory(settings, held_out=False)
    found = [
        one for one in load_all_demonstrations(settings) if one.situation.course_id == course_id
    ]
    print(assess_speakers(model, found, stage, memory.recall))


def pairs(
    out: Annotated[Path, typer.Option(help="Folder for pairs.jsonl and key.jsonl.")],
    model_id: _MODEL = "",
    course_id: Annotated[str, typer.Option(help="Id of the course.")] = "mechanics",
) -> None:
    """Word held-out and known turns by model, memory and hints, as blind pairs for readers."""
    from tutor_app.distillation.assess import TEMPERATURE
    from tutor_app.evaluation.preference_turns import word_turns
    from tutor_app.evaluation.rehearsal import Stage
    from tutor_app.factory import build_critic, load_all_demonstrations
    from tutor_app.llms.chat_model import load_chat_model
    from tutor_app.tutoring.memory import ReplyMemory
    from tutor_app.tutoring.plan import TABLE
    from tutor_app.tutoring.speakers import Speakers, by_critic
    from tutor_app.tutoring.voice import small_speaker

    settings = Settings.from_environment()
    shelf = build_shelf(settings)
    folder = shelf.find(model_id or shelf.champion()).folder
    model = load_chat_model(str(folder), temperature=TEMPERATURE, sealed=True)
    if model is None:
        raise ModelError(f"{folder}: there is no model to evaluate.")
    catalogue = build_catalogue(settings)
    stage = Stage(catalogue.course(course_id), rubrics_of(catalogue, course_id))
    rank = by_critic(build_critic(settings))
    embed = build_embedder(settings).embed_array
    turns = word_turns(
        [one for one in load_all_demonstrations(settings) if one.situation.course_id == course_id],
        stage,
        lambda known: {
            "model": ("model", Speakers(model=small_speaker(model), rank=rank)),
            "memory": (
                "memory",
                Speakers(
                    memory=ReplyMemory(known, embed).recall,
                    rank=rank,
                    order=dict.fromkeys(TABLE, ("memory",)),
                ),
            ),
            "hint": ("hint", Speakers()),
            "fixed sentence": ("template", Speakers()),
        },
    )
    _save_pairs(
        out,
        turns,
        [
            ("model", "hint"),
            ("model", "memory"),
            ("memory", "hint"),
            ("memory", "fixed sentence"),
        ],
    )


def sanity(
    arms: Annotated[
        Path, typer.Argument(help="Folder of `tutor refresh compare --go-on --only shuffled`.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for pairs.jsonl and key.jsonl.")],
    course_id: Annotated[str, typer.Option(help="Id of the course.")] = "mechanics",
) -> None:
    """Pair the champion's raw first samples with an untrained and a shuffled model's, blind."""
    from tutor_app.distillation.assess import TEMPERATURE
    from tutor_app.evaluation.preference_turns import first_sample, word_turns
    from tutor_app.evaluation.rehearsal import Stage
    from tutor_app.factory import load_all_demonstrations
    from tutor_app.llms.chat_model import load_chat_model
    from tutor_app.tutoring.speakers import Speakers
    from tutor_app.tutoring.voice import small_speaker

    catalogue = build_catalogue(settings := Settings.from_environment())
    shelf = build_shelf(settings)
    speakers = {}
    for name, folder in (
        ("trained", shelf.find(shelf.champion()).folder),
        ("shuffled", arms / "shuffled" / "model"),
        ("untrained", arms / "shuffled" / "start"),
    ):
        model = load_chat_model(str(folder), temperature=TEMPERATURE)
        if model is None:
            raise ModelError(f"{folder}: there is no model. Run: tutor refresh compare.")
        speakers[name] = Speakers(model=small_speaker(model, samples=1))
    turns = word_turns(
        [one for one in load_all_demonstrations(settings) if one.situation.course_id == course_id],
        Stage(catalogue.course(course_id), rubrics_of(catalogue, course_id)),
        lambda known: {name: ("model", one) for name, one in speakers.items()},
        first_sample,
    )
    _save_pairs(out, turns, [("trained", "untrained"), ("trained", "shuffled")])


def _save_pairs(out: Path, turns: "list[Wordings]", against: list[tuple[str, str]]) -> None:
    from tutor_app.evaluation.preference import make_pairs, save

    made = make_pairs(turns, against)
    save(out / "pairs.jsonl", [pair for pair, _ in made])
    save(out / "key.jsonl", [key for _, key in made])
    for name in dict.fromkeys(name for pair in against for name in pair):
        print(f"{name} spoke on {sum(name in turn.spoken for turn in turns)} of {len(turns)} turns")
    print(f"{len(made)} pairs in {out / 'pairs.jsonl'}; keep key.jsonl from the readers.")


def preference(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with key.jsonl and votes.jsonl; the shipped one.")
    ] = None,
) -> None:
    """Tally the blind votes on model, memory and hints, by kind of turn."""
    from tutor_app.evaluation.preference import consistency, load_keys, load_votes, table, tally

    folder = folder or Settings.from_environment().content / "datasets/evaluation/preference"
    keys = load_keys(folder / "key.jsonl")
    votes = load_votes(folder / "votes.jsonl")
    print(table(tally(keys, votes)))
    same, twice = consistency(keys, votes)
    readers = len({vote.reader for vote in votes})
    print(f"\n{len(votes)} votes of {readers} readers; {twice} pairs seen twice, {same:.0%} alike.")


def critic(benchmarks: BENCHMARKS = SHARED) -> None:
    """Cross-validate the critic on human-labelled replies, grouped by problem."""
    from tutor_app.distillation.critic import measure_critic

    print(measure_critic(benchmarks, build_embedder(Settings.from_environment()).embed_array))


def engines(
    model_id: _MODEL = "",
    course_id: Annotated[str, typer.Option(help="Id of the course.")] = "mechanics",
    prompts: Annotated[int, typer.Option(help="How many prompts.")] = 200,
) -> None:
    """Compare transformers with the fast engine on held-out prompts: time, size, equal replies."""
    from tutor_app.distillation.rows import make_rows
    from tutor_app.evaluation.engines import evaluate_engines
    from tutor_app.evaluation.rehearsal import Stage
    from tutor_app.factory import load_all_demonstrations

    settings = Settings.from_environment()
    shelf = build_shelf(settings)
    catalogue = build_catalogue(settings)
    stage = Stage(catalogue.course(course_id), rubrics_of(catalogue, course_id))
    held_out = [one for one in load_all_demonstrations(settings) if one.situation.held_out]
    rows = make_rows(held_out, stage)
    step = max(1, len(rows) // prompts)
    asked = [row.prompt for row in rows[::step][:prompts]]
    folder = shelf.find(model_id or shelf.champion()).folder
    print(evaluate_engines(folder, asked, on_progress=lambda name: print(f"{name} ...")))
