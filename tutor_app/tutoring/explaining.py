"""The course's passages on the ideas that a program uses."""

from collections.abc import Iterable, Sequence

from tutor_app.answers.code.concepts import Concept
from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.tutoring.material import Search
from tutor_app.tutoring.prose import content_words

MIN_RELEVANCE = 0.35


def passages_on(
    concepts: Iterable[Concept],
    search: Search,
    course_id: str,
    exclude_sections: Sequence[str] = (),
) -> dict[str, Passage]:
    """Return, by concept name, the passage of the course that is nearest to it, where one is near.

    Args:
        concepts: what to look for.
        search: the course's search; without an index nothing is found.
        course_id: the course.
        exclude_sections: sections that solve an item on which the learner still works.
    """
    found: dict[str, Passage] = {}
    for concept in concepts:
        query = f"{concept.name}: {concept.meaning}"
        try:
            near = search.search(course_id, query, 3, exclude_sections)
        except SearchIndexError:
            return {}
        named = content_words(concept.name)
        for passage in near:
            if passage.relevance >= MIN_RELEVANCE and named & content_words(passage.text):
                found[concept.name] = passage
                break
    return found
