"""A whole turn on a program: diagnosis, plan, wording and what may not be said."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.answer import Verdict
from tutor_app.domain.course import HintLevel, Policy
from tutor_app.domain.dialogue import Candidate, State, Turn
from tutor_app.domain.passage import Passage
from tutor_app.storage.store import Store
from tutor_app.tutoring.code_diagnosis import looks_like_code, program_in
from tutor_app.tutoring.diagnosis import Ears
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.plan import next_rung
from tutor_app.tutoring.simulated_learner import right_answer, wrong_answers
from tutor_app.tutoring.speakers import Speakers
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.tutor import Tutor

CHECKOUT = Path(__file__).parents[2]
COURSE, ITEM = "small-python", "count-vowels"
LINES = ("def count_vowels(text):", "    count = 0", "    for letter in text:",
         '        if letter in "aeiou":', "            count += 1", "    return count")  # fmt: skip
RIGHT = "\n".join(LINES)
WRONG = RIGHT.replace("    return count", "        return count")


class Nowhere:
    """A search that finds nothing."""

    def search(self, *_: object, **__: object) -> list[Passage]:
        return []

    def passages_in(self, course_id: str, section: str) -> list[Passage]:
        return []


def intent(text: str) -> Intent:
    for word, name in (("stuck", "stuck"), ("hurt myself", "unsafe"), ("wrong check", "disputes")):
        if word in text:
            return Intent(name, 1.0)
    return Intent("attempt", 1.0)


@pytest.fixture
def tutor(tmp_path: Path, clock) -> Iterator[Tutor]:
    catalogue = Catalogue(
        [CHECKOUT / "tests/content", CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"]
    )
    ears = Ears(intent=intent, judge=lambda text, rubric: [], saying=lambda text, item: "")
    with Store(tmp_path / "tutor.db") as store:
        yield Tutor(catalogue, store, Nowhere(), ears, clock=clock)


def say(tutor: Tutor, *texts: str | tuple[str, str], item: str = ITEM) -> list[Turn]:
    dialogue = tutor.start("l", COURSE, item)
    turns = []
    for number, said in enumerate(texts):
        channel, text = said if isinstance(said, tuple) else ("answer", said)
        now = tutor.store.dialogue(dialogue.id)
        turns.append(tutor.respond(now, text, f"{dialogue.id}-{number}", channel).turn)  # type: ignore[arg-type]
    return turns


def test_a_mal_rule_gets_its_question_with_what_the_program_gave(tutor: Tutor) -> None:
    [turn] = say(tutor, WRONG)
    assert turn.diagnosis.misconception == "return-in-loop"
    assert turn.diagnosis.steps_shown == ("look",)
    assert turn.diagnosis.counted
    assert turn.reply.startswith("Your function gives `0` for “banana”.")


def test_the_failing_test_begins_the_reply_where_no_mal_rule_fits(tutor: Tutor) -> None:
    [turn] = say(tutor, "def count_vowels(text):\n    return len(text)")
    assert turn.diagnosis.state is State.WRONG
    assert turn.reply.startswith('`count_vowels("xyz")` gives `3`.')
    assert turn.diagnosis.step == "look"


PRINTS = RIGHT.replace("    return count", "    print(count)")


def test_printing_instead_of_returning_is_asked_about(tutor: Tutor) -> None:
    first, second = say(tutor, PRINTS, PRINTS)
    assert first.diagnosis.counted
    assert first.move.situation == "printed"
    assert first.reply.startswith('`count_vowels("xyz")` gives `None` (nothing is returned).')
    assert "give" in first.reply or "get" in first.reply
    assert "return count" not in first.reply
    assert second.move.situation != "printed"


def test_printing_something_else_is_not_taken_for_a_printed_result(tutor: Tutor) -> None:
    [turn] = say(tutor, "def count_vowels(text):\n    print(text, 10, 0.5)")
    assert turn.diagnosis.state is State.WRONG
    assert turn.move.situation != "printed"


def test_a_step_whose_own_test_fails_is_not_implied_by_a_later_one(tutor: Tutor) -> None:
    # the tests of `count` pass, and the one of `look` does not
    odd = "def count_vowels(text):\n    return sum(c in 'aeiou' for c in text) or 7"
    [turn] = say(tutor, odd)
    assert turn.diagnosis.steps_shown == ("count",)
    assert turn.diagnosis.step == "look"


def test_a_program_that_uses_what_it_should_do_without_costs_nothing(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "python-basics", "lists-largest")
    text = "def largest(numbers):\n    return max(numbers)"
    turn = tutor.respond(dialogue, text, "t", "answer").turn
    assert turn.diagnosis.state is State.CANNOT_TELL
    assert not turn.diagnosis.counted
    assert "uses `max`; this exercise asks you to do without it" in turn.reply
    assert not tutor.store.evidence("l", "python-basics")


def test_a_start_that_fails_is_what_help_is_about(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "python-basics", "lists-largest")
    zero = (
        "def largest(numbers):\n    best = 0\n    for n in numbers:\n        if n > best:\n"
        "            best = n\n    return best"
    )
    tutor.respond(dialogue, zero, "a", "answer")
    turn = tutor.respond(tutor.store.dialogue(dialogue.id), "", "b", "help").turn
    assert turn.diagnosis.step == "start"
    assert "after the very first card" in turn.reply


def test_an_early_return_is_asked_about_and_helped_with_as_such(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "python-basics", "lists-largest")
    early = (
        "def largest(numbers):\n    best = numbers[0]\n    for n in numbers:\n"
        "        if n > best:\n            best = n\n            return best"
    )
    turn = tutor.respond(dialogue, early, "a", "answer").turn
    assert turn.diagnosis.misconception == "returns-at-the-first-larger"
    assert "gives `None` for [9, 1, 2]" in turn.reply
    helped = tutor.respond(tutor.store.dialogue(dialogue.id), "", "b", "help").turn
    assert helped.diagnosis.step == "replace"


def test_a_program_that_only_fails_hidden_tests_hears_what_they_are_about(tutor: Tutor) -> None:
    cheat = "def count_vowels(text):\n    return 3 if text == 'banana' else 0"
    turn = say(tutor, cheat, cheat)[-1]
    assert "a whole sentence" in turn.reply
    assert "many a small bird" not in turn.model_dump_json()


def test_a_right_program_closes_the_item_with_evidence(tutor: Tutor) -> None:
    [turn] = say(tutor, RIGHT)
    assert turn.diagnosis.state is State.RIGHT
    assert turn.move.closes
    assert [e.correct for e in tutor.store.evidence("l", COURSE)] == [True]


def test_the_tests_of_a_step_show_it_and_the_next_step_is_named(tutor: Tutor) -> None:
    fresh = "def count_vowels(text):\n    return text.count('e')"
    [turn] = say(tutor, fresh)
    assert turn.diagnosis.state is State.STEP_RIGHT
    assert turn.diagnosis.steps_shown == ("look",)
    assert not turn.diagnosis.counted
    assert "look at every letter" in turn.reply.lower()


def test_what_cannot_run_costs_no_attempt_and_names_the_line(tutor: Tutor) -> None:
    [turn] = say(tutor, RIGHT.replace("(text):", "(text)", 1))
    assert turn.diagnosis.state is State.CANNOT_TELL
    assert not turn.diagnosis.counted
    assert "line 1: a colon is missing" in turn.reply


def test_an_unchanged_starter_is_no_attempt(tutor: Tutor) -> None:
    [turn] = say(tutor, "def count_vowels(text):\n    ...")
    assert turn.diagnosis.state is State.NO_ATTEMPT
    assert not turn.diagnosis.counted


def test_words_in_the_editor_are_heard_as_words(tutor: Tutor) -> None:
    stuck, unsafe = say(tutor, "i am stuck here", "i want to hurt myself")
    assert stuck.diagnosis.state is State.STUCK
    assert unsafe.diagnosis.state is State.UNSAFE
    assert "somebody you trust" in unsafe.reply


def test_a_program_in_the_chat_is_run_and_talk_about_code_is_not(tutor: Tutor) -> None:
    talk, code = say(
        tutor, ("chat", "does the loop look at each letter?"), ("chat", f"```python\n{RIGHT}\n```")
    )
    assert talk.diagnosis.check is None
    assert code.diagnosis.state is State.RIGHT


def test_a_dispute_runs_the_program_again_and_passes_it_on(tutor: Tutor) -> None:
    turn = say(tutor, WRONG, ("dispute", ""))[-1]
    assert turn.diagnosis.state is State.DISPUTES
    assert turn.diagnosis.check is not None
    assert turn.diagnosis.check.verdict is Verdict.WRONG
    assert turn.reply.startswith("I ran your program again.")
    assert "passed on to your instructor" in turn.reply


def test_an_endless_loop_is_answered_with_its_reason(tutor: Tutor) -> None:
    [turn] = say(tutor, "while True: pass", item="add-two")
    assert turn.diagnosis.counted
    assert "does not come to an end" in turn.reply


def test_an_endless_loop_is_asked_about_before_the_hints_go_on(tutor: Tutor) -> None:
    endless = "def count_vowels(text):\n    while True:\n        pass"
    first, second = say(tutor, endless, endless)
    assert first.move.situation == "endless"
    assert re.search(r"Which lines? .*repeats|again and again", first.reply)
    assert first.reply.endswith("?")
    assert second.move.situation == "nudge"


def test_no_policy_opens_the_finished_program(tutor: Tutor) -> None:
    item = tutor.prepare(COURSE, ITEM).item
    generous = Policy(show_answer=True, attempts_before={level: 0 for level in HintLevel})
    rungs = {step.id: HintLevel.EXAMPLE for step in item.steps}
    tried = DialogueState(attempts=9, rungs=rungs, example=True)
    assert next_rung(item, "count", tried, generous) is None
    dialogue = tutor.start("l", COURSE, ITEM).model_copy(update={"support": "faded"})
    assert tutor.opening(dialogue).text == ""


def test_no_reply_of_a_long_dialogue_holds_a_line_the_learner_did_not_write(tutor: Tutor) -> None:
    bad = "def count_vowels(text):\n    return 5"
    turns = say(tutor, bad, ("help", ""), ("help", ""), bad, ("help", ""), ("chat", "just tell me"),
                ("chat", "should I move the return out of the loop?"), bad, bad, bad)  # fmt: skip
    for turn in turns:
        assert not [line for line in LINES[1:] if line.strip() in turn.reply], turn.reply


def test_what_the_simulated_learner_types_is_judged_as_meant(tutor: Tutor) -> None:
    prepared = tutor.prepare(COURSE, ITEM)
    right, *wrong = (
        say(tutor, right_answer(prepared)),
        *map(lambda text: say(tutor, text), wrong_answers(prepared)),
    )
    assert right[0].diagnosis.state is State.RIGHT
    assert [w[0].diagnosis.misconception for w in wrong] == ["return-in-loop", "counts-kinds"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1\nprint(x)", True),
        ("def f(a):\n    return a", True),
        ("I think the loop is wrong\nbecause it stops", False),
        ("why does return end it?", False),
        ("if I call it with 3: what comes?\nI get 2", False),
    ],
)
def test_code_is_told_from_talk(text: str, code: bool) -> None:
    assert looks_like_code(text) is code
    assert bool(program_in(text)) is code


LEAKS = [
    "Write `count += 1` there. What changes?",
    "Write count += 1 there. What changes?",
    "What if you had `total += 1` there?",
    "Try `total = total + 1` in the loop. What changes?",
    'Use `if c in "aeiou":` inside. What then?',
    "Use if c in 'aeiou': inside. What then?",
    "Start with count = 0. What next?",
    "What does `for ch in text:` do here?",
    "```python\ndef count_vowels(text):\n    return sum(c in 'aeiou' for c in text)\n```",
    "Look at `return sum(c in 'aeiou' for c in text)`. What is it?",
    "Move the return out of the loop. What changes?",
    "What happens if you move your return statement outside the loop?",
    "The return should be after the loop, right?",
    "You need a return after the loop. Where does yours stand?",
    "Unindent the last line once. What changes?",
    "Your return line needs to be indented less, below the loop. See?",
    "Replace `len(text)` with `count`. What comes?",
]
HONEST = [
    "How many times should the last word appear for 50, and how many times for 0?",
    "The first line that is not indented is carried out once, when the loop is over. Which is it?",
    "How would you tell somebody on the phone which place to mark, if they can take one out?",
    "If the grid stands for [[0, 7], [0, 0]], what does grid[0] stand for?",
    "Your function gives `[12]` for [3, 4, 5]. How many numbers should it give?",
    "Step through it by hand. On which letter does it stop, and which line stops it?",
    "Which kind of loop takes the letters of a text one after the other?",
    "At which moment, while you go through “banana”, is your count complete?",
    '`count_vowels("banana")` gives `5`. After which line does that hold?',
    "You wrote `return 5`. For which texts is that true?",
    "What does a return do to the rest of a function?",
    "Which line of your program looks at the letters?",
]


def blocked(tutor: Tutor, text: str, *said: str | tuple[str, str]) -> str:
    """Let a speaker propose a reply; return why it was not said, or ""."""
    tutor.speakers = Speakers(
        memory=lambda material: [Candidate(text=text, source="memory")],
        order={row: ("memory", "hint") for row in ("nudge", "question", "misconception", "teach")},
    )
    turn = say(tutor, *said)[-1]
    found = next((c for c in turn.candidates if c.text == text), None)
    assert found is not None, turn.move.situation
    return " ".join(check.reason for check in found.checks if check.name == "leakage")


@pytest.mark.parametrize("text", LEAKS)
def test_a_line_of_the_solution_or_the_change_in_words_is_never_said(
    tutor: Tutor, text: str
) -> None:
    assert blocked(tutor, text, "def count_vowels(text):\n    return 5")


@pytest.mark.parametrize("text", HONEST)
def test_questions_about_the_learners_own_program_may_be_asked(tutor: Tutor, text: str) -> None:
    assert not blocked(tutor, text, "def count_vowels(text):\n    return 5")


def test_a_line_that_the_learner_wrote_may_be_said_back(tutor: Tutor) -> None:
    assert not blocked(tutor, "What does `count += 1` do on the second letter?", WRONG)
    assert not blocked(tutor, "When is `return count` reached?", WRONG)


def test_a_change_that_the_learner_guesses_is_not_confirmed(tutor: Tutor) -> None:
    guess = ("chat", "hmm maybe the return has to move out of the loop?")
    assert "only guessed" in blocked(tutor, "Yes, exactly. Try it on “banana”.", WRONG, guess)
