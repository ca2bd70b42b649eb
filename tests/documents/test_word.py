from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.fixture
def read_word(write: Any, saved: Any) -> Any:
    return lambda document: read_document(write("a.docx", saved(document)))


def test_headings_paragraphs_lists_and_tables_are_read_in_order(read_word: Any, said: Any):
    word = docx.Document()
    word.add_heading("Lab", 0)
    word.add_heading("Aim", 1)
    word.add_paragraph("Find g.")
    word.add_heading("Material", 2)
    word.add_paragraph("a string", style="List Bullet")
    word.add_paragraph("a watch", style="List Number")
    table = word.add_table(2, 2)
    for n, text in enumerate(("length", "period", "1 m", "2 s")):
        table.cell(n // 2, n % 2).text = text
    word.add_paragraph("Measure.", style="Quote")
    document = read_word(word)
    assert document.title == "Lab"
    assert said(document) == [
        ("paragraph", "Find g."),
        ("list item", "- a string"),
        ("list item", "- a watch"),
        ("table", "| length | period |\n| --- | --- |\n| 1 m | 2 s |"),
        ("quote", "Measure."),
    ]
    assert [b.place.section for b in document.blocks] == [("Aim",)] + [("Aim", "Material")] * 4


def test_an_outline_level_makes_a_heading_of_any_style(read_word: Any):
    word = docx.Document()
    own = word.styles.add_style("Kapitel", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    own.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'))
    based = word.styles.add_style("Kapitel 2", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    based.base_style = own
    word.add_paragraph("Kraft", style="Kapitel 2")
    word.add_paragraph("Words.")
    assert read_word(word).blocks[0].place.section == ("Kraft",)


def test_insertions_count_and_deletions_do_not(read_word: Any, said: Any):
    word = docx.Document()
    word.element.body.insert(
        0,
        parse_xml(
            f'<w:p {nsdecls("w")}><w:r><w:t xml:space="preserve">I say </w:t></w:r>'
            '<w:ins w:id="1" w:author="a"><w:r><w:t>yes</w:t></w:r></w:ins>'
            '<w:del w:id="2" w:author="a"><w:r><w:delText>no</w:delText></w:r></w:del>'
            '<w:moveFrom w:id="3" w:author="a"><w:r><w:t>away</w:t></w:r></w:moveFrom>'
            "<w:hyperlink><w:r><w:tab/><w:t>link</w:t></w:r></w:hyperlink></w:p>"
        ),
    )
    assert said(read_word(word)) == [("paragraph", "I say yes\tlink")]


def test_superscripts_and_equations_are_readable(read_word: Any, said: Any):
    word = docx.Document()
    paragraph = word.add_paragraph("3·10")
    paragraph.add_run("8").font.superscript = True
    paragraph.add_run(" m/s and ")
    paragraph._p.append(
        parse_xml(
            f"<m:oMath {MATH}><m:rad><m:deg/><m:e><m:f><m:num><m:r><m:t>l</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>g</m:t></m:r></m:den></m:f></m:e></m:rad></m:oMath>"
        )
    )
    word.add_paragraph()._p.append(
        parse_xml(
            f"<m:oMathPara {MATH}><m:oMath><m:r><m:t>F=m a</m:t></m:r></m:oMath></m:oMathPara>"
        )
    )
    assert said(read_word(word)) == [
        ("paragraph", r"3·10⁸ m/s and $\sqrt{\frac{l}{g}}$"),
        ("formula", "$$\nF=m a\n$$"),
    ]


def test_text_boxes_content_controls_and_layout_tables_are_not_lost(read_word: Any, said: Any):
    word = docx.Document()
    word.add_paragraph("before")
    word.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    frame = word.add_table(1, 1).cell(0, 0)
    frame.text = "framed"
    frame.add_paragraph("twice")
    outer = word.add_table(1, 2)
    outer.cell(0, 0).text = "left"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text = "x"
    inner.cell(0, 1).text = "y"
    texts = [text for _, text in said(read_word(word))]
    assert texts == ["before", "controlled", "framed", "twice", "left", "| x | y |\n| --- | --- |"]


def test_macros_are_ignored(write: Any, samples: dict[str, bytes], said: Any, rezipped: Any):
    changes = {
        "[Content_Types].xml": lambda old: old.replace(
            b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
            b"vnd.ms-word.document.macroEnabled.main",
        ),
        "word/vbaProject.bin": lambda _: b"Sub AutoOpen()",
    }
    document = read_document(write("a.docm", rezipped(samples[".docx"], changes)))
    assert ("paragraph", "Words of a paragraph.") in said(document)
    assert document.remarks == ()


def test_a_document_of_nothing_is_refused(read_word: Any):
    with pytest.raises(DocumentError, match="holds nothing, no text"):
        read_word(docx.Document())


def test_a_document_without_its_main_part_is_damaged(
    write: Any, samples: dict[str, bytes], rezipped: Any
):
    broken = rezipped(samples[".docx"], {"word/document.xml": lambda old: old[:200]})
    with pytest.raises(DocumentError, match="is damaged as a Word document"):
        read_document(write("a.docx", broken))
