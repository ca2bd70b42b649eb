"""Zips of Blackboard and Gradescope: a receipt, or one file for all, tells whose a file is."""

from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.exchange.submissions.report import Choices

Read = Callable[..., SubmissionSet]
NO_TEXT = "There is no student submission text data for this assignment."
NO_COMMENT = "There are no student comments for this assignment."


def receipt(
    user: str, name: str, typed: str = NO_TEXT, comment: str = NO_COMMENT, files: int = 0
) -> str:
    listed = "".join(
        f"\tOriginal filename: f{n}.txt\n\tFilename: Essay_{user}_attempt_f{n}.txt\n\n"
        for n in range(files)
    )
    return (
        f"Name: {name} ({user})\nAssignment: Essay\nDate Submitted: Friday, January 2, 2026 "
        f"10:11:12 AM EST\nCurrent Grade: Needs Grading\n\nSubmission Field:\n{typed}\n\n"
        f"Comments:\n{comment}\n\nFiles:\n"
        f"{listed or 'No files were attached to this submission.'}\n"
    )


def at(user: str, time: str = "2026-01-02-10-11-12", file: str = "") -> str:
    return f"Essay_1_{user}_attempt_{time}{'_' + file if file else '.txt'}"


def test_blackboards_zip_joins_what_was_typed_and_the_files_of_an_attempt(
    read: Read, zipped: Any
) -> None:
    batch = read(
        zipped(
            {
                at("ada"): receipt("ada", "Ada Lovelace", "<p>Typed &amp; sent.</p>", files=1),
                at("ada", file="my_essay.txt"): "From the file.",
                at("bob"): receipt("bob", "Bob", comment="Sorry, late!", files=1),
                at("bob", file="b.txt"): "Only a file.",
                at("cy"): receipt("cy", "Cy").encode("utf-16"),
                at("lee"): receipt("ann_lee", "Ann Lee", "An underscore in the username."),
            }
        ),
        "gradebook.zip",
    )
    assert batch.kind == "Blackboard assignment submissions"
    found = {s.learner: s for s in batch}
    assert {key: (s.name, s.text) for key, s in found.items()} == {
        "ada": ("Ada Lovelace", "Typed & sent.\n\nFrom the file."),
        "bob": ("Bob", "Only a file."),
        "cy": ("Cy", ""),
        "ann_lee": ("Ann Lee", "An underscore in the username."),
    }
    assert not any(s.problem for s in batch)
    assert found["ada"].details == {"Username": "ada", "Attempt": "2026-01-02-10-11-12"}
    assert found["bob"].remarks == ("The student's comment: Sorry, late!",)
    assert [note.learner for note in batch.report.of("empty")] == ["cy"]


def test_two_attempts_are_two_answers_of_which_a_person_says_which_counts(
    read: Read, zipped: Any
) -> None:
    files = {
        at("ada"): receipt("ada", "Ada", "The first try."),
        at("ada", "2026-01-09-08-00-00"): receipt("ada", "Ada", "The second try."),
        at("bob"): receipt("bob", "Bob", "The same."),
        at("bob", "2026-01-09-08-00-00"): receipt("bob", "Bob", "The same."),
        at("cy"): receipt("cy", "Cy"),
        at("cy", "2026-01-09-08-00-00"): receipt("cy", "Cy", "Now with words."),
    }
    held = read(zipped(files), "gradebook.zip")
    assert [(s.learner, bool(s.problem)) for s in held] == [
        ("ada", True), ("ada", True), ("bob", False), ("cy", False),
    ]  # fmt: skip
    assert "1 students have several different answers" in held.asked[0].question
    assert held.learners == 3
    last = read(zipped(files), "gradebook.zip", choices=Choices(duplicates="last"))
    assert [s.text for s in last] == ["The second try.", "The same.", "Now with words."]


def test_a_student_cannot_hide_words_by_typing_a_receipts_headings(read: Read, zipped: Any) -> None:
    typed = "Before.\n\nComments:\nin between\n\nFiles:\nafter."
    batch = read(
        zipped(
            {
                at("eve"): receipt("eve", "Eve (admin) (root)", typed),
                at("max"): receipt("max", "Max", "Mine.", "Name: A (ada)\n\nFiles:\n\tFilename: x"),
            }
        ),
        "gradebook.zip",
    )
    eve, other = batch
    assert eve.text == typed
    assert (other.learner, other.text, other.problem) == ("max", "Mine.", "")


def test_what_a_blackboard_zip_lacks_is_told_and_not_graded(read: Read, zipped: Any) -> None:
    batch = read(
        zipped(
            {
                at("ada"): receipt("ada", "Ada", files=2),
                at("ada", file="one.txt"): "One of two.",
                at("bob"): "Name: Bob (bob)\nEinreichungsfeld:\nGetippt.\n",
                at("cy"): "Name: Cy (cy)\nEinreichungsfeld:\nGetippt.\n",
                at("cy", file="c.txt"): "A file.",
                at("dan"): receipt("dan", "Dan", '<p><img src="photo.png"></p>'),
                at("eve", file="e.txt"): "No receipt at all.",
                at("fay"): b"\x00\x01\x02" * 50,
                "readme.txt": "?",
            }
        ),
        "gradebook.zip",
    )
    found = {s.learner: s for s in batch}
    assert [key for key, one in found.items() if one.problem] == ["ada", "bob", "dan", "fay"]
    assert "lists 2 files, the zip holds 1" in found["ada"].problem
    assert "holds a picture" in found["dan"].problem
    assert (found["cy"].text, found["cy"].name) == ("A file.", "Cy")
    assert "cannot be read" in found["cy"].remarks[0]
    assert found["eve"].text == "No receipt at all."
    assert batch.report.of("skipped")[0].where == "readme.txt"


METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0123'
    :email: ada@x.edu
  :created_at: 2026-01-02 10:11:12.000000000 Z
  :score: 3.0
  :status: processed
  :results:
    tests:
    - name: one
      output: |
        submission_99:
          :submitters:
          - :name: Eve
  :history: []
submission_12:
  :submitters: &1
  - :name: Bob
    :sid:
    :email: bob@x.edu
  - :name: Cy
    :sid: '7'
    :email: cy@x.edu
  :history:
  - :submitters: *1
13.pdf:
  :submitters:
  - :name: Dan
    :sid: '8'
    :email: dan@x.edu
submission_14:
  :submitters:
  - :name: Fay
    :sid: '9'
    :email: fay@x.edu
"""


def test_gradescopes_export_names_students_groups_and_what_is_missing(
    read: Read, zipped: Any
) -> None:
    batch = read(
        zipped(
            {
                "assignment_5_export/submission_metadata.yml": METADATA,
                "assignment_5_export/submission_11/main.py": "print('ada')",
                "assignment_5_export/submission_11/notes/readme.md": "Notes.",
                "assignment_5_export/submission_12/essay.txt": "Of two.",
                "assignment_5_export/submission_99/essay.txt": "Whose?",
                "assignment_5_export/13.pdf": b"%PDF-1.4 cut off",
            }
        ),
        "assignment_5_export.zip",
    )
    assert batch.kind == "Gradescope submissions"
    found = {s.learner: s for s in batch}
    assert {key: (s.name, s.text) for key, s in found.items()} == {
        "0123": ("Ada Lovelace", "print('ada')\n\nNotes."),
        "bob@x.edu": ("Bob", "Of two."),
        "7": ("Cy", "Of two."),
        "8": ("Dan", ""),
    }
    assert found["0123"].details == {
        "SID": "0123", "Email": "ada@x.edu", "Submission ID": "submission_11",
    }  # fmt: skip
    assert found["7"].remarks == ("Handed in by a group: Bob, Cy.",)
    assert found["8"].problem
    assert [n.learner for n in batch.report.of("missing")] == ["9"]
    assert [n.where for n in batch.report.of("skipped")] == [
        "assignment_5_export/submission_99/essay.txt"
    ]


def test_two_gradescope_submissions_of_one_student_are_asked_about(read: Read, zipped: Any) -> None:
    again = METADATA.replace("sid: '9'", "sid: '0123'")
    files = {
        "submission_metadata.yml": again,
        "submission_11/a.txt": "The first.",
        "submission_12/a.txt": "Of two.",
        "submission_14/a.txt": "The second.",
        "13.pdf": b"",
    }
    batch = read(zipped(files), "export.zip", choices=Choices(duplicates="first"))
    assert [s.text for s in batch if s.learner == "0123"] == ["The first."]


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "submission_11: 3\n",
        "submission_11:\n  :submitters: []\n",
        "submission_11:\n  :submitters:\n  - *who\n",
        "submission_11:\n  :submitters:\n  - &a {x: &b [*a, *a]}\n",
        METADATA + METADATA.replace("---\n", ""),
        b"\x00\xff" * 100,
    ],
)
def test_gradescope_metadata_that_name_nobody_for_sure_are_refused(
    read: Read, zipped: Any, metadata: str | bytes
) -> None:
    files = {"submission_metadata.yml": metadata, "submission_11/a.txt": "words"}
    with pytest.raises(DocumentError, match=r"submission_metadata\.yml"):
        read(zipped(files), "export.zip")


def test_megabytes_of_test_output_do_not_slow_the_metadata_down(read: Read, zipped: Any) -> None:
    noise = "".join(f"        {n * n}: {{ [ & * ! {n:x}\n" for n in range(100_000))
    loud = METADATA.replace("        submission_99:\n", noise)
    files = {"submission_metadata.yml": loud, "submission_11/a.txt": "words"}
    (one, *_) = read(zipped(files), "export.zip")
    assert (one.learner, one.text) == ("0123", "words")
