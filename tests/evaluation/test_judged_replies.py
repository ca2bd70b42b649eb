import json
from pathlib import Path
from typing import Any

import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.judged_replies import load_judged

MARKS = {
    "Mistake_Identification": "Yes",
    "Mistake_Location": "To some extent",
    "Revealing_of_the_Answer": "Yes (and the answer is correct)",
    "Providing_Guidance": "No",
    "Actionability": "Yes",
    "humanlikeness": "Yes",
    "Coherence": "No",
    "Tutor_Tone": "Encouraging",
}


def dialogue(**changed: object) -> dict[str, object]:
    return {
        "conversation_history": "Tutor: Hi. The question is: What is 2+2?\n\xa0Student: 5",
        "Topic": "Not Available",
        "anno_llm_responses": {"Expert": {"response": " Count again. ", "annotation": MARKS}},
        **changed,
    }


def written(tmp_path: Path, *dialogues: Any) -> Path:
    path = tmp_path / "mrbench.json"
    path.write_text(json.dumps(dialogues), encoding="utf-8")
    return path


def test_a_reply_is_read_with_its_marks_and_context(tmp_path: Path) -> None:
    (reply,) = load_judged(written(tmp_path, dialogue()))
    assert reply.context == "Problem: What is 2+2?\nLearner: 5"
    assert reply.text == "Count again."
    assert reply.labels == (2, 1, 0, 2, 1, 0, 2, 2)


def test_dialogues_on_the_same_problem_share_their_group(tmp_path: Path) -> None:
    again = dialogue(conversation_history="Tutor: The question is:  what is\n2+2?\nStudent: 3")
    replies = load_judged(written(tmp_path, dialogue(), again))
    assert replies[0].problem == replies[1].problem
    assert replies[0].dialogue != replies[1].dialogue


def test_without_the_problem_s_text_a_lesson_counts_as_one_problem(tmp_path: Path) -> None:
    topics = ["4.9A.Converting Units (Review) - 2", "4.1A.Converting Units (Review) - 1"]
    said = "Tutor: How many?\nStudent: 3"
    lessons = [dialogue(conversation_history=said, Topic=topic) for topic in topics]
    assert {r.problem for r in load_judged(written(tmp_path, *lessons))} == {"Converting Unit"}


@pytest.mark.parametrize(
    "broken",
    [
        {"Topic": "x"},
        dialogue(anno_llm_responses=[]),
        dialogue(anno_llm_responses={"GPT4": {"response": "x", "annotation": {}}}),
        dialogue(
            anno_llm_responses={
                "GPT4": {"response": "x", "annotation": dict(MARKS, Coherence="Maybe")}
            }
        ),
        "text",
    ],
)
def test_a_dialogue_of_another_form_is_named(tmp_path: Path, broken: object) -> None:
    with pytest.raises(ContentError, match="dialogue 1 is not as in MRBench"):
        load_judged(written(tmp_path, dialogue(), broken))


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mrbench.json"
    path.write_text("[", encoding="utf-8")
    with pytest.raises(ContentError, match="cannot be read"):
        load_judged(path)
