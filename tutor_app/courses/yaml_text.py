"""Write plain data as YAML quickly: an imported bank has thousands of files.

Texts are single-quoted, so that LaTeX stays as it is, or blocks where they have several lines.
"""

import re
from typing import Any

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*")
_RESERVED = frozenset("true false null yes no on off y n nan inf".split())


def yaml_text(data: dict[str, Any]) -> str:
    """Return a mapping of texts, numbers, lists and mappings as a YAML document."""
    return "".join(f"{line}\n" for line in _lines(data, 0))


def _lines(data: Any, indent: int) -> list[str]:
    pad = " " * indent
    lines: list[str] = []
    if isinstance(data, dict):
        for key, value in data.items():
            name = _scalar(str(key), indent)
            if isinstance(value, dict | list) and value:
                lines += [f"{pad}{name}:", *_lines(value, indent + 2)]
            else:
                lines.append(f"{pad}{name}: {_scalar(value, indent + 2)}")
        return lines
    for value in data:
        if isinstance(value, dict | list) and value:
            inner = _lines(value, indent + 2)
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        else:
            lines.append(f"{pad}- {_scalar(value, indent + 2)}")
    return lines


def _scalar(value: Any, indent: int) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    text = str(value)
    if _BARE.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    if "\n" in text and _fits_block(text):
        return "|-\n" + "\n".join(" " * indent + line if line else "" for line in text.split("\n"))
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return _escaped(text)


def _fits_block(text: str) -> bool:
    """A block keeps its lines as they are; not where spaces or odd characters would be lost."""
    lines = text.split("\n")
    plain = all(line.isprintable() and line == line.strip() for line in lines)
    return plain and bool(lines[0]) and bool(lines[-1])


def _escaped(text: str) -> str:
    """Return a double-quoted text with every odd character escaped."""
    out = []
    for character in text:
        if character in '"\\':
            out.append("\\" + character)
        elif character.isprintable():
            out.append(character)
        else:
            code = ord(character)
            out.append(
                f"\\x{code:02x}"
                if code < 256
                else f"\\u{code:04x}"
                if code < 65536
                else f"\\U{code:08x}"
            )
    return '"' + "".join(out) + '"'
