"""The second half of a refresh: a run with live progress, and what came of it."""

from pathlib import Path

import streamlit as st

from tutor_app import factory
from tutor_app.access import audit
from tutor_app.access.roles import Account
from tutor_app.distillation.refresh import STEPS
from tutor_app.distillation.runs import (
    RunStatus,
    begin,
    cancel_run,
    default_name,
    demonstration_files,
    load_run,
    plan_run,
    run_folders,
    run_status,
)
from tutor_app.domain.duration import duration
from tutor_app.errors import ModelError, TutorError
from tutor_app.ui import resources
from tutor_app.ui.admin.promoting import offer_change
from tutor_app.ui.inert import document, plain
from tutor_app.ui.session import current
from tutor_app.ui.words import percent

LOOK_EVERY_S = 2.0
_DOES = {
    "": "starting",
    "select": "filtering the demonstrations",
    "rows": "writing the training rows",
    "train": "training",
    "evaluate": "measuring on held-out turns",
    "seal": "sealing the model",
}


def has_demonstrations(course_id: str) -> bool:
    """Say whether there is anything to train on."""
    return bool(demonstration_files(resources.settings().dialogue_folders, course_id))


def show_runs(course_id: str, account: Account, *, primary: bool) -> None:
    """Draw the part that trains."""
    st.subheader("3. Train", anchor=False)
    folders = run_folders(resources.settings().home)
    active = next((folder.name for folder in folders if _active(folder)), "")
    if active:
        st.markdown(f"{plain(active)} is being made. One run at a time; the next can start then.")
    else:
        _start_form(course_id, account, primary=primary)
    if not folders:
        st.markdown("Runs will be listed here, with what they found.")
        return
    names = {folder.name: folder for folder in folders}
    chosen = st.selectbox("Run", names, index=list(names).index(active) if active else 0)
    _show_run(names[chosen], account)


def _active(folder: Path) -> bool:
    try:
        return run_status(folder).active
    except ModelError:
        return False


def _start_form(course_id: str, account: Account, *, primary: bool) -> None:
    settings = resources.settings()
    files = demonstration_files(settings.dialogue_folders, course_id)
    if not files:
        st.markdown("There are no demonstrations to train on yet. Import a teacher's answers.")
        return
    promotions = resources.promotions()
    with st.spinner("Checking every model's seal", show_time=True):
        sound = [one for one in promotions.known() if promotions.find(one).manifest is not None]
        heard = promotions.heard()
    if not sound:
        st.markdown(
            "There is no whole model to start from. Put one into "
            f"`{settings.home / 'models'}`; the Models page says what is wrong with the others."
        )
        return
    with st.form("run", border=False):
        name = st.text_input("Name of the new model", default_name(course_id), max_chars=80)
        start = st.selectbox("Start from", sound, index=sound.index(heard) if heard in sound else 0)
        minutes = st.number_input("Minutes of training at most", 0.1, 1440.0, 30.0, 5.0, "%.1f")
        pressed = st.form_submit_button(
            "Start a run", type="primary" if primary else "secondary", icon=":material/play_arrow:"
        )
    if not pressed:
        return
    try:
        plan_run(
            settings.home,
            factory.build_shelf(settings),
            files,
            course_id,
            model_id=name.strip(),
            start=start,
            minutes=minutes,
        )
        begin(settings.home, name.strip())
    except TutorError as error:
        _refused(error)
        return
    _note(account, audit.Action.REFRESH_STARTED, name.strip())
    st.rerun()


def _show_run(folder: Path, account: Account) -> None:
    try:
        status, plan = run_status(folder), load_run(folder)
    except ModelError as error:
        _refused(error)
        return
    st.caption(
        f"Course {plan.course_id}, from {plan.start.name}, at most {plan.minutes:g} min of training"
    )
    if status.active:
        st.fragment(_watch, run_every=LOOK_EVERY_S)(folder, account)
    else:
        _show_end(folder, status, account)


def _watch(folder: Path, account: Account) -> None:
    """Draw a run that is going on; once it is over, the whole page is drawn anew."""
    status = run_status(folder)
    if not status.active:
        st.rerun()
    place = f"Step {STEPS.index(status.step) + 1} of {len(STEPS)}: " if status.step else ""
    st.markdown(f"**{place}{_DOES[status.step]}**")
    if status.step == "train":
        _show_training(status)
    if st.button("Cancel", icon=":material/stop_circle:", key=f"cancel-{folder.name}"):
        try:
            cancel_run(folder)
        except TutorError as error:
            _refused(error)
            return
        _note(account, audit.Action.REFRESH_CANCELLED, folder.name)
        current().notice = "The run was asked to stop. Resume it whenever you like."
        st.rerun()
    st.caption("It goes on when you leave this page.")


def _show_training(status: RunStatus) -> None:
    done, seconds = _number(status, "done"), _number(status, "seconds")
    if not done:
        st.progress(0.0, text="Loading the model")
        return
    left = (seconds or 0.0) * (1 - min(done, 1.0)) / done
    st.progress(min(done, 1.0), text=f"{percent(min(done, 1.0))} done, {duration(left)} left")
    figures = {
        "Loss": ("loss", "{:.3f}"),
        "Bits per byte, held out": ("held_out_reply_bits_per_byte", "{:.3f}"),
        "Tokens per second": ("tokens_per_s", "{:,.0f}"),
    }
    for column, (label, (key, form)) in zip(st.columns(3), figures.items(), strict=True):
        value = _number(status, key)
        column.metric(label, "–" if value is None else form.format(value))


def _number(status: RunStatus, key: str) -> float | None:
    value = status.progress.get(key)
    return float(value) if isinstance(value, int | float) else None


def _show_end(folder: Path, status: RunStatus, account: Account) -> None:
    if status.state == "done":
        st.success(plain(status.message))
        _offer_result(folder.name, account)
    else:
        _offer_resume(folder, status, account)
    report = folder / "report.md"
    if report.is_file():
        with st.expander("Report"):
            st.markdown(document(report.read_text(encoding="utf-8")))


def _offer_result(model_id: str, account: Account) -> None:
    promotions = resources.promotions()
    promoted = promotions.speaking()
    if model_id == promoted:
        st.caption("It is promoted now.")
    elif model_id in promotions.known() and st.button(
        f"Let {plain(model_id)} speak", icon=":material/record_voice_over:"
    ):
        offer_change("promote", model_id, promoted, account)


def _offer_resume(folder: Path, status: RunStatus, account: Account) -> None:
    cancelled = status.state == "cancelled"
    how, show = ("was cancelled", st.info) if cancelled else ("stopped", st.error)
    show(f"It {how} while {_DOES[status.step]}. {plain(status.message)}")
    st.caption("What it did so far is kept.")
    if not st.button("Resume", icon=":material/play_arrow:"):
        return
    try:
        begin(resources.settings().home, folder.name)
    except TutorError as error:
        _refused(error)
        return
    _note(account, audit.Action.REFRESH_STARTED, folder.name)
    st.rerun()


def _refused(error: TutorError) -> None:
    st.error(plain(str(error)), icon=":material/error:")


def _note(account: Account, what: audit.Action, name: str) -> None:
    audit.record(resources.store(), account.id, what, name)
