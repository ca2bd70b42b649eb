"""Write a number in English words without spaces, to look for it in hidden letters."""

from functools import lru_cache

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SHORTEST = 6


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (_SMALL[number % 10] if number % 10 else "")
    if number < 1000:
        return _SMALL[number // 100] + "hundred" + (_whole(number % 100) if number % 100 else "")
    if number < 1_000_000:
        rest = number % 1000
        return _whole(number // 1000) + "thousand" + (_whole(rest) if rest else "")
    return ""


@lru_cache(maxsize=256)
def names_of(value: float) -> tuple[str, ...]:
    """Return the ways to spell a number with two to four significant digits; long ones only."""
    found: set[str] = set()
    for digits in (2, 3, 4):
        text = f"{float(f'{abs(value):.{digits - 1}e}'):.6f}".rstrip("0").rstrip(".")
        whole, _, fraction = text.partition(".")
        if len(whole) > 6 or len(fraction) > 4:
            continue
        spoken = _whole(int(whole))
        digitwise = "".join(_SMALL[int(c)] for c in whole)
        after = "point" + "".join(_SMALL[int(c)] for c in fraction) if fraction else ""
        found.update((spoken + after, digitwise + after))
        if len(whole) == 3:
            found.add(_SMALL[int(whole[0])] + _whole(int(whole[1:])) + after)
    return tuple(sorted(name for name in found if len(name) >= _SHORTEST))
