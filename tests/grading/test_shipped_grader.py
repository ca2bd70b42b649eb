"""The weights that are shipped load offline and tell plain cases apart."""

from tutor_app.factory import build_answer_scorer
from tutor_app.grading.judged import Example
from tutor_app.settings import CHECKOUT, Settings

QUESTION = "Why does the bulb light up?"
REFERENCES = ["The bulb and the battery are in a closed path.", "There is a closed circuit."]


def test_right_answers_come_before_denials_and_before_other_things(tmp_path):
    scorer = build_answer_scorer(Settings(home=tmp_path))
    assert scorer.name.startswith("grader-0.2:")
    assert scorer.pairs is not None
    found = scorer.probabilities(
        QUESTION,
        REFERENCES,
        [
            "the bulb is in a closed path with the battery",
            "the bulb is not in a closed path, the path is open",
            "because I like bulbs",
            "",
        ],
    )
    assert found[0].argmax() == 0
    assert found[0, 0] > found[1, 0] > found[2, 0]
    assert found[1, 1] > found[0, 1]
    assert scorer.decide(found).tolist()[2:] == [2, 2]
    taught = scorer.probabilities(
        QUESTION,
        REFERENCES,
        ["because I like bulbs"],
        [
            *(Example.of_class(f"I like bulbs {n}", 0) for n in range(4)),
            *(Example.of_class(f"the battery is old {n}", 2) for n in range(4)),
        ],
    )
    assert taught[0, 0] > found[2, 0]


def test_the_weights_are_small_and_hold_no_pickle():
    files = list((CHECKOUT / "models/grader-0.2").iterdir())
    assert sum(path.stat().st_size for path in files) < 40_000_000
    assert {path.suffix for path in files} == {".safetensors", ".onnx", ".json", ".md"}
