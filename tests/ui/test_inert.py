import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tutor_app.ui.inert import calm, passage, plain

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ACTIVE = ["<a ", "<img", "<pre", "<table", "<h1", "<h2", "<script", "<iframe", "<b>"]
NASTY = st.lists(
    st.sampled_from(
        [*"[]()!<>`|#-=\n a*_\\$", *"b> script> ~~~ &lt; :red http://x.y javascript:a".split()]
    ),
    max_size=30,
).map("".join)


@given(NASTY)
def test_a_reply_that_quotes_anything_holds_no_active_markup(text: str) -> None:
    html = MARKDOWN.render(calm(text.replace("$", "")))
    assert not [tag for tag in ACTIVE if tag in html], html


@given(NASTY)
def test_plain_text_shows_what_was_typed(text: str) -> None:
    html = MARKDOWN.render(plain(text))
    visible = re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&gt;", ">")
    visible = visible.replace("&quot;", '"').replace("&amp;", "&").replace("\u2060", "")
    assert visible.split() == text.split()
    assert not re.search(r"<(?!/?p>)", html), html


@pytest.mark.parametrize(
    "reply",
    [
        "You wrote **9.8 m/s** [1].",
        "$v^2 = 2 g h$ and $[a]$ stay",
        "1. one\n2. two",
        "a * b",
        "It gives `a[0] == b_c` <i>",
    ],
)
def test_formulas_lists_and_citations_of_a_reply_survive(reply: str) -> None:
    kept = calm(reply)
    assert kept.replace("\\", "") == reply.replace("\\", "")
    assert "$v^2 = 2 g h$" in kept or "$" not in reply


@pytest.mark.parametrize(
    "typed",
    [
        "v^2 = 2*9.8*20 = 392",
        "v = sqrt(2*g*h)",
        "v = (2)*(g)*h and 3**2**2",
        "v_0 = a_1 * t and _x_",
        "It costs $5 and $6*x*y",
        "print(*a, *b)",
        r"a\*b\*c",
    ],
)
def test_what_a_reply_quotes_of_the_learner_is_drawn_as_it_was_typed(typed: str) -> None:
    html = MARKDOWN.render(calm(f"You have one part: “{typed}”. *And* **now**?"))
    assert f"“{typed}”" in html
    assert "<em>And</em> <strong>now</strong>" in html


def test_formulas_code_and_an_authors_emphasis_stay_alive_in_a_quotation() -> None:
    assert calm("“the **net** force $F_a*b*c$ and `a_b`”").count("\\") == 0


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/x.png)",
        "<img src=x>",
        ":red[x]",
        "$$$![x](http://evil.example/x.png)$$$",
        "$$ a\n\n![x](http://evil.example/x.png) $$",
        "\\![x](http://evil.example/x.png)",
        "$5 [x](http://evil.example) $6",
    ],
)
def test_pictures_html_and_directives_are_only_text(text: str) -> None:
    assert calm(text) != text
    assert not re.search(r"(?<!\\)[\[<]", calm(text))


def test_an_address_does_not_become_a_link() -> None:
    for text in ("http://evil.example", "www.evil.example", "me@evil.example"):
        assert "\u2060" in calm(text)
        assert "\u2060" in plain(text)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("It costs $5 and $6.", r"It costs \$5 and \$6."),
        ("Then $v^2 = 2gh$ costs $5.", r"Then $v^2 = 2gh$ costs \$5."),
        ("2*g*h, *a word*, **bo**ld", r"2\*g\*h, *a word*, **bo**ld"),
        ("$$\nE = 2*m\n$$", "$$\nE = 2*m\n$$"),
        ("```\na*b*c $5\n```\nx*y*z", "```\na*b*c $5\n```\nx\\*y\\*z"),
        ("`a*b*c` ![a cell](https://elsewhere/a.png)", "`a*b*c` a cell"),
        ("| a | $1 |\n| --- | --- |", "| a | \\$1 |\n| --- | --- |"),
    ],
)
def test_in_a_passage_only_what_was_meant_as_markdown_acts(text: str, drawn: str) -> None:
    assert passage(text) == drawn


def test_plain_text_keeps_a_number_and_its_unit_on_one_line() -> None:
    assert plain(" at most\n 20\u00a0%  differ ") == "at most 20\u00a0% differ"
