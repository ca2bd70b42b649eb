import pytest

from tutor_app.tutoring.outside.context import OutsideContext
from tutor_app.tutoring.outside.forms import Form, shape_of
from tutor_app.tutoring.outside.respond import respond
from tutor_app.tutoring.outside.talk import Answer, Talk, answer_of, talk_of


@pytest.mark.parametrize(
    ("asked", "talk"),
    [
        ("Is 24 your final answer?", Talk.FINAL),
        ("Do you need any help with it?", Talk.HELP),
        ("Is there anything else before we end?", Talk.END),
        ("Did you understand the picture?", Talk.CLEAR),
        ("Would you like to give it a try?", Talk.READY),
        ("How many tiles are red?", Talk.NONE),
    ],
)
def test_a_question_about_the_talk_is_told_from_one_about_the_matter(asked, talk):
    assert talk_of(asked) is talk


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("yes maam", Answer.YES),
        ("no?", Answer.NO),
        ("a little bit", Answer.PARTLY),
        ("is it C", Answer.LETTER),
        ("it is 11?", Answer.NUMBER),
        ("so 5 times 20", Answer.EXPRESSION),
        ("by multyplying", Answer.OPERATION),
        ("am i right", Answer.CHECK),
        ("i got it already", Answer.CHAT),
        ("a box has six faces", Answer.MIXED),
        ("the long side", Answer.WORDS),
        ("...", Answer.NONE),
    ],
)
def test_the_kind_of_a_short_answer_is_read(said, answer):
    assert answer_of(said) is answer


@pytest.mark.parametrize(
    ("asked", "shape"),
    [
        ("What is meant by a unit?", (Form.MEANING, "unit")),
        ("What are we asked to find?", (Form.OTHER, "")),
        ("How many red tiles are there?", (Form.COUNT, "red tiles")),
        (
            "How do we know that the sides are equal?",
            (Form.REASON, "the sides are equal"),
        ),
        ("Which property lets us swap the numbers?", (Form.SORT, "property")),
        ("What is the height of the tower?", (Form.QUANTITY, "height")),
    ],
)
def test_the_form_of_a_question_is_read(asked, shape):
    assert shape_of(asked) == shape


def reply_to(*lines):
    roles = ("tutor", "learner")
    history = [{"role": roles[n % 2], "text": text} for n, text in enumerate(lines)]
    return respond(OutsideContext.model_validate({"id": "a", "history": history})).reply


def test_yes_to_a_final_answer_goes_back_to_that_answer():
    reply = reply_to("How far is the mill?", "17 km", "Is that your final answer?", "yes")
    assert "17 km" in reply


def test_no_to_an_offer_of_help_is_not_held_against_the_offer():
    reply = reply_to("Do you need help from me?", "no")
    assert "“no”" in reply
    assert "Do you need help" not in reply


def test_a_number_where_a_formula_was_asked_for():
    assert "formula" in reply_to("What is the formula for the area of a kite?", "31")


def test_a_learner_who_wrote_nothing_still_gets_a_first_step():
    reply = reply_to("What is 14 minus 8 equal to?", "")
    assert reply.endswith("?")
