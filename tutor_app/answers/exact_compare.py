"""Compare exact answers part by part; what has another shape is not called wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor_app.answers.exact_forms import Form, Group, Relation, Value, Words
from tutor_app.answers.exact_relations import as_intervals, compare_relations, solved_for
from tutor_app.answers.exact_values import Sameness, compare, number
from tutor_app.answers.exact_words import compare_words, meaning
from tutor_app.answers.formula_tree import Name

_REAL_LINE = "all real numbers"
_WORST = (
    Sameness.DIFFERENT,
    Sameness.UNSURE,
    Sameness.ROUNDED,
    Sameness.OTHER_FORM,
    Sameness.SAME,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """What the exercise says about how to answer.

    Attributes:
        any_order: the parts of a list may come in any order.
        rounds: it asks for a rounded number.
        percent: it speaks of per cent.
        intervals: it speaks of intervals, inequalities, domain or range.
        interval_notation: it asks for interval notation.
        confirm: ask SymPy where numbers agree.
    """

    any_order: bool = False
    rounds: bool = False
    percent: bool = False
    intervals: bool = False
    interval_notation: bool = False
    confirm: bool = False


def compare_forms(typed: Form, right: Form, manner: Manner) -> Sameness:
    """Compare what was typed with one accepted answer."""
    match typed, right:
        case Value(), Value():
            return _values(typed, right, manner)
        case Relation(), Relation():
            return compare_relations(typed, right)
        case Relation(), Value():
            return _unnamed(typed, right, manner)
        case Value(), Relation():
            return _named(typed, right, manner)
        case Group(), Group():
            return _groups(typed, right, manner)
        case Words(), Words():
            return compare_words(typed.text, right.text)
    return _other_shapes(typed, right, manner)


def _values(typed: Value, right: Value, manner: Manner) -> Sameness:
    """Compare numbers; 45, 45 % and 0.45 may all be meant where per cent are spoken of."""
    found = compare(typed, right, manner.rounds, manner.confirm)
    marked = "%" in (typed.unit, right.unit)
    if (typed.unit == right.unit or not marked) and not manner.percent:
        return found
    if found is Sameness.SAME:
        clear = typed.unit == right.unit or right.unit == "%" or manner.percent
        return Sameness.SAME if clear else Sameness.UNSURE
    a, b = number(typed), number(right)
    if a is None or b is None or found is not Sameness.DIFFERENT:
        return found
    near = 0.012 * abs(b)
    return Sameness.UNSURE if min(abs(a - 100 * b) / 100, abs(100 * a - b)) <= near else found


def _unnamed(typed: Relation, right: Value, manner: Manner) -> Sameness:
    """The key is 5, the learner writes x = 5; or y = 2x where 2x is due."""
    if typed.signs != ("=",):
        return Sameness.DIFFERENT
    if typed.sides[0].formula.root.__class__ is not Name:
        first = compare(typed.sides[0], right, manner.rounds)
        last = compare(typed.sides[1], right, manner.rounds)
        # a chain of work, 3 + 4 = 7: the last side is what it comes to
        if first in (Sameness.SAME, Sameness.OTHER_FORM) and last is Sameness.SAME:
            return last
        return Sameness.UNSURE
    return compare(typed.sides[1], right, manner.rounds)


def _named(typed: Value, right: Relation, manner: Manner) -> Sameness:
    """The key is x = 5 and the learner writes 5; for y = 2x + 1 the equation is asked for."""
    if right.signs != ("=",):
        return Sameness.DIFFERENT if not typed.formula.names else Sameness.UNSURE
    if not solved_for(right) or right.sides[0].formula.root.__class__ is not Name:
        return Sameness.UNSURE
    found = compare(typed, right.sides[1], manner.rounds)
    plain = right.named or not right.sides[1].formula.names
    if found is Sameness.SAME and not plain:
        return Sameness.UNSURE
    return found


def _groups(typed: Group, right: Group, manner: Manner) -> Sameness:
    if typed.union and right.union:
        return _lists(typed.parts, right.parts, manner, any_order=True)
    if (typed.opens, typed.closes) == (right.opens, right.closes):
        if right.opens:
            return _in_order(typed.parts, right.parts, manner)
        return _lists(typed.parts, right.parts, manner, any_order=manner.any_order)
    if typed.opens and right.opens:
        same = _lists(typed.parts, right.parts, manner, any_order=False)
        is_sure = same is Sameness.DIFFERENT or (same is Sameness.SAME and manner.intervals)
        return Sameness.DIFFERENT if is_sure else Sameness.UNSURE
    return _brackets_missing(typed, right, manner)


def _brackets_missing(typed: Group, right: Group, manner: Manner) -> Sameness:
    """Compare "2, 5" or "x = 2, y = 5" with the point (2, 5); an interval needs its brackets."""
    parts = tuple(_right_side(part) for part in typed.parts)
    found = _lists(parts, right.parts, manner, any_order=False)
    is_point = right.opens == "(" and right.closes == ")" and not manner.intervals
    if found is Sameness.SAME:
        return found if is_point and not typed.opens else Sameness.UNSURE
    if found is Sameness.DIFFERENT:
        swapped = _lists(parts, right.parts, manner, any_order=True)
        return Sameness.DIFFERENT if swapped is Sameness.DIFFERENT else Sameness.UNSURE
    return Sameness.UNSURE


def _right_side(part: Form) -> Form:
    if isinstance(part, Relation) and part.signs == ("=",):
        return part.sides[1] if solved_for(part) else part
    return part


def _lists(
    typed: Sequence[Form], right: Sequence[Form], manner: Manner, any_order: bool
) -> Sameness:
    """Compare part by part; in another order the same parts are unsure, not wrong."""
    in_order = _in_order(typed, right, manner)
    if in_order is not Sameness.DIFFERENT or len(typed) != len(right):
        return in_order
    left = list(right)
    found: list[Sameness] = []
    for part in typed:
        fits = [(compare_forms(part, other, manner), n) for n, other in enumerate(left)]
        best, place = max(fits, key=lambda fit: (_WORST.index(fit[0]), -fit[1]))
        found.append(best)
        if best is Sameness.DIFFERENT:
            return Sameness.DIFFERENT
        left.pop(place)
    return _weakest(found) if any_order else Sameness.UNSURE


def _in_order(typed: Sequence[Form], right: Sequence[Form], manner: Manner) -> Sameness:
    if len(typed) != len(right):
        return Sameness.DIFFERENT
    return _weakest(compare_forms(a, b, manner) for a, b in zip(typed, right, strict=True))


def _weakest(found: Iterable[Sameness]) -> Sameness:
    ranks = [_WORST.index(one) for one in found]
    return _WORST[min(ranks, default=1)]


def _other_shapes(typed: Form, right: Form, manner: Manner) -> Sameness:
    """Intervals written as inequalities, the real line, a number where a list is due."""
    first, second = _as_set(typed), _as_set(right)
    if first is not None and second is not None:
        found = _groups(first, second, manner)
        other = isinstance(right, Group) != isinstance(typed, Group)
        if found is Sameness.SAME and other and manner.interval_notation:
            return Sameness.OTHER_FORM
        return found
    if isinstance(typed, Value) and typed.text == "R" and isinstance(right, Group):
        typed = Words(_REAL_LINE)
    if isinstance(typed, Words) or isinstance(right, Words):
        return _words_for(typed, right)
    if isinstance(right, Group) and isinstance(typed, Value | Relation):
        whole = not right.opens and len(right.parts) > 1
        values = [_right_side(part) for part in right.parts]
        if isinstance(typed, Value) and (whole or right.opens):
            partly = any(compare_forms(typed, v, manner) is Sameness.SAME for v in values)
            return Sameness.DIFFERENT if whole or not partly else Sameness.UNSURE
        if isinstance(typed, Relation) and whole:
            return Sameness.DIFFERENT if _all(values, Value) else Sameness.UNSURE
        return Sameness.UNSURE
    if isinstance(typed, Group) and isinstance(right, Value):
        # several answers where one number is due, or a decimal comma
        values = [_right_side(part) for part in typed.parts]
        hit = any(compare_forms(v, right, manner) is not Sameness.DIFFERENT for v in values)
        return Sameness.UNSURE if hit or len(values) == 2 else Sameness.DIFFERENT
    return Sameness.UNSURE


def _all(parts: Sequence[Form], kind: type) -> bool:
    return all(isinstance(part, kind) for part in parts)


def _words_for(typed: Form, right: Form) -> Sameness:
    """The real line is (-inf, inf); "no solution" where there is a number is wrong."""
    for one, other in ((typed, right), (right, typed)):
        if isinstance(one, Words) and isinstance(other, Group):
            plain = other.text.replace(" ", "")
            if meaning(one.text) == _REAL_LINE:
                line = plain == "(-inf,inf)"
                return Sameness.SAME if line else Sameness.DIFFERENT
    if isinstance(typed, Words) and meaning(typed.text) == "none":
        return Sameness.DIFFERENT
    if isinstance(right, Words) and meaning(right.text) in ("none", "dne", _REAL_LINE):
        return Sameness.DIFFERENT
    return Sameness.UNSURE


def _as_set(form: Form) -> Group | None:
    """Return an interval or union of intervals; None where the form is neither."""
    if isinstance(form, Relation):
        return as_intervals(form)
    if isinstance(form, Group) and form.union:
        parts = [_as_set(part) for part in form.parts]
        if all(part is not None for part in parts):
            return Group(form.text, "", "", tuple(p for p in parts if p), union=True)
        return None
    if isinstance(form, Group) and form.opens and len(form.parts) == 2 and _all(form.parts, Value):
        return form
    return None
