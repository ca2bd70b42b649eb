import os
import zipfile
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue, load_course
from tutor_app.courses.check import check_course
from tutor_app.courses.exercises import load_exercises
from tutor_app.courses.importers.cnxml import import_cnxml
from tutor_app.courses.importers.dispatch import recognise
from tutor_app.courses.importers.report import ImportReport
from tutor_app.documents.read import read_document
from tutor_app.errors import ContentError, DocumentError
from tutor_app.retrieval.passages import cut_passages

SHARED = Path(__file__).parents[4] / "shared" / "courses"
COLLECTION = """\
<col:collection xmlns:col="http://cnx.rice.edu/collxml" xmlns:md="http://cnx.rice.edu/mdml"
  authors="Ada Lovelace ,Alan Turing">
  <metadata><md:title>Small Book</md:title><md:language>en</md:language>
    <md:license url="http://example.org/by">Attribution</md:license></metadata>
  <col:content>
    <col:module document="m0"/>
    <col:subcollection><md:title>Motion &amp; Rest</md:title><col:content>
      <col:module document="m2"/><col:module document="m1"/></col:content></col:subcollection>
    <col:subcollection><md:title>Heat</md:title><col:content>
      <col:module document="m3"/></col:content></col:subcollection>
  </col:content>
</col:collection>
"""
M1 = """\
<document xmlns="http://cnx.rice.edu/cnxml" xmlns:m="http://www.w3.org/1998/Math/MathML">
<title>Speed</title>
<content>
<note class="os-teacher"><title>Teacher Support</title><para>Ask the class first.</para></note>
<section><title>What speed <emphasis>is</emphasis></title>
  <para>A <term>speed</term> is <m:math><m:mi>v</m:mi><m:mo>=</m:mo><m:mfrac><m:mi>d</m:mi>
    <m:mi>t</m:mi></m:mfrac></m:math> , as <link target-id="fig"/> shows, and costs $5.
    See <link document="m2"/>.</para>
  <equation><m:math><m:mi>E</m:mi><m:mo>=</m:mo><m:mi>m</m:mi></m:math></equation>
  <figure id="fig"><media alt="A car moves."><image src="x.jpg"/></media>
    <caption>On the road.</caption></figure>
  <note class="snap-lab"><title>Try it</title><para>Run.</para>
    <exercise id="grasp"><problem><para>How fast were you?</para></problem></exercise></note>
  <note class="worked-example"><title>A walk</title><exercise id="w"><problem>
    <para>Ann walks 6 m in 3 s.</para></problem><solution><para>That is 2 m/s.</para></solution>
    </exercise></note>
  <list list-type="enumerated" number-style="lower-alpha"><item>one</item><item>two</item></list>
  <section><title>Units</title><table><tgroup cols="2">
    <thead><row><entry>unit</entry><entry>sign</entry></row></thead>
    <tbody><row><entry morerows="1">metre</entry><entry>m</entry></row>
      <row><entry>a|b</entry></row></tbody></tgroup></table></section>
</section>
<section class="review"><title>Problems</title>
  <exercise id="e1"><problem><para>How far in 2 s?</para></problem>
    <solution><para>SPOILER 4 m.</para></solution></exercise>
  <exercise id="e2"><problem><para><link class="os-embed" url="#x"/></para></problem></exercise>
</section>
</content>
<glossary><definition><term>speed</term><meaning>distance per time</meaning></definition></glossary>
</document>
"""


def module(title: str, body: str) -> str:
    return (
        f'<document xmlns="http://cnx.rice.edu/cnxml"><title>{title}</title>'
        f"<content>{body}</content></document>"
    )


@pytest.fixture
def book(tmp_path: Path) -> dict[str, str]:
    return {
        "book-1/collections/small.collection.xml": COLLECTION,
        "book-1/modules/m0/index.cnxml": module(
            "Preface", "<para>Welcome.</para><para>1. April</para><para># one</para>"
        ),
        "book-1/modules/m1/index.cnxml": M1,
        "book-1/modules/m2/index.cnxml": module(
            "Code", '<code class="python" lang="python">\n  for x in y:\n    print(x)\n</code>'
            '<para>Call <code class="inline-code">f(*a)</code> with __init__ and 2*3*4.</para>'
        ),
        "book-1/modules/m3/index.cnxml": module("Code", "<para>10<sup>3</sup> of it.</para>"),
        "book-1/modules/m9/index.cnxml": module("Spare", "<para>Not in the plan.</para>"),
        "book-1/LICENSE": "Attribution 4.0",
    }  # fmt: skip


def imported(tmp_path: Path, book: dict[str, str]) -> tuple[ImportReport, Path]:
    archive = tmp_path / "book.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in book.items():
            file.writestr(name, text)
    assert recognise(archive) == "cnxml"
    folder = tmp_path / "courses" / "small"
    folder.mkdir(parents=True)
    return import_cnxml(archive, folder, lambda done, total: None), folder


def test_modules_become_notes_in_the_order_of_the_book(tmp_path: Path, book: dict[str, str]):
    report, folder = imported(tmp_path, book)
    assert [path.stem for path in load_course(folder).notes] == [
        "001-preface",
        "002-motion-rest-code",
        "003-speed",
        "004-heat-code",
    ]
    assert report.counts["modules"] == report.counts["modules_planned"] == 4
    assert report.missed == ()
    assert [(part.name, part.outcome) for part in report.parts if part.reason] == [
        ("m9", "skipped")
    ]


def test_chapters_become_skills_and_the_licence_is_kept(tmp_path: Path, book: dict[str, str]):
    _, folder = imported(tmp_path, book)
    course = load_course(folder).course
    assert [(s.id, s.title, s.prerequisites) for s in course.skills] == [
        ("motion-rest", "Motion & Rest", []),
        ("heat", "Heat", []),
    ]
    assert course.licence == "Attribution (http://example.org/by)"
    assert "by Ada Lovelace, Alan Turing" in course.description
    assert (folder / "LICENSE").read_text() == "Attribution 4.0"
    assert check_course(Catalogue([folder.parent], []), "small").mistakes == ()


def test_a_module_reads_as_the_book_does(tmp_path: Path, book: dict[str, str]):
    _, folder = imported(tmp_path, book)
    text = (folder / "notes" / "003-speed.md").read_text()
    for part in (
        "# Speed\n\n## What speed is\n",
        r"A **speed** is $v = \frac{d}{t}$, as Figure 1.1 shows, and costs \$5. See Code.",
        "$$\nE = m\n$$",
        "**Figure 1.1.** On the road. (Picture: A car moves.)",
        "**Snap lab: Try it.** Run.",
        "**Worked example: A walk.** Ann walks 6 m in 3 s.\n\n**Solution.** That is 2 m/s.",
        "- (a) one\n- (b) two",
        "### Units\n\n| unit | sign |\n| --- | --- |\n| metre | m |\n| metre | a\\|b |",
        "## Problems\n\n## Glossary\n\n**speed**: distance per time",
    ):
        assert part in text
    code = (folder / "notes" / "002-motion-rest-code.md").read_text()
    assert "```python\nfor x in y:\n  print(x)\n```" in code
    assert r"Call `f(*a)` with \_\_init\_\_ and 2\*3\*4." in code
    preface = (folder / "notes" / "001-preface.md").read_text()
    assert preface == "# Preface\n\nWelcome.\n\n1\\. April\n\n\\# one\n"
    assert "10³ of it." in (folder / "notes" / "004-heat-code.md").read_text()


def test_exercises_are_set_apart_with_their_solutions_and_never_searched(
    tmp_path: Path, book: dict[str, str]
):
    report, folder = imported(tmp_path, book)
    (found,) = load_exercises(folder)
    assert (found.module, found.document) == ("m1", "003-speed")
    assert [(e.id, e.section, e.question, e.solution) for e in found.exercises] == [
        ("grasp", ["What speed is"], "How fast were you?", ""),
        ("e1", ["Problems"], "How far in 2 s?", "SPOILER 4 m."),
    ]
    assert report.counts["exercises_without_text"] == 1
    files = load_course(folder).readable_files
    searched = "".join(p.text for f in files for p in cut_passages(read_document(f), "small"))
    assert "Welcome" in searched
    for spoiler in ("SPOILER", "How far in 2 s", "How fast were you", "Ask the class"):
        assert spoiler not in searched
    assert "Ask the class first." in (folder / "teacher" / "003-speed.md").read_text()


def test_a_broken_or_missing_module_is_reported_and_the_others_come(
    tmp_path: Path, book: dict[str, str]
):
    book["book-1/modules/m1/index.cnxml"] = "<document><title>cut"
    del book["book-1/modules/m0/index.cnxml"]
    report, folder = imported(tmp_path, book)
    assert len(load_course(folder).notes) == 2
    assert report.missed == ("2 of 4 modules were imported",)
    reasons = {part.name: part.reason for part in report.parts if part.outcome == "refused"}
    assert "no sound XML" in reasons["m1"]
    assert "the source lacks it" in reasons["m0"]


def test_an_entity_bomb_is_refused(tmp_path: Path, book: dict[str, str]):
    bomb = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><document>&b;</document>'
    book["book-1/modules/m1/index.cnxml"] = bomb
    report, _ = imported(tmp_path, book)
    assert "declares XML entities" in next(p.reason for p in report.parts if p.name == "m1")
    book["book-1/collections/small.collection.xml"] = bomb
    again = tmp_path / "again"
    again.mkdir()
    with pytest.raises(DocumentError, match="declares XML entities"):
        imported(again, book)


def test_several_books_in_one_archive_are_refused(tmp_path: Path, book: dict[str, str]):
    book["book-1/collections/other.collection.xml"] = COLLECTION
    with pytest.raises(ContentError, match="holds 2 books"):
        imported(tmp_path, book)


def test_modules_without_a_collection_come_in_name_order(tmp_path: Path, book: dict[str, str]):
    del book["book-1/collections/small.collection.xml"]
    _, folder = imported(tmp_path, book)
    course = load_course(folder).course
    assert [skill.title for skill in course.skills] == ["Preface", "Speed", "Code", "Code", "Spare"]
    assert course.licence == "not stated in the source"


def test_absurdly_nested_markup_is_no_crash(tmp_path: Path, book: dict[str, str]):
    deep = "<section><title>S</title>" * 200 + "<para>Down here.</para>" + "</section>" * 200
    book["book-1/modules/m0/index.cnxml"] = module("Deep", deep)
    report, folder = imported(tmp_path, book)
    assert "Down here." in (folder / "notes" / "001-deep.md").read_text()
    assert report.counts["modules"] == 4


@pytest.mark.evaluation
@pytest.mark.parametrize(
    ("name", "modules", "titles", "exercises"),
    [("openstax-physics", 100, 1139, 1065), ("openstax-python", 115, 414, 0)],
)
def test_every_module_and_section_title_of_a_real_textbook_is_kept(
    tmp_path: Path, name: str, modules: int, titles: int, exercises: int
):
    source = SHARED / f"{name}.zip"
    if not source.is_file():
        pytest.skip(f"{source} is not here")
    if exercises and "WHOLE_SOURCES" not in os.environ:
        pytest.skip("ten seconds and more: make fuzz")
    folder = tmp_path / name
    folder.mkdir()
    report = import_cnxml(source, folder, lambda done, total: None)
    assert report.missed == ()
    assert report.counts["modules"] == report.counts["modules_planned"] == modules
    assert report.counts["section_titles_kept"] == report.counts["section_titles"] == titles
    assert report.counts["exercises"] == exercises
    assert sum(len(m.exercises) for m in load_exercises(folder)) == exercises
    files = load_course(folder).notes
    passages = [p for f in files for p in cut_passages(read_document(f), name)]
    assert len({passage.id for passage in passages}) == len(passages) > 5 * modules
    assert all(passage.place.section for passage in passages)
    assert not any("<m:" in p.text or "os-embed" in p.text for p in passages)
