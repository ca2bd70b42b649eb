from tutor_app.tutoring.verification.grounding import (
    check_grounding,
    cited_claims,
    fit_threshold,
    foreign_numbers,
    support,
)

ENERGY = (
    "Kinetic energy belongs to motion. It is one half of the mass times the square of the speed. "
    "Gravitational potential energy belongs to height above a level that you choose."
)


def test_a_quote_of_the_learner_must_be_verbatim(build) -> None:
    context = build(learner_texts=["I used the  whole height"])
    assert check_grounding("You wrote “I used the whole height”. Which one?", context).passed
    result = check_grounding("You wrote “I used half the height”. Which one?", context)
    assert not result.passed
    assert "nobody wrote" in result.reason


def test_a_quote_may_leave_words_out(build) -> None:
    context = build(learner_texts=["I used the mass and then the whole height"])
    assert check_grounding("You said “I used ... the whole height”.", context).passed


def test_a_quote_of_the_course_must_stand_there(build) -> None:
    context = build(passages=(ENERGY,))
    assert check_grounding("The course says “Kinetic energy belongs to motion”.", context).passed
    assert not check_grounding("The course says “Energy is motion”.", context).passed


def test_words_in_quotation_marks_that_nobody_is_said_to_have_said_pass(build) -> None:
    assert check_grounding("Finish it: “the force exerted by ...”.", build()).passed


def test_a_citation_needs_a_passage_of_that_number(build) -> None:
    result = check_grounding("Energy of motion is kinetic [2].", build(passages=(ENERGY,)))
    assert not result.passed
    assert "[2]" in result.reason


def test_a_cited_sentence_must_share_its_terms_with_the_passage(build) -> None:
    context = build(passages=(ENERGY,))
    assert check_grounding("Kinetic energy belongs to motion [1].", context).passed
    assert not check_grounding("Momentum is conserved in collisions [1].", context).passed


def test_a_cited_sentence_must_not_bring_its_own_numbers(build) -> None:
    context = build(passages=(ENERGY,))
    reply = "Kinetic energy is 0.7 of the mass times the square of the speed [1]."
    assert not check_grounding(reply, context).passed


def test_a_cited_question_need_only_be_about_the_passage(build) -> None:
    context = build(passages=(ENERGY,))
    assert check_grounding(
        "Which kinetic energy does the ball have at the top? [1]", context
    ).passed
    assert not check_grounding("Which banana is ripe and yellow? [1]", context).passed


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    assert cited_claims("First one. Second one. [1] Third.") == [("Second one.", 1)]


def test_a_contradiction_scores_below_a_paraphrase() -> None:
    passage = "A longer stop means a smaller force. The change in momentum is the same."
    same = support("A longer stop gives a smaller force.", passage)
    assert same > support("A longer stop gives a larger force.", passage)


def test_the_threshold_separates_what_can_be_separated() -> None:
    pairs = [
        ("Kinetic energy belongs to motion.", ENERGY, True),
        ("Potential energy belongs to height.", ENERGY, True),
        ("Bananas are yellow.", ENERGY, False),
        ("Kinetic energy is 7 J.", ENERGY, False),
    ]
    limit = fit_threshold(pairs)
    for sentence, passage, supported in pairs:
        carried = support(sentence, passage) >= limit and not foreign_numbers(sentence, passage)
        assert carried is supported
