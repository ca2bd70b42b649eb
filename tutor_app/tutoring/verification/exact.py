"""Does a reply state an exact answer: a formula, an equation, an interval, a list, words?"""

import re
from collections.abc import Iterator
from functools import lru_cache

from tutor_app.answers.check import check_answer
from tutor_app.answers.exact import accepted_forms, names_of
from tutor_app.answers.exact_compare import Manner, compare_forms
from tutor_app.answers.exact_forms import Form, Group, Relation, Value, Words, read_form
from tutor_app.answers.exact_plain import plain
from tutor_app.answers.exact_values import Sameness, number
from tutor_app.answers.exact_words import meaning
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import ExactAnswer
from tutor_app.tutoring.verification.tokens import tokenize
from tutor_app.tutoring.verification.withheld import Withheld, is_settled, prompt_text

_MATHS = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.S)
_STATED = re.compile(
    r"(?:\b(?:is|are|be|get|gives?|equals?|becomes?|write|type|enter|answer|solutions?|namely)\b|[:=“\"])"
    r"\s*(?:just |simply |then )?",
    re.I,
)
_ENDS = re.compile(r"[.!?;](?=\s|$)|\n|[”\"]|\b(?:because|since|which|so|where|when|as)\b", re.I)
_BRACKETED = re.compile(
    r"[(\[][^()\[\]]{1,60}[)\]](?:\s?(?:U|∪|,|and)\s?[(\[][^()\[\]]{1,60}[)\]])*"
)
_FORMAL = re.compile(r"[-+*/^=≤≥<>]{1,2}|[b-hj-zB-HJ-Z]|.*[\d^*/+()√|≤≥<>=∞].*")
_ASSERTS = (
    r"(?:(?:answer|solution|result|it)\b[^.?!]{{0,20}}\b(?:is|are|says?|:)|\b(?:get|gives?|write|enter|"
    r"type|what about|how about|try)(?: just| simply)?)\s*[“\"'$]*{}(?!\w)"
)
_MAX_SPANS = 60
_SHORT = 3
_TELLING = (Sameness.SAME, Sameness.OTHER_FORM)


def exact_given_away(text: str, hidden: Withheld) -> str:
    """Return why a reply states the exact answer, or ""; a part of the problem may be repeated."""
    context = hidden.context
    answer = context.item.answer
    if not isinstance(answer, ExactAnswer) or not hidden_answer(hidden):
        return ""
    prompt = prompt_text(context)
    for right in accepted_forms(answer):
        if isinstance(right, Words):
            if found := _says_words(text, right.text, prompt):
                return found
        elif found := _states(text, right, prompt):
            return found
    return ""


def hidden_answer(hidden: Withheld) -> bool:
    """Say whether the answer of this turn is withheld at all."""
    return not hidden.context.move.answer_allowed and not is_settled(hidden.context)


def confirms_exact(said: str, hidden: Withheld) -> str:
    """Return why agreeing with what the learner guessed would confirm the answer, or ""."""
    context = hidden.context
    if said in context.counted_texts:
        return ""
    check = check_answer(said.rstrip(" ?"), context.item.answer, context.solution)
    if check.verdict in (Verdict.RIGHT, Verdict.ROUNDING):
        return "confirms the answer, which the learner only guessed"
    return ""


def _says_words(text: str, words: str, prompt: str) -> str:
    own = meaning(words)
    ways = {words.casefold(), own} - {""}
    for way in sorted(ways):
        asserted = re.search(_ASSERTS.format(re.escape(way)), text, re.I)
        named = len(way) > _SHORT and re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text, re.I)
        told = re.search(rf"(?<!\w){re.escape(way)}(?!\w)", prompt, re.I)
        if asserted or (named and not told):
            return f"says the answer in words: {way!r}"
    return ""


def _states(text: str, right: Form, prompt: str) -> str:
    names = names_of(right)
    for span in _spans(text):
        form = read_form(span, names)
        if isinstance(form, Words) or not _says_enough(form, right):
            continue
        # what the problem gives may be repeated, but not called the answer
        lone = len(form.text) == 1 and form.text.isalpha()
        given = (lone or _is_given(span, prompt)) and not _is_answered(span, text)
        if not given and compare_forms(form, right, Manner()) in _TELLING:
            return f"states the answer: {span[:40]!r}"
        if not given and _holds_part(form, right):
            return f"states the answer within {span[:40]!r}"
    if isinstance(right, Group) and (found := _numbers_in_order(text, right, prompt)):
        return found
    return ""


def _is_given(span: str, prompt: str) -> bool:
    """Say whether a piece of maths stands in the problem, whole or as a part of a longer one."""
    own = re.escape(_squeezed(span))
    return re.search(rf"(?<![\w.^]){own}(?![\w^]|\.\d)", _maths_of(prompt)) is not None


@lru_cache(maxsize=256)
def _maths_of(text: str) -> str:
    """Return all maths of a text without spaces, piece by piece."""
    inside = [m[1] or m[2] for m in _MATHS.finditer(text)]
    bare = _MATHS.sub(lambda m: f" {m[1] or m[2]} ", text)
    return " ; ".join(_squeezed(piece) for piece in [*inside, *_formal_runs(bare), *bare.split()])


def _spans(text: str) -> Iterator[str]:
    """Yield the pieces of a reply that may be an answer, at most a few dozen."""
    found: dict[str, None] = {}
    for maths in _MATHS.finditer(text):
        found[(maths[1] or maths[2]).strip(" .,;")] = None
    bare = _MATHS.sub(lambda m: f" {m[1] or m[2]} ", text)
    for match in _STATED.finditer(bare):
        rest = bare[match.end() :]
        end = _ENDS.search(rest)
        found[(rest[: end.start()] if end else rest)[:120].strip(" .,;")] = None
    for match in _BRACKETED.finditer(bare):
        found[match[0].strip(" .,;")] = None
    for run in _formal_runs(bare):
        found[run] = None
    yield from [span for span in found if span][:_MAX_SPANS]


def _formal_runs(text: str) -> Iterator[str]:
    """Yield stretches of words that look like maths: "6m^2 n^3", "10 (x+4)^2", "x <= 3"."""
    run: list[str] = []
    for word in [*text.split(), "end"]:
        bare = word.strip(".,;:?!“”\"'")
        if bare and _FORMAL.fullmatch(bare):
            run.append(bare)
            if word == bare:
                continue
        elif len(bare) == 1 and run:
            # an a or i inside a formula
            run.append(bare)
            continue
        if run:
            yield " ".join(run)
        run = []


def _says_enough(form: Form, right: Form) -> bool:
    """A lone letter is no statement of an answer; a number is only where a number is due."""
    if isinstance(form, Value) and isinstance(right, Relation):
        return bool(right.sides[1].formula.names) == bool(form.formula.names) and (
            len(form.text) >= _SHORT or not form.formula.names
        )
    return not (isinstance(form, Value) and form.text.isalpha() and len(form.text) == 1) or (
        isinstance(right, Value) and right.text == form.text
    )


def _holds_part(form: Form, right: Form) -> bool:
    """Say whether a side of an equation in the reply is the answer: "(f + g)(x) = 3x + 1"."""
    if isinstance(right, Relation) and right.signs == ("=",) and isinstance(form, Value):
        side = right.sides[1]
        same = bool(side.formula.names) and compare_forms(form, side, Manner()) is Sameness.SAME
        return same and len(form.text) >= _SHORT
    if isinstance(form, Relation) and isinstance(right, Value) and right.formula.names:
        return any(
            len(side.text) >= _SHORT and compare_forms(side, right, Manner()) is Sameness.SAME
            for side in form.sides[1:]
        )
    return False


def _is_answered(span: str, text: str) -> bool:
    return bool(re.search(_ASSERTS.format(re.escape(span)), text, re.I))


def _numbers_in_order(text: str, right: Group, prompt: str) -> str:
    """Return why the numbers of a point or list stand one after the other in the reply."""
    due = [n for part in _values(right) if (n := number(part)) is not None]
    if len(due) < 2 or len(due) != len(list(_values(right))):
        return ""
    told = [t.values[0] for t in tokenize(text) if t.kind == "num" and t.values]
    given = [t.values[0] for t in tokenize(prompt) if t.kind == "num" and t.values]
    sizes = [abs(n) for n in due]
    if _follows(sizes, told) and not _follows(sizes, given):
        return "names the numbers of the answer one after the other"
    return ""


def _values(form: Form) -> Iterator[Value]:
    match form:
        case Value():
            if not form.text.endswith("inf"):
                yield form
        case Relation():
            yield form.sides[-1]
        case Group():
            for part in form.parts:
                yield from _values(part)


def _follows(due: list[float], told: list[float]) -> bool:
    return any(
        all(
            abs(abs(a) - b) <= 1e-6 * max(abs(b), 1.0) for a, b in zip(told[at:], due, strict=False)
        )
        for at in range(len(told) - len(due) + 1)
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s*()$]", "", plain(text).replace("√", "sqrt"))
