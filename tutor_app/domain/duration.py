"""How long something takes, in words that pages and commands share."""


def duration(seconds: float) -> str:
    """Return "40 s", "12 min" or "2.5 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
