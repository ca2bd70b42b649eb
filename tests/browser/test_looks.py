"""Every page, empty, in use and failing, wide and narrow, light and dark: contrast, nothing cut
off, nothing loaded from elsewhere, and a picture for a person to look at."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tutor_app.access.accounts import Accounts
from tutor_app.access.roles import Role
from tutor_app.distillation.intake import export_again, exports, put_beside, take_in
from tutor_app.distillation.promote import Promotions
from tutor_app.distillation.runs import holding, plan_run, tell
from tutor_app.factory import build_catalogue
from tutor_app.llms.sealed import seal
from tutor_app.llms.shelf import Shelf
from tutor_app.settings import Settings
from tutor_app.storage.store import Store

BROUGHT = (
    "Leaf rubric\nCriteria\tExcellent (4)\tGood (3)\tPoor (1)\tComments\n"
    "Water\tGood understanding of osmosis\tSome understanding\tNone\tLook twice\nTotal\t9\t\t\t"
)
# width moves things, the scheme colours them: two of the four see both
LOOKS = [("wide", "light"), ("narrow", "dark")]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_pages_of_a_new_person_are_readable(
    server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    wrong = []
    with tab(server, size, scheme) as anyone:
        anyone.open()
        wrong += look(anyone, f"{size}-{scheme}-sign-in")
        for role, titles in {
            "instructor": ["Course", "Rubrics", "Grading", "Material", "Questions"],
            "admin": ["System", "Models", "Refresh", "People"],
        }.items():
            anyone.open(role)
            for title in titles:
                anyone.go(title)
                wrong += look(anyone, f"{size}-{scheme}-{role}-{title.lower()}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_pages_of_a_student_at_work_are_readable(
    server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    start = f"{size}-{scheme}-student"
    server.begin("energy-drop-speed", "worked")
    wrong = []
    with tab(server, size, scheme) as student:
        student.open("student")
        page = student.page
        wrong += look(student, f"{start}-item")
        page.get_by_label("Your answer").fill("9,8 m/s")
        page.get_by_text("I read this as").wait_for()
        wrong += look(student, f"{start}-typed")
        student.answer("9.8 m/s")
        page.get_by_role("button", name="Help: a nudge").click()
        page.get_by_text("Help: a question").wait_for()
        student.settle()
        wrong += look(student, f"{start}-dialogue")
        page.get_by_role("button", name="Why this hint").click()
        student.settle()
        wrong += look(student, f"{start}-why")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="More").click()
        student.settle()
        wrong += look(student, f"{start}-menu")
        page.get_by_text("Choose another exercise").click()
        page.get_by_role("dialog").get_by_text("Collisions", exact=True).wait_for()
        student.settle()
        wrong += look(student, f"{start}-exercises")
        page.keyboard.press("Escape")
        student.settle()
        page.get_by_role("button", name="More").click()
        page.get_by_text("Show the X-ray").click()
        student.settle()
        page.get_by_text("X-ray of this reply").last.click()
        student.settle()
        wrong += look(student, f"{start}-xray")
        page.locator('[class*="st-key-cite-"] button').last.click()
        student.settle()
        student.photograph(f"{start}-passage")
        page.keyboard.press("Escape")
        student.settle()
        student.answer("19.8 m/s")
        wrong += look(student, f"{start}-ending")
        for title in ("My progress", "My dialogues", "My data"):
            student.go(title)
            wrong += look(student, f"{start}-{title[3:]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_password_is_changed_in_a_readable_box(
    server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    name = f"ann-{uuid4().hex[:8]}"
    with Store(server.home / "tutor.db") as store:
        Accounts(store).add_account(name, Role.LEARNER, "correct horse")
    with tab(server, size, scheme) as student:
        page = student.open().page
        page.get_by_text("Sign in with your own account").click()
        page.get_by_role("textbox", name="Name", exact=True).fill(name)
        page.get_by_role("textbox", name="Password", exact=True).fill("correct horse")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator(".st-key-person").wait_for(state="attached")
        student.settle()
        opener = page.get_by_test_id("stExpandSidebarButton")
        if opener.is_visible():
            opener.click()
            student.settle()
        wrong = look(student, f"{size}-{scheme}-person")
        page.get_by_role("button", name="Change password").click()
        page.get_by_role("textbox", name="Old password").fill("correct horse")
        for label in ("New password, at least 8 characters", "New password again"):
            page.get_by_role("textbox", name=label).fill("battery staple")
        student.settle()
        wrong += look(student, f"{size}-{scheme}-password")
        page.get_by_role("button", name="Change it").click()
        page.get_by_text("Your password is changed").wait_for()
        student.settle()
        wrong += look(student, f"{size}-{scheme}-password-changed")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("item", ["forces-rising-ball", "projectile-two-coins"])
def test_other_kinds_of_answer_are_readable(server: Any, tab: Any, item: str, look: Any) -> None:
    server.begin(item)
    with tab(server, "narrow") as student:
        student.open("student")
        wrong = look(student, f"narrow-light-{item}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_broken_course_is_told_readably(
    bare_server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    folder = bare_server.home / "courses" / "broken"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("id: broken\ntitle: Broken\nlicence: CC0\ncolour: red\n")
    bare_server.start_pages()
    with tab(bare_server, size, scheme) as student:
        student.open("student")
        student.page.get_by_text("This course cannot be opened").wait_for()
        student.page.get_by_text("course.yaml:4").wait_for()
        wrong = look(student, f"{size}-{scheme}-failing-course")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("narrow", "light")])
def test_a_missing_index_and_a_locked_database_are_told_readably(
    bare_server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    bare_server.begin("energy-drop-speed")
    bare_server.start_pages()
    start = f"{size}-{scheme}-failing"
    with tab(bare_server, size, scheme) as student:
        student.open("student")
        page = student.page
        page.get_by_text("Replies carry no citations for now").wait_for()
        wrong = look(student, f"{start}-index")
        with closing(sqlite3.connect(bare_server.home / "tutor.db", isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            page.get_by_label("Your answer").fill("9.8 m/s")
            page.get_by_text("I read this as").wait_for()
            page.get_by_role("button", name="Check").click()
            page.get_by_text("it is locked by another program").wait_for()
            student.settle()
            wrong += look(student, f"{start}-database")
            assert page.get_by_label("Your answer").input_value() == "9.8 m/s"
        page.get_by_role("button", name="Try again").click()
        student.replies.first.wait_for()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def admin_at_work(
    bare_server: Any, tiny_model: Path, teacher_says: Callable[[Path], list[str]]
) -> Any:
    """A server with three models, one of them cut, answers taken in, and a run laid out."""
    home = bare_server.home
    for name in ("tutor-tiny-0.1", "tutor-mechanics-0.2", "tutor-cut"):
        shutil.copytree(tiny_model, home / "models" / name)
        (home / "models" / name / "report.md").write_text(REPORT, encoding="utf-8")
        seal(home / "models" / name, name)
    (home / "models" / "tutor-cut" / "model.safetensors").write_bytes(b"cut")
    catalogue = build_catalogue(Settings(home=home))
    export_again(catalogue, "mechanics", home / "refresh" / "mechanics", "teacher")
    (export,) = exports(home / "refresh" / "mechanics")
    first, *others = teacher_says(export)
    put_beside(export, "\n".join([*others, first[:99]]).encode())
    put_beside(export, first.replace('"stop"', '"length"').encode())
    taken = take_in(export, catalogue, home / "dialogues")
    shelf = Shelf((home / "models",))
    with Store(home / "tutor.db") as store:
        promotions = Promotions(store, shelf)
        promotions.promote("tutor-tiny-0.1", "command line", "The first one that beats the hints.")
        promotions.promote("tutor-mechanics-0.2", "command line", "Better on held-out items.")
    plan_run(
        home, shelf, [taken.path], "mechanics",
        model_id="tutor-mechanics-0.3", start="tutor-tiny-0.1", minutes=30,
    )  # fmt: skip
    bare_server.start_pages()
    return bare_server


REPORT = """# Evaluation on held-out turns

| set | turns | passed | leaked | false numbers | stopped | repeated | model | memory | hint |
|---|---|---|---|---|---|---|---|---|---|
| held-out items | 200 | 61 % | 2 % | 3 % | 97 % | 1 % | 48 % | 31 % | 21 % |
"""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_pages_of_an_admin_at_work_are_readable(
    admin_at_work: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    start = f"{size}-{scheme}-admin"
    run = admin_at_work.home / "runs" / "tutor-mechanics-0.3"
    (run / "train").mkdir()
    progress = {"done": 0.37, "seconds": 666, "loss": 2.531, "tokens_per_s": 1830.0}
    progress["held_out_reply_bits_per_byte"] = 1.207
    (run / "train" / "progress.json").write_text(json.dumps(progress))
    wrong = []
    with tab(admin_at_work, size, scheme) as admin:
        page = admin.open("admin").go("Models").page
        wrong += look(admin, f"{start}-models-top")
        for name in ("tutor-mechanics-0.2", "tutor-cut"):
            page.get_by_text(name, exact=True).locator("visible=true").last.click()
            admin.settle()
            wrong += look(admin, f"{start}-models-{name}")
        page.get_by_role("tab", name="Report").first.click()
        admin.settle()
        wrong += look(admin, f"{start}-models-report")
        page.get_by_role("button", name="Roll back to").click()
        page.get_by_role("dialog").get_by_label("Why").wait_for()
        wrong += look(admin, f"{start}-models-box")
        page.keyboard.press("Escape")
        with holding(run):
            tell(run, "running", "train", "")
            admin.go("Refresh")
            wrong += look(admin, f"{start}-refresh-top")
            page.get_by_text("Every dropped one").hover()
            admin.settle()
            wrong += look(admin, f"{start}-refresh-funnel")
            page.get_by_role("button", name="Cancel").hover()
            wrong += look(admin, f"{start}-refresh-running")
        page.get_by_role("button", name="Resume").hover()
        admin.settle()
        wrong += look(admin, f"{start}-refresh-stopped")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_pages_of_an_instructor_at_work_are_readable(
    server: Any, tab: Any, size: str, scheme: str, look: Any
) -> None:
    start = f"{size}-{scheme}-instructor"
    wrong = []
    with tab(server, size, scheme) as instructor:
        page = instructor.open("instructor").page

        def press(name: str) -> None:
            page.get_by_test_id("stMain").get_by_role("button", name=name).first.click()
            instructor.settle()

        page.get_by_role("radio", name="Skills").click()
        page.locator("[data-testid=stGraphVizChart] svg").wait_for()
        instructor.settle()
        wrong += look(instructor, f"{start}-skills")
        page.get_by_role("radio", name="Coverage").click()
        press("Estimate")
        page.get_by_text("is solved least often").wait_for()
        instructor.settle()
        wrong += look(instructor, f"{start}-coverage")
        page.get_by_role("radio", name="Contents").click()
        press("Edit")
        title = page.get_by_role("textbox", name="Title", exact=True)
        title.fill("")
        title.press("Tab")
        instructor.settle()
        value = page.get_by_role("textbox", name="Value", exact=True).first
        value.fill("20 furlongs")
        page.get_by_text("is not known").first.wait_for()
        instructor.settle()
        wrong += look(instructor, f"{start}-editor")
        value.hover()
        wrong += look(instructor, f"{start}-editor-mistake")
        for part in ("Steps", "Hints"):
            press(part)
            wrong += look(instructor, f"{start}-editor-{part.lower()}")
        press("Discard")
        page.get_by_role("button", name="Discard my changes").click()
        instructor.settle()
        instructor.go("Rubrics")
        press("New rubric")
        press("Criteria")
        wrong += look(instructor, f"{start}-rubric")
        page.get_by_role("button", name="Rubrics", exact=True).click()
        instructor.settle()
        press("Bring a rubric")
        page.get_by_role("tab", name="A pasted table").click()
        page.get_by_role("textbox", name="The table").fill(BROUGHT)
        page.keyboard.press("Tab")
        instructor.settle()
        press("Read the table")
        wrong += look(instructor, f"{start}-rubric-reading")
        press("Go on in the editor")
        press("Criteria")
        wrong += look(instructor, f"{start}-rubric-advice")
        instructor.go("Material")
        page.get_by_role("radio", name="New course from an archive").click()
        instructor.settle()
        wrong += look(instructor, f"{start}-material")
    assert not wrong, "\n".join(wrong)
