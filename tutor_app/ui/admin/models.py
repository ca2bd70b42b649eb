"""Models: which one speaks, what is known about each, and how it came to that."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.distillation.promote import Promotions
from tutor_app.errors import ModelError
from tutor_app.llms.shelf import NONE, ShelvedModel
from tutor_app.settings import CHAMPION
from tutor_app.storage.records import Promotion
from tutor_app.tutoring.voice import load_voice
from tutor_app.ui import resources
from tutor_app.ui.admin.promoting import called, offer_change
from tutor_app.ui.admin.refresh import refresh_page
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import document, plain
from tutor_app.ui.local_time import local
from tutor_app.ui.session import current
from tutor_app.ui.words import date


def models_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Models", icon=":material/record_voice_over:", url_path="models")


def show() -> None:
    """Draw who speaks, the models with their cards, and the history."""
    session = current()
    account = session.person(Role.ADMIN)
    st.title("Models", anchor=False)
    show_outcome(session)
    promotions = resources.promotions()
    with st.spinner("Checking every model's seal", show_time=True):
        found = [promotions.find(model_id) for model_id in promotions.known()]
        promoted, heard = promotions.speaking(), promotions.heard()
    models = sorted(found, key=lambda model: (model.id != promoted, model.id))
    _who_speaks(promoted, heard, models)
    _actions(promotions, promoted, account)
    st.subheader("All models", anchor=False)
    if models:
        st.dataframe(models_table(models, promoted, heard), hide_index=True, width="stretch")
    else:
        st.markdown("Models will be listed here; a refresh makes one.")
    for model in models:
        _one(model, promoted, account)
    _no_model(promoted, account)
    _history(promotions.history())


def _where_it_speaks(model_id: str, folder: Path) -> str:
    voice = load_voice(folder)
    won = voice.won if voice else ()
    if not won:
        return (
            f"**{plain(model_id)}** is promoted, but its evaluation gave it no kind of turn: "
            "**memory and hints speak.**"
        )
    return (
        f"**{plain(model_id)} speaks** where it won its place ({', '.join(won)}); memory and hints "
        "word the rest."
    )


def _who_speaks(promoted: str, heard: str, models: Sequence[ShelvedModel]) -> None:
    named = resources.settings().tutor_model
    if named != CHAMPION:
        st.warning(
            f"This server was started with TUTOR_MODEL={plain(named)}, which speaks whatever is "
            "promoted here. Start it without to let the promoted model speak."
        )
    elif heard == NONE:
        st.markdown("**No model speaks.** The tutor's moves are worded by memory and hints.")
    else:
        folder = next(model.folder for model in models if model.id == heard)
        st.markdown(
            f"{_where_it_speaks(heard, folder)} Every wording is checked before it is shown."
        )
    if promoted != heard:
        problem = next((m.problem for m in models if m.id == promoted), "Its folder is gone.")
        st.error(
            f"{plain(promoted)} is promoted but cannot speak: {plain(problem)} "
            f"Until then {plain(called(heard))} speaks, as before."
        )
    voice = resources.voice()
    resources.voice_is_ready(0)
    if voice.changing:
        st.info("The change is being loaded. Until then the one before speaks.")
    if failure := voice.failure:
        st.error(
            "The last change could not be loaded; the one before goes on speaking. "
            f"{plain(failure)}"
        )
        if st.button("Load it again", icon=":material/refresh:"):
            voice.try_again()
            st.rerun()


def _actions(promotions: Promotions, promoted: str, account: Account) -> None:
    with st.container(horizontal=True):
        if st.button("Plan a refresh", type="primary", icon=":material/model_training:"):
            st.switch_page(refresh_page())
        try:
            before = promotions.before()
        except ModelError:
            return
        if st.button(f"Roll back to {plain(called(before))}", icon=":material/undo:"):
            offer_change("rollback", before, promoted, account)


def models_table(models: Iterable[ShelvedModel], promoted: str, heard: str) -> pd.DataFrame:
    """Return one row a model: whether it speaks, its seal, its size."""
    return pd.DataFrame(
        {
            "Model": model.id,
            "Speaks": _standing(model.id, promoted, heard),
            "Seal": "broken" if model.manifest is None else "whole",
            "Size": f"{model.bytes / 1e6:.1f} MB",
            "Sealed": f"{local(model.manifest.created):%Y-%m-%d}" if model.manifest else "",
        }
        for model in models
    )


def _standing(model_id: str, promoted: str, heard: str) -> str:
    if model_id == heard:
        return "yes"
    return "promoted, but cannot" if model_id == promoted else "no"


def _one(model: ShelvedModel, promoted: str, account: Account) -> None:
    with st.expander(plain(model.id), icon=":material/warning:" if model.problem else None):
        if model.problem:
            st.error(plain(model.problem))
        card, report = st.tabs(["Card", "Report"])
        card.markdown(document(model.card) or "This model has no card.")
        report.markdown(document(model.report) or "This model has no report.")
        if model.manifest is None:
            return
        st.caption(
            f"{model.manifest.architecture}, fingerprint {model.manifest.digest[:12]}, "
            f"in {plain(str(model.folder))}"
        )
        _promote_button(model.id, promoted, account)


def _no_model(promoted: str, account: Account) -> None:
    with st.expander("No model: memory and hints alone"):
        st.markdown(
            "The tutor repeats what a teacher model wrote for the same situation, or gives the "
            "hint of the course. Nothing is generated."
        )
        _promote_button(NONE, promoted, account)


def _promote_button(model_id: str, promoted: str, account: Account) -> None:
    if model_id == promoted:
        st.caption("Promoted now.")
    elif st.button(f"Let {plain(called(model_id))} speak", key=f"promote-{model_id}"):
        offer_change("promote", model_id, promoted, account)


def _history(rows: Sequence[Promotion]) -> None:
    st.subheader("History", anchor=False)
    if not rows:
        st.markdown("Every change will be listed here, with its reason. There was none yet.")
        return
    names = {row.id: row.name for row in resources.store().accounts.read_all()}
    st.dataframe(history_table(rows, names), hide_index=True, width="stretch")


def history_table(rows: Iterable[Promotion], names: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a change, the newest first."""
    return pd.DataFrame(
        {
            "When": date(local(row.at)),
            "From": called(row.instead_of),
            "To": called(row.model_id),
            "Why": row.reason,
            "Who": names.get(row.who, row.who),
            "Kind": "promoted" if row.kind == "promote" else "rolled back",
        }
        for row in rows
    )
