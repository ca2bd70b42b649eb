"""Names of sections: "document#Heading", as items and hints write them."""

from tutor_app.domain.passage import Place


def section_name(place: Place) -> str:
    """Return "document#deepest heading", or the document alone where there is no heading."""
    return f"{place.document}#{place.section[-1]}" if place.section else place.document


def is_within(place: Place, name: str) -> bool:
    """Tell whether a place lies in the named section or below it.

    Args:
        place: where a passage stands.
        name: "document#Heading" with the heading of any level, or a document's id for all of it.
            Case and runs of white space do not count.
    """
    document, _, heading = name.partition("#")
    if place.document != document.strip():
        return False
    wanted = _folded(heading)
    return not wanted or any(_folded(part) == wanted for part in place.section)


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().split())
