"""Read a YAML file that came from elsewhere: plain data, no tags, no aliases, no surprises."""

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.representer import SafeRepresenter

from tutor_app.errors import DocumentError

MAX_CHARACTERS = 500_000
MAX_DEPTH = 50
_ELSE_IN_1_1 = re.compile(r"(?:y|n|yes|no|on|off)|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?", re.I)
"""Plain texts that YAML 1.1, which Ruby reads, takes for true, false or a number."""


def load_plain_yaml(where: str, text: str) -> Any:
    """Return the data in a YAML text: mappings, lists, texts, numbers, true, false, null.

    Raises:
        DocumentError: it is no YAML, too long or too deep, names a key twice, or uses aliases,
            which can make a small file a huge one.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{where}: has {len(text):,} characters, more than {MAX_CHARACTERS:,}. Split the file."
        )
    try:
        _check_events(where, text)
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = " ".join((error.problem or "no YAML").split())
        raise DocumentError(
            f"{where}: line {line} is not YAML ({problem}). Put it right, or export it again."
        ) from None
    except (YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DocumentError(f"{where}: is not YAML ({reason}). Export it again.") from None


def _check_events(where: str, text: str) -> None:
    """Look at the events one by one: the parser's time grows with the square of the depth."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, AliasEvent):
            raise DocumentError(
                f"{where}: uses YAML aliases (*name). Write out what they stand for."
            )
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise DocumentError(
                f"{where}: lists and mappings stand more than {MAX_DEPTH} deep in each other. "
                "Export it again, flatter."
            )


class _Quoting(SafeRepresenter):
    """Puts the texts in quotation marks that YAML 1.1 takes for something else."""

    def represent_str(self, data: str) -> Any:
        style = "'" if _ELSE_IN_1_1.fullmatch(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Quoting.add_representer(str, _Quoting.represent_str)


def dump_plain_yaml(data: dict[str, Any]) -> str:
    """Return plain data as a YAML text that programs of YAML 1.1 and 1.2 read as the very same."""
    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.Representer = _Quoting
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.width = 10_000
    writer.dump(data, out)
    return out.getvalue()
