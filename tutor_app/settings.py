"""Where things are: one frozen Settings, read from the environment (prefix TUTOR_)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tutor_app.domain.base import Strict
from tutor_app.errors import TutorError

CHECKOUT = Path(__file__).resolve().parent.parent
CHAMPION = "champion"
LOCAL = "local"
VERDICTS = "grader-verdicts.db"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(Strict):
    """Places and addresses; nothing that changes behaviour lives here.

    Attributes:
        home: what users make: database, index, uploads, backups (TUTOR_HOME, default ./var).
        content: the checkout's datasets/ and rubrics/ (TUTOR_CONTENT).
        tutor_model: who words the moves (TUTOR_MODEL): "champion" is the model that was promoted
            last; else a spec for `llms.load_chat_model`: "none", a folder, or
            "openai:<model>@<base url>".
        grader: who proposes grades (TUTOR_GRADER): "local" needs no network; else a spec for
            `llms.load_chat_model`, held against the local one.
        embedder: a folder with a sentence-transformers model; "" is the bundled MiniLM.
        chroma: "host:port" of a Chroma server; "" keeps the index in `home`.
        address: where the server listens (TUTOR_ADDRESS).
        port: TCP port (TUTOR_PORT).
        demo: demo accounts are wanted (TUTOR_DEMO, default 1); loopback only.
    """

    home: Path
    content: Path = CHECKOUT
    tutor_model: str = CHAMPION
    grader: str = LOCAL
    embedder: str = ""
    chroma: str = ""
    address: str = "127.0.0.1"
    port: int = 8501
    demo: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the TUTOR_* variables; raises TutorError for a port that is no number."""
        given = {
            key.removeprefix("TUTOR_").lower(): value
            for key, value in environment.items()
            if key.startswith("TUTOR_")
        }
        port = given.get("port") or "8501"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise TutorError(f"TUTOR_PORT: {port!r} is not a port. Use 1 to 65535.")
        return cls(
            home=Path(given.get("home") or "var").expanduser().resolve(),
            content=Path(given.get("content") or CHECKOUT).expanduser().resolve(),
            tutor_model=given.get("model") or CHAMPION,
            grader=given.get("grader") or LOCAL,
            embedder=given.get("embedder", ""),
            chroma=given.get("chroma", ""),
            address=given.get("address") or "127.0.0.1",
            port=int(port),
            demo=given.get("demo", "1") not in ("0", "false", "no"),
        )

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.home / "tutor.db"

    @property
    def verdicts(self) -> Path:
        """What chat models said about submissions, so that nothing is paid for twice."""
        return self.database.with_name(VERDICTS)

    @property
    def index_folder(self) -> Path:
        """Where embedded Chroma keeps its files."""
        return self.home / "index"

    @property
    def course_folders(self) -> tuple[Path, ...]:
        """Folders that hold one folder per course; the user's own come first."""
        return (self.home / "courses", self.content / "datasets" / "courses")

    @property
    def rubric_folders(self) -> tuple[Path, ...]:
        """Folders that hold rubric files; the user's own come first."""
        return (self.home / "rubrics", self.content / "rubrics")

    @property
    def model_folders(self) -> tuple[Path, ...]:
        """Folders that hold one folder per tutor model; the user's own come first."""
        return (self.home / "models", self.content / "models")

    @property
    def dialogue_folders(self) -> tuple[Path, ...]:
        """Folders that hold one folder of demonstrations per course; the user's own come first."""
        return (self.home / "dialogues", self.content / "datasets" / "dialogues")

    @property
    def loopback(self) -> bool:
        """Only this machine can reach the server."""
        return self.address in LOOPBACK
