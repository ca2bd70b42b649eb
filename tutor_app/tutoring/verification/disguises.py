"""Undo the disguises a number can wear: other alphabets of digits, codes, reversal, acrostics.

Each function yields texts that may be hidden in a reply. What they hold is compared with what is
withheld without any of the exceptions for ordinary prose, because nobody writes prose that way.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from tutor_app.tutoring.verification.canonical import MAX_LENGTH, canonical

_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4,200}={0,2}|[A-Za-z0-9+/]{2,3}={1,2})(?![A-Za-z0-9+/=])"
)
_BASE32 = re.compile(r"(?<![A-Z2-7])(?:[A-Z2-7]{8})*[A-Z2-7]{2,8}={0,6}(?![A-Z2-7=])")
_HEX_BYTES = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\\x|0x|%)?[0-9A-Fa-f]{2}[\s,:-]?){2,60}(?![0-9A-Za-z])"
)
_BIT_BYTES = re.compile(r"(?<!\d)(?:[01]{7,8}[\s,]*){1,60}(?!\d)")
_CODES = re.compile(r"(?<!\d)(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[\s,;-]+){2,60}(?:\d{2,3})(?!\d)")
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,5})\}?|\\x([0-9a-fA-F]{2})|U\+([0-9a-fA-F]{4,5})")
_PREFIXED = re.compile(
    r"(?<![0-9A-Za-z])0([xXbBoO])([0-9A-Fa-f]+)(?:\.([0-9A-Fa-f]+))?(?![0-9A-Za-z])"
)
_NUMBER = r"([0-9A-Fa-f]{1,40})(?:\.([0-9A-Fa-f]{1,40}))?"
_BASE_NAMES = {
    "binary": 2, "base two": 2, "base 2": 2, "ternary": 3, "base 3": 3, "octal": 8, "base 8": 8,
    "base eight": 8, "hexadecimal": 16, "hex": 16, "base 16": 16, "base sixteen": 16, "base 4": 4,
    "base 5": 5, "base 6": 6, "base 7": 7, "base 9": 9, "base 12": 12, "bits": 2, "base four": 4,
    "base five": 5, "base six": 6, "base seven": 7, "base three": 3, "base nine": 9,
}  # fmt: skip
_BASES = "|".join(sorted(_BASE_NAMES, key=len, reverse=True))
_THEN_BASE = re.compile(
    rf"(?<![\w.]){_NUMBER}(?![\w.]*\w)[^\w.]{{1,3}}(?:(?:\w+ ){{0,3}}?)({_BASES})\b", re.I
)
_BASE_THEN = re.compile(rf"\b({_BASES})\b\W+(?:\w+\W+){{0,4}}?{_NUMBER}(?![\w.]*\w)", re.I)
_LONG_BITS = re.compile(r"(?<![\w.])([01]{5,40})(?:\.([01]{1,40}))?(?![\w])")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9](?:[\s._*|,;:~'\"()\[\]<>-]{1,3}[A-Za-z0-9.](?![A-Za-z0-9])){2,}"
)
_MIXED = re.compile(r"\S*\d\S*\d\S*")
_TALLY = re.compile(r"([^\w\s.\-=_—…])(?:\s?\1){3,}")
_LETTER = re.compile(r"\bletter (?:of the alphabet )?[\"']?([A-Za-z])\b")
_CHR = re.compile(r"\b(?:chr|char|fromCharCode|ASCII(?: code)?)\W{0,3}(\d{2,3})\b", re.I)
_MORSE = re.compile(r"(?<![.\-\w])[.\-]{5}(?:[\s/|]+[.\-]{5,6})+(?![.\-\w])")
_MORSE_DIGITS = {
    "-----": "0", ".----": "1", "..---": "2", "...--": "3", "....-": "4", ".....": "5",
    "-....": "6", "--...": "7", "---..": "8", "----.": "9", ".-.-.-": ".",
}  # fmt: skip
_LEET = str.maketrans("0134578", "oieastb")
_LONG_WORD = 6
_HIDES_NUMBER = re.compile(r"\d|[a-z]{3}", re.I)


@lru_cache(maxsize=256)
def decoded(text: str) -> tuple[str, ...]:
    """Return texts that hold numbers written in a code or in another base."""
    text = text[:MAX_LENGTH]
    plain = canonical(text)
    found = [*_escaped(text), *_encoded(plain), *_other_bases(plain), *_collapsed(text, plain)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)
def letters(text: str) -> tuple[str, ...]:
    """Return runs of letters, without spaces, that may spell a number word."""
    text = text[:MAX_LENGTH]
    plain = canonical(text).lower()
    words = re.findall(r"[a-z]+", plain)
    lines = [line for line in re.split(r"[\n.!?]", plain) if re.search("[a-z]", line)]
    together = "".join(words)
    found = [
        together if len(words) > 1 and max(map(len, words)) < _LONG_WORD else "",
        re.sub("[^a-z]", "", plain.translate(_LEET)) if re.search(r"[a-z]\d[a-z]", plain) else "",
        together[::-1],
        "".join(word[::-1] for word in words),
        "".join(word[0] for word in words),
        "".join(word[-1] for word in words),
        "".join(re.findall("[a-z]", line)[0] for line in lines),
        "".join(re.sub("[^a-z]", "", match[0]) for match in _SPACED.finditer(plain)),
        "".join(re.findall(r"\b[A-Z]", canonical(text))).lower(),
        "".join(re.findall(r"(?<=[a-z])[A-Z]+", canonical(text))).lower(),
    ]
    for shift in range(1, 26):
        table = {ord("a") + i: ord("a") + (i + shift) % 26 for i in range(26)}
        found.append(together.translate(table))
    return tuple(found)


def _escaped(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote(text)
    if "\\" in text or "U+" in text:
        yield _ESCAPE.sub(lambda m: _character(m[1] or m[2] or m[3]), text)


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return " "


def _encoded(plain: str) -> Iterator[str]:
    for match in _BASE64.finditer(plain):
        token = match[0].rstrip("=")
        data = _bytes_of(token + "=" * (-len(token) % 4), base64.b64decode)
        if len(data) == 1 and match[0].endswith("==") and data.isalpha():
            yield data.decode("ascii")
        yield from _readable(data)
    for match in _BASE32.finditer(plain):
        token = match[0].rstrip("=")
        if len(token) >= 4 and re.search("[2-7]", token):
            yield from _readable(_bytes_of(token + "=" * (-len(token) % 8), base64.b32decode))
    for match in _HEX_BYTES.finditer(plain):
        digits = re.sub(r"\\x|0x|[^0-9A-Fa-f]", "", match[0])
        if len(digits) % 2 == 0:
            yield from _readable(bytes.fromhex(digits))
    for match in _BIT_BYTES.finditer(plain):
        bits = re.findall(r"[01]{7,8}", match[0])
        yield from _readable(bytes(int(b, 2) for b in bits))
    for match in _CODES.finditer(plain):
        codes = [int(n) for n in re.findall(r"\d+", match[0])]
        yield from _readable(bytes(c for c in codes if c < 127))
    for match in _LETTER.finditer(plain):
        yield str(ord(match[1].upper()) - ord("A") + 1)
    for match in _CHR.finditer(plain):
        code = int(match[1])
        if 32 < code < 127:
            yield chr(code)
    for match in _MORSE.finditer(plain):
        yield "".join(_MORSE_DIGITS.get(sign, " ") for sign in re.split(r"[\s/|]+", match[0]))


def _bytes_of(token: str, decode: object) -> bytes:
    try:
        return decode(token)  # type: ignore[operator, no-any-return]
    except (binascii.Error, ValueError):
        return b""


def _readable(data: bytes) -> Iterator[str]:
    """Yield the bytes as text when they are printable and could hold a number."""
    if len(data) < 2 or any(not 32 <= byte < 127 for byte in data.strip()):
        return
    text = data.decode("ascii")
    if _HIDES_NUMBER.search(text):
        yield text


def _other_bases(plain: str) -> Iterator[str]:
    for match in _PREFIXED.finditer(plain):
        base = {"x": 16, "b": 2, "o": 8}[match[1].lower()]
        yield from _in_base(match[2], match[3], base)
    for match in _THEN_BASE.finditer(plain):
        yield from _in_base(match[1], match[2], _BASE_NAMES[match[3].lower()])
    for match in _BASE_THEN.finditer(plain):
        yield from _in_base(match[2], match[3], _BASE_NAMES[match[1].lower()])
    for match in _LONG_BITS.finditer(plain):
        yield from _in_base(match[1], match[2], 2)


def _in_base(whole: str, fraction: str | None, base: int) -> Iterator[str]:
    try:
        value: float = int(whole, base)
        if fraction:
            value += int(fraction, base) / base ** len(fraction)
    except ValueError:
        return
    yield f"{value:.12g}"


def _collapsed(text: str, plain: str) -> Iterator[str]:
    """Yield numbers pulled apart ("1 9 . 8"), mixed into words, turned round, or tallied."""
    for match in _SPACED.finditer(plain):
        joined = re.sub(r"[^A-Za-z0-9.]", "", match[0])
        digits = re.sub(r"[^0-9.]", "", joined)
        if len(re.sub(r"\D", "", digits)) >= 2:
            yield digits.strip(".")
            yield digits.strip(".")[::-1]
    for match in _MIXED.finditer(plain):
        token = match[0].strip(".,;:!?()[]\"'")
        digits = re.sub(r"[^0-9.]", "", token).strip(".")
        if digits.count(".") <= 1 and len(digits.replace(".", "")) >= 3:
            if re.fullmatch(r"[\d.]+", token):
                yield digits[::-1]
            elif not re.fullmatch(r"[\d.,]+\s?[A-Za-z/^%°]+[\d()^-]*", token):
                yield digits
    if re.search(r"\b(?:backwards?|revers\w*|mirror\w*|right to left)\b", plain):
        for match in re.finditer(r"\d[\d.]*\d|\b[IVXLCDM]{2,}\b", plain):
            yield match[0][::-1]
    for match in _TALLY.finditer(text):
        yield str(len(re.sub(r"\s", "", match[0])))
