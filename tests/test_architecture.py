import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
SOURCES = sorted((CHECKOUT / "tutor_app").rglob("*.py")) + sorted(
    (CHECKOUT / "tests").rglob("*.py")
)
BANNED = {"utils", "common", "helpers", "core", "manager"}


def test_no_file_is_longer_than_400_lines() -> None:
    long = {p.name: n for p in SOURCES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [p for p in SOURCES if BANNED & {p.stem, *p.relative_to(CHECKOUT).parts}]


def test_only_the_session_file_touches_streamlits_session_state() -> None:
    users = [
        p.name for p in (CHECKOUT / "tutor_app").rglob("*.py") if "session_state" in p.read_text()
    ]
    assert users == ["session.py"]


def test_nothing_is_pickled() -> None:
    assert not [p for p in (CHECKOUT / "tutor_app").rglob("*.py") if "pickle" in p.read_text()]


def test_imports_point_downwards() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
