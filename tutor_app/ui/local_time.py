"""Times as the clock on the wall of the person who looks at the page."""

from datetime import datetime, timedelta, timezone

import streamlit as st


def local(moment: datetime) -> datetime:
    """Return an aware time in the time zone of the browser, which tells it; UTC before that."""
    offset = st.context.timezone_offset
    return moment.astimezone(timezone(timedelta(minutes=-offset if offset else 0)))
