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


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a\0b", "zero byte"),
        (b"\xff\xfea", "not utf-16"),
        (b"\x89\x01\x02\xff", "byte 0 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, complaint: str):
    with pytest.raises(DocumentError, match=complaint):
        decode(PATH, content)
