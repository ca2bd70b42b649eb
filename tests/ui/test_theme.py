"""The contrast of every pair of colours that meet on a page (WCAG 2.2, 1.4.3 and 1.4.11)."""

import tomllib
from pathlib import Path

import pytest

from tutor_app.ui.student.skills import COLOURS, TEXT_AND_TRACK

CONFIG = Path(__file__).parents[2] / "tutor_app" / "ui" / ".streamlit" / "config.toml"
THEME = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
TINT = 0.07
CAPTION = 0.8


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))


def mixed(front: tuple[float, ...], back: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(share * f + (1 - share) * b for f, b in zip(front, back, strict=True))


def luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_text_stands_out_from_every_background(kind: str) -> None:
    theme = THEME[kind]
    text = rgb(theme["textColor"])
    backgrounds = {
        "page": rgb(theme["backgroundColor"]),
        "box": rgb(theme["secondaryBackgroundColor"]),
        "sidebar": rgb(theme["sidebar"]["backgroundColor"]),
        "chosen page": rgb(theme["sidebar"]["secondaryBackgroundColor"]),
    }
    backgrounds["said"] = mixed(text, backgrounds["page"], TINT)
    ratios = {name: contrast(text, back) for name, back in backgrounds.items()}
    ratios |= {
        f"small text on {name}": contrast(mixed(text, back, CAPTION), back)
        for name, back in backgrounds.items()
    }
    ratios |= {f"link on {n}": contrast(rgb(theme["linkColor"]), b) for n, b in backgrounds.items()}
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_messages_and_the_primary_button_can_be_read(kind: str) -> None:
    theme = THEME[kind]
    ratios = {
        name: contrast(rgb(theme[f"{name}TextColor"]), rgb(theme[f"{name}BackgroundColor"]))
        for name in ("gray", "blue", "green", "yellow", "red")
    }
    ratios["primary button"] = contrast(rgb(theme["primaryColor"]), rgb("#ffffff"))
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_the_accent_and_the_bars_stand_out_from_the_page(kind: str) -> None:
    page = rgb(THEME[kind]["backgroundColor"])
    colours = {**COLOURS, "accent": THEME[kind]["primaryColor"]}
    ratios = {name: contrast(rgb(colour), page) for name, colour in colours.items()}
    assert {name: ratio for name, ratio in ratios.items() if ratio < 3} == {}


def test_the_chart_writes_in_the_colours_of_the_theme() -> None:
    for kind, (text, _) in TEXT_AND_TRACK.items():
        assert text == THEME[kind]["textColor"]


def test_no_font_or_file_of_the_look_comes_from_elsewhere() -> None:
    folder = CONFIG.parent.parent
    looks = [CONFIG, *folder.glob("*.css"), *folder.glob("*.js"), *folder.glob("*.svg")]
    assert len(looks) >= 4
    for path in looks:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path
