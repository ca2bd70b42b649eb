from pathlib import Path

import pytest

from tutor_app.documents.decoding import decode
from tutor_app.errors import DocumentError

PATH = Path("a.txt")
RUSSIAN = "Скорость тела равна отношению пути ко времени. Сила тяжести действует на все тела."
JAPANESE = "力は質量と加速度の積に等しい。物体は静止している。"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str):
    assert decode(PATH, "Größe 50 €".encode(encoding)) == ("Größe 50 €", ())


@pytest.mark.parametrize("text", ["café", "50 €", "Größe", "¿Él cae? La razón es la energía." * 50])
def test_western_text_of_windows_is_read_and_remarked(text: str):
    read, remarks = decode(PATH, text.encode("cp1252"))
    assert read == text
    assert "not UTF-8; it was read as cp1252" in remarks[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp")],
)
def test_other_alphabets_are_recognised(text: str, encoding: str):
    read, remarks = decode(PATH, text.encode(encoding))
    assert read == text
    assert remarks


def test_an_encoding_that_the_file_names_is_believed():
    page = '<meta charset="iso-8859-7">Η ταχύτητα'
    assert decode(PATH, page.encode("iso-8859-7"), declares=True) == (page, ())


def test_an_encoding_that_does_not_exist_is_not_believed():
    page = '<meta charset="klingon">café'
    assert decode(PATH, page.encode("cp1252"), declares=True)[0] == page


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_the_zeros_of_wide_letters_tell_the_encoding_too(encoding: str):
    text = "Name\tAnswer\nBéa\tThe force is 50 € smaller.\n"
    read, remarks = decode(PATH, text.encode(encoding))
    assert read == text
    assert f"read as {encoding}" in remarks[0]


def test_a_stray_zero_byte_is_left_out_and_its_line_is_told():
    read, remarks = decode(PATH, b"one\ntw\0o\nthree\r\nfou\0r" + b" more" * 20)
    assert read == "one\ntwo\nthree\nfour" + " more" * 20
    assert remarks == ("Zero bytes in line 2, 4 were left out. Letters may be missing there.",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a\n" + b"\0" * 9, "holds 9 zero bytes, the first in line 2"),
        (b"\0\1\0\2" * 99, "198 zero bytes"),
        (b"\xff\xfea", "not utf-16"),
        (b"\x89\x01\x02\xff", "byte 0 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, complaint: str):
    with pytest.raises(DocumentError, match=complaint):
        decode(PATH, content)
