from tutor_app.ui.instructor.grading.evidence_view import Mark, letter, marked_html


def test_a_mark_has_the_letter_of_its_criterion_after_its_last_character() -> None:
    html = marked_html("It needs energy to pump.", [Mark(9, 15, 1)])
    assert html == ('It needs <mark class="tint-1">energy<b class="letter">B</b></mark> to pump.')


def test_marks_that_overlap_keep_every_character_once_and_each_letter_at_its_own_end() -> None:
    html = marked_html("abcdef", [Mark(0, 4, 0), Mark(2, 6, 2)])
    assert html == (
        '<mark class="tint-0">ab</mark>'
        '<mark class="tint-0">cd<b class="letter">A</b></mark>'
        '<mark class="tint-2">ef<b class="letter">C</b></mark>'
    )


def test_what_a_student_writes_never_acts_as_html() -> None:
    html = marked_html('<img src=x onerror="alert(1)"> & more', [Mark(0, 4, 0)])
    assert "<img" not in html
    assert html.startswith('<mark class="tint-0">&lt;img<b')
    assert html.endswith("&amp; more")


def test_a_character_that_nobody_sees_is_shown_as_its_code() -> None:
    assert marked_html("full\u200bmarks", []) == 'full<span class="unseen">U+200B</span>marks'


def test_evidence_that_lies_outside_the_shown_text_is_left_out() -> None:
    assert marked_html("short", [Mark(3, 99, 0)]) == "short"


def test_criteria_beyond_the_alphabet_have_letters_of_their_own() -> None:
    letters = [letter(place) for place in range(60)]
    assert letters[:2] == ["A", "B"]
    assert len(set(letters)) == 60
