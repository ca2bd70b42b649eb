import json
from pathlib import Path

import pytest

from tutor_app.answers.solution import Solution, solve
from tutor_app.domain.item import Item


@pytest.fixture(scope="session")
def keys() -> dict[str, tuple[Item, Solution]]:
    """The answer keys of keys.json, by id, with their solutions."""
    text = Path(__file__).with_name("keys.json").read_text(encoding="utf-8")
    items = [Item.model_validate(entry) for entry in json.loads(text)]
    return {item.id: (item, solve(item)) for item in items}
