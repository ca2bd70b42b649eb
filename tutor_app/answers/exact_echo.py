"""Write an exact answer as KaTeX, for "I read this as ..."."""

import re

from tutor_app.answers.exact_forms import Form, Group, Relation, Value, Words
from tutor_app.answers.formula import to_latex

_SIGNS = {"≤": r"\le", "≥": r"\ge", "≺": "<", "≻": ">", "≠": r"\ne", "=": "="}
_UNITS = {"%": r"\%", "°": r"^\circ"}


def latex(form: Form) -> str:
    """Return Markdown: maths between dollars, words in quotation marks."""
    if isinstance(form, Words):
        return f"“{form.text}”"
    return f"${_maths(form)}$"


def _maths(form: Form) -> str:
    match form:
        case Value():
            written = to_latex(form.formula).replace(r"\mathrm{inf}", r"\infty")
            return written + _UNITS.get(form.unit, "")
        case Relation():
            sides = [_maths(side) for side in form.sides]
            if form.named:
                sides[0] = form.text.partition("=")[0].strip()
            text = sides[0]
            for sign, side in zip(form.signs, sides[1:], strict=True):
                text += f" {_SIGNS[sign]} {side}"
            return text
        case Group():
            joint = r",\ "
            if form.union:
                told = any(isinstance(part, Relation) for part in form.parts)
                joint = r" \text{ or } " if told else r" \cup "
            return form.opens + joint.join(_maths(part) for part in form.parts) + form.closes
        case Words():
            words = re.sub(r"[\\{}$%#&_^~]", " ", form.text)
            return rf"\text{{{words}}}"
