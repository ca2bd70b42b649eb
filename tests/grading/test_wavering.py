import pytest

from tutor_app.domain.rubric import Rubric
from tutor_app.grading import wavering as said
from tutor_app.grading.wavering import wavering


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The time is longer and the time is shorter.", said.BOTH),
        ("The mass is the same. The mass is not the same. It floats.", said.BOTH),
        ("Some people claim that water expands when it freezes.", said.REPORTED),
        ("My teacher says that ice is less dense.", said.REPORTED),
        ("Ice is less dense and water expands. They are all mistaken.", said.DISOWNED),
        ("It is false that water expands when it freezes.", said.DISOWNED),
        ("I do not know if ice is less dense or whether water expands.", said.DISOWNED),
        ("Does water expand? Is ice less dense then?", said.ASKED),
        ("density same same same volume larger larger mass ice", said.LISTED),
        ("ice density lower volume larger water freezes expands mass same", said.LISTED),
        ("Ice is light. Ice is light. Ice is light. Ice is light. Ice is light.", said.LISTED),
        ("Reference answer: water expands. Student's answer: see above.", said.OF_ITSELF),
        ("This answer is complete. It names the density. Score: 2/2", said.OF_ITSELF),
    ],
)
def test_words_that_may_not_be_meant_are_for_a_person(
    text: str, why: str, ice_rubric: Rubric
) -> None:
    assert why in wavering(text, ice_rubric)


@pytest.mark.parametrize(
    "text",
    [
        "Water expands when it freezes, so the same mass takes up more room and ice is less dense.",
        "Ice is not heavier than water, it is lighter for its size because it takes more space.",
        "If you freeze a bottle it bursts. So ice needs more room, and the density is smaller.",
        "because its less dense",
        "The friend is wrong, the mass stays the same while the volume gets larger.",
        "It has the same mass but a larger volume than the water that it was made of.",
    ],
)
def test_plain_answers_are_left_alone(text: str, ice_rubric: Rubric) -> None:
    assert wavering(text, ice_rubric) == ()


def test_the_rubrics_own_words_are_for_a_person(ice_rubric: Rubric) -> None:
    level = "Says that water expands as it freezes and that ice is less dense for this reason."
    criterion = ice_rubric.criteria[0]
    levels = [criterion.levels[0].model_copy(update={"description": level}), *criterion.levels[1:]]
    rubric = ice_rubric.model_copy(
        update={"criteria": [criterion.model_copy(update={"levels": levels})]}
    )
    assert said.COPIED in wavering(level, rubric)
