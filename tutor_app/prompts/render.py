"""render(name, **values): one .jinja file per prompt; a missing value is an error."""

from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=False,
)


def render(name: str, **values: object) -> str:
    """Render prompts/<name>.jinja; raises jinja2.UndefinedError for a missing value."""
    return _ENVIRONMENT.get_template(f"{name}.jinja").render(**values).strip()


def prompt_hash(name: str) -> str:
    """Return the sha256 of a prompt file, in hex."""
    return sha256((_FOLDER / f"{name}.jinja").read_bytes()).hexdigest()
