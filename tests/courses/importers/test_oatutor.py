import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.catalogue import Catalogue, LoadedCourse, load_course
from tutor_app.courses.check import check_course
from tutor_app.courses.importers.oatutor import import_oatutor
from tutor_app.courses.importers.report import ImportReport
from tutor_app.domain.course import HintLevel
from tutor_app.domain.item import ChoiceAnswer, ExactAnswer, Item
from tutor_app.errors import ContentError

REAL = Path(__file__).parents[4] / "shared" / "courses" / "oatutor-content.zip"
CC_BY = "https://creativecommons.org/licenses/by/4.0/ <CC BY 4.0>"
PLANS = [
    {
        "courseName": "Farm Algebra",
        "language": "en",
        "lessons": [
            {"id": "L1", "learningObjectives": {"solve_equations": 0.85}},
            {"id": "L2", "learningObjectives": {"read_areas": 0.85}},
        ],
    },
    {"courseName": "Farm Statistics", "language": "se", "lessons": []},
]


class Bank:
    """A problem bank in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.skills: dict[str, list[str]] = {}

    def problem(self, name: str, *steps: dict[str, Any], **fields: str) -> None:
        top = self.folder / "content-pool" / name
        data = {
            "id": name,
            "title": "Cows",
            "body": "",
            "courseName": "Farm Algebra",
            "license": CC_BY,
            "oer": "https://example.org/farm <Farm book>",
            "lesson": "1.1 Cows",
            "variabilization": {},
            **fields,
        }
        self.write(top / f"{name}.json", data)
        for letter, step in zip("abcdef", steps, strict=False):
            step_id = f"{name}{letter}"
            hints = step.pop("hints", [])
            skills = step.pop("skills", ["solve_equations"])
            place = top / "steps" / step_id
            whole = {
                "id": step_id,
                "stepTitle": "Solve $$3x=12$$.",
                "stepBody": "",
                "stepAnswer": ["$$4$$"],
                "problemType": "TextBox",
                "answerType": "arithmetic",
                "variabilization": {},
                **step,
            }
            self.write(place / f"{step_id}.json", whole)
            self.write(place / "tutoring" / f"{step_id}DefaultPathway.json", hints)
            self.skills[step_id] = skills

    def write(self, path: Path, data: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")

    def imported(self, plan: str = "") -> tuple[ImportReport, LoadedCourse]:
        self.write(self.folder / "skillModel.json", self.skills)
        self.write(self.folder / "coursePlans.json", PLANS)
        made = self.folder.parent / "courses" / "farm"
        made.mkdir(parents=True)
        report = import_oatutor(self.folder, made, lambda done, total: None, plan=plan)
        return report, load_course(made)

    def item(self, **step: Any) -> Item:
        self.problem("one", step)
        report, course = self.imported()
        assert report.parts[0].outcome == "imported", report.parts
        return course.items["onea"]


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path / "bank")


def hint(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "hint", "title": "", "text": text, "dependencies": [], **fields}


def scaffold(text: str, answer: str, **fields: Any) -> dict[str, Any]:
    return hint(text, type="scaffold", hintAnswer=[answer], problemType="TextBox", **fields)


def test_a_step_becomes_an_item_that_passes_the_check(bank: Bank) -> None:
    bank.problem("one", {"hints": [hint("Divide by $$3$$.")]}, body="Three cows eat $$12$$ bales.")
    report, course = bank.imported()
    item = course.items["onea"]
    assert item.prompt == "Cows\n\nThree cows eat $12$ bales.\n\nSolve $3x=12$."
    assert item.answer == ExactAnswer(kind="exact", accepted=["4"])
    assert item.skills == ["solve-equations"]
    assert course.course.skill("solve-equations").title == "Solve equations"
    assert course.course.skill("solve-equations").prerequisites == []
    assert item.licence.startswith("CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)")
    assert "Farm book" in item.licence
    assert course.course.licence == "CC BY 4.0"
    found = check_course(Catalogue([course.folder.parent], []), "farm")
    assert found.mistakes == ()
    assert "onea: no misconceptions" in map(str, found.gaps)
    assert report.counts["imported"] == 1


def test_hints_and_scaffolds_keep_their_order_and_say_what_they_are(bank: Bank) -> None:
    item = bank.item(
        hints=[
            hint("Undo the multiplication."),
            scaffold("What is $$12 \\div 3$$?", "$$4$$", title="Division"),
            scaffold(
                "How many sides change?",
                "Both",
                choices=["One", "Both"],
                subHints=[hint("An equation is a balance.")],
            ),
            hint("So $$x=4$$.", title="Final Answer"),
        ]
    )
    assert [(h.level, h.text, h.answer) for h in item.hints] == [
        (HintLevel.CONCEPT, "Undo the multiplication.", ""),
        (HintLevel.QUESTION, "Division: What is $12 \\div 3$?", "4"),
        (HintLevel.QUESTION, "How many sides change? Choose: One; Both.", "Both"),
        (HintLevel.CONCEPT, "An equation is a balance.", ""),
        (HintLevel.ANSWER, "So $x=4$.", ""),
    ]
    assert item.hints_in_order
    assert "How many sides change? → Both" in item.steps[0].work


def test_a_long_hint_is_cut_between_sentences_and_never_in_a_formula(bank: Bank) -> None:
    formula = "$$x = " + " + ".join(f"a_{n}" for n in range(30)) + "$$"
    long = " ".join(f"This is sentence {n} of a very long hint about cows." for n in range(12))
    item = bank.item(hints=[hint(f"{long} Then write {formula}. Why? Who says so?")])
    assert len(item.hints) > 3
    assert all(h.text.count("?") <= 1 for h in item.hints)
    assert any(formula.replace("$$", "$") in h.text for h in item.hints)
    assert " ".join(h.text for h in item.hints).count("sentence") == 12


@pytest.mark.parametrize(
    ("answer", "kind", "accepted"),
    [
        ("$$\\frac{-9}{4}$$", "arithmetic", "-9/4"),
        ("$$\\left(x+9\\right) \\left(x-4\\right)$$", "arithmetic", "(x+9) (x-4)"),
        ("$$2.4\\times{10}^5$$", "arithmetic", "2.4*10^5"),
        ("$$x \\geq -3$$", "arithmetic", "x >= -3"),
        ("(-inf,-4)U[3,inf)", "string", "(-inf,-4)U[3,inf)"),
        ("x**4", "string", "x^4"),
        ("No Solution", "string", "No Solution"),
        ("$$12$$ miles", "arithmetic", "12"),
    ],
)
def test_answers_in_latex_are_written_as_a_learner_types_them(
    bank: Bank, answer: str, kind: str, accepted: str
) -> None:
    item = bank.item(stepAnswer=[answer], answerType=kind)
    assert isinstance(item.answer, ExactAnswer)
    assert item.answer.accepted == [accepted]


def test_all_solutions_may_come_in_any_order_but_the_terms_of_a_sequence_may_not(
    bank: Bank,
) -> None:
    bank.problem(
        "one",
        {"stepAnswer": ["2,-5"], "stepTitle": "Solve the equation.", "answerType": "string"},
        {"stepAnswer": ["1,2"], "stepTitle": "Write the first terms.", "answerType": "string"},
    )
    _, course = bank.imported()
    free = [course.items[name].answer.any_order for name in ("onea", "oneb")]  # type: ignore[union-attr]
    assert free == [True, False]


def test_choices_stand_once_and_their_order_does_not_tell_the_right_one(bank: Bank) -> None:
    for number in range(20):
        choices = ["$$x=4$$", "$$x=5$$", "$$x=6$$", "None of the above", "$$x=4$$"]
        step = {"problemType": "MultipleChoice", "choices": choices, "stepAnswer": ["$$x=4$$"]}
        bank.problem(f"p{number}", step)
    _, course = bank.imported()
    answers = [item.answer for item in course.items.values()]
    assert all(isinstance(answer, ChoiceAnswer) for answer in answers)
    assert {a.option(a.correct).text for a in answers} == {"$x=4$"}  # type: ignore[union-attr]
    assert len({a.correct for a in answers}) == 3  # type: ignore[union-attr]
    assert {a.options[-1].text for a in answers} == {"None of the above"}  # type: ignore[union-attr]


def test_a_step_without_its_figure_is_marked_and_not_asked(bank: Bank) -> None:
    bank.problem(
        "one",
        {"stepBody": "##figure1.gif##"},
        {"stepTitle": "Read the slope from the graph shown below."},
        {"stepTitle": "What is $$2+2$$?"},
    )
    report, course = bank.imported()
    assert [part.outcome for part in report.parts] == ["marked", "marked", "imported"]
    assert "figure1.gif" in course.items["onea"].not_askable
    assert "figure" not in course.items["onea"].prompt
    assert list(course.askable) == ["onec"]
    assert report.counts["not askable"] == 2


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"stepAnswer": ["(3+sqrt(17)/4"], "answerType": "string"}, "partner"),
        ({"stepAnswer": []}, "no answer"),
        ({"stepAnswer": ["$$\\foo{x}=\\bar$$"]}, "cannot be read"),
        ({"problemType": "Drawing"}, "'Drawing' is not known"),
        ({"problemType": "MultipleChoice", "choices": ["1"], "stepAnswer": ["1"]}, "single"),
        (
            {"problemType": "MultipleChoice", "choices": ["1", "2"], "stepAnswer": ["3"]},
            "none of the choices",
        ),
        (
            {
                "problemType": "MultipleChoice",
                "choices": [str(n) for n in range(9)],
                "stepAnswer": ["3"],
            },
            "more than 8",
        ),
    ],
)
def test_what_cannot_be_asked_is_listed_with_its_reason(
    bank: Bank, step: dict[str, Any], reason: str
) -> None:
    bank.problem("one", step, {})
    report, course = bank.imported()
    assert [part.outcome for part in report.parts] == ["refused", "imported"]
    assert reason in report.parts[0].reason
    assert list(course.items) == ["oneb"]
    assert report.missed == ("1 of 2 steps whose figures are there were imported",)


@pytest.mark.parametrize("content", ["{", "[]", "\udcff", '{"stepTitle": 5, "stepAnswer": 7}'])
def test_a_broken_file_costs_its_own_step_only(bank: Bank, content: str) -> None:
    bank.problem("one", {}, {})
    broken = bank.folder / "content-pool" / "one" / "steps" / "onea" / "onea.json"
    broken.write_bytes(content.encode("utf-8", "surrogateescape"))
    report, course = bank.imported()
    assert [part.outcome for part in report.parts] == ["refused", "imported"]
    assert list(course.items) == ["oneb"]


def test_a_broken_problem_is_listed_step_by_step(bank: Bank) -> None:
    bank.problem("one", {}, {})
    bank.problem("two", {})
    (bank.folder / "content-pool" / "one" / "one.json").write_text("nonsense")
    report, _ = bank.imported()
    assert [(p.name, p.outcome) for p in report.parts] == [
        ("onea", "refused"),
        ("oneb", "refused"),
        ("twoa", "imported"),
    ]


def test_variables_take_their_first_values_together(bank: Bank) -> None:
    variables = {"a": ["3", "4"], "ans": ["4", "3"]}
    item = bank.item(
        stepTitle="Solve $$@{a}x=12$$.", stepAnswer=["@{ans}"], variabilization=variables
    )
    assert item.prompt.endswith("Solve $3x=12$.")
    assert item.answer == ExactAnswer(kind="exact", accepted=["4"])


def test_a_course_plan_is_a_course_with_its_skills_in_the_order_of_the_lessons(bank: Bank) -> None:
    bank.problem("one", {"skills": ["read_areas"]})
    bank.problem("two", {"skills": ["solve_equations"]})
    bank.problem("three", {}, courseName="Farm Statistics")
    report, course = bank.imported(plan="algebra")
    assert report.title == course.course.title == "Farm Algebra"
    assert [skill.id for skill in course.course.skills] == ["solve-equations", "read-areas"]
    assert set(course.items) == {"onea", "twoa"}


def test_a_plan_that_is_not_there_names_those_that_are(bank: Bank) -> None:
    bank.problem("one", {})
    with pytest.raises(ContentError, match="Farm Algebra; Farm Statistics"):
        bank.imported(plan="Cooking")


def test_a_later_step_is_shown_what_the_earlier_ones_asked(bank: Bank) -> None:
    bank.problem("one", {}, {"stepTitle": "Double the number that you found above."})
    _, course = bank.imported()
    assert "a) Solve $3x=12$." in course.items["oneb"].prompt
    assert "Earlier" not in course.items["onea"].prompt


def test_a_blank_written_as_a_question_mark_is_no_second_question(bank: Bank) -> None:
    item = bank.item(hints=[scaffold("What is (?)?", "2x")])
    assert [hint.text for hint in item.hints] == ["What is (…)?"]


def test_money_is_no_formula(bank: Bank) -> None:
    item = bank.item(stepTitle="A cow costs $900, or $$\\$850$$ for two. What do $$x$$ cows cost?")
    assert r"A cow costs \$900, or \$850 for two. What do $x$ cows cost?" in item.prompt


def test_a_source_without_a_pool_is_refused(tmp_path: Path) -> None:
    (tmp_path / "skillModel.json").write_text("{}")
    made = tmp_path / "farm"
    made.mkdir()
    with pytest.raises(ContentError, match="content-pool"):
        import_oatutor(tmp_path, made, lambda done, total: None)


@pytest.mark.skipif(not REAL.is_file(), reason="the problem bank is not in ../shared")
def test_a_sample_of_the_real_bank_imports_and_passes_the_check(tmp_path: Path) -> None:
    sample = tmp_path / "sample.zip"
    with zipfile.ZipFile(REAL) as real, zipfile.ZipFile(sample, "w") as small:
        for name in real.namelist():
            parts = name.split("/")
            if parts[0] != "content-pool" or (len(parts) > 2 and parts[1].startswith("a00")):
                small.writestr(name, real.read(name))
    _hold_the_promise(sample, tmp_path, at_least=20)


@pytest.mark.slow
@pytest.mark.skipif("WHOLE_SOURCES" not in os.environ, reason="a minute and more: make fuzz")
def test_the_real_bank_imports_and_passes_the_check(tmp_path: Path) -> None:
    _hold_the_promise(REAL, tmp_path, at_least=10_000)


def _hold_the_promise(source: Path, tmp_path: Path, at_least: int) -> None:
    made = tmp_path / "courses" / "bank"
    made.mkdir(parents=True)
    report = import_oatutor(source, made, lambda done, total: None)
    counts = report.counts
    assert counts["steps"] == len(report.parts) >= at_least
    assert report.missed == ()
    assert all(part.reason for part in report.parts if part.outcome != "imported")
    assert check_course(Catalogue([made.parent], []), "bank").mistakes == ()
    present = counts["steps"] - counts["not askable"]
    assert counts["imported"] >= 0.98 * present


def test_a_plan_without_problems_says_why_nothing_comes(bank: Bank) -> None:
    bank.problem("one", {})
    with pytest.raises(ContentError, match=r"none of the 1 problems .* names it as its course"):
        bank.imported(plan="Statistics")


def test_a_plan_whose_steps_are_all_refused_says_why_with_counts(bank: Bank) -> None:
    bank.problem("one", {"stepAnswer": []})
    with pytest.raises(ContentError, match=r"none of its 1 steps could be imported \(1 x .+\)"):
        bank.imported(plan="Algebra")
