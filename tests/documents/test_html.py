from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError


@pytest.fixture
def read_page(write: Any) -> Any:
    return lambda body: read_document(write("a.html", body))


def test_the_parts_of_a_page_become_blocks_below_its_headings(read_page: Any, said: Any):
    document = read_page(
        "<title>Wiki</title><h1>The <em>cell</em></h1><p>It has\n parts.<br>Look:</p>"
        "<ul><li>nucleus<ul><li>DNA</li></ul></li><li>wall</li></ul><ol><li>one<li>two</ol>"
        "<h2>Energy</h2><blockquote><p>Omnis cellula.</p></blockquote>"
        "<dl><dt>ATP</dt><dd>the coin</dd></dl><pre><code>if x:\n    y</code></pre>"
        "loose<div>end</div>"
    )
    assert document.title == "The cell"
    assert said(document) == [
        ("paragraph", "It has parts.\nLook:"),
        ("list item", "- nucleus"),
        ("list item", "- DNA"),
        ("list item", "- wall"),
        ("list item", "1. one"),
        ("list item", "2. two"),
        ("quote", "Omnis cellula."),
        ("paragraph", "ATP: the coin"),
        ("code", "```\nif x:\n    y\n```"),
        ("paragraph", "loose"),
        ("paragraph", "end"),
    ]
    assert document.blocks[-1].place.section == ("The cell", "Energy")


def test_scripts_styles_navigation_and_hidden_parts_are_left_out(read_page: Any, said: Any):
    document = read_page(
        "<head><style>p{}</style><script>var a</script></head><nav>Home</nav>"
        "<div role=banner>Site</div><p>Words.</p><p hidden>no</p><p style='display: none'>no</p>"
        "<form><button>Send</button></form><noscript>no</noscript><!-- no --><?no no?>"
    )
    assert said(document) == [("paragraph", "Words.")]


def test_of_a_page_with_a_main_part_only_that_is_read(read_page: Any, said: Any):
    document = read_page("<div>Menu</div><main><p>Words.</p></main><p>Footer</p>")
    assert said(document) == [("paragraph", "Words.")]


def test_the_title_stands_in_for_a_missing_heading(read_page: Any):
    assert read_page("<title>The\n cell</title><p>Words.").title == "The cell"


def test_powers_and_formulas_are_readable(read_page: Any, said: Any):
    document = read_page(
        "<p>10<sup>14</sup> m/s<sup>2</sup>, 1<sup>st</sup>, e<sup>x</sup>, H<sub>2</sub>O, "
        "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>, \\(v^2\\).</p>"
        '<math display="block"><mi>E</mi><mo>=</mo><mi>m</mi>'
        "<msup><mi>c</mi><mn>2</mn></msup></math>"
        "<script type='math/tex'>x</script><p>\\[a = b\\]</p>"
    )
    assert said(document) == [
        ("paragraph", "10¹⁴ m/s², 1st, e^x, H2O, $\\frac{a}{2}$, $v^2$."),
        ("formula", "$$\nE = mc^2\n$$"),
        ("paragraph", "$x$"),
        ("formula", "$$\na = b\n$$"),
    ]


def test_tables_of_data_are_tables_and_tables_of_layout_are_not(read_page: Any, said: Any):
    document = read_page(
        "<table><caption>Organs</caption><tr><th>name<th>job<tr><td>heart<td>pumps</table>"
        "<table><tr><td><h2>Left</h2><p>Words.</p></td></tr></table>"
    )
    assert said(document) == [
        ("paragraph", "Organs"),
        ("table", "| name | job |\n| --- | --- |\n| heart | pumps |"),
        ("paragraph", "Words."),
    ]
    assert document.blocks[-1].place.section == ("Left",)


def test_the_encoding_that_a_page_names_is_used(write: Any, said: Any):
    page = '<meta charset="windows-1251"><p>Сила</p>'.encode("cp1251")
    assert said(read_document(write("a.html", page))) == [("paragraph", "Сила")]


def test_entities_are_not_expanded_and_nothing_is_fetched(read_page: Any, said: Any):
    document = read_page(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bomb">]><p>W &a; &b;</p>'
    )
    assert "root:" not in document.text
    assert "bomb" not in [text for _, text in said(document)][-1]


@pytest.mark.parametrize("tag", ["div", "b", "h1", "table", "dl", "sup", "math"])
def test_deep_nesting_is_no_text(read_page: Any, tag: str):
    with pytest.raises(DocumentError, match="holds no text"):
        read_page(f"<{tag}>" * 5_000 + "deep")


@pytest.mark.parametrize("body", ["   \n", "<!-- only -->", "<script>x</script><nav>y</nav>"])
def test_a_page_without_text_is_refused(read_page: Any, body: str):
    with pytest.raises(DocumentError, match="holds no text outside of scripts"):
        read_page(body)
