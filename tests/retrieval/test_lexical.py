import numpy as np

from tutor_app.retrieval.lexical import LexicalIndex

TEXTS = ["Two forces act on the crate.", "The energy of a battery", "Das Maß der Straße"]


def test_texts_that_share_rare_words_score_highest():
    assert LexicalIndex(TEXTS).scores("which force acts on it?").argmax() == 0


def test_plurals_and_case_do_not_matter():
    scores = LexicalIndex(TEXTS).scores("BATTERIES")
    assert scores[1] > 0
    assert scores[0] == scores[2] == 0


def test_words_of_other_languages_are_folded():
    assert LexicalIndex(TEXTS).scores("STRASSE").argmax() == 2


def test_a_query_without_known_words_scores_zero_everywhere():
    for query in ("", "?!", "x", "unknown wordlessness"):
        assert np.array_equal(LexicalIndex(TEXTS).scores(query), np.zeros(3))


def test_texts_without_words_can_be_indexed():
    scores = LexicalIndex(["$$", "", "force"]).scores("force")
    assert scores[2] > 0
    assert scores[0] == scores[1] == 0
    assert LexicalIndex([]).scores("force").shape == (0,)
