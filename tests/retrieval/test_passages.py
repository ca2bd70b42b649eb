from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.documents.document import Document
from tutor_app.documents.markdown import read_markdown
from tutor_app.documents.plain_text import read_plain_text
from tutor_app.documents.writing import Writing
from tutor_app.retrieval.passages import MAX_TOKENS, _tokenizer, cut_passages

SENTENCE = "The force on the crate grows until at last it slides over the rough floor. "


def token_count(text: str) -> int:
    return len(_tokenizer().encode(text, add_special_tokens=False))


def test_a_passage_is_exactly_its_span_of_the_document():
    document = read_markdown("x", "# A\n\n" + SENTENCE * 40 + "\n\n## B\n\nEnd of it.")
    passages = cut_passages(document, "c")
    assert len(passages) > 3
    for passage in passages:
        assert document.text[passage.place.start : passage.place.end] == passage.text


def test_a_passage_never_crosses_a_section():
    document = read_markdown("x", "# A\n\nOne.\n\n## B\n\nTwo.\n\n## B\n\nThree.")
    passages = cut_passages(document, "c")
    assert [p.text for p in passages] == ["One.", "Two.", "Three."]
    assert [p.place.section for p in passages] == [("A",), ("A", "B"), ("A", "B")]


def test_a_long_section_is_cut_into_even_passages_at_sentence_ends():
    passages = cut_passages(read_markdown("x", SENTENCE * 30), "c")
    sizes = [token_count(p.text) for p in passages]
    assert max(sizes) <= MAX_TOKENS
    assert max(sizes) - min(sizes) < 40
    assert all(p.text.endswith("floor.") for p in passages)


def test_a_section_just_over_the_limit_leaves_no_crumb():
    passages = cut_passages(read_markdown("x", SENTENCE * 15), "c")
    assert len(passages) == 2
    assert min(token_count(p.text) for p in passages) > 90


def test_a_formula_stays_with_the_sentence_that_leads_to_it():
    filler = SENTENCE * 10
    tied = "Solving for the speed gives\n$$v = \\sqrt{2 g h}$$\nwhich holds."
    document = read_markdown("x", f"{filler}\n\n{tied}\n\n{filler}")
    assert sum(tied in p.text for p in cut_passages(document, "c")) == 1


def test_a_formula_longer_than_a_passage_is_kept_whole():
    formula = "$$" + " + ".join(f"x_{{{n}}}" for n in range(60)) + "$$"
    texts = [p.text for p in cut_passages(read_markdown("x", f"Sum:\n\n{formula}\n\nDone."), "c")]
    assert any(formula in text for text in texts)


def test_lines_of_a_worked_example_stay_together_or_part_between_lines():
    lines = [f"**Step {n}.** Then add\n$$F_{n} = m a_{n}$$\n{SENTENCE}" for n in range(1, 12)]
    short = "## Worked example: a crate\n\n" + "\n\n".join(lines[:4])
    long = "## Worked example: a crate\n\n" + "\n\n".join(lines)
    assert len(cut_passages(read_markdown("x", short), "c")) == 1
    parts = cut_passages(read_markdown("x", long), "c")
    assert len(parts) > 1
    assert all(part.text.startswith("**Step") for part in parts)


@pytest.mark.parametrize("noise", ["x" * 30_000, "é́" * 9_000, "😀" * 9_000, "a,b;" * 5_000])
def test_text_without_sentences_or_spaces_is_cut_too(noise: str):
    passages = cut_passages(read_plain_text("x", noise), "c")
    assert max(len(p.text) for p in passages) < 2_500
    assert "".join(p.text for p in passages) == noise


def test_rows_of_a_long_table_are_not_torn():
    rows = "\n".join(f"| row {n} | value {n * n} |" for n in range(200))
    passages = cut_passages(read_markdown("x", f"| a | b |\n|---|---|\n{rows}\n"), "c")
    assert len(passages) > 5
    assert all(p.text.startswith("|") and p.text.endswith("|") for p in passages)


def test_the_id_depends_on_course_place_and_text():
    document = read_markdown("x", "# A\n\nOne.")
    first = cut_passages(document, "c")[0].id
    assert cut_passages(document, "c")[0].id == first
    others = [
        cut_passages(read_markdown("x", "# A\n\nTwo."), "c"),
        cut_passages(read_markdown("x", "# B\n\nOne."), "c"),
        cut_passages(read_markdown("x", "\n# A\n\nOne."), "c"),
        cut_passages(read_markdown("y", "# A\n\nOne."), "c"),
        cut_passages(document, "d"),
    ]
    assert first not in {passages[0].id for passages in others}


def written(*blocks: tuple[dict[str, object], str]) -> Document:
    notes = Writing(Path("x.pdf"))
    for place, text in blocks:
        for name, value in place.items():
            setattr(notes, name, value)
        notes.add("paragraph", text)
    return notes.document()


def test_a_passage_over_two_pages_is_cited_by_its_first():
    document = written(({"page": 7}, "It grows until"), ({"page": 8}, "the crate slides."))
    passages = cut_passages(document, "c")
    assert [(p.text, p.place.page) for p in passages] == [
        ("It grows until\n\nthe crate slides.", 7)
    ]


def test_passages_of_a_long_pdf_begin_on_the_page_of_their_first_sentence():
    document = written(*[({"page": n}, SENTENCE * 8) for n in range(1, 9)])
    for passage in cut_passages(document, "c"):
        first = next(b for b in document.blocks if b.place.end > passage.place.start)
        assert passage.place.page == first.place.page


def test_a_passage_never_crosses_a_slide():
    document = written(({"slide": 1}, "One."), ({"slide": 2}, "Two."), ({"slide": 2}, "Three."))
    passages = cut_passages(document, "c")
    assert [(p.text, p.place.slide) for p in passages] == [("One.", 1), ("Two.\n\nThree.", 2)]


def test_a_passage_of_a_recording_begins_at_its_first_words():
    document = written(*[({"start_s": 60.0 * n}, SENTENCE * 10) for n in range(4)])
    passages = cut_passages(document, "c")
    assert [p.place.start_s for p in passages] == [0.0, 60.0, 120.0, 180.0]


def test_sections_without_a_heading_in_the_text_are_kept_apart():
    document = written(
        ({"sections": [(1, "A")]}, "One."), ({"sections": [(1, "B")]}, "Two."), ({}, "Three.")
    )
    passages = cut_passages(document, "c")
    assert [p.place.section for p in passages] == [("A",), ("B",)]


def test_an_empty_document_has_no_passages():
    assert cut_passages(read_markdown("x", "# Only a heading\n"), "c") == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["# A", "Words here. More.", "- item", "$$x$$", "so:", "", "x" * 900]))
)
def test_passages_hold_all_content_in_order(lines: list[str]):
    document = read_markdown("any", "\n".join(lines))
    passages = cut_passages(document, "c")
    end = 0
    for passage in passages:
        assert passage.place.start >= end
        end = passage.place.end
    inside = sum(len("".join(p.text.split())) for p in passages)
    blocks = [document.text[b.place.start : b.place.end] for b in document.blocks]
    assert inside == sum(len("".join(text.split())) for text in blocks)


def test_a_passage_of_a_recording_spans_at_most_a_minute_and_a_half():
    document = written(*[({"start_s": 45.0 * n}, f"Part {n}.") for n in range(6)])
    passages = cut_passages(document, "c")
    assert [(p.place.start_s, p.text.count("Part")) for p in passages] == [(0.0, 3), (135.0, 3)]
