"""How a passage is written to Chroma and read back."""

import hashlib
import json
from collections.abc import Mapping

from tutor_app.domain.passage import Passage, Place

Metadata = dict[str, str | int | float]


def embedded_text(passage: Passage) -> str:
    """Return the text that stands for a passage in a search: its section path, then its words.

    A passage read on its own often does not name its topic; the path does.
    """
    path = " › ".join(passage.place.section)
    return f"{path}\n{passage.text}" if path else passage.text


def content_hash(passage: Passage) -> str:
    """Return a hash of what is embedded; a passage that only moved keeps it."""
    return hashlib.sha256(embedded_text(passage).encode()).hexdigest()[:32]


def section_key(place: Place) -> str:
    """Return one string for the document and the whole section path."""
    return json.dumps([place.document, *place.section], ensure_ascii=False)


def metadata_of(passage: Passage) -> Metadata:
    """Return the metadata that Chroma keeps beside the text; absent values are left out."""
    place = passage.place
    metadata: Metadata = {
        "section": section_key(place),
        "start": place.start,
        "end": place.end,
        "content": content_hash(passage),
    }
    for name in ("page", "slide", "start_s"):
        value = getattr(place, name)
        if value is not None:
            metadata[name] = value
    return metadata


def document_of(metadata: Mapping[str, object]) -> str:
    """Return the id of the document that `metadata_of` wrote down."""
    return str(json.loads(str(metadata["section"]))[0])


def passage_of(
    course_id: str, passage_id: str, text: str, metadata: Mapping[str, object]
) -> Passage:
    """Return the passage that `metadata_of` described."""
    document, *section = json.loads(str(metadata["section"]))
    optional = {name: metadata[name] for name in ("page", "slide", "start_s") if name in metadata}
    place = Place.model_validate(
        {
            "document": document,
            "section": tuple(section),
            "start": metadata["start"],
            "end": metadata["end"],
            **optional,
        }
    )
    return Passage(id=passage_id, course_id=course_id, text=text, place=place)
