"""Check a code item by running it: the solution passes, and every mal-rule fails in its own way."""

from collections.abc import Iterator

from tutor_app.answers.code.judge import (
    Judged,
    check_program,
    difference,
    first_failing,
    run_tests,
    same_results,
)
from tutor_app.answers.code.names import used_names
from tutor_app.answers.code.plain_words import syntax_words
from tutor_app.domain.item import CodeAnswer, Item
from tutor_app.errors import SandboxError

Field = tuple[str | int, ...]
_ABORTED = frozenset({"time", "waited", "not run"})


def code_findings(item: Item) -> Iterator[tuple[Field, str]]:
    """Yield (field, message) for every mistake; runs each program of the item once."""
    answer = item.answer
    for n, misconception in enumerate(item.misconceptions):
        if not isinstance(answer, CodeAnswer) and misconception.program:
            yield ("misconceptions", n, "program"), "is for answers of kind code only"
        if isinstance(answer, CodeAnswer) and not misconception.program:
            yield ("misconceptions", n), "needs a program: a code item recognises nothing else"
    if not isinstance(answer, CodeAnswer):
        return
    yield from _forbidden(item, answer)
    try:
        yield from _programs(item, answer)
    except SandboxError as error:
        yield ("answer", "tests"), f"cannot be run on this computer. {error}"


def _forbidden(item: Item, answer: CodeAnswer) -> Iterator[tuple[Field, str]]:
    programs: list[tuple[Field, str]] = [(("answer", "solution"), answer.solution)]
    programs += [
        (("misconceptions", n, "program"), misconception.program)
        for n, misconception in enumerate(item.misconceptions)
    ]
    for field, program in programs:
        for name in used_names(program, answer.without):
            yield field, f"uses {name!r}, which answer.without forbids to learners"


def _programs(item: Item, answer: CodeAnswer) -> Iterator[tuple[Field, str]]:
    check = check_program(answer.solution, answer)
    if failing := first_failing(check.outcomes):
        place = next(n for n, test in enumerate(answer.tests) if test.id == failing.id)
        wanted = f" Expected {failing.expected}." if failing.expected else ""
        said = difference(failing)
        yield ("answer", "tests", place), f"the solution fails here. {said}{wanted}"
    elif not check.outcomes and not used_names(answer.solution, answer.without):
        yield ("answer", "solution"), check.reason
    if answer.starter.strip():
        starter = run_tests(answer.starter, answer)
        if starter.passed and all(starter.passed):
            yield ("answer", "starter"), "passes every test already"
    if all(test.hidden for test in answer.tests):
        yield ("answer", "tests"), "has no test that learners see, so no hint can show a difference"
    steps = {test.step for test in answer.tests} - {""}
    if steps and item.steps[-1].id not in steps:
        yield ("answer", "tests"), f"no test speaks for the last step, {item.steps[-1].id!r}"
    seen: dict[str, Judged] = {}
    for n, misconception in enumerate(item.misconceptions):
        if not misconception.program:
            continue
        field: Field = ("misconceptions", n, "program")
        judged = run_tests(misconception.program, answer)
        if judged.report.syntax is not None:
            yield field, syntax_words(judged.report.syntax)
            continue
        if all(judged.passed):
            yield field, "passes every test. Add a test that it fails"
        if any(run.status in _ABORTED for run in judged.report.runs):
            yield field, "runs out of time, so a learner would wait and it could match by chance"
        for other, known in seen.items():
            if same_results(judged.report, known.report, answer):
                yield (
                    field,
                    f"gives the same results as {other!r}. Add a test between them",
                )
        seen[misconception.id] = judged
