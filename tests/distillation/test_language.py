import json
import lzma
import random
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from transformers import AutoTokenizer

from tutor_app.distillation import exercises
from tutor_app.distillation.corpus import (
    lift_numbers,
    plain,
    put_back,
    read_problem_bank,
    read_textbooks,
)
from tutor_app.distillation.exercises import copy_exercises
from tutor_app.distillation.language import prepare_language_stage
from tutor_app.errors import ContentError

BODY = "A swimmer covers $$400$$ m in a pool of 25 m. She turns at each end of the pool."
HINTS = [
    ("Find the number of lengths", "Divide $$400$$ by the length of the pool, which is 25 m."),
    ("Name the unit", "What is the unit of a length? Look at what was measured."),
    ("Reveal", "The answer is 16 lengths of the pool."),
    ("Formula", "$$\\sqrt{x}$$ is what we want to use in this place."),
]


def write_bank(path: Path, problems: int = 1) -> Path:
    with ZipFile(path, "w") as bank:
        for number in range(problems):
            name = f"pool{number}x"
            folder = f"content-pool/{name}"
            word = "abcdefghij"[number // 13] + "klmnopqrstuvw"[number % 13]
            body = {"body": f"{BODY} The name of the pool is {word}."}
            bank.writestr(f"{folder}/{name}.json", json.dumps(body))
            step = {"stepTitle": "How many lengths does she swim?"}
            bank.writestr(f"{folder}/steps/{name}a/{name}a.json", json.dumps(step))
            hints = [{"title": title, "text": text} for title, text in HINTS]
            place = f"{folder}/steps/{name}a/tutoring/{name}aDefaultPathway.json"
            bank.writestr(place, json.dumps(hints))
    return path


def test_numbers_of_the_problem_become_placeholders_in_its_hints_too(tmp_path: Path) -> None:
    (step,) = read_problem_bank(write_bank(tmp_path / "bank.zip"))
    assert step.problem.startswith("A swimmer covers {q1} in a pool of {q2}.")
    assert step.hints[0][1] == "Divide {q1} by the length of the pool, which is {q2}."


def test_hints_that_give_the_answer_or_are_formulas_are_left_out(tmp_path: Path) -> None:
    (step,) = read_problem_bank(write_bank(tmp_path / "bank.zip"))
    assert [title for title, _ in step.hints] == [title for title, _ in HINTS[:2]]


def test_a_file_that_is_no_zip_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "bank.zip").write_text("no zip")
    with pytest.raises(ContentError, match=r"bank\.zip: is no problem bank"):
        read_problem_bank(tmp_path / "bank.zip")


def test_a_number_keeps_its_placeholder_each_time_it_comes() -> None:
    text, known = lift_numbers("From 3 kg take 12.5 %, then add 3 kg.")
    assert text == "From {q1} take {q2}, then add {q1}."
    assert known is not None
    assert put_back("Is 3 more than 4?", known) == "Is {q1} more than 4?"


def test_more_than_nine_numbers_are_not_lifted() -> None:
    assert lift_numbers(" ".join(map(str, range(10))))[1] is None


def test_simple_formulas_lose_their_marks_and_other_ones_the_text() -> None:
    assert plain("Take $$\\frac{1}{2}$$ of $$x$$.") == "Take 1/2 of x."
    assert plain("Take $$x^2$$.") == ""


def test_only_the_named_books_are_read(tmp_path: Path) -> None:
    lines = "A sentence with more than five words here."
    text = f"# openstax/osbooks-a x/index\nKey\n{lines}\n# openstax/osbooks-b y/index\nOther\n"
    (tmp_path / "c.xz").write_bytes(lzma.compress(text.encode()))
    assert list(read_textbooks(tmp_path / "c.xz", ("osbooks-a",))) == [lines]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    steps = read_problem_bank(write_bank(tmp_path_factory.mktemp("bank") / "bank.zip"))
    return list(copy_exercises(steps, ["arrow", "floor", "rope", "north"], 400, seed=3))


def field(row: dict[str, str], name: str) -> str:
    found = [line for line in row["prompt"].split("\n") if line.startswith(f"{name}: ")]
    return found[0].removeprefix(f"{name}: ")


def test_an_exercise_has_the_lines_of_the_task_in_their_order(rows: list[dict[str, str]]) -> None:
    order = ["problem", "asked", "idea", "step", "move", "hint", "learner"]
    for row in rows:
        names = [line.split(": ")[0] for line in row["prompt"].split("\n")]
        assert [name for name in order if name in names] == names
        assert {"problem", "asked", "move", "hint", "learner"} <= set(names)


def test_most_replies_end_with_the_hint_of_their_own_prompt(rows: list[dict[str, str]]) -> None:
    whole = [row for row in rows if field(row, "move") not in ("first sentence", "ask the hint")]
    assert len(whole) > 300
    assert all(row["reply"].endswith(field(row, "hint")) for row in whole)


def test_each_placeholder_in_a_reply_stands_in_the_prompt(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for mark in ("{q1}", "{q2}", "{yours}", "{quoted}"):
            assert mark not in row["reply"] or mark in row["prompt"]


def test_a_part_of_the_hints_is_in_random_order(rows: list[dict[str, str]]) -> None:
    known = {text for _, text in HINTS} | {"Divide {q1} by the length of the pool, which is {q2}."}
    share = sum(field(row, "hint") not in known for row in rows) / len(rows)
    assert abs(share - exercises.SCRAMBLED) < 0.07


def test_the_same_seed_gives_the_same_exercises(tmp_path: Path) -> None:
    steps = read_problem_bank(write_bank(tmp_path / "bank.zip"))
    first, again, other = (list(copy_exercises(steps, ["rope"], 20, s)) for s in (1, 1, 2))
    assert first == again != other


def test_preparing_the_stage_holds_families_of_problems_out(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank.zip", problems=130)
    sentences = [f"The {w} moves along the floor with a steady speed." for w in ("cart", "ball")]
    random.Random(0).shuffle(sentences)
    modules = "".join(
        f"# openstax/osbooks-physics m{n}\n{sentences[n % 2]} Module {n}.\n" for n in range(50)
    )
    (tmp_path / "c.xz").write_bytes(lzma.compress(modules.encode()))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Forces\nA force is a push or a pull.\n")
    out = tmp_path / "out"

    prepare_language_stage(
        bank, tmp_path / "c.xz", tmp_path / "notes", out, exercises=100, vocabulary=600
    )

    tokenizer = AutoTokenizer.from_pretrained(out / "tokenizer", local_files_only=True)
    trained, held = (
        tokenizer.decode(np.load(out / name)) for name in ("text.npy", "held_out_text.npy")
    )
    assert "Module 1." in trained
    assert "Module 0." in held
    assert "Module 0." not in trained
    assert "push or a pull" in trained
    with pytest.raises(ContentError, match="no step has a hint"):
        next(copy_exercises([], ["rope"], 1, seed=0))
    problems, held_problems = (
        {
            json.loads(line)["prompt"].split("\n")[0]
            for line in (out / name).read_text().splitlines()
        }
        for name in ("exercises.jsonl", "held_out_exercises.jsonl")
    )
    assert problems
    assert held_problems
    assert not problems & held_problems
