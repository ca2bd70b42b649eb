from tutor_app.ui.passages import cited_sentence, marked

PASSAGE = (
    "A falling ball shows this well. At the moment of release it is at rest.\n\n"
    "While the height shrinks, the speed grows.\n\n$$E = m g h$$\n\n"
    "- On the way up a thrown ball runs the same exchange backward."
)


def test_the_sentence_with_the_most_common_words_is_the_cited_one() -> None:
    reply = "As the height shrinks the speed grows [1]. What follows?"
    assert cited_sentence(reply, 1, PASSAGE) == "While the height shrinks, the speed grows."


def test_a_mark_after_the_question_still_finds_its_sentence() -> None:
    reply = "Is the ball at rest at the moment of release? [1]"
    assert "moment of release" in cited_sentence(reply, 1, PASSAGE)


def test_a_list_item_is_marked_without_its_bullet() -> None:
    sentence = cited_sentence("The thrown ball runs backward [1].", 1, PASSAGE)
    assert f"- :primary-background[{sentence}]" in marked(PASSAGE, sentence)


def test_nothing_in_common_marks_nothing() -> None:
    assert cited_sentence("Entirely other words [1].", 1, PASSAGE) == ""
    assert marked(PASSAGE, "") == PASSAGE


def test_a_line_of_code_is_never_the_cited_sentence() -> None:
    passage = (
        "A loop repeats.\n\n```python\n# a loop repeats its body here\nwhile True: body()\n```"
    )
    assert cited_sentence("A loop repeats its body here [1].", 1, passage) == "A loop repeats."
