"""The demo's themes: three portals that nobody takes for one another, and that everybody can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.demo.shelf import managers
from ventanilla.gateway.demo import DEMO, DemoManager
from ventanilla.store.manager_file import read_manager
from ventanilla.store.theme import Corners, Theme, Typeface, dark_colours, light_colours

PORTAL = Path(__file__).parents[3] / "examples" / "portal" / "ventanilla_portal"
FRONTS = ("on_primary", "on_primary", "text", "primary", "accent")
BACKS = ("primary", "accent", "background", "background", "background")


def theme_of(manager: DemoManager) -> Theme:
    return read_manager(manager.toml).presentation.theme


@managers
def test_colours_can_be_read_on_light_and_on_dark(manager: DemoManager) -> None:
    for colours in (light_colours(theme_of(manager)), dark_colours(theme_of(manager))):
        for front, back in zip(FRONTS, BACKS, strict=True):
            assert contrast(getattr(colours, front), getattr(colours, back)) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two colours ``#rrggbb``, reckoned apart from what is tested."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@managers
def test_the_logo_is_one_that_the_portal_has_and_draws_by_itself(manager: DemoManager) -> None:
    url = theme_of(manager).logo_url
    assert url == f"/static/logos/{manager.slug}.svg"
    drawn = (PORTAL / url.lstrip("/")).read_text("utf-8")
    assert 'viewBox="0 0 64 64"' in drawn
    assert drawn.count("://") == 1  # the name of SVG: nothing is fetched
    assert not any(word in drawn for word in ("<script", "<style", "<text", "href", "data:"))


def test_each_portal_has_a_character_of_its_own() -> None:
    themes = [theme_of(manager) for manager in DEMO]
    assert {theme.typeface for theme in themes} == set(Typeface)
    assert {theme.corners for theme in themes} == set(Corners)
    assert len({theme.primary for theme in themes}) == len(themes)
