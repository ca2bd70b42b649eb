"""`tutor chat` and `tutor ask`: the same turn as in the browser, without one."""

import json
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from tutor_app.domain.dialogue import Channel, Dialogue, Turn
from tutor_app.errors import TutorError
from tutor_app.factory import build_tutor
from tutor_app.settings import Settings
from tutor_app.tutoring.tutor import Tutor

LEARNER = "command-line"
COMMANDS: dict[str, Channel] = {"/help": "help", "/skip": "skip", "/right": "dispute"}


def chat(course_id: str, item_id: str) -> None:
    """Work on one item in the terminal. /help opens a hint, /right disputes, /skip ends."""
    tutor = _load()
    dialogue = tutor.start(LEARNER, course_id, item_id)
    _show_opening(tutor, dialogue)
    print("Type an answer or a question. /help, /right, /skip; an empty line ends.\n")
    while not tutor.state(dialogue).closed:
        try:
            text = input("you> ").strip()
        except EOFError:
            break
        if not text:
            break
        channel = COMMANDS.get(text, "answer")
        reply = tutor.respond(dialogue, "" if text in COMMANDS else text, uuid4().hex, channel)
        print(f"tutor> {reply.turn.reply}\n")
        _show_passages(reply.turn)
        dialogue = tutor.store.dialogue(dialogue.id)


def ask(
    course_id: str,
    item_id: str,
    text: str,
    dialogue_id: Annotated[
        str, typer.Option("--dialogue", help="Go on with this dialogue; a new one otherwise.")
    ] = "",
    channel: Annotated[str, typer.Option(help="answer, chat, help, skip or dispute.")] = "answer",
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole turn.")] = False,
) -> None:
    """Take one turn and print the reply; the dialogue's id is printed for the next one."""
    known: tuple[Channel, ...] = ("answer", "chat", "help", "skip", "dispute")
    chosen = next((c for c in known if c == channel), None)
    if chosen is None:
        raise TutorError(f"--channel: {channel!r} is none of {', '.join(known)}.")
    tutor = _load()
    if dialogue_id:
        dialogue = tutor.store.dialogue(dialogue_id)
    else:
        dialogue = tutor.start(LEARNER, course_id, item_id)
    turn = tutor.respond(dialogue, text, uuid4().hex, chosen).turn
    if as_json:
        print(json.dumps(turn.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    if not dialogue_id:
        _show_opening(tutor, dialogue)
    for outcome in turn.diagnosis.check.outcomes if turn.diagnosis.check else ():
        print(f"  {'passes ' if outcome.passed else 'not yet'}  {outcome.about}")
    print(f"tutor> {turn.reply}")
    _show_passages(turn)
    print(f"\n(dialogue {dialogue.id}; go on with --dialogue {dialogue.id})")


def _load() -> Tutor:
    with Console(stderr=True).status("loading the encoder"):
        tutor = build_tutor(Settings.from_environment())
        tutor.warm_up()
    return tutor


def _show_opening(tutor: Tutor, dialogue: Dialogue) -> None:
    item = tutor.prepare(dialogue.course_id, dialogue.item_id)
    print(f"{item.prompt}\n")
    if item.item.answer.kind == "choice":
        for option in item.item.answer.options:
            print(f"  {option.id}) {option.text}")
        print()
    if item.item.answer.kind == "code" and item.item.answer.starter:
        print(f"{item.item.answer.starter}\n")
    if opening := tutor.opening(dialogue).text:
        print(f"{opening}\n")


def _show_passages(turn: Turn) -> None:
    for number, passage in enumerate(turn.passages, 1):
        if f"[{number}]" in turn.reply:
            print(f"  [{number}] {passage.place.document}: {passage.place}")
