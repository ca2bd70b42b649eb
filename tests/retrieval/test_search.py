from concurrent.futures import ThreadPoolExecutor

import pytest

from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.search import Fusion, Mode, Searcher, fuse


def headings(passages: list[Passage]) -> list[str]:
    return [passage.place.section[-1] for passage in passages]


def test_everyday_words_find_the_passage_that_means_them(searcher: Searcher):
    assert headings(searcher.search("home", "my loaf stays flat, why?"))[0] == "Baking bread"


@pytest.mark.parametrize("mode", ["dense", "lexical", "fused"])
def test_each_mode_finds_a_passage_by_its_own_words(searcher: Searcher, mode: Mode):
    found = searcher.search("home", "whetstone angle", mode=mode)
    assert headings(found)[0] == "Sharpening knives"


def test_fused_search_finds_what_only_one_ranking_knows(searcher: Searcher):
    assert searcher.search("home", "tomatoes", mode="lexical", top_k=9) != []
    assert len(searcher.search("home", "tomatoes", mode="lexical", top_k=9)) == 1
    assert len(searcher.search("home", "tomatoes", mode="fused", top_k=9)) == 7


def test_relevance_is_the_cosine_similarity_in_every_mode(searcher: Searcher, index: SearchIndex):
    query = "water the tomatoes"
    vector = index.embedder.embed_query_array(query)
    dense = searcher.search("home", query, top_k=7, mode="dense")
    cosine = {p.id: p.relevance for p in dense}
    assert [p.relevance for p in dense] == sorted(cosine.values(), reverse=True)
    assert cosine == pytest.approx(index.similarities("home", vector, list(cosine)), abs=1e-5)
    for mode in ("lexical", "fused"):
        for passage in searcher.search("home", query, top_k=7, mode=mode):
            assert passage.relevance == pytest.approx(cosine[passage.id], abs=1e-5)


def test_relevance_tells_a_course_question_from_another(searcher: Searcher):
    inside = searcher.search("home", "How long do I boil an egg?")[0].relevance
    outside = searcher.search("home", "Who won the football match?")[0].relevance
    assert inside > 0.5
    assert outside < 0.2


@pytest.mark.parametrize("mode", ["dense", "lexical", "fused"])
def test_left_out_sections_and_what_lies_below_never_show(searcher: Searcher, mode: Mode):
    found = searcher.search("home", "boil an egg", 7, ["kitchen#Boiling eggs"], mode)
    assert not {"Boiling eggs", "Hard eggs"} & set(headings(found))


def test_top_k_stays_full_when_sections_are_left_out(searcher: Searcher):
    assert len(searcher.search("home", "egg", 4, ["kitchen#Boiling eggs"])) == 4
    assert len(searcher.search("home", "egg", 4, ["kitchen"])) == 2
    assert len(searcher.search("home", "egg", 3, ["kitchen#No such heading"])) == 3


@pytest.mark.parametrize("query", ["", "   \n", "\x00"])
def test_an_empty_query_finds_nothing_or_something_but_never_fails(searcher: Searcher, query: str):
    found = searcher.search("home", query)
    assert found == [] or query.strip()


@pytest.mark.parametrize("query", ["egg " * 25_000, "\ud800egg", "<b>egg</b>", "$\\frac{e}{g}$"])
def test_odd_queries_are_answered(searcher: Searcher, query: str):
    assert len(searcher.search("home", query)) == 4


def test_no_passages_are_asked_for_none_come(searcher: Searcher):
    assert searcher.search("home", "egg", top_k=0) == []


def test_passages_of_a_section_come_in_reading_order(searcher: Searcher):
    found = searcher.passages_in("home", "kitchen#Boiling eggs")
    assert headings(found) == ["Boiling eggs", "Hard eggs"]
    assert len(searcher.passages_in("home", "kitchen#Kitchen")) == 5
    assert searcher.passages_in("home", "kitchen#Nothing") == []


def test_the_best_passage_of_a_section_is_found(searcher: Searcher):
    best = searcher.best_in_section("home", "kitchen#Boiling eggs", "ten minutes in the pot")
    assert best is not None
    assert best.place.section[-1] == "Hard eggs"
    assert best.relevance > 0.3
    assert searcher.best_in_section("home", "kitchen#Nothing", "eggs") is None


def test_a_new_version_of_the_index_is_used_at_once(
    searcher: Searcher, index: SearchIndex, home: list[Passage]
):
    assert headings(searcher.search("home", "roses shears", mode="lexical")) == ["Pruning"]
    index.index_passages("home", [p for p in home if p.place.document == "kitchen"])
    assert searcher.search("home", "roses shears", mode="lexical") == []
    assert "Pruning" not in headings(searcher.search("home", "roses shears", top_k=9))


def test_a_course_without_passages_is_searched_without_a_find(index: SearchIndex):
    index.index_passages("empty", [])
    assert Searcher(index).search("empty", "anything") == []


def test_a_missing_index_names_the_command(index: SearchIndex):
    with pytest.raises(SearchIndexError, match="Run: tutor index physics"):
        Searcher(index).search("physics", "force")


def test_many_threads_search_at_once(searcher: Searcher):
    queries = [f"egg number {n} in the pot" for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: searcher.search("home", query), queries))
    assert found == [searcher.search("home", query) for query in queries]


def test_reciprocal_ranks_are_weighted_and_summed():
    scores = fuse([(1.0, ["a", "b"]), (0.5, ["b", "c"])], k=10)
    assert scores == pytest.approx({"a": 1 / 11, "b": 1 / 12 + 0.5 / 11, "c": 0.5 / 12})


def test_weights_decide_which_ranking_leads(index: SearchIndex, home: list[Passage]):
    index.index_passages("home", home)
    query = "cut my hand while cooking with a dull blade in the morning"
    for mode, fusion in (("dense", Fusion(lexical=0)), ("lexical", Fusion(dense=0))):
        alone = Searcher(index).search("home", query, mode=mode)
        fused = Searcher(index, fusion).search("home", query)
        assert [p.id for p in fused[: len(alone)]] == [p.id for p in alone]
