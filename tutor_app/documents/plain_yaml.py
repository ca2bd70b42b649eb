"""Read a YAML file that came from elsewhere: plain data, no tags, no aliases, no surprises."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, Event

from tutor_app.errors import DocumentError

MAX_CHARACTERS = 500_000


def load_plain_yaml(where: str, text: str) -> Any:
    """Return the data in a YAML text: mappings, lists, texts, numbers, true, false, null.

    Raises:
        DocumentError: it is no YAML, too long, names a key twice, or uses aliases, which can make
            a small file a huge one.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{where}: has {len(text):,} characters, more than {MAX_CHARACTERS:,}. Split the file."
        )
    try:
        events: list[Event] = list(YAML(typ="safe", pure=True).parse(text))
        if any(isinstance(event, AliasEvent) for event in events):
            raise DocumentError(
                f"{where}: uses YAML aliases (*name). Write out what they stand for."
            )
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = " ".join((error.problem or "no YAML").split())
        raise DocumentError(
            f"{where}: line {line} is not YAML ({problem}). Put it right, or export it again."
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DocumentError(f"{where}: is not YAML ({reason}). Export it again.") from None


def dump_plain_yaml(data: dict[str, Any]) -> str:
    """Return plain data as a YAML text that `load_plain_yaml` reads as the very same."""
    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.width = 10_000
    writer.dump(data, out)
    return out.getvalue()
