"""Show text that others wrote without letting it act as Markdown or HTML."""

import re

# Formulas stay as they are: KaTeX neither loads nor links anything. A pair that Streamlit might
# read otherwise (three dollars, a blank line inside) is no formula here.
# Code between single backticks stays too: it is shown letter by letter.
_FORMULA = re.compile(
    r"""( (?<![\\`])`(?!`) [^`\n]+ `(?!`)
        | (?<![\\$])\$\$(?!\$) (?:(?!\n\s*\n)[^$])+ \$\$(?!\$)
        | (?<![\\$])\$(?![\s$]) [^$\n]+? (?<![\s\\])\$(?![\d$]) )""",
    re.VERBOSE,
)
_CODE_OR_FORMULA = re.compile(
    r"^(?P<fence>```+|~~~+).*?(?:^(?P=fence)[ \t]*$|\Z)|`[^`\n]+`|(?x:" + _FORMULA.pattern + ")",
    re.DOTALL | re.MULTILINE,
)
_PICTURE = re.compile(r"!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])?")
_INNER_STAR = re.compile(r"(?<=\w)\*(?=\w)")
_QUOTATION = re.compile(r"“[^”\n]*”")
# emphasis that an author wrote stands at a word's edge; inside a quoted equation it multiplies
_QUOTED_MARK = re.compile(r"(?<=[^\s*“])\*+(?=[^\s*”])|_")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_ACTIVE = re.compile(r"[\[\]<>`|~\\$#]")
_ADDRESS = re.compile(r"(?<=[a-zA-Z])://|\bwww\.|(?<=\w)@(?=\w)", re.IGNORECASE)
_SHORTCODE = re.compile(r":(?=[\w+-]+[:\[])")
_UNDERLINE = re.compile(r"^([ \t]*)([=-]+)(?=[ \t]*$)", re.MULTILINE)
_INDENTED = re.compile(r"^(?:\t| {2,})[ \t]*", re.MULTILINE)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
_LINKING = re.compile(r"[\[\]<>`~\\$]")
_SPACE = re.compile(r"[^\S\u00a0]+")
"""Space where a line may end: what stands between a number and its unit is kept."""
_JOINER = "\u2060"


def calm(text: str) -> str:
    """Return Markdown in which emphasis, lists, formulas and inline code work, all else is plain.

    For the tutor's replies: they quote the learner. No link, image, code block, table, heading,
    HTML, emoji code or Streamlit directive is left. 2*g*h is no emphasis, and in a quotation
    “...” neither are 2*(g)*h and v_0.
    """
    pieces = _FORMULA.split(text)
    pieces[::2] = [_calmed(piece) for piece in pieces[::2]]
    return _QUOTATION.sub(_as_quoted, "".join(pieces))


def document(text: str) -> str:
    """Return Markdown in which emphasis, lists and tables work and headings are bold lines.

    For model cards and reports, which a model folder from elsewhere may bring; the YAML in front
    is left out, and no link, image, code, HTML or directive is left.
    """
    text = _FRONT.sub("", text.replace("\r\n", "\n")).replace("&", "&amp;")
    text = _LINKING.sub(lambda found: f"\\{found[0]}", text)
    text = _HEADING.sub(r"**\1**", text)
    return _ADDRESS.sub(_broken, _SHORTCODE.sub(f":{_JOINER}", text))


def passage(text: str) -> str:
    """Return Markdown of a course document in which only what was meant as Markdown acts.

    Documents of all kinds become passages: dollars are prices as often as formulas, and 2*g*h is
    no emphasis. Pictures are their descriptions, so that no address elsewhere is called.
    """
    pieces = []
    end = 0
    for kept in _CODE_OR_FORMULA.finditer(text):
        pieces += [_undressed(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*pieces, _undressed(text[end:])])


def plain(text: str) -> str:
    """Return Markdown that shows the text exactly as it was typed, on one paragraph."""
    text = _SPACE.sub(" ", text).strip()
    text = _ADDRESS.sub(_broken, _SHORTCODE.sub(f":{_JOINER}", text))
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$&\"'=^])", r"\\\1", text)


def _undressed(piece: str) -> str:
    piece = _PICTURE.sub(r"\1", piece)
    return _INNER_STAR.sub(r"\\*", _BARE_DOLLAR.sub(r"\\$", piece))


def _as_quoted(found: re.Match[str]) -> str:
    pieces = _FORMULA.split(found[0])
    pieces[::2] = [
        _QUOTED_MARK.sub(lambda mark: "".join(f"\\{sign}" for sign in mark[0]), piece)
        for piece in pieces[::2]
    ]
    return "".join(pieces)


def _calmed(piece: str) -> str:
    piece = piece.replace("\\$", "$").replace("&", "&amp;")
    piece = _ACTIVE.sub(lambda found: f"\\{found[0]}", piece)
    piece = _INDENTED.sub("  ", _UNDERLINE.sub(r"\1\\\2", piece))
    return _ADDRESS.sub(_broken, _SHORTCODE.sub(f":{_JOINER}", piece))


def _broken(found: re.Match[str]) -> str:
    """Put an invisible joiner into an address, so that it does not become a link."""
    return f"{found[0][:-1]}{_JOINER}{found[0][-1]}"
