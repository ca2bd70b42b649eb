"""Hand-over to the teacher and back: a folder of batch files out, its answers in.

The folder holds `requests-001.jsonl` ... (for the batch service), `asks.jsonl` (what each request
asked for), any output and error files put beside them, and after an import
`demonstrations.jsonl`, `refused.jsonl` and `retry-001.jsonl` (only what failed).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.distillation.collect import collect
from tutor_app.distillation.demonstrate import Unfit, load_asks, parse_answer, requests
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError
from tutor_app.llms.batch_file import read_answers, write_requests

ASKS = "asks.jsonl"
REQUESTS = "requests"
DEMONSTRATIONS = "demonstrations.jsonl"
REFUSED = "refused.jsonl"
_OURS = re.compile(
    r"(?:requests|retry)-\d{3,}\.jsonl|(?:asks|demonstrations|refused|kept|dropped|marks)\.jsonl"
)


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    requests: int
    situations: int
    turns: int
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Imported:
    """What an import found, counted over all output and error files in the folder.

    Attributes:
        outcomes: lines by outcome ("answered", "failed", "foreign", ...).
        unfit: parts of answers that hold no demonstration, by reason.
        waiting: requests without any line yet.
        retry: files with the requests that failed, to be sent again.
    """

    requests: int
    outcomes: dict[str, int]
    unfit: dict[str, int]
    demonstrations: int
    waiting: int
    retry: tuple[Path, ...]


def export(
    loaded: LoadedCourse, rubrics: dict[str, Rubric], folder: Path, teacher: str
) -> Exported:
    """Write the batch files for every situation of a course.

    Raises:
        ModelError: the folder already holds another export.
    """
    pairs = list(requests(loaded, collect(loaded), rubrics, teacher))
    asks = "".join(ask.model_dump_json() + "\n" for ask, _ in pairs)
    known = folder / ASKS
    if known.exists() and known.read_text(encoding="utf-8") != asks:
        raise ModelError(f"{folder}: another export is there already. Name an empty folder.")
    files = write_requests((request.line() for _, request in pairs), folder, REQUESTS)
    known.write_text(asks, encoding="utf-8")
    return Exported(
        requests=len(pairs),
        situations=sum(len(ask.situations) for ask, _ in pairs),
        turns=sum(len(personas) for ask, _ in pairs for personas in ask.personas),
        files=tuple(files),
    )


def import_answers(folder: Path) -> Imported:
    """Read every output and error file of the folder; the same files twice change nothing.

    Of several answers to a request the first one with a demonstration counts, in the order of the
    files' names.

    Raises:
        ModelError: the folder is no export.
    """
    asks = load_asks(folder / ASKS)
    outcomes: Counter[str] = Counter()
    unfit: Counter[str] = Counter()
    demonstrations: list[Demonstration] = []
    refused: list[dict[str, str]] = []
    answered: set[str] = set()
    failed: set[str] = set()
    for answer in read_answers(outputs(folder), frozenset(asks)):
        if answer.outcome == "answered" and answer.custom_id in answered:
            answer = replace(answer, outcome="doubled", text="", reason="answered before")
        outcomes[answer.outcome] += 1
        if answer.outcome != "answered":
            refused.append(
                {"place": answer.place, "outcome": answer.outcome, "reason": answer.reason}
            )
            if answer.custom_id in asks:
                failed.add(answer.custom_id)
            continue
        found: Sequence[Demonstration | Unfit] = list(parse_answer(asks[answer.custom_id], answer))
        kept = [one for one in found if isinstance(one, Demonstration)]
        for one in found:
            if isinstance(one, Unfit):
                unfit[one.reason] += 1
                refused.append(
                    {"place": answer.place, "outcome": "unfit", "reason": one.reason}
                    | ({"text": one.text} if one.text else {})
                )
        (answered if kept else failed).add(answer.custom_id)
        demonstrations += kept
    again = failed - answered
    _write(folder / DEMONSTRATIONS, (one.model_dump_json() for one in demonstrations))
    _write(folder / REFUSED, (json.dumps(row, ensure_ascii=False) for row in refused))
    retry = write_requests(_lines(folder, again), folder, "retry")
    return Imported(
        requests=len(asks),
        outcomes=dict(outcomes),
        unfit=dict(unfit),
        demonstrations=len(demonstrations),
        waiting=len(asks.keys() - answered - failed),
        retry=tuple(retry),
    )


def load_demonstrations(path: Path) -> list[Demonstration]:
    """Load demonstrations, one JSON object a line.

    Raises:
        ModelError: the file cannot be read, or a line is none; names the file and the line.
    """
    found: list[Demonstration] = []
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                found.append(Demonstration.model_validate_json(line))
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"]) or "line"
        raise ModelError(
            f"{path}, line {len(found) + 1}: this is no demonstration ({field}: {fault['msg']}). "
            "Remove the line."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read ({error}). Import the answers anew.") from None
    return found


def save_demonstrations(path: Path, demonstrations: Sequence[Demonstration]) -> None:
    """Write demonstrations, one JSON object a line; a crash leaves the old file."""
    _write(path, (one.model_dump_json() for one in demonstrations))


def outputs(folder: Path) -> list[Path]:
    """Return the output and error files that lie beside an export, by name."""
    files = sorted(path for path in folder.glob("*.jsonl") if path.is_file())
    return [path for path in files if not _OURS.fullmatch(path.name)]


def _lines(folder: Path, keys: set[str]) -> list[str]:
    found = []
    for path in sorted(folder.glob(f"{REQUESTS}-*.jsonl")):
        # a JSON string may hold other line separators, such as U+2028
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line and json.loads(line)["custom_id"] in keys:
                found.append(line)
    return found


def _write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(path)
