"""What one browser tab remembers. The only file that touches st.session_state."""

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import streamlit as st

from tutor_app.access.roles import Account, Role, require_role
from tutor_app.courses.drafts import Draft
from tutor_app.domain.dialogue import Channel
from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission

if TYPE_CHECKING:
    from tutor_app.exchange.rubrics.reading import RubricReading
    from tutor_app.exchange.submissions.reading import SubmissionSet
    from tutor_app.grading.llm_call import Usage


def _new_id() -> str:
    return uuid4().hex


@dataclass(frozen=True)
class Asked:
    """A turn that was asked for and has no reply yet."""

    turn_id: str
    channel: Channel
    text: str


Kind = Literal["item", "rubric", "course"]
Desk = tuple[Kind, str, str]
"""What is written: its kind, the course it belongs to, its id ("" where it is new)."""


@dataclass
class Editing:
    """What an instructor is writing; it stays while they look at other pages.

    Attributes:
        draft: what stands in the fields.
        opened: the stamp of its file when it was opened; "" where it is new.
        removed: (list, number, row) of the row that was taken out last.
        question_too: saving an item changes the question of its rubric, too.
        wanted_by: the item that a new rubric is for.
        chosen: the row id of the criterion of a rubric that is on the page.
        tried: answers that are scored while a rubric is written.
        key: begins the keys of its widgets.
        before: what stood in the fields when it was opened.
    """

    draft: Draft
    opened: str = ""
    removed: tuple[tuple[str | int, ...], int, Draft] | None = None
    question_too: bool = False
    wanted_by: "Editing | None" = None
    chosen: str = ""
    tried: dict[int, str] = field(default_factory=dict)
    key: str = field(default_factory=_new_id)
    before: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.before = deepcopy(self.draft)

    @property
    def changed(self) -> bool:
        """Something was written that is not saved."""
        return self.draft != self.before


@dataclass(frozen=True)
class Trial:
    """The first answers of a new batch, graded to see how it goes.

    Attributes:
        stamp: the rubrics that they were tried with.
        seconds: that it took.
        total: answers that the batch would grade; `in_words` those that a chat model would read.
        usage: what a chat model was asked for it; None for a grader that asks none.
        parallel: calls to it at the same time.
    """

    stamp: str
    tried: list[tuple[Submission, Grade]]
    seconds: float
    total: int
    in_words: int
    usage: "Usage | None" = None
    parallel: int = 1


@dataclass
class Source:
    """Submissions that were brought for a new batch, and what was settled about them.

    Attributes:
        folder: where the files lie until the batch is begun.
        path: the submissions.
        roster: a class list, or None.
        examples: answers graded elsewhere, or None.
        choices: fields of `Choices` that the instructor settled.
        found: what was read, with these choices; None until then.
        rubrics: rubric id by question, or "skip".
        language: two-letter code of the answers where their source names none, or "".
        trial: the first answers with their grades, once they were tried.
    """

    folder: Path
    path: Path
    roster: Path | None = None
    examples: Path | None = None
    choices: dict[str, Any] = field(default_factory=dict)
    found: "SubmissionSet | None" = None
    rubrics: dict[str, str] = field(default_factory=dict)
    language: str = ""
    trial: Trial | None = None


@dataclass(frozen=True)
class Blind:
    """Answers to a question that are graded blind: one's own again, or those of another rater."""

    question: str
    of_others: bool = False


@dataclass
class Reviewing:
    """What an instructor looks at in a batch.

    Attributes:
        batch_id: the open batch; "" for the list of batches.
        starting: a new batch is being set up.
        source: what was brought for it.
        view: the part of the batch on the page.
        question: the list has submissions to this one only; "" for all.
        submission_id: the submission on the page; "" for the first of the queue.
        criterion: the criterion that the keys 1 to 9 choose a level of.
        names: show who wrote what.
        sought: what was looked for in the list, as long as several submissions fit it.
        found: the submission that was looked for by whose it is, and is named therefore.
        shown: which submissions the list has.
        picked: submissions that another page put together, in the order to look at them;
            `picked_as` what they are, which the list is headed with.
        actions: at which submission each action of this tab was done.
        hidden_id: the answer that is graded with everything hidden; `hidden` the points so far.
        repeating: what is graded blind now; None for nothing.
        ideas_of: whose common wrong ideas are on the page.
        grouped: the similar submissions that G offers to grade alike, or none.
        rescore_seen: the re-scoring whose changes this tab has put away.
    """

    batch_id: str = ""
    starting: bool = False
    source: Source | None = None
    view: str = "Review"
    question: str = ""
    submission_id: str = ""
    criterion: str = ""
    names: bool = False
    sought: str = ""
    found: str = ""
    shown: str = "Queue"
    picked: tuple[str, ...] = ()
    picked_as: str = ""
    actions: dict[str, str] = field(default_factory=dict)
    hidden_id: str = ""
    hidden: dict[str, float] = field(default_factory=dict)
    repeating: Blind | None = None
    ideas_of: str = ""
    grouped: tuple[str, ...] = ()
    rescore_seen: str = ""

    def open(self, submission_id: str) -> None:
        """Put a submission on the page."""
        self.submission_id, self.criterion, self.grouped = submission_id, "", ()
        self.sought = self.found = ""

    def pick(self, name: str, submissions: tuple[str, ...]) -> None:
        """Put a list of submissions on the review, and the first of them beside it."""
        self.picked_as = self.shown = name
        self.picked, self.view, self.question = submissions, "Review", ""
        self.open(submissions[0] if submissions else "")

    def note(self, action: str, submission_id: str) -> None:
        """Remember where an action was done, so that undoing it leads back there."""
        if action:
            self.actions[action] = submission_id


@dataclass
class Bringing:
    """A rubric that an instructor brings from elsewhere.

    Attributes:
        name: of the file; "" for a pasted table.
        readings: every rubric that was found in it; empty until one was read.
        chosen: the one that is looked at.
    """

    name: str = ""
    readings: "tuple[RubricReading, ...]" = ()
    chosen: int = 0


@dataclass
class Session:
    """The state of one tab.

    Attributes:
        account: who is signed in.
        course_id: the chosen course; "" until there is a choice.
        dialogue_id: the dialogue on the page; "" when the next item is to be opened.
        reason: why its item was chosen, in words for the learner.
        item_id: the item that the learner chose; "" where the tutor chooses.
        turn_id: id of the next turn, kept until its reply is there.
        asked: the turn that is being answered.
        checked_draft: the dialogue, and the draft that was laid beside the rubric last.
        unsent: the turn that could not be answered, with what was typed.
        failure: why it, or what else was asked for, could not be done.
        xray: show diagnosis, plan and rejected candidates.
        notice: one sentence to show once, on the next page.
        goto: title of the page to open next; "" for the one that is open.
        view: the part of the course page that an instructor looks at.
        chosen_item: the item that an instructor looks at.
        chosen_rubric: the rubric whose editor an instructor left last.
        estimated: the course and the items whose estimates are on the page.
        desks: what the editor on a page ("course", "rubrics") is open for.
        bringing: the rubric that is brought from elsewhere; None when none is.
        part: the part of the editor on the page.
        upload: ends the keys of the boxes for files, so that a new one is empty.
        drafts: what was begun in the editors and is not saved.
        reviewing: the batch that an instructor looks at.
        token: of the session that the browser keeps through a reload; "" when there is none.
        signed_out: the browser's copy of the token is to be thrown away.
    """

    account: Account | None = None
    course_id: str = ""
    dialogue_id: str = ""
    reason: str = ""
    item_id: str = ""
    turn_id: str = field(default_factory=_new_id)
    asked: Asked | None = None
    checked_draft: tuple[str, str] | None = None
    unsent: Asked | None = None
    failure: str = ""
    xray: bool = False
    notice: str = ""
    goto: str = ""
    view: str = "Contents"
    chosen_item: str = ""
    chosen_rubric: str = ""
    estimated: tuple[str, ...] = ()
    desks: dict[str, Desk] = field(default_factory=dict)
    bringing: Bringing | None = None
    part: str = ""
    upload: str = ""
    drafts: dict[Desk, Editing] = field(default_factory=dict)
    reviewing: Reviewing = field(default_factory=Reviewing)
    token: str = ""
    signed_out: bool = False

    def person(self, *roles: Role) -> Account:
        """Return who is signed in; raises AccessError unless it has one of the roles."""
        return require_role(self.account, *roles)

    def open(self, dialogue_id: str, reason: str = "") -> None:
        """Put a dialogue on the page."""
        self.dialogue_id, self.reason, self.item_id = dialogue_id, reason, ""
        self._next_turn()

    def choose(self, item_id: str) -> None:
        """Leave the dialogue on the page for an item that the learner chose."""
        self.open("")
        self.item_id = item_id

    def leave(self, dialogue_id: str) -> None:
        """Leave a dialogue for the next item; a second click finds another one and does nothing."""
        if self.dialogue_id == dialogue_id:
            self.open("")

    def ask(self, turn_id: str, channel: Channel, text: str = "") -> None:
        """Ask for a turn, once per turn id; a click on a button of an earlier turn is void."""
        if self.asked is None and turn_id == self.turn_id:
            self.asked, self.unsent, self.failure = Asked(turn_id, channel, text), None, ""

    def ask_again(self) -> None:
        """Ask once more for the turn that failed, under the same id."""
        if self.unsent is not None:
            self.ask(self.unsent.turn_id, self.unsent.channel, self.unsent.text)

    def answered(self) -> None:
        """Note that the reply is recorded."""
        self._next_turn()

    def failed(self, message: str) -> None:
        """Keep what was typed, with the reason why it was not answered."""
        self.unsent, self.asked, self.failure = self.asked, None, message

    def edit(self, kind: Kind, name: str, part: str = "") -> None:
        """Open the editor for something that has a file; what was begun on it goes on."""
        course_id = "" if kind == "rubric" else self.course_id
        self.desks[_page(kind)] = kind, course_id, name
        self.part = part

    def begin(self, kind: Kind, editing: Editing) -> None:
        """Open the editor for something new; what was begun before it is not lost."""
        self.edit(kind, "")
        desk = self.desks[_page(kind)]
        if desk not in self.drafts or not self.drafts[desk].changed:
            self.drafts[desk] = editing

    def desk(self, page: str) -> Desk | None:
        """Return what the editor on a page is open for, if it belongs to the chosen course."""
        found = self.desks.get(page)
        return found if found is not None and found[1] in ("", self.course_id) else None

    def leave_desk(self, page: str) -> None:
        """Close the editor on a page; what was changed is kept, what was not is forgotten."""
        desk = self.desks.pop(page, None)
        if desk is not None and desk[0] == "rubric":
            self.chosen_rubric = desk[2]
        if desk in self.drafts and not self.drafts[desk].changed:
            del self.drafts[desk]

    def take_notice(self) -> str:
        """Return the notice and forget it."""
        notice, self.notice = self.notice, ""
        return notice

    def take_goto(self) -> str:
        """Return the page to open next and forget it."""
        goto, self.goto = self.goto, ""
        return goto

    def take_failure(self) -> str:
        """Return the failure of a button and forget it."""
        failure, self.failure = self.failure, ""
        return failure

    def _next_turn(self) -> None:
        self.turn_id, self.asked, self.unsent, self.failure = _new_id(), None, None, ""


def _page(kind: Kind) -> str:
    return "rubrics" if kind == "rubric" else "course"


def current() -> Session:
    """Return this tab's state; a new tab gets a new one."""
    session: Session = st.session_state.setdefault("session", Session())
    return session


def start_over(account: Account | None = None, notice: str = "", token: str = "") -> None:
    """Sign in as somebody, or out, with nothing left of the person before."""
    st.session_state["session"] = Session(
        account=account, notice=notice, token=token, signed_out=account is None
    )


def typed(key: str) -> str:
    """Return what stands in a text box, or ""."""
    return str(st.session_state.get(key) or "")


def held(key: str) -> Any:
    """Return what a widget holds now; call it in the widget's own callback."""
    return st.session_state[key]


def put_back(key: str, text: str) -> None:
    """Put text into a box that Streamlit has emptied; call it before the box is drawn."""
    st.session_state[key] = text


def fill_once(key: str, text: str) -> None:
    """Begin a box with a text; what a person has typed there since is left alone."""
    st.session_state.setdefault(key, text)
