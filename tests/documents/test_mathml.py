from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest
from lxml import etree

from tutor_app.documents.mathml import Node, latex_from_mathml

NAMESPACE = "http://www.w3.org/1998/Math/MathML"


@pytest.mark.parametrize(
    ("mathml", "latex"),
    [
        ("<mi>x</mi><mo>=</mo><mo>−</mo><mn>1</mn>", "x = -1"),
        ("<mi>a</mi><mo>−</mo><mi>b</mi>", "a - b"),
        ("<mo>(</mo><mo>−</mo><mn>2</mn><mo>)</mo>", "(-2)"),
        ("<msup><mi>v</mi><mn>2</mn></msup>", "v^2"),
        ("<msub><mi>v</mi><mtext>f</mtext></msub>", r"v_{\text{f}}"),
        ("<msubsup><mi>r</mi><mn>1</mn><mn>2</mn></msubsup>", "r_1^2"),
        ("<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>", "{ab}^2"),
        ("<mfrac><mrow><mi>Δ</mi><mi>x</mi></mrow><mi>t</mi></mfrac>", r"\frac{\Delta x}{t}"),
        ("<msqrt><mn>2</mn><mi>g</mi><mi>h</mi></msqrt>", r"\sqrt{2gh}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<mstyle mathvariant='bold'><mi>F</mi></mstyle>", r"\mathbf{F}"),
        ("<mover accent='true'><mi>v</mi><mo>¯</mo></mover>", r"\bar{v}"),
        ("<mover><mi>E</mi><mo>→</mo></mover>", r"\vec{E}"),
        ("<mi>sin</mi><mi>θ</mi>", r"\sin \theta"),
        ("<mn>1.5</mn><mspace width='0.3em'/><mtext>\xa0km</mtext>", r"1.5\ \text{km}"),
        ("<mtext>Δ</mtext><mi>t</mi>", r"\Delta t"),
        ("<mn>6</mn><mtext>\xa0×\xa0</mtext><msup><mn>10</mn><mn>8</mn></msup>", r"6 \times 10^8"),
        ("<msup><mn>30</mn><mo>∘</mo></msup>", r"30^\circ"),
        ("<mn>20</mn><mtext> °C</mtext>", r"20\ ^\circ\text{C}"),
        ("<mfenced open='[' close=']'><mi>x</mi><mi>y</mi></mfenced>", r"\left[x, y\right]"),
        ("<menclose notation='updiagonalstrike'><mi>s</mi></menclose>", r"\cancel{s}"),
        (
            "<mmultiscripts><mi>U</mi><none/><none/><mprescripts/><mn>92</mn><mn>235</mn>"
            "</mmultiscripts>",
            "{}_{92}^{235}U",
        ),
        (
            "<mtable><mtr><mtd columnalign='right'><mi>a</mi></mtd><mtd><mo>=</mo></mtd>"
            "<mtd columnalign='left'><mi>b</mi></mtd></mtr></mtable>",
            r"\begin{array}{rcl} a & = & b \end{array}",
        ),
        ("<munder><mi>x</mi><mi>y</mi></munder>", r"\underset{y}{x}"),
        ("<msub><mi>λ</mi><mi>max</mi></msub>", r"\lambda_{\max}"),
        ("<msup><msup><mi>v</mi><mo>′</mo></msup><mn>2</mn></msup>", "{v'}^2"),
        ("<msubsup><msup><mi>v</mi><mo>′</mo></msup><mn>2</mn><mrow/></msubsup>", "v'_2"),
        ("<mrow><mo>∑</mo><mi>i</mi></mrow>", r"\sum i"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", r"\sum_{i}^{n}"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", r"\left(a, b\right)"),
        (
            "<mtable><mtr><mtd>1</mtd><mtd><mn>2</mn></mtd></mtr></mtable>",
            r"\begin{array}{cc} 1 & 2 \end{array}",
        ),
        ("<mfrac><mi>a</mi><mrow><mn>2</mn><mi>b</mi></mrow></mfrac>", r"\frac{a}{2b}"),
        ("<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup>", "{(a)}^2"),
        ("<mtext>for all</mtext><mo>%</mo>", r"\text{for all}\%"),
        ("<mfrac><!-- above --><mi>a</mi><!-- below --><mi>b</mi></mfrac>", r"\frac{a}{b}"),
        ("<semantics><mi>x</mi><annotation encoding='TeX'>x^2</annotation></semantics>", "x^2"),
        (
            "<semantics><mi>x</mi><annotation encoding='StarMath'>x sup</annotation></semantics>",
            "x",
        ),
        ("<unheardof><mi>x</mi></unheardof>", "x"),
        ("<mtext>5 % of $3</mtext>", r"5\ \%\ \text{of}\ \$3"),
    ],
)
@pytest.mark.parametrize("parse", [fromstring, etree.fromstring])
def test_mathml_is_readable_latex(parse: Callable[[str], Node], mathml: str, latex: str):
    assert latex_from_mathml(parse(f"<math xmlns='{NAMESPACE}'>{mathml}</math>")) == latex


def test_the_words_that_stand_for_a_formula_without_markup_are_shown():
    math = etree.fromstring("<m:math xmlns:m='http://example.org' alttext='a = b'/>")
    assert latex_from_mathml(math) == "a = b"


def test_markup_nested_too_deep_to_be_a_formula_gives_its_text():
    deep = "<mrow>" * 5000 + "<mi>x</mi>" + "</mrow>" * 5000
    assert latex_from_mathml(fromstring(f"<math>{deep}</math>")) == "x"


@pytest.mark.parametrize("name", ["msup", "msub", "mfrac", "mover", "mroot", "mtable", "mfenced"])
def test_an_element_without_its_parts_is_no_crash(name: str):
    assert isinstance(latex_from_mathml(fromstring(f"<math><{name}/></math>")), str)
