import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tutor_app.cli.app import app

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text()
COMMAND = re.compile(r"(?:\.venv/bin/|`)tutor ([a-z][^`\n]*)")
TARGET = re.compile(r"`?make ([a-z]+)")


def commands() -> list[str]:
    return sorted(set(COMMAND.findall(README)))


def test_the_readme_names_commands() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("line", commands())
def test_every_command_in_the_readme_exists_with_its_options(line: str) -> None:
    command: Any = typer.main.get_command(app)
    words = line.replace('"', " ").split()
    while hasattr(command, "commands") and words and words[0] != "...":
        name = words.pop(0)
        assert name in command.commands, line
        command = command.commands[name]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("target", sorted(set(TARGET.findall(README))))
def test_every_make_target_in_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)


def test_every_folder_in_the_readmes_tree_exists() -> None:
    tree = README.split("```\ntutor_app/\n")[1].split("```")[0]
    for line in tree.splitlines():
        name = line.split()[0]
        base = CHECKOUT / "tutor_app" if line.startswith("  ") else CHECKOUT
        assert (base / name).exists(), name


def test_the_worked_rubric_in_the_rubric_readme_is_valid(tmp_path: Path) -> None:
    from tutor_app.courses.catalogue import Catalogue
    from tutor_app.courses.check import check_rubric

    blocks = re.findall(
        r"```yaml\n(id: .*?)```", (CHECKOUT / "rubrics/README.md").read_text(), re.S
    )
    complete = max(blocks, key=len)
    name = complete.split("\n")[0].removeprefix("id: ").strip()
    (tmp_path / f"{name}.yaml").write_text(complete)
    assert check_rubric(Catalogue([], [tmp_path]), name) == ()
