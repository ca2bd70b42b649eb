from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.domain.dialogue import Candidate
from tutor_app.tutoring.verification import verify

_PIECES = st.sampled_from(
    "19.8 1e999 9**9**9 √ sqrt half twice ( ) [1] [99] \\frac{1}{0} $ / - = is 0x 0b101 %41 "
    "\\u0031 "
    "MTkuOA== 十 "
    "½ ² nineteen point and a billion divided by zero it that between to about . ! ? “ ” "
    "c not yes XIX 🔟 \u200b m/s ° % sin then , : 1,2,3 <b> &#0; {} \\sqrt[3]{8} #1".split(" ")
)


def test_every_check_runs_whatever_the_others_say(build) -> None:
    checked = verify(Candidate(text="Great job! It is 19.8 m/s", source="model"), build())
    assert [check.name for check in checked.checks] == ["leakage", "numbers", "grounding", "form"]
    assert [check.passed for check in checked.checks] == [False, False, True, False]
    assert not checked.passed


def test_a_good_candidate_passes_and_keeps_its_text(build) -> None:
    text = "Which energy does the ball have at the top, and which at the ground?"
    checked = verify(Candidate(text=text, source="hint"), build())
    assert checked.passed
    assert checked.text == text


def test_a_worked_parallel_is_released_at_its_level(build) -> None:
    text = (
        "One of the same kind. A ball is dropped from rest from a height of 45 m. "
        "How fast does it land? g is 9.8 m/s².\n\nThe last line is yours."
    )
    context = build(
        level="similar example",
        computed=frozenset({45.0, 9.8}),
        move={"max_words": 160},
    )
    assert verify(Candidate(text=text, source="hint"), context).passed
    assert not verify(Candidate(text=f"{text} It is 19.8 m/s.", source="hint"), context).passed


@given(st.lists(_PIECES, max_size=40), st.sampled_from(["", " "]), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_check_raise(build, pieces: list[str], glue: str, noise: str) -> None:
    text = glue.join(pieces) + noise
    for item in ("drop", "bounce", "rising", "airbag"):
        context = build(
            item,
            learner_texts=[noise, text],
            counted_texts=[text[::-1]],
            previous_replies=[text[:40]],
            passages=(noise,),
        )
        assert len(verify(Candidate(text=text, source="model"), context).checks) == 4
