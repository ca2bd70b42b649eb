"""Courses in the order in which people see them."""

from pathlib import Path

from tutor_app.courses.catalogue import Catalogue


def course_file(folder: Path, course_id: str, position: int | None) -> None:
    (folder / course_id).mkdir(parents=True)
    place = "" if position is None else f"position: {position}\n"
    text = f"id: {course_id}\ntitle: T\nlicence: own\n{place}skills: [{{id: s, title: S}}]\n"
    (folder / course_id / "course.yaml").write_text(text, encoding="utf-8")


def test_courses_of_ones_own_come_first_and_the_others_by_their_position(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    course_file(own, "zoo", None)
    course_file(shipped, "art", None)
    course_file(shipped, "logic", 2)
    course_file(shipped, "music", 1)
    catalogue = Catalogue([own, shipped], [])
    assert catalogue.course_ids() == ["zoo", "music", "logic", "art"]
    course_file(own, "logic", 7)
    (shipped / "art" / "course.yaml").write_text("position: [", encoding="utf-8")
    catalogue.reload()
    assert catalogue.course_ids() == ["logic", "zoo", "art", "music"]
