import pytest
from lxml import etree

from tutor_app.documents.office_math import latex_from_office

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("office", "latex"),
    [
        (f"<m:sSup><m:e>{run('c')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "c^{2}"),
        (f"<m:sSub><m:e>{run('v')}</m:e><m:sub>{run('0')}</m:sub></m:sSub>", "v_{0}"),
        (f"<m:rad><m:deg>{run('3')}</m:deg><m:e>{run('x')}</m:e></m:rad>", r"\sqrt[3]{x}"),
        (f"<m:d><m:dPr><m:begChr m:val='['/></m:dPr><m:e>{run('a')}</m:e></m:d>", "[a)"),
        (
            f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{run('i')}</m:sub>"
            f"<m:sup>{run('n')}</m:sup><m:e>{run('x')}</m:e></m:nary>",
            "∑_{i}^{n} x",
        ),
        (f"<m:acc><m:accPr><m:chr m:val='⃗'/></m:accPr><m:e>{run('F')}</m:e></m:acc>", r"\vec{F}"),
        (f"<m:r><m:rPr><m:nor/></m:rPr><m:t>when </m:t></m:r>{run('x%')}", r"\text{when } x\%"),
        (
            f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('2')}</m:e></m:mr></m:m>",
            r"\begin{matrix} 1 & 2 \end{matrix}",
        ),
        (f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", "sin x"),
    ],
)
def test_equations_of_office_become_latex(office: str, latex: str):
    element = etree.fromstring(f'<m:oMath xmlns:m="{OFFICE}">{office}</m:oMath>')
    assert latex_from_office(element) == latex
