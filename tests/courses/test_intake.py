import json
import os
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from tutor_app.courses.adding import MAX_FILES, OnProgress
from tutor_app.courses.catalogue import Catalogue, load_course
from tutor_app.courses.check import check_course
from tutor_app.courses.import_log import file_hash, load_log
from tutor_app.courses.intake import REMOVED, Intake
from tutor_app.courses.staging import STAGING, staging
from tutor_app.domain.passage import Passage
from tutor_app.errors import ContentError, NotFoundError, SearchIndexError
from tutor_app.retrieval.passages import cut_passages

CELLS = "# Cells\n\n## Walls\n\nA cell wall keeps a plant cell in shape.\n"


class Index:
    """Remembers what it was told, as the search would."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str], list[Passage], list[str]]] = []
        self.broken = False

    def update(
        self,
        course_id: str,
        files: Sequence[Path],
        passages: Sequence[Passage],
        changed: Collection[str],
        on_progress: OnProgress,
    ) -> None:
        if self.broken:
            raise SearchIndexError("index: is broken. Mend it.")
        names = [path.name for path in files]
        self.calls.append((course_id, names, list(passages), sorted(changed)))


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped" / "demo"
    (folder / "notes").mkdir(parents=True)
    (folder / "items").mkdir()
    (folder / "notes" / "01-cells.md").write_text(CELLS)
    (folder / "course.yaml").write_text(
        "id: demo\ntitle: Demo\nlicence: CC0\nskills: [{id: a, title: A}]\n"
    )
    return folder.parent


@pytest.fixture
def intake(tmp_path: Path, shipped: Path, index: Index) -> Intake:
    return Intake(tmp_path / "home" / "courses", (shipped,), cut_passages, index.update)


@pytest.fixture
def material(tmp_path: Path) -> Path:
    folder = tmp_path / "material"
    (folder / "week 2").mkdir(parents=True)
    (folder / "cells.md").write_text(CELLS)
    (folder / "week 2" / "cells.txt").write_text("Leaves are green because of chlorophyll.")
    (folder / ".hidden.md").write_text("# Hidden\n\nNot meant.")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_course_is_sound_and_its_placeholder_skill_is_named_as_a_gap(intake: Intake):
    folder = intake.new_course("bio-1", 'Biology: "one" & {two}')
    assert load_course(folder).course.title == 'Biology: "one" & {two}'
    report = check_course(Catalogue([intake.own], []), "bio-1")
    assert report.mistakes == ()
    assert [str(gap) for gap in report.gaps] == ["skill 'first-skill': no items"]


@pytest.mark.parametrize("course_id", ["Bio", "a--b", "", "../x", "x" * 90])
def test_a_malformed_id_makes_nothing(intake: Intake, course_id: str):
    with pytest.raises(ContentError, match="is malformed"):
        intake.new_course(course_id)
    assert not intake.own.exists()


def test_an_id_that_is_taken_is_refused_also_by_a_shipped_course(intake: Intake):
    intake.new_course("bio")
    for course_id in ("bio", "demo"):
        with pytest.raises(ContentError, match="exists already"):
            intake.new_course(course_id)


def test_files_of_one_stem_become_documents_that_passages_can_tell_apart(
    intake: Intake, index: Index, material: Path
):
    intake.new_course("bio")
    report = intake.add_documents("bio", [material])
    assert [(row.outcome, row.document, row.passages) for row in report.files] == [
        ("added", "cells", 1),
        ("added", "cells-2", 1),
    ]
    assert report.files[0].preview[0].place.section == ("Cells", "Walls")
    course_id, files, passages, changed = index.calls[-1]
    assert (course_id, changed) == ("bio", ["cells", "cells-2"])
    assert files == ["cells-2.txt", "cells.md"]
    assert {passage.place.document for passage in passages} == {"cells", "cells-2"}
    assert [path.name for path in load_course(intake.own / "bio").readable_files] == files


def test_one_bad_file_never_stops_the_others(intake: Intake, material: Path):
    (material / "a.exe").write_bytes(b"MZ")
    (material / "b.pdf").write_bytes(b"%PDF-1.4 cut off")
    (material / "c.md").write_text("   \n")
    (material / "d.docx").write_bytes(b"no zip")
    intake.new_course("bio")
    report = intake.add_documents("bio", [material, material / "gone.md"])
    refused = {Path(row.name).name: row.reason for row in report.files if row.outcome == "refused"}
    assert sorted(refused) == ["a.exe", "b.pdf", "c.md", "d.docx", "gone.md"]
    assert "cannot read '.exe' files" in refused["a.exe"]
    assert "no such file" in refused["gone.md"]
    assert all(STAGING not in reason for reason in refused.values()), refused
    assert report.count("added") == 2
    assert sorted(contents(intake.own / "bio" / "documents")) == ["cells-2.txt", "cells.md"]


def test_the_same_content_is_not_added_twice_under_whatever_name(
    intake: Intake, index: Index, material: Path
):
    intake.new_course("bio")
    intake.add_documents("bio", [material])
    before, calls = contents(intake.own / "bio"), len(index.calls)
    (material / "cells.md").rename(material / "renamed.md")
    report = intake.add_documents("bio", [material, material / "renamed.md"])
    assert [(row.outcome, row.reason) for row in report.files] == [
        ("known", "is 'cells'"),
        ("known", "is 'cells-2'"),
    ]
    assert contents(intake.own / "bio") == before
    assert len(index.calls) == calls


def test_undo_takes_out_the_last_import_only(intake: Intake, index: Index, material: Path):
    intake.new_course("bio")
    intake.add_documents("bio", [material / "cells.md"])
    intake.add_documents("bio", [material / "week 2"])
    assert intake.undo("bio").removed == ("documents/cells-2.txt",)
    assert index.calls[-1] == ("bio", ["cells.md"], [], ["cells-2"])
    assert intake.undo("bio").removed == ("documents/cells.md",)
    with pytest.raises(ContentError, match="nothing was imported"):
        intake.undo("bio")


def test_undo_keeps_a_file_that_was_changed_since(intake: Intake, material: Path):
    intake.new_course("bio")
    intake.add_documents("bio", [material / "cells.md"])
    (intake.own / "bio" / "documents" / "cells.md").write_text("# Mine now\n\nText.")
    report = intake.undo("bio")
    assert (report.removed, report.kept) == ((), ("documents/cells.md",))
    assert (intake.own / "bio" / "documents" / "cells.md").exists()


def test_undo_never_leaves_the_course_folder_whatever_the_log_says(intake: Intake, tmp_path: Path):
    intake.new_course("bio")
    victim = tmp_path / "home" / "courses" / "precious.md"
    victim.write_text("precious")
    digest = file_hash(victim)
    entry = {"path": "../precious.md", "sha256": digest}
    record = {"when": "2026-01-01T00:00:00Z", "files": [entry]}
    (intake.own / "bio" / "imports.json").write_text(json.dumps({"imports": [record]}))
    assert intake.undo("bio").removed == ()
    assert victim.exists()


def test_a_shipped_course_is_copied_first_and_stays_as_it_is(
    intake: Intake, shipped: Path, material: Path
):
    before = contents(shipped)
    report = intake.add_documents("demo", [material / "week 2"])
    assert report.copied_to == intake.own / "demo"
    assert contents(shipped) == before
    loaded = Catalogue([intake.own, shipped], []).course("demo")
    assert [path.name for path in loaded.readable_files] == ["01-cells.md", "cells.txt"]
    assert intake.add_documents("demo", [material / "cells.md"]).copied_to is None


def test_a_shipped_course_is_not_copied_for_nothing(intake: Intake, tmp_path: Path):
    bad = tmp_path / "bad.exe"
    bad.write_bytes(b"MZ")
    assert intake.add_documents("demo", [bad]).copied_to is None
    assert not (intake.own / "demo").exists()


def test_an_unknown_course_is_named(intake: Intake, material: Path):
    with pytest.raises(NotFoundError, match="Did you mean 'demo'"):
        intake.add_documents("dema", [material])


def test_nothing_is_left_of_an_import_that_was_interrupted(
    intake: Intake, material: Path, shipped: Path
):
    def stop(step: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    intake.new_course("bio")
    before = contents(intake.own)
    for act in (
        lambda: intake.add_documents("bio", [material], stop),
        lambda: intake.import_course(material, course_id="other", on_progress=stop),
    ):
        with pytest.raises(KeyboardInterrupt):
            act()
        assert contents(intake.own) == before


def test_what_a_crash_left_behind_is_cleared(intake: Intake, material: Path):
    leftover = intake.own / STAGING
    (leftover / "import").mkdir(parents=True)
    (leftover / "process").write_text(f"{os.getpid()} 1.0")  # the id is in use again
    intake.new_course("bio")
    assert intake.add_documents("bio", [material]).count("added") == 2
    assert not leftover.exists()


def test_two_imports_at_a_time_are_refused(intake: Intake):
    with staging(intake.own), pytest.raises(ContentError, match="another import is running"):
        intake.new_course("bio")


def test_files_stay_when_only_the_index_fails(intake: Intake, index: Index, material: Path):
    intake.new_course("bio")
    index.broken = True
    report = intake.add_documents("bio", [material])
    assert "Then run: tutor index bio" in report.index_problem
    assert len(load_course(intake.own / "bio").documents) == 2


def test_a_folder_of_far_too_many_files_is_refused(intake: Intake, tmp_path: Path):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(MAX_FILES + 1):
        (many / f"{number}.txt").touch()
    intake.new_course("bio")
    with pytest.raises(ContentError, match="more than 2,000 files"):
        intake.add_documents("bio", [many])


def test_a_name_that_would_break_citations_is_made_harmless(intake: Intake, tmp_path: Path):
    odd = tmp_path / "C# and: more?.md"
    odd.write_text(CELLS)
    intake.new_course("bio")
    assert intake.add_documents("bio", [odd]).files[0].document == "C- and- more-"


def test_an_archive_of_mixed_files_becomes_a_course(intake: Intake, tmp_path: Path):
    archive = tmp_path / "My Course-1.2.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("top/cells.md", CELLS)
        file.writestr("top/logo.png", b"\x89PNG")
    report = intake.import_course(archive)
    assert (report.format, report.course_id) == ("files", "my-course")
    assert report.counts == {"files": 2, "added": 1, "passages": 1, "passages_without_a_place": 0}
    assert [(part.name, part.outcome) for part in report.parts] == [
        ("top/cells.md", "imported"),
        ("top/logo.png", "refused"),
    ]
    assert check_course(Catalogue([intake.own], []), "my-course").mistakes == ()


def test_importing_the_same_source_again_does_nothing(intake: Intake, index: Index, material: Path):
    intake.import_course(material)
    before, calls = contents(intake.own), len(index.calls)
    again = intake.import_course(material)
    assert [part.outcome for part in again.parts] == ["skipped"]
    assert (contents(intake.own), len(index.calls)) == (before, calls)
    (material / "new.md").write_text("# New\n\nMore.")
    with pytest.raises(ContentError, match="exists already"):
        intake.import_course(material)


def test_undoing_the_import_of_a_course_moves_it_aside(
    intake: Intake, index: Index, material: Path
):
    intake.import_course(material)
    moved_to = intake.undo("material").moved_to
    assert moved_to is not None
    assert moved_to.parent == intake.own / REMOVED
    assert len(load_course(moved_to).documents) == 2
    assert index.calls[-1] == ("material", [], [], ["cells", "cells-2"])
    assert Catalogue([intake.own], []).course_ids() == []


def test_a_source_without_anything_readable_makes_no_course(intake: Intake, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContentError, match="no file that can be read"):
        intake.import_course(tmp_path / "empty")
    with pytest.raises(ContentError, match="no such file or folder"):
        intake.import_course(tmp_path / "gone.zip")
    with pytest.raises(ContentError, match="Use one of: auto, cnxml"):
        intake.import_course(tmp_path / "empty", "word")
    assert contents(intake.own) == {}


def test_the_log_tells_what_came_from_where(intake: Intake, material: Path):
    intake.new_course("bio")
    intake.add_documents("bio", [material / "cells.md"])
    (record,) = load_log(intake.own / "bio").imports
    assert (record.format, record.files[0].path) == ("files", "documents/cells.md")
    assert record.files[0].source == str(material / "cells.md")


def test_two_files_of_one_name_that_were_put_there_by_hand_are_a_mistake(intake: Intake):
    folder = intake.new_course("bio")
    (folder / "notes" / "cells.md").write_text(CELLS)
    (folder / "documents" / "cells.txt").write_text("Text.")
    (mistake,) = check_course(Catalogue([intake.own], []), "bio").mistakes
    assert "same name as notes/cells.md" in mistake.message


def test_two_plans_of_one_bank_become_two_courses_and_each_only_once(
    intake: Intake, tmp_path: Path
):
    bank = tmp_path / "bank"
    plans = [{"courseName": name, "language": "en", "lessons": []} for name in ("Cows A", "Hens B")]
    files: dict[str, object] = {
        "coursePlans.json": plans,
        "skillModel.json": {"onea": ["s"], "twoa": ["s"]},
    }
    for name, plan in (("one", "Cows A"), ("two", "Hens B")):
        top = f"content-pool/{name}"
        files[f"{top}/{name}.json"] = {"id": name, "title": name, "body": "", "courseName": plan}
        files[f"{top}/steps/{name}a/{name}a.json"] = {
            "id": f"{name}a",
            "stepTitle": "Solve $$3x=12$$.",
            "stepBody": "",
            "stepAnswer": ["$$4$$"],
            "problemType": "TextBox",
            "answerType": "arithmetic",
        }
    for name, data in files.items():
        (bank / name).parent.mkdir(parents=True, exist_ok=True)
        (bank / name).write_text(json.dumps(data))
    first, second = (intake.import_course(bank, plan=plan) for plan in ("cows", "hens"))
    assert (first.course_id, second.course_id) == ("cows-a", "hens-b")
    assert [part.outcome for part in second.parts] == ["imported"]
    again = intake.import_course(bank, plan="Hens B")
    assert [part.outcome for part in again.parts] == ["skipped"]
