import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., SubmissionSet]:
    """Write a file and read it as a batch."""

    def write_and_read(content: str | bytes, name: str = "batch.csv", **how: Any) -> SubmissionSet:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_submissions(path, **how)

    return write_and_read


@pytest.fixture
def zipped() -> Callable[[Mapping[str, str | bytes]], bytes]:
    def make(files: Mapping[str, str | bytes]) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return file.getvalue()

    return make
