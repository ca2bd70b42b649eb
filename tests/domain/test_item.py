import pytest
from pydantic import ValidationError

from tutor_app.domain.item import CodeAnswer, CodeTest, Item, Misconception

SOLUTION = "def double(n):\n    return 2 * n\n"


def a_test(**fields: object) -> CodeTest:
    return CodeTest.model_validate({"id": "one", "about": "one", **fields})


def an_item(**fields: object) -> Item:
    answer = {
        "kind": "code",
        "solution": SOLUTION,
        "tests": [{"id": "three", "about": "three", "call": "double(3)", "expect": "6"}],
    }
    return Item.model_validate(
        {
            "id": "double",
            "title": "Double",
            "prompt": "Double a number.",
            "skills": ["functions"],
            "answer": answer,
            "steps": [{"id": "double", "goal": "Double it"}],
            **fields,
        }
    )


def test_the_indentation_of_a_program_is_kept() -> None:
    answer = CodeAnswer(
        kind="code",
        starter="    pass\n",
        solution=SOLUTION,
        tests=[a_test(call="double(3)", expect="6")],
    )
    assert answer.starter == "    pass\n"
    assert answer.solution == SOLUTION


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"call": "f(1)"}, "needs expect"),
        ({"expect": "3"}, "expect needs a call"),
        ({"call": "x = 1", "expect": "1"}, "call is no expression"),
        ({"call": "f(1)", "expect": "banana"}, "expect is no literal: 'banana'. Text needs quo"),
        ({"call": "f(1)", "expect": "len('a')"}, "expect is no literal"),
        ({"call": "f(1)", "expect": ""}, "expect is no literal"),
    ],
)
def test_a_test_that_cannot_be_judged_is_refused_with_its_name(
    fields: dict[str, str], says: str
) -> None:
    with pytest.raises(ValidationError, match=f"'one'.*{says}"):
        a_test(**fields)


def test_a_call_may_be_judged_by_what_it_prints() -> None:
    assert a_test(call="greet('Ann')", stdout="Hello Ann").expect is None


def test_two_tests_with_one_name_are_refused() -> None:
    one = a_test(call="double(3)", expect="6")
    with pytest.raises(ValidationError, match="two tests have the same id"):
        CodeAnswer(kind="code", solution=SOLUTION, tests=[one, one])


def test_a_test_for_a_step_that_is_not_there_is_refused() -> None:
    test = {"id": "t", "about": "t", "call": "double(1)", "expect": "2", "step": "halve"}
    with pytest.raises(ValidationError, match="test 't': there is no step 'halve'"):
        an_item(answer={"kind": "code", "solution": SOLUTION, "tests": [test]})


def test_a_program_alone_makes_a_misconception_recognisable() -> None:
    said = Misconception(id="a", title="A", question="Why?", program="def double(n):\n    return n")
    assert said.program.startswith("def")


def test_spoilers_in_words_are_told_from_sections() -> None:
    item = an_item(spoilers=["01-loops#Worked example", "move the return out of the loop"])
    assert item.spoiler_sections == ["01-loops#Worked example"]
    assert item.spoiler_sentences == ["move the return out of the loop"]
