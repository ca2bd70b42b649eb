"""Take out of Markdown what nobody sees once it is shown: comments, and HTML that hides itself."""

import re

from lxml import html

from tutor_app.documents.unseen_html import take_out_unseen

_MOST = 1_000
_LONGEST = 2_000
_ODD = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?(?:^(?P=fence)|\Z)|(?P<tick>`+)[^`]+(?P=tick))"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    r"|<(?P<name>[a-z][a-z0-9]*)\b(?P<says>[^<>]*)>",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_MAY_HIDE = re.compile(r"style|hidden", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def take_unseen_from_markdown(text: str) -> tuple[str, list[str], int]:
    """Return the text that is seen, what hides itself, and how many comments were left out.

    Code stays as it is. After a thousand such elements the rest is taken as it stands.
    """
    kept: list[str] = []
    hidden: list[str] = []
    at = comments = looked_at = 0
    for odd in _ODD.finditer(text):
        if odd.start() < at or odd["code"] or looked_at >= _MOST:
            continue
        if odd["name"] and not _MAY_HIDE.search(odd["says"]):
            continue
        looked_at += 1
        end = odd.end()
        if odd["comment"]:
            comments += 1
        elif take_out_unseen(html.document_fromstring(f"<div>{odd[0]}x</div>")):
            close = re.compile(rf"</{odd['name']}\s*>", re.IGNORECASE).search(text, end)
            inside = " ".join(_TAG.sub(" ", text[end : close.start() if close else None]).split())
            hidden += [inside[:_LONGEST]] if re.search(r"\w", inside) else []
            end = close.end() if close else len(text)
        else:
            continue
        kept.append(text[at : odd.start()])
        at = end
    return "".join(kept) + text[at:], hidden, comments
