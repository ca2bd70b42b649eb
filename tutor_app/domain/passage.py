"""A passage: a piece of a document with its exact place."""

from tutor_app.domain.base import Strict


class Place(Strict):
    """Where a passage stands; page, slide and start_s only where the document has them.

    `start` and `end` are character offsets into the document's text.
    """

    document: str
    section: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    page: int | None = None
    slide: int | None = None
    start_s: float | None = None

    def __str__(self) -> str:
        """Human-readable place: "Section › Subsection, page 3", "talk, 1:02:03"."""
        parts = [" › ".join(self.section) or self.document]
        if self.page is not None:
            parts.append(f"page {self.page}")
        if self.slide is not None:
            parts.append(f"slide {self.slide}")
        if self.start_s is not None:
            minutes, seconds = divmod(int(self.start_s), 60)
            hours, minutes = divmod(minutes, 60)
            parts.append((f"{hours}:{minutes:02d}" if hours else f"{minutes}") + f":{seconds:02d}")
        return ", ".join(parts)


class Passage(Strict):
    """About 180 tokens of one section. `id` is a content hash with the place."""

    id: str
    course_id: str
    text: str
    place: Place
    relevance: float = 0.0
