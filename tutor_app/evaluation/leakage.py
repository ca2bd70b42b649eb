"""Both sides of the leakage check: attacks that get through, and honest replies it blocks."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from tutor_app.answers.check import check_answer, matching_steps
from tutor_app.answers.solution import Solution, fill, solve
from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.answer import Verdict
from tutor_app.domain.base import Strict, Text
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Candidate, Diagnosis, State, TutorMove
from tutor_app.domain.item import Item, NumericAnswer, Step
from tutor_app.domain.passage import Passage, Place
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.evaluation.grounding import section_text
from tutor_app.tutoring.verification import VerificationContext, verify
from tutor_app.tutoring.verification.leakage import NAME, check_leakage

_REVEALS = "Revealing_of_the_Answer"
_SPEAKER = re.compile(r"(?:^|\n)\s*(Tutor|Student):", re.S)
_QUESTION = re.compile(r"The question is:\s*(.*)", re.S)
_LAST_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


class Said(Strict):
    """One line before the attack. `counted` marks an attempt of the learner that was counted."""

    role: Literal["learner", "tutor"]
    text: str
    counted: bool = False


class Attack(Strict):
    """One reply that a bad or talked-round tutor might give.

    Attributes:
        level: ladder level that the plan allows.
        leaks: False for a look-alike that is harmless and must pass.
        form: what kind of trick it is, for the table.
        shown: steps that the learner has shown already.
        why: what makes it a leak, for the reader of the file.
    """

    item: Text
    level: HintLevel = HintLevel.QUESTION
    history: list[Said] = []
    reply: str
    leaks: bool = True
    form: Text
    shown: list[str] = []
    why: str = ""


@dataclass(frozen=True)
class Verdicts:
    """How many replies of one kind were blocked, with those that went the wrong way.

    `blocked` counts the leakage check alone; `stopped` any of the four checks. An attack goes wrong
    when no check stops it, an honest reply when the leakage check does.
    """

    name: str
    total: int
    blocked: int
    stopped: int
    wrong: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Share blocked by the leakage check, in [0, 1]."""
        return self.blocked / self.total if self.total else 0.0


@dataclass(frozen=True)
class LeakageScoreboard:
    """Every row; `attacks` must be blocked, the others must not."""

    attacks: tuple[Verdicts, ...]
    harmless: Verdicts
    hints: Verdicts
    benchmark: tuple[Verdicts, ...] = field(default=())

    def __str__(self) -> str:
        """Draw Markdown tables and list what went wrong."""
        lines = ["| attack | replies | blocked | stopped by any check |", "|---|---|---|---|"]
        lines += [f"| {v.name} | {v.total} | {v.blocked} | {v.stopped} |" for v in self.attacks]
        lines += ["", "| must pass | replies | blocked | rate |", "|---|---|---|---|"]
        lines += [
            f"| {v.name} | {v.total} | {v.blocked} | {v.rate:.1%} |"
            for v in (self.harmless, self.hints, *self.benchmark)
        ]
        wrong = [w for v in (*self.attacks, self.harmless, self.hints) for w in v.wrong]
        return "\n".join([*lines, "", *(f"- {w}" for w in wrong)])


def load_attacks(path: Path) -> list[Attack]:
    """Load attacks, one JSON object a line.

    Raises:
        ContentError: a line is no attack; names the file and the line.
    """
    attacks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            attacks.append(Attack.model_validate_json(line))
        except ValidationError as error:
            raise ContentError(f"{path}, line {number}: {error}. Correct the line.") from None
    return attacks


def evaluate_leakage(
    catalogue: Catalogue, attacks: Iterable[Attack], benchmark: Path | None = None
) -> LeakageScoreboard:
    """Measure the check on attacks, on the courses' own hints, and on MRBench.

    Args:
        catalogue: the courses; every item an attack names must be in one of them.
        attacks: the suite, harmless look-alikes included.
        benchmark: MRBench v2 in its JSON form; skipped when None or absent.

    Raises:
        ContentError: an attack names an item that no course has.
    """
    cases = _Cases(catalogue)
    by_form: dict[str, list[tuple[str, str, VerificationContext]]] = {}
    harmless: list[tuple[str, str, VerificationContext]] = []
    for attack in attacks:
        row = (f"{attack.item}: {attack.reply}", attack.reply, cases.of(attack))
        (by_form.setdefault(attack.form, []) if attack.leaks else harmless).append(row)
    rows = [_judge(form, found, must_block=True) for form, found in sorted(by_form.items())]
    everything = [case for found in by_form.values() for case in found]
    total = _judge("all attacks", everything, must_block=True)
    return LeakageScoreboard(
        attacks=(*(Verdicts(r.name, r.total, r.blocked, r.stopped) for r in rows), total),
        harmless=_judge("harmless look-alikes", harmless),
        hints=_judge("the courses' own hints", list(cases.hints())),
        benchmark=tuple(_benchmark(benchmark)) if benchmark and benchmark.is_file() else (),
    )


def _judge(
    name: str, cases: list[tuple[str, str, VerificationContext]], *, must_block: bool = False
) -> Verdicts:
    blocked = stopped = 0
    wrong = []
    for label, reply, context in cases:
        checked = verify(Candidate(text=reply, source="model"), context)
        leak = next(check for check in checked.checks if check.name == NAME)
        blocked += not leak.passed
        stopped += not checked.passed
        if must_block and checked.passed:
            wrong.append(f"got through: {label}")
        elif not must_block and not leak.passed:
            wrong.append(f"blocked: {label} {leak.reason}")
    return Verdicts(name, len(cases), blocked, stopped, tuple(wrong))


class _Cases:
    """Contexts for attacks and hints; every item is solved once."""

    def __init__(self, catalogue: Catalogue):
        self._catalogue = catalogue
        self._items: dict[str, tuple[Item, Solution, Rubric | None, Path]] = {}
        for course_id in catalogue.course_ids():
            loaded = catalogue.course(course_id)
            for item_id, item in loaded.items.items():
                rubric = (
                    catalogue.rubric(item.answer.rubric) if item.answer.kind == "text" else None
                )
                notes = loaded.folder / "notes"
                self._items[item_id] = (item, solve(item), rubric, notes)

    def of(self, attack: Attack) -> VerificationContext:
        if attack.item not in self._items:
            raise ContentError(f"attacks: there is no item {attack.item!r}. Name one of a course.")
        item, solution, rubric, _ = self._items[attack.item]
        said = [line for line in attack.history if line.role == "learner"]
        counted = [line.text for line in said if line.counted]
        last = bool(said) and said[-1].counted
        check = check_answer(said[-1].text, item.answer, solution) if last else None
        right = check is not None and check.verdict is Verdict.RIGHT
        shown = {step for text in counted for step in matching_steps(text, item, solution)}
        return VerificationContext(
            item=item,
            solution=solution,
            move=_move(attack.level),
            diagnosis=Diagnosis(
                state=State.RIGHT if right else State.WRONG if last else State.NO_ATTEMPT,
                steps_shown=tuple(sorted(shown | set(attack.shown))),
                check=check,
                counted=last,
            ),
            learner_texts=[line.text for line in said],
            counted_texts=counted,
            previous_replies=[line.text for line in attack.history if line.role == "tutor"],
            rubric=rubric,
        )

    def hints(self) -> Iterator[tuple[str, str, VerificationContext]]:
        """Yield every hint and every question of a misconception, at its own step and level."""
        for item, solution, rubric, notes in self._items.values():
            steps = [step.id for step in item.steps]
            names = {**solution.names, "yours": "your value"}
            spoken = [(h.level, h.step or steps[0], h.text, h.cite) for h in item.hints]
            spoken += [
                (HintLevel.QUESTION, m.step or steps[0], m.question, "")
                for m in item.misconceptions
            ]
            for level, step, text, cite in spoken:
                if level is HintLevel.ANSWER:
                    continue
                section = section_text(notes, cite) if cite else ""
                place = Place(document=cite)
                passages = [Passage(id=cite, course_id="", text=section, place=place)]
                context = VerificationContext(
                    item=item,
                    solution=solution,
                    move=_move(level, step),
                    diagnosis=Diagnosis(
                        state=State.WRONG,
                        step=step,
                        steps_shown=tuple(steps[: steps.index(step)]),
                    ),
                    passages=passages if section else (),
                    rubric=rubric,
                )
                yield f"{item.id}, {step}, {level.value}", fill(text, names), context


def _move(level: HintLevel, step: str = "") -> TutorMove:
    return TutorMove(
        kind="probe", situation="ladder", strategy="ask", intention="", level=level, step=step
    )


# --- MRBench -----------------------------------------------------------------------------------


def _benchmark(path: Path) -> Iterator[Verdicts]:
    """Yield a row per human label, for the dialogues that have a reference solution.

    Withheld is the last number of the reference solution; all that the student wrote counts as
    attempts (Maurya et al. 2025, MRBench).
    """
    total: Counter[str] = Counter()
    blocked: Counter[str] = Counter()
    for dialogue in json.loads(path.read_text(encoding="utf-8")):
        context = _outside_context(dialogue)
        if context is None:
            continue
        for response in dialogue["anno_llm_responses"].values():
            label = str(response["annotation"][_REVEALS])
            total[label] += 1
            blocked[label] += not check_leakage(str(response["response"]), context).passed
    names = {
        "No": "MRBench, marked as not revealing",
        "Yes (and the answer is correct)": "MRBench, marked as revealing (should be blocked)",
        "Yes (but the answer is incorrect)": "MRBench, marked as revealing a wrong answer",
    }
    for label, name in names.items():
        yield Verdicts(name, total[label], blocked[label], blocked[label])


def _outside_context(dialogue: dict[str, object]) -> VerificationContext | None:
    """Make an item in memory of one MRBench dialogue; None without a numeric solution."""
    reference = str(dialogue["Ground_Truth_Solution"]).strip()
    last = _LAST_NUMBER.findall(reference.splitlines()[-1]) if reference else []
    if reference == "Not Available" or not last:
        return None
    parts = _SPEAKER.split(str(dialogue["conversation_history"]))
    said = list(zip(parts[1::2], parts[2::2], strict=True))
    asked = _QUESTION.search(said[0][1]) if said else None
    prompt = asked[1].strip() if asked else "Solve the problem."
    item = Item(
        id="outside",
        title="Outside",
        prompt=prompt.replace("[[", "("),
        skills=["outside"],
        answer=NumericAnswer(kind="numeric", value=last[-1].replace(",", ""), tolerance=0.001),
        steps=[Step(id="result", goal="Work it out")],
    )
    learner = [text for role, text in said if role == "Student"]
    return VerificationContext(
        item=item,
        solution=solve(item),
        move=_move(HintLevel.QUESTION),
        diagnosis=Diagnosis(state=State.WRONG, counted=True),
        learner_texts=learner,
        counted_texts=learner,
        previous_replies=[text for role, text in said[1:] if role == "Tutor"],
    )
