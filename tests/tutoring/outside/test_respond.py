"""Ten small problems, each with another kind of error; the replies are checked as a set."""

import re

import pytest

from tutor_app.domain.dialogue import Candidate
from tutor_app.tutoring.outside.context import OutsideContext
from tutor_app.tutoring.outside.respond import prepare, respond

PROBLEMS = [
    (
        "sign",
        "Ana counts 18 candles on the cake. Four of them were blown out and put back. "
        "How many candles burned at first if 18 burn now?",
        "18 burn now and 4 were blown out, so 18 + 4 = 22 burned at first.\n22",
        "There are 18 candles and four went out, so 18 - 4 = 14.",
        "18 - 4 = 14",
    ),
    (
        "whole",
        "A band has 48 players, and half of them are drummers. On Sunday half the drummers "
        "are ill. Two guests help out. How many people drum on Sunday?",
        "48 / 2 = 24 drummers.\n24 / 2 = 12 are well.\n12 + 2 = 14 people drum.\n14",
        "Half of the band is ill, so 48/2 = 24. With the guests 24 + 2 = 26.",
        "24 + 2 = 26",
    ),
    (
        "slip",
        "A crate holds 34 melons. A lorry brings 7 crates. How many melons are there?",
        "34 * 7 = 238 melons\n238",
        "I did 34 x 7 = 218 melons.",
        "34 x 7 = 218",
    ),
    (
        "twice",
        "A shop sold 12 lamps on Monday, 9 on Tuesday and 20 at the fair. It wanted to sell 60. "
        "How many lamps was it short?",
        "12 + 9 + 20 = 41 lamps.\n60 - 41 = 19 lamps short.\n19",
        "12 + 9 + 20 = 41. With the fair 41 + 20 = 61 lamps, so none short.",
        "41 + 20 = 61",
    ),
    (
        "early",
        "Tom saves $15 a week for 6 weeks and then spends $40. How much money is left?",
        "15 * 6 = 90 dollars saved.\n90 - 40 = 50 dollars left.\n50",
        "15 x 6 = 90, so the answer is $90.",
        "$90",
    ),
    (
        "skipped",
        "A bus ticket costs $3 one way. Mia and her two cousins ride there and back and buy one "
        "map for $5. What do they pay?",
        "They are 1 + 2 = 3 people.\nThere and back costs 3 * 2 = 6 dollars each.\n"
        "All tickets cost 6 * 3 = 18 dollars.\nWith the map 18 + 5 = 23 dollars.\n23",
        "3 + 5 = 8, so they pay $8.",
        "3 + 5 = 8",
    ),
    (
        "percent",
        "A coat costs $80. In the sale it is 25% cheaper. How much does it cost now?",
        "80 * 0.25 = 20 dollars off.\n80 - 20 = 60 dollars.\n60",
        "80 x 25% = 20 and then 80 + 20 = 100 dollars.",
        "80 + 20 = 100",
    ),
    (
        "equation",
        "Twice a number and 6 more make 30. Which number is it?",
        "30 - 6 = 24\n24 / 2 = 12\n12",
        "2x + 6 = 30\n2x = 36\nx = 18\n18",
        "2x = 36",
    ),
    (
        "bare",
        "Nine rows have 14 seats each, and 20 seats are broken. How many can be used?",
        "9 * 14 = 126 seats\n126 - 20 = 106 seats\n106",
        "It is 146.",
        "146",
    ),
    (
        "step",
        "A rope of 63 m is cut into pieces of 9 m, and 2 pieces get lost. How many are left?",
        "63 / 9 = 7 pieces\n7 - 2 = 5 pieces\n5",
        "63 / 9 = 7 pieces",
        "7 pieces",
    ),
]


def context(name, problem, reference, said, *earlier):
    history = [{"role": "tutor", "text": "How did you do it?"}, *earlier]
    return OutsideContext.model_validate(
        {
            "id": name,
            "problem": problem,
            "reference_solution": reference,
            "history": [*history, {"role": "learner", "text": said}],
        }
    )


@pytest.mark.parametrize(("name", "problem", "reference", "said", "own"), PROBLEMS)
def test_the_reply_passes_points_at_the_learners_line_and_keeps_the_result_back(
    name, problem, reference, said, own
):
    reply = respond(context(name, problem, reference, said))
    assert all(verdict.passed for verdict in reply.verdicts)
    assert own in reply.reply
    assert len(reply.reply.split()) <= 45
    assert re.sub(r"“[^”]*”", "", reply.reply).count("?") <= 1
    answer = reference.splitlines()[-1]
    assert answer not in re.findall(r"\d+", reply.reply.replace(own, ""))


def test_the_replies_differ_in_more_than_what_is_filled_in():
    replies = [respond(context(*row[:4])).reply for row in PROBLEMS]
    frames = {re.sub(r"“[^”]*”|[$\d][\d,.]*", "_", reply) for reply in replies}
    assert len(frames) == len(PROBLEMS)


def test_a_right_answer_is_told_with_what_made_it_right():
    name, problem, reference, *_ = PROBLEMS[4]
    reply = respond(context(name, problem, reference, "15 x 6 = 90 and 90 - 40 = 50 dollars left"))
    assert reply.move.situation == "right"
    assert "90 - 40 = 50" in reply.reply


def test_the_same_hint_is_not_given_twice():
    name, problem, reference, said, _ = PROBLEMS[0]
    first = respond(context(name, problem, reference, said)).reply
    before = [{"role": "learner", "text": said}, {"role": "tutor", "text": first}]
    again = respond(context(name, problem, reference, said, *before)).reply
    assert again != first
    assert "18 - 4 = 14" in again


def test_after_three_questions_something_is_taught():
    name, problem, reference, said, _ = PROBLEMS[1]
    line = {"role": "learner", "text": said}
    talk = [line, {"role": "tutor", "text": "Who is ill?"}] * 3
    reply = respond(context(name, problem, reference, said, *talk))
    assert (reply.move.kind, reply.move.situation) == ("tell", "teach")


def test_without_a_reference_the_last_question_counts():
    history = [
        {"role": "tutor", "text": "What is the difference between 52 and 17?"},
        {"role": "learner", "text": "45"},
    ]
    reply = respond(OutsideContext.model_validate({"id": "a", "history": history}))
    assert "ones of 52 and 17" in reply.reply
    assert "35" not in reply.reply


@pytest.mark.parametrize("said", ["", "???", "x" * 20_000, "= = =", "1/0 = 5", "((((((", "a\x00b"])
def test_no_line_of_a_learner_stops_it(said):
    name, problem, reference, *_ = PROBLEMS[2]
    assert respond(context(name, problem, reference, said)).reply


def test_a_model_words_the_same_move_and_is_verified():
    name, problem, reference, said, _ = PROBLEMS[2]
    seen = []

    def speak(material):
        seen.append(material)
        yield Candidate(text="The answer is 238.", source="model")
        yield Candidate(
            text="Look at 34 x 7 = 218 again. How could you split it into two parts?",
            source="model",
        )

    reply = respond(context(name, problem, reference, said), speak)
    assert reply.source == "model"
    assert reply.reply.startswith("Look at 34 x 7")
    material = seen[0]
    hint = material.item.hints_for(material.move.step)[0].text
    assert "34 x 7 = 218" in hint
    assert "238" not in hint


def test_the_item_in_memory_withholds_every_result():
    prepared = prepare(context(*PROBLEMS[3][:4]))
    assert [s.value for s in prepared.item.steps] == ["41", "19"]
    assert prepared.item.steps[0].goal
    assert prepared.solution.answer is not None
    assert prepared.solution.answer.value == 19
