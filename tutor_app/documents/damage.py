"""What broken files make the parsers raise, told as a DocumentError."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException
from pptx.exc import PythonPptxError

from tutor_app.errors import DocumentError

# The Office libraries check little: a missing part or attribute surfaces as whatever Python says.
_RAISED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    LxmlError,
    OpcError,
    PythonDocxError,
    PythonPptxError,
)


@contextmanager
def damaged_files_explained(path: Path, kind: str, remedy: str) -> Iterator[None]:
    """Turn what a parser raises on a broken file into a DocumentError.

    Args:
        path: the file.
        kind: what it should be, with its article: "a Word document".
        remedy: what to do, as a sentence.

    Raises:
        DocumentError: the body raised one of the errors of a parser.
    """
    try:
        # They warn of formatting that they drop, which nobody here looks for.
        with warnings.catch_warnings(category=UserWarning, action="ignore"):
            yield
    except _RAISED as error:
        reason = f"{type(error).__name__}: {error}"[:200].replace("\n", " ")
        raise DocumentError(f"{path}: is damaged as {kind} ({reason}). {remedy}") from error
