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
_GUESSED = "It is not UTF-8; it was read as {}. Check the accented letters."


def decode(path: Path, content: bytes, *, declares: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the text with newlines as its only line ends, and remarks on how it was read.

    Args:
        path: the file, for messages.
        content: all its bytes.
        declares: the format may name its encoding in its first lines, as HTML and XML do.

    Raises:
        DocumentError: the bytes are no text, or too many characters.
    """
    text, remarks = _text(path, content, declares)
    if "\0" in text:
        raise DocumentError(f"{path}: holds a zero byte, so it is not text. Save it as UTF-8 text.")
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{path}: has {len(text):,} characters, more than {MAX_CHARACTERS:,}. Split the file."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), remarks


def find_encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the encoding of a text file of any size, and remarks, reading it piece by piece.

    Raises:
        DocumentError: the bytes are no text.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4)
        mark = next((name for bytes_, name in _MARKS if head.startswith(bytes_)), None)
        decoder = codecs.getincrementaldecoder(mark or "utf-8")()
        file.seek(0)
        try:
            while piece := file.read(_PIECE):
                if "\0" in decoder.decode(piece):
                    raise DocumentError(
                        f"{path}: holds a zero byte, so it is not text. Save it as UTF-8 text."
                    )
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            file.seek(max(0, file.tell() - _PIECE))
            sample = file.read(_PIECE)
            _refuse_binary(path, sample, mark, error)
            at = next((i for i, byte in enumerate(sample) if byte > 127), 0)
            encoding = _guess(sample[max(0, at - _SAMPLE // 2) :])
            return encoding, (_GUESSED.format(encoding),)
    return mark or "utf-8", ()


def _text(path: Path, content: bytes, declares: bool) -> tuple[str, tuple[str, ...]]:
    mark = next((name for bytes_, name in _MARKS if content.startswith(bytes_)), None)
    try:
        return content.decode(mark or "utf-8"), ()
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
    if mark or _CONTROL.search(content):
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
