"""Builds every part from Settings: the only module that knows every layer.

Torch and Chroma take seconds to import, so they are imported where they are first needed.
"""

from functools import partial
from typing import TYPE_CHECKING

from tutor_app.courses.catalogue import Catalogue
from tutor_app.settings import Settings

if TYPE_CHECKING:
    from tutor_app.access.accounts import Accounts
    from tutor_app.retrieval.embedder import SentenceEmbedder
    from tutor_app.retrieval.index import SearchIndex
    from tutor_app.retrieval.search import Searcher
    from tutor_app.storage.store import Store
    from tutor_app.tutoring.intents import IntentClassifier
    from tutor_app.tutoring.tutor import Tutor

INTENT_HEAD = "models/intents-0.1/head.safetensors"


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
    from tutor_app.llms.chat_model import load_chat_model
    from tutor_app.tutoring.diagnosis import Ears
    from tutor_app.tutoring.key_elements import KeyElementJudge
    from tutor_app.tutoring.sayings import SayingMatcher
    from tutor_app.tutoring.speaker import model_speaker
    from tutor_app.tutoring.tutor import Tutor

    embedder = build_embedder(settings)
    catalogue = build_catalogue(settings)
    ears = Ears(
        intent=build_intents(settings),
        judge=KeyElementJudge(embedder.embed_array, partial(wrong_ideas, catalogue)),
        saying=SayingMatcher(embedder.embed_array, catalogue.rubric),
    )
    tutor = Tutor(catalogue, store or build_store(settings), build_searcher(settings), ears)
    if model := load_chat_model(settings.tutor_model):
        tutor.speak = model_speaker(model)
    return tutor
