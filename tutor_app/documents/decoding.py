"""Bytes to text: UTF-8, what a byte order mark or the file itself names, else a guess."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from tutor_app.documents.limits import MAX_CHARACTERS
from tutor_app.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.I)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NON_LATIN = ("cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "gb18030", "big5", "shift_jis")
_OTHERS = (*_NON_LATIN, "euc_jp", "euc_kr")
_SAMPLE = 50_000
# Where less than this part of the bytes is outside ASCII, the text is in a Latin alphabet.
_MOSTLY_FOREIGN = 0.3
# Fewer odd bytes than this say nothing about the alphabet.
_FEW = 12
_PIECE = 1 << 20
# A text that lost a byte here and there is damaged; one with more zeros than this is no text.
_ZEROS = 0.05
_FEW_ZEROS = 3
_LINES_NAMED = 5
# Of 16-bit characters so many have a zero on one side in a text with a Latin alphabet.
_WIDE = 0.4
_GUESSED = "It is not UTF-8; it was read as {}. Check the accented letters."


def decode(path: Path, content: bytes, *, declares: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the text with newlines as its only line ends, and remarks on how it was read.

    A few zero bytes are left out, with a remark that says where.

    Args:
        path: the file, for messages.
        content: all its bytes.
        declares: the format may name its encoding in its first lines, as HTML and XML do.

    Raises:
        DocumentError: the bytes are no text, or too many characters.
    """
    text, remarks = _text(path, content, declares)
    zeros = Zeros(path)
    zeros.take(text)
    zeros.check()
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{path}: has {len(text):,} characters, more than {MAX_CHARACTERS:,}. Split the file."
        )
    text = text.replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n"), (*remarks, *zeros.remarks())


class Zeros:
    """Counts the zero bytes of a text that comes in pieces, and knows in which lines they are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._length, self._count, self._line = 0, 0, 1
        self._lines: dict[int, None] = {}

    def take(self, text: str) -> None:
        """Look at the next piece."""
        self._length += len(text)
        at = 0
        while (found := text.find("\0", at)) >= 0:
            self._count += 1
            self._line += text.count("\n", at, found)
            self._lines.setdefault(self._line)
            at = found + 1
        self._line += text.count("\n", at)

    def check(self) -> None:
        """Raise DocumentError where there are too many for a text."""
        if self._count > max(_FEW_ZEROS, _ZEROS * self._length):
            raise DocumentError(
                f"{self._path}: holds {self._count:,} zero bytes, the first in line "
                f"{next(iter(self._lines))}, so it is not text. Save it as UTF-8 text."
            )

    def remarks(self) -> tuple[str, ...]:
        """Say where they are."""
        if not self._count:
            return ()
        lines = [*self._lines]
        named = ", ".join(map(str, lines[:_LINES_NAMED]))
        more = f" and {len(lines) - _LINES_NAMED} more" * (len(lines) > _LINES_NAMED)
        return (f"Zero bytes in line {named}{more} were left out. Letters may be missing there.",)


def find_encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the encoding of a text file of any size, and remarks, reading it piece by piece.

    A few zero bytes may be in the text; who reads it leaves them out.

    Raises:
        DocumentError: the bytes are no text.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        mark, remarks = _marked(file.read(_SAMPLE))
        decoder = codecs.getincrementaldecoder(mark or "utf-8")()
        file.seek(0)
        zeros = Zeros(path)
        try:
            while piece := file.read(_PIECE):
                zeros.take(decoder.decode(piece))
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            file.seek(max(0, file.tell() - _PIECE))
            sample = file.read(_PIECE)
            _refuse_binary(path, sample, mark, error)
            at = next((i for i, byte in enumerate(sample) if byte > 127), 0)
            encoding = _guess(sample[max(0, at - _SAMPLE // 2) :])
            return encoding, (_GUESSED.format(encoding),)
    zeros.check()
    return mark or "utf-8", remarks


def _marked(content: bytes) -> tuple[str | None, tuple[str, ...]]:
    """Return the encoding that a mark or the zeros of 16-bit letters tell, and a remark on it."""
    mark = next((name for bytes_, name in _MARKS if content.startswith(bytes_)), None)
    sample = content[: min(len(content), _SAMPLE) // 2 * 2]
    if mark or not sample:
        return mark, ()
    low, high = (sample[n::2].count(0) * 2 / len(sample) for n in (0, 1))
    wide = (
        "utf-16-le" if high > _WIDE > 10 * low else "utf-16-be" if low > _WIDE > 10 * high else ""
    )
    # pictures and sounds have such zeros too
    if not wide or _CONTROL.search(sample.decode(wide, "replace").encode()):
        return None, ()
    return wide, (_GUESSED.format(wide),)


def _text(path: Path, content: bytes, declares: bool) -> tuple[str, tuple[str, ...]]:
    mark, remarks = _marked(content)
    try:
        return content.decode(mark or "utf-8"), remarks
    except UnicodeDecodeError as error:
        _refuse_binary(path, content, mark, error)
    named = _DECLARED.search(content[:2_000]) if declares else None
    if named:
        try:
            return content.decode(named[1].decode("ascii")), ()
        except (LookupError, ValueError):
            pass
    encoding = _guess(content)
    text = content.decode(encoding, errors="replace")
    return text, (_GUESSED.format(encoding),)


def _refuse_binary(path: Path, content: bytes, mark: str | None, error: UnicodeDecodeError) -> None:
    # of zeros, few or many, `Zeros` tells
    if mark or _CONTROL.search(content.replace(b"\0", b"")):
        raise DocumentError(
            f"{path}: byte {error.start} is not {mark or 'UTF-8'}, and other bytes are no text "
            "at all. Save the file as UTF-8 text."
        ) from error


def _guess(content: bytes) -> str:
    """Return the likeliest encoding; of few odd bytes among ASCII only Windows-1252 is likely."""
    sample = content[:_SAMPLE]
    odd = sum(byte > 127 for byte in sample)
    if odd < max(_FEW, _MOSTLY_FOREIGN * len(sample.replace(b" ", b""))):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=list(_OTHERS), enable_fallback=False).best()
    return best.encoding if best else "cp1252"
