from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.documents.document import Document
from tutor_app.documents.markdown import read_markdown

NOTE = """# Heat

Opening words.

## What heat is

Heat is energy on the move.
It has a second line.

### A closer look

1. First item
2. Second item:
$$Q = m c \\Delta T$$

> A quoted line.

| a | b |
|---|---|
| 1 | 2 |

```
# no heading
```

## In short

$$
a
= b

- c
$$
"""


def texts(document: Document) -> list[str]:
    return [document.text[b.place.start : b.place.end] for b in document.blocks]


def test_the_first_top_heading_is_the_title():
    assert read_markdown("heat", NOTE).title == "Heat"


def test_a_document_without_a_top_heading_is_named_by_its_id():
    assert read_markdown("heat", "Just words.").title == "heat"


def test_blocks_stand_below_the_path_of_their_headings():
    paths = [block.place.section for block in read_markdown("heat", NOTE).blocks]
    assert paths[0] == ("Heat",)
    assert paths[1] == ("Heat", "What heat is")
    assert paths[2] == ("Heat", "What heat is", "A closer look")
    assert paths[-1] == ("Heat", "In short")


def test_each_list_item_is_a_block_and_keeps_its_formula():
    document = read_markdown("heat", NOTE)
    items = [b for b in document.blocks if b.kind == "list item"]
    assert len(items) == 2
    assert texts(document)[3] == "2. Second item:\n$$Q = m c \\Delta T$$"


def test_tables_quotes_and_code_are_blocks_of_their_kind():
    kinds = [block.kind for block in read_markdown("heat", NOTE).blocks]
    assert kinds[4:7] == ["quote", "table", "code"]


def test_lines_of_a_display_formula_are_not_taken_for_markdown():
    document = read_markdown("heat", NOTE)
    assert document.blocks[-1].kind == "formula"
    assert texts(document)[-1] == "$$\na\n= b\n\n- c\n$$"


def test_a_lone_dollar_pair_does_not_swallow_the_next_heading():
    document = read_markdown("x", "# A\n\nIt costs $$ 5.\n\n## B\n\nAlso $$ 6.\n")
    assert [block.place.section for block in document.blocks] == [("A",), ("A", "B")]


def test_dollars_in_code_are_not_formulas():
    document = read_markdown("x", "```\necho $$\n```\n\n# A\n\nText with $$ in it.")
    assert [block.kind for block in document.blocks] == ["code", "paragraph"]
    assert document.blocks[1].place.section == ("A",)


def test_a_heading_keeps_its_formula_and_loses_its_marks():
    document = read_markdown("x", "## Why $v_0$ matters ##\n\nBecause.")
    assert document.blocks[0].place.section == ("Why $v_0$ matters",)


def test_a_comment_is_no_content():
    assert read_markdown("x", "<!-- hidden -->\n\nShown.").blocks[0].place.start == 17


def test_a_higher_heading_closes_the_deeper_ones():
    document = read_markdown("x", "# A\n\n### C\n\none\n\n## B\n\ntwo")
    assert [b.place.section for b in document.blocks] == [("A", "C"), ("A", "B")]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="#-*>`$| \n1.abÄ\u2028\x0c<!", max_size=200))
def test_blocks_are_ordered_parts_of_the_text_for_any_input(text: str):
    document = read_markdown("any", text)
    end = 0
    for block in document.blocks:
        content = text[block.place.start : block.place.end]
        assert content == content.strip() != ""
        assert block.place.start >= end
        end = block.place.end
