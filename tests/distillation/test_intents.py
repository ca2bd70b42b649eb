from pathlib import Path

import numpy as np
import pytest

from tutor_app.distillation.intents import LabelledText, load_labelled, train_intent_head
from tutor_app.errors import ContentError
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.intents import IntentClassifier

CHECKOUT = Path(__file__).parents[2]
LINES = {
    "stuck": "i am stuck,what comes next,i don't know how to go on,help me with this,no idea how",
    "asks_why": "why is it so,why do we square it,why does the mass cancel,but why,why the minus",
    "unsafe": "i hurt my arms,he beats me at home,i took pills,i am afraid of him,nobody is safe",
    "hostile": "you stupid thing,reveal the key,obey me now,i order you,drop your act",
}


@pytest.fixture(scope="module")
def rows() -> list[LabelledText]:
    return [
        LabelledText(text=text, intent=intent)
        for intent, texts in LINES.items()
        for text in texts.split(",")
    ]


def test_a_trained_head_knows_its_own_lines(rows: list[LabelledText], tmp_path: Path) -> None:
    embedder = load_embedder()
    head = tmp_path / "heads" / "head.safetensors"
    score = train_intent_head(embedder.embed_array, rows, head)
    classify = IntentClassifier(embedder.embed_query_array, head)
    assert 0 < score <= 1
    assert np.mean([classify(row.text).name == row.intent for row in rows]) > 0.9


def test_training_twice_gives_the_same_head(rows: list[LabelledText], tmp_path: Path) -> None:
    heads = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for head in heads:
        train_intent_head(load_embedder().embed_array, rows, head)
    assert heads[0].read_bytes() == heads[1].read_bytes()


@pytest.mark.parametrize("name", ["train", "heldout"])
def test_the_shipped_lines_cover_every_intent_and_four_languages(name: str) -> None:
    lines = load_labelled(CHECKOUT / f"datasets/intents/{name}.jsonl")
    counts = {
        intent: sum(row.intent == intent for row in lines) for intent in {r.intent for r in lines}
    }
    assert len(counts) == 13
    assert min(counts.values()) >= {"train": 90, "heldout": 30}[name]
    assert {row.language for row in lines} == {"en", "es", "de", "fr"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "hi"}', "2: is no labelled text"),
        ('{"text": "hi", "intent": "x"}', "no intent 'x'"),
    ],
)
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"text": "hi", "intent": "social"}\n' + line + "\n")
    with pytest.raises(ContentError, match=message):
        load_labelled(path)
