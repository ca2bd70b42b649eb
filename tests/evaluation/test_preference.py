from pathlib import Path

import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.preference import (
    Judged,
    Key,
    Pair,
    Wordings,
    consistency,
    load_keys,
    load_votes,
    make_pairs,
    save,
    table,
    tally,
)

CHECKOUT = Path(__file__).parents[2]


def turns(count: int) -> list[Wordings]:
    return [
        Wordings(
            turn=f"t{n}",
            group="known" if n % 2 else "new",
            problem="A ball falls.",
            showed="stuck; nudge",
            step="Say what it has at the top",
            learner="idk",
            spoken={"hint": f"hint {n}", "memory": f"memory {n}"},
        )
        for n in range(count)
    ]


def pairs_of(count: int) -> tuple[list[Pair], list[Key]]:
    made = make_pairs(turns(count), [("memory", "hint")])
    return [pair for pair, _ in made], [key for _, key in made]


def test_a_fifth_of_the_pairs_comes_twice_and_the_second_time_swapped() -> None:
    pairs, keys = pairs_of(50)
    assert len(pairs) == 60
    by_turn: dict[str, list[Key]] = {}
    for key in keys:
        by_turn.setdefault(key.turn, []).append(key)
    twice = [seen for seen in by_turn.values() if len(seen) == 2]
    assert len(twice) == 10
    assert all((one.a, one.b) == (two.b, two.a) for one, two in twice)


def test_who_stands_first_is_drawn_and_a_reader_sees_no_source() -> None:
    pairs, keys = pairs_of(50)
    assert 15 < sum(key.a == "hint" for key in keys) < 45
    assert set(Pair.model_fields) == {"id", "problem", "showed", "step", "learner", "a", "b"}
    assert all(
        getattr(pair, side) == f"{getattr(key, side)} {key.turn[1:]}"
        for pair, key in zip(pairs, keys, strict=True)
        for side in ("a", "b")
    )


def test_equal_or_missing_wordings_make_no_pair() -> None:
    same, silent = turns(2)
    same = same.model_copy(update={"spoken": {"hint": "one", "memory": "one"}})
    silent = silent.model_copy(update={"spoken": {"hint": "one"}})
    assert make_pairs([same, silent], [("memory", "hint")]) == []


def test_votes_on_one_turn_are_averaged_and_a_tie_counts_half() -> None:
    keys = [
        Key(id="p0", turn="t0", group="new", a="hint", b="memory"),
        Key(id="p1", turn="t0", group="new", a="memory", b="hint"),
        Key(id="p2", turn="t1", group="known", a="hint", b="memory"),
    ]
    votes = [
        Judged(id="p0", reader="r", vote="a"),
        Judged(id="p1", reader="r", vote="a"),
        Judged(id="p2", reader="r", vote="="),
    ]
    everything = next(m for m in tally(keys, votes) if m.group == "all")
    assert (everything.first, everything.second, everything.turns) == ("hint", "memory", 2)
    assert everything.score == 0.5
    assert everything.low <= 0.5 <= everything.high
    assert consistency(keys, votes) == (0.0, 1)
    assert "| all | 2 | hint | memory |" in table(tally(keys, votes))


def test_a_vote_on_an_unknown_pair_is_refused() -> None:
    with pytest.raises(ContentError, match="no such pair"):
        tally([], [Judged(id="p9", reader="r", vote="a")])


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    save(path, [Judged(id="p0", reader="r", vote="a")])
    path.write_text(path.read_text() + '{"id": "p1", "reader": "r", "vote": "c"}\n')
    with pytest.raises(ContentError, match="line 2"):
        load_votes(path)


def test_the_committed_votes_can_be_tallied() -> None:
    folder = CHECKOUT / "datasets/evaluation/preference"
    keys, votes = load_keys(folder / "key.jsonl"), load_votes(folder / "votes.jsonl")
    assert {vote.id for vote in votes} == {key.id for key in keys}
    best = [m for m in tally(keys, votes) if m.group == "all" and m.second == "model"]
    assert {m.first for m in best} == {"hint", "memory"}
