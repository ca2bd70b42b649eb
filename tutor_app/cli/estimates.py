"""`tutor course estimate`: difficulty and ambiguity as simulated learners show them."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from tutor_app.evaluation.item_estimates import LEARNERS, ItemEstimate
from tutor_app.evaluation.item_estimates import estimate as estimate_item
from tutor_app.factory import build_catalogue
from tutor_app.settings import Settings


def estimate(
    course_id: Annotated[str, typer.Argument(help="Id of the course.")],
    item_id: Annotated[str, typer.Option("--item", help="One item; all when left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Estimate by simulated learners how hard items are and which answers look alike."""
    catalogue = build_catalogue(Settings.from_environment())
    items = [item_id] if item_id else list(catalogue.course(course_id).items)
    if not as_json:
        print(
            "Estimated by simulated learners; it says nothing about real ones.\n"
            f"Solved alone at 20, 50, 80 % mastery (n = {LEARNERS} each), answers not told apart:"
        )
    for one in items:
        found = estimate_item(catalogue, course_id, one)
        print(json.dumps(asdict(found), ensure_ascii=False) if as_json else _line(found))


def _line(found: ItemEstimate) -> str:
    shares = " ".join(f"{share.share:4.0%}" for share in found.shares)
    unclear = "not run" if found.unclear_share is None else f"{found.unclear_share:.0%}"
    lines = [f"{shares}  {unclear:>7}  {found.item_id}"]
    lines += [f"{'':16}{c.typed}: {c.came_from} -> {c.taken_for}" for c in found.confusions]
    return "\n".join(lines)
