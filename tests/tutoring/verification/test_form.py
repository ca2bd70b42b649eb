import pytest

from tutor_app.tutoring.verification.form import check_form, count_words

GOOD = "You used the whole 20 m. Which energy does the ball have before you let it go?"


def test_a_good_turn_passes(build) -> None:
    assert check_form(GOOD, build()).passed


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "empty"),
        ("...", "empty"),
        ("word " * 46 + ".", "46 words"),
        ("What is zero? And what is not?", "2 questions"),
        ("Look at the energy at the", "middle of a sentence"),
        ("Great job! What is zero at the top?", "praises"),
        ("Good try, but look again at the top.", "praises"),
        ("Keep it up! What is zero?", "praises"),
        ("What is zero? Let me know if you need more.", "offers help"),
        ("As an AI I see no height in it.", "model"),
        ("The energy drops. Do you understand?", "understood"),
        ("# Energy\nWhat is zero?", "heading"),
        ("Look! There! Now what is zero?", "exclamations"),
        ("What is zero at the top? 🚀", "emoji"),
        ("<script>alert(1)</script> What is zero?", "HTML"),
        ("Look at ![this](x.png). What is zero?", "image"),
        ("See https://example.org for it.", "link"),
        ("Welche Energie hat der Ball, wenn er ganz oben ist und nicht fällt?", "language"),
        ("它的能量是什么？", "language"),
        ("What is\u202e zero at the top?", "invisible"),
    ],
)
def test_a_bad_turn_fails_with_its_reason(build, reply: str, reason: str) -> None:
    result = check_form(reply, build())
    assert not result.passed
    assert reason in result.reason


def test_naming_what_is_good_is_no_empty_praise(build) -> None:
    reply = "Good use of the height: the 20 m belongs there. What is missing?"
    assert check_form(reply, build()).passed


def test_the_move_sets_the_length_and_the_questions(build) -> None:
    reply = "What is zero? " * 3 + "word " * 50 + "."
    assert check_form(reply, build(move={"max_words": 100, "max_questions": 3})).passed


def test_a_formula_counts_as_one_word_and_a_mark_as_none() -> None:
    assert count_words("Use $m g h = 5$ here [1].") == 3


def test_a_formula_is_not_named_at_the_nudge_level(build) -> None:
    reply = "Use v = u + a t here."
    assert not check_form(reply, build(level="nudge")).passed
    assert check_form(reply, build(level="concept")).passed
    assert check_form("Take g = 9.8 m/s² as given.", build(level="nudge")).passed


def test_the_previous_reply_is_not_repeated(build) -> None:
    context = build(previous_replies=[GOOD])
    assert not check_form(GOOD.replace("energy", "Energy"), context).passed
    assert check_form("What is left of it at the ground?", context).passed


def test_the_problem_is_not_restated(build) -> None:
    reply = "A ball is dropped from rest from a height of 20 m. What now?"
    assert not check_form(reply, build()).passed


def test_a_short_reply_in_no_language_passes(build) -> None:
    assert check_form("m g h?", build()).passed
