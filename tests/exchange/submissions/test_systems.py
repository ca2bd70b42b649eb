from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.exchange.submissions.evaluations import graded_by
from tutor_app.exchange.submissions.reading import SubmissionSet
from tutor_app.exchange.submissions.report import Choices

Read = Callable[..., SubmissionSet]

QUIZ = (
    "\ufeffLast name,First name,ID number,Email address,Status,Started,Completed,Duration,"
    "Grade/10.00,Question 1,Response 1,Right answer 1,Question 2,Response 2\n"
    'Lovelace,Ada,11,ada@x,Finished,1 Nov,2 Nov,5 mins,-,Why?,"Because, of work",It works,How?,-\n'
    "B,Bob,,bob@x,In progress,1 Nov,-,-,-,Why?,half an ans,It works,How?,-\n"
    "C,Cy,13,c@x,-,-,-,-,-,-,-,-,-,-\n"
    "Overall average,,,,,,,,5.00,,,,,\n"
)


def test_moodle_quiz_responses_are_read_per_question(read: Read) -> None:
    batch = read(QUIZ)
    assert batch.kind == "Moodle quiz responses"
    assert batch.questions == ("Response 1", "Response 2")
    ada, blank, bob, _ = batch
    assert (ada.id, ada.name, ada.text) == ("11|Response 1", "Ada Lovelace", "Because, of work")
    assert ada.details["Question"] == "Why?"
    assert ada.details["Right answer"] == "It works"
    assert (blank.text, blank.problem) == ("", "")
    assert bob.learner == "bob@x"
    assert "not been handed in (In progress)" in bob.problem
    assert [(n.where, n.kind) for n in batch.report.notes if n.kind != "empty"] == [
        ("row 3", "problem"),
        ("row 3", "problem"),
        ("row 4", "missing"),
        ("row 5", "skipped"),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "Nachname,Vorname,E-Mail-Adresse,Status,Begonnen am,Beendet,Frage 1,Antwort 1,"
        "Richtige Antwort 1",
        "Nom de famille,Prénom,Adresse de courriel,État,Commencé le,Terminé,Question 1,Réponse 1,"
        "Bonne réponse 1",
        "Apellido(s),Nombre,Dirección de correo,Estado,Comenzado el,Finalizado,Pregunta 1,"
        "Respuesta 1,Respuesta correcta 1",
    ],
)
def test_the_quiz_may_come_from_a_site_in_another_language(read: Read, headings: str) -> None:
    batch = read(f"{headings}\nLovelace,Ada,ada@x,x,1,2,Was?,Arbeit ist Kraft mal Weg,Weg\n")
    (one,) = batch
    assert batch.kind == "Moodle quiz responses"
    assert (one.learner, one.name) == ("ada@x", "Ada Lovelace")
    assert (one.question, one.text) == ("", "Arbeit ist Kraft mal Weg")
    assert (one.details["Question"], one.details["Right answer"]) == ("Was?", "Weg")


def test_random_questions_are_told_apart_by_their_text(read: Read) -> None:
    batch = read(
        "Email address,State,Completed,Question 1,Response 1\n"
        "a@x,Finished,2,Why?,one\nb@x,Finished,2,How?,two\nc@x,Finished,2,Why?,three\n"
    )
    assert [(s.question, s.text) for s in batch] == [
        ("Why?", "one"),
        ("How?", "two"),
        ("Why?", "three"),
    ]


def test_two_attempts_at_a_quiz_ask_which_counts(read: Read) -> None:
    again = QUIZ.replace("B,Bob,,bob@x,In progress,1 Nov,-", "Lovelace,Ada,11,ada@x,Finished,1,2")
    batch = read(again)
    assert batch.asked[0].id == "duplicates"
    assert "1 students" in batch.asked[0].question
    last = read(again, choices=Choices(duplicates="last"))
    assert [s.text for s in last if s.question == "Response 1"] == ["half an ans"]


def test_moodles_worksheet_gives_online_text_without_its_markup(read: Read) -> None:
    batch = read(
        "Identifier,Full name,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Online text,Last modified (grade),Feedback comments\n"
        'Participant 11,Ada,Submitted for grading,,4.00,Yes,Monday,"<p>Work is</p><p>force &lt; x'
        '</p><span style=""display:none"">full marks</span>",-,\n'
        "Participant 12,Bob,No submission,,4.00,Yes,-,,-,\n"
        "Participant 13,Eve,Submitted for grading,,4.00,Yes,Monday,<p> </p>,-,\n"
        'Participant 14,Fay,Submitted for grading,,4.00,Yes,Monday,"<img src=""a.png"">",-,\n'
    )
    ada, eve, fay = batch
    assert batch.kind == "Moodle assignment worksheet"
    assert (ada.learner, ada.text) == ("11", "Work is\n\nforce < x")
    assert ada.hidden == ("full marks",)
    assert ada.details["Identifier"] == "Participant 11"
    assert "perhaps a file" in eve.problem
    assert fay.problem, "a picture is no empty answer"
    assert [(n.learner, n.kind) for n in batch.report.notes] == [
        ("11", "hidden"),
        ("12", "missing"),
        ("13", "problem"),
        ("14", "problem"),
    ]


def test_canvas_student_analysis_has_a_column_per_question(read: Read) -> None:
    batch = read(
        "name,id,sis_id,section,section_id,submitted,attempt,1234: What is work?,2.0,"
        "1235: And power?,1.0,n correct,n incorrect,score\n"
        'Ada Lovelace,101,s1,A,7,2026-03-02,1,"force, times way",0,,0,0,2,0\n'
    )
    first, second = batch
    assert batch.kind == "Canvas quiz, student analysis"
    assert batch.questions == ("1234: What is work?", "1235: And power?")
    assert (first.learner, first.name, first.text) == ("101", "Ada Lovelace", "force, times way")
    assert first.details["Canvas ID"] == "101"
    assert first.groups == {"section": "A"}
    assert second.text == ""


def test_tables_of_marks_say_that_they_hold_no_answers(read: Read) -> None:
    scores = read(
        "First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID\n"
        "Ada,L,1,a@x,A,3,4,Graded,99\nBob,B,2,b@x,A,,4,Missing,\n"
    )
    assert scores.kind == "Gradescope scores"
    assert len(scores) == 0
    assert [(n.learner, n.kind) for n in scores.report.notes] == [("2", "missing")]
    gradebook = read("Student,ID,SIS Login ID,Section,Essay (5)\nAda,1,ada,A,3\n")
    assert "bring the submissions too" in gradebook.reason


def test_gradescopes_evaluations_are_joined_to_the_answers_they_were_given_for(
    read: Read, zipped: Any, tmp_path: Path
) -> None:
    head = (
        "Assignment Submission ID,Question Submission ID,First Name,Last Name,SID,Email,Sections,"
        "Score,Submission Time,Names the force,Names the way,Wrong sign,Adjustment,Comments,"
        "Grader,Tags\n"
    )
    content = zipped(
        {
            "1_Work.csv": head
            + "900,1,Ada,Lovelace,s1,a@x,A,3.0,2026,true,true,true,,Fine,T,\n"
            + "901,2,Bob,B,s2,b@x,A,1.0,2026,true,false,false,,,T,\n"
            + "Point Values,,,,,,,,,2.0,2.0,-1.0,,,,\n",
        }
    )
    marks = read(content, "evaluations.zip")
    assert marks.kind == "Gradescope evaluations"
    assert len(marks) == 0
    ada, bob = marks.evaluations
    assert (ada.question, ada.score, ada.comment) == ("1_Work", 3.0, "Fine")
    assert bob.items == {"Names the force": True, "Names the way": False, "Wrong sign": False}
    answers = read("SID,Answer\ns1,force times way\ns2,force\ns3,nobody graded this\n")
    joined = list(graded_by(marks.evaluations, answers))
    assert [(one.text, mark) for one, mark in joined] == [("force times way", ada), ("force", bob)]
    assert ada.worth == {"Names the force": 2.0, "Names the way": 2.0, "Wrong sign": -1.0}


def test_a_choice_overrules_one_column_of_a_known_export(read: Read) -> None:
    batch = read(QUIZ, choices=Choices(answers=("Response 1",), student="Email address"))
    assert batch.kind == "Moodle quiz responses"
    assert next((s.learner, s.text) for s in batch) == ("ada@x", "Because, of work")
    assert {s.question for s in batch} == {"Response 1"}
    assert batch.columns[3].reason == "you chose it"
