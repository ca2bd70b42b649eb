import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.documents import archive
from tutor_app.documents.archive import open_archive
from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

PATH = Path("a.docx")
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
Zip = Callable[[dict[str, str | bytes]], bytes]


def refused(content: bytes, complaint: str) -> None:
    with pytest.raises(DocumentError, match=complaint):
        open_archive(PATH, content)


def test_a_sound_zip_is_opened(zip_bytes: Zip):
    with open_archive(PATH, zip_bytes({"a.xml": "<a/>", "b/c.png": b"\x89PNG"})) as opened:
        assert opened.read("a.xml") == b"<a/>"


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "C:/evil"])
def test_names_outside_of_the_archive_are_refused(zip_bytes: Zip, name: str):
    refused(zip_bytes({"a": "a", name: "x"}), "names a part outside of itself")


def test_a_part_that_grows_a_thousandfold_is_refused(zip_bytes: Zip):
    refused(zip_bytes({"bomb.xml": b"0" * 5_000_000}), "grows from .* as zip bombs do")


def test_much_of_everything_is_refused(zip_bytes: Zip, monkeypatch: pytest.MonkeyPatch):
    many = zip_bytes({str(n): b"0123456789" for n in range(20)})
    monkeypatch.setattr(archive, "MAX_EXPANDED", 100)
    refused(many, "expands to 200 bytes or more, over 100")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 10)
    refused(many, "holds 20 parts, more than 10")


def test_what_is_really_expanded_counts(monkeypatch: pytest.MonkeyPatch, zip_bytes: Zip):
    """The sum of the declared sizes is right here, but not looked at."""
    monkeypatch.setattr(archive, "MAX_EXPANDED", 100)
    monkeypatch.setattr(archive, "_check_total", only_what_is_read(archive._check_total))
    refused(zip_bytes({"a": b"0" * 60, "b": b"1" * 60}), "expands to 120 bytes")


def only_what_is_read(check: Callable[[Path, int], None]) -> Callable[[Path, int], None]:
    calls: list[int] = []

    def second_call_on(path: Path, size: int) -> None:
        calls.append(size)
        if len(calls) > 1:
            check(path, size)

    return second_call_on


def test_a_declared_size_that_lies_is_found_out(zip_bytes: Zip):
    content = bytearray(zip_bytes({"a": b"0" * 100_000}))
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<I", 10)
    refused(bytes(content), "damaged")


def test_a_large_xml_part_is_refused_whatever_its_name(
    zip_bytes: Zip, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archive, "MAX_XML", 50)
    tree = "<a>" + "x" * 100 + "</a>"
    refused(zip_bytes({"part.bin": tree}), "'part.bin' has more than 50 bytes")
    open_archive(PATH, zip_bytes({"xl/worksheets/sheet1.xml": tree, "picture": b"x" * 100}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("padding", [0, 200_000])
def test_xml_entities_are_refused_in_any_encoding(zip_bytes: Zip, encoding: str, padding: int):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!--{"." * padding}-->{ENTITIES}'
    refused(zip_bytes({"word/document.xml": text.encode(encoding)}), "declares XML entities")


def test_a_document_type_without_entities_is_harmless(zip_bytes: Zip):
    page = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd"><html>&nbsp;</html>'
    open_archive(PATH, zip_bytes({"a.xhtml": page}))


def test_locked_parts_and_odd_compression_are_refused(zip_bytes: Zip):
    content = bytearray(zip_bytes({"a": b"secret"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    refused(bytes(content), "is encrypted")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as odd:
        odd.writestr("a", b"text")
    refused(file.getvalue(), "compressed in an unusual way")


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
def test_every_reader_of_zips_looks_for_traps(
    suffix: str, samples: dict[str, bytes], rezipped: Any, write: Any
):
    traps = {
        "entities": {"trap.xml": lambda _: ENTITIES.encode()},
        "zip bombs": {"trap.xml": lambda _: b"0" * 5_000_000},
        "outside": {"../trap": lambda _: b"0"},
    }
    for complaint, change in traps.items():
        path = write(f"a{suffix}", rezipped(samples[suffix], change))
        with pytest.raises(DocumentError, match=complaint):
            read_document(path)


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_a_zip_that_was_cut_off_is_refused(
    suffix: str, part: float, samples: dict[str, bytes], write: Any
):
    whole = samples[suffix]
    with pytest.raises(DocumentError, match="damaged or cut off"):
        read_document(write(f"a{suffix}", whole[: int(len(whole) * part)]))
