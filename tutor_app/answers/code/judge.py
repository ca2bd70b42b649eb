"""Judge a program by its tests, find the mal-rule it behaves like, and the steps it reaches."""

import ast
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.answers.code.comparing import equal, literal, same_output, show
from tutor_app.answers.code.names import used_names
from tutor_app.answers.code.plain_words import run_words, syntax_words
from tutor_app.answers.code.sandbox import Report, Run, run_program
from tutor_app.domain.answer import Check, CodeOutcome, Reading, Verdict
from tutor_app.domain.item import CodeAnswer, CodeTest, Item
from tutor_app.errors import SandboxError

_KEPT = 256
_SAYS_NOTHING = frozenset({"waited", "not run"})
"""Such a run shows nothing about the program."""
_UNSURE = frozenset({"time", "waited", "not run", "crashed", "left"})
"""A busy machine may be to blame: such a report is not remembered."""
_at_once = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))
_lock = threading.Lock()
_reports: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], Report] = OrderedDict()


@dataclass(frozen=True)
class Judged:
    """A program's runs beside the tests that asked for them; no runs where it is no program."""

    report: Report
    passed: tuple[bool, ...]


def run_tests(program: str, answer: CodeAnswer) -> Judged:
    """Run every test of an answer; raises SandboxError where programs cannot be run."""
    key = (program, tuple((test.call, test.stdin) for test in answer.tests))
    with _lock:
        report = _reports.get(key)
    if report is None:
        with _at_once:
            report = run_program(program, key[1])
        if not any(run.status in _UNSURE for run in report.runs):
            with _lock:
                _reports[key] = report
                while len(_reports) > _KEPT:
                    _reports.popitem(last=False)
    passed = tuple(passes(test, run) for test, run in zip(answer.tests, report.runs, strict=False))
    return Judged(report, passed)


def passes(test: CodeTest, run: Run) -> bool:
    """Say whether a run does what its test asks for."""
    if run.status not in ("value", "ended"):
        return False
    if test.expect is not None and not equal(literal(test.expect), run.value):
        return False
    return test.stdout is None or same_output(test.stdout, run.output)


def check_program(text: str, answer: CodeAnswer) -> Check:
    """Judge a learner's program; never raises, time is bounded by the sandbox's limits.

    Returns:
        right when every test passes; cannot tell, which costs no attempt, for what is no program,
        for one that uses what it should do without, and for one that only waited or found the
        computer too busy; else wrong. The reading's echo is what the program gave in the first
        failing visible test.
    """
    if found := used_names(text, answer.without):
        return _cannot_tell(not_allowed(found))
    try:
        judged = run_tests(text, answer)
    except SandboxError as error:
        return _cannot_tell(str(error))
    if judged.report.syntax is not None:
        return _cannot_tell(syntax_words(judged.report.syntax))
    if reason := _only_waited(text, judged):
        return _cannot_tell(reason)
    outcomes = tuple(
        _outcome(test, run, passed)
        for test, run, passed in zip(answer.tests, judged.report.runs, judged.passed, strict=True)
    )
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if not failed:
        right = Reading(echo="")
        return Check(
            verdict=Verdict.RIGHT, reading=right, reason="Every test passes.", outcomes=outcomes
        )
    first = first_failing(outcomes)
    visible = next((outcome for outcome in failed if not outcome.hidden), None)
    return Check(
        verdict=Verdict.WRONG,
        reading=Reading(echo=_echo(visible)),
        reason=difference(first) if first else "",
        outcomes=outcomes,
    )


def not_allowed(names: Sequence[str]) -> str:
    """Say what a program uses although its exercise asks to do without it."""
    shown = " and ".join(f"`{name}`" for name in names)
    what = "it" if len(names) == 1 else "them"
    return f"Your program uses {shown}; this exercise asks you to do without {what}."


def _only_waited(text: str, judged: Judged) -> str:
    """Return why no test says anything: no run failed by what it did, and some had no time to."""
    statuses = {
        run.status
        for run, passed in zip(judged.report.runs, judged.passed, strict=True)
        if not passed
    }
    if not statuses or not statuses <= _SAYS_NOTHING:
        return ""
    if used_names(text, ["sleep"]):
        return "Your program spends its time in `sleep`, so the tests cannot see what it does."
    return (
        "Your program hardly got to compute in the time it has. Either it waits for something, or "
        "this computer is too busy just now: then try again in a minute."
    )


def _echo(outcome: CodeOutcome | None) -> str:
    """Return what a program gave, on one line, so that a question may begin with it."""
    if outcome is None:
        return ""
    if outcome.trouble:
        return "an error" if outcome.trouble.startswith("stops") else "no result"
    return code_span(outcome.got) if outcome.got else "nothing"


def _cannot_tell(reason: str) -> Check:
    return Check(verdict=Verdict.CANNOT_TELL, reading=Reading(echo="no program"), reason=reason)


def first_failing(outcomes: Sequence[CodeOutcome]) -> CodeOutcome | None:
    """Return the first failing test, one that learners see before a hidden one."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    return next((o for o in failed if not o.hidden), failed[0] if failed else None)


def difference(outcome: CodeOutcome) -> str:
    """Say what a failing test showed: "`f(2)` gives 3."; of a hidden one only what it is about."""
    if outcome.hidden:
        why = f" It {outcome.trouble}." if outcome.trouble else ""
        return f"Your program does not hold in one test that you cannot see: {outcome.about}.{why}"
    what = code_span(outcome.call) if outcome.call else "Your program"
    if outcome.trouble:
        return f"{what} {outcome.trouble}."
    shown = code_span(outcome.got) if outcome.got else "nothing"
    if outcome.prints:
        given = f" for the input {code_span(outcome.stdin)}" if outcome.stdin else ""
        return f"{what} prints {shown}{given}."
    nothing = " (nothing is returned)" if outcome.got == "None" else ""
    return f"{what} gives {shown}{nothing}."


def code_span(text: str) -> str:
    """Write code for a reply, on one line."""
    return f"`{' ⏎ '.join(text.strip().splitlines()).replace('`', chr(39))}`"


def _outcome(test: CodeTest, run: Run, passed: bool) -> CodeOutcome:
    trouble = "" if run.status in ("value", "ended") else run_words(run)
    prints = test.stdout is not None and (
        test.expect is None or equal(literal(test.expect), run.value)
    )
    known = {"id": test.id, "about": test.about, "passed": passed, "step": test.step}
    if test.hidden:
        # what an exception says may hold what the test passed in
        if run.fault is not None:
            trouble = (
                f"stops with an error in line {run.fault.line}"
                if run.fault.line
                else ("stops with an error")
            )
        return CodeOutcome(**known, hidden=True, trouble=trouble)
    got = "" if trouble else run.output.rstrip()[:400] if prints else show(run.value)
    expected = test.stdout if prints else show(literal(test.expect or "None"))
    return CodeOutcome(
        **known,
        call=test.call,
        stdin=test.stdin,
        expected=(expected or "").rstrip()[:400],
        got=got,
        prints=prints,
        trouble=trouble,
        printed=not trouble and not prints and not passed and _printed(test, run),
    )


def _printed(test: CodeTest, run: Run) -> bool:
    """Say whether a call gave None while what was expected of it stands in the output."""
    if not test.expect or show(run.value) != "None":
        return False
    expected = ast.literal_eval(test.expect)
    if expected is None or str(expected) == "":
        return False
    return bool(re.search(rf"(?<![\w.]){re.escape(str(expected))}(?![\w.])", run.output))


def behaves_like(program: str, item: Item) -> str:
    """Return the id of the mal-rule that gives the same results in all tests; "" when none does."""
    answer = item.answer
    if not isinstance(answer, CodeAnswer):
        return ""
    try:
        ours = run_tests(program, answer).report
        if ours.syntax is not None or any(run.status in _SAYS_NOTHING for run in ours.runs):
            return ""
        for misconception in item.misconceptions:
            if misconception.program:
                theirs = run_tests(misconception.program, answer).report
                if same_results(ours, theirs, answer):
                    return misconception.id
    except SandboxError:
        return ""
    return ""


def same_results(ours: Report, theirs: Report, answer: CodeAnswer) -> bool:
    """Say whether two programs do the same in every test, in what the test looks at."""
    if ours.syntax is not None or theirs.syntax is not None:
        return False
    return all(
        _same(a, b, test) for a, b, test in zip(ours.runs, theirs.runs, answer.tests, strict=True)
    )


def _same(ours: Run, theirs: Run, test: CodeTest) -> bool:
    if ours.status != theirs.status:
        return False
    if ours.fault is not None and theirs.fault is not None:
        return ours.fault.type == theirs.fault.type
    if test.stdout is not None and not same_output(ours.output, theirs.output):
        return False
    return test.expect is None or ours.value is None or equal(ours.value, theirs.value)


def steps_reached(outcomes: Sequence[CodeOutcome], item: Item) -> tuple[str, ...]:
    """Return the steps all of whose tests pass, in the item's order; none where no test passes."""
    of_step = {
        step.id: [outcome.passed for outcome in outcomes if outcome.step == step.id]
        for step in item.steps
    }
    return tuple(step for step, passed in of_step.items() if passed and all(passed))
