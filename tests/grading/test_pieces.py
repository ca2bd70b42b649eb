from tutor_app.grading.pieces import take_apart

QUESTION = "Why does the heavy truck need more time to stop than the small car does?"


def test_a_scrap_is_quoted_with_the_sentence_around_it() -> None:
    text = "It rolls, because the mass of it is larger. That is all there is to it."
    pieces = take_apart(text, QUESTION)
    shown = {text[slice(*pieces.to_show(n))] for n in range(len(pieces.spans))}
    assert "It rolls" in pieces.texts
    assert "It rolls" not in shown
    assert "It rolls, because the mass of it is larger." in shown


def test_clauses_of_a_copied_sentence_are_left_out_with_it() -> None:
    pieces = take_apart(f"{QUESTION} Its momentum is larger.", QUESTION)
    assert pieces.texts == ["Its momentum is larger."]
    assert pieces.copied > 0


def test_the_end_of_a_very_long_answer_is_not_read_and_counted() -> None:
    text = "This sentence is repeated many a time. " * 5_000
    pieces = take_apart(text, QUESTION)
    assert pieces.unread > 100_000
    assert len(pieces.spans) < 100
