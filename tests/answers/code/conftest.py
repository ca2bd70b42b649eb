import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tutor_app.answers.code import sandbox
from tutor_app.answers.code.sandbox import Layer, isolation
from tutor_app.errors import SandboxError

OTHERS_END_S = 20.0
LINUX = sys.platform == "linux"
SYSTEM_PYTHON = "/usr/bin/python3"
LAYERS: list[tuple[Layer, ...]] = [
    (),
    ("namespaces",),
    ("landlock", "seccomp"),
    ("namespaces", "landlock"),
    ("namespaces", "seccomp"),
    ("namespaces", "landlock", "seccomp"),
]


def sandboxed_processes() -> list[int]:
    """Processes of the sandbox, and any of a user number that only the sandbox gives."""
    found = []
    for process in psutil.process_iter(["cmdline", "uids"]):
        line = " ".join(process.info["cmdline"] or [])
        own = process.info["uids"] and 1_900_000_000 <= process.info["uids"].real < 1_990_000_000
        if own or ("tutor_app.answers.code.runner" in line and sandbox._ROOT in line):
            found.append(process.pid)
    return found


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What runs after a test is gone soon; tests beside it, in other workers, have theirs too."""
    before = set(sandboxed_processes())
    yield
    left = set(sandboxed_processes()) - before
    deadline = time.monotonic() + OTHERS_END_S
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left &= set(sandboxed_processes())
    assert not left


@pytest.fixture(params=LAYERS, ids=lambda layers: "without " + (" ".join(layers) or "nothing"))
def without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Layer, ...]:
    """Each way in which a system may lack a layer, with a Python that any user may read."""
    if not LINUX:
        pytest.skip("the layers are those of Linux")
    layers: tuple[Layer, ...] = request.param
    try:
        isolation(layers)
    except SandboxError:
        if not Path(SYSTEM_PYTHON).exists():
            pytest.skip("this Python is for root alone, and there is no other")
        monkeypatch.setattr(sys, "_base_executable", SYSTEM_PYTHON)
        isolation.cache_clear()
    return layers
