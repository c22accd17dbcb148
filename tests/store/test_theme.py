"""Themes: dark colours that are derived, what can be read, and what is told of the rest."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from tests.store.fresh import manager_named
from ventanilla.store.colours import NEEDED, contrast, oklch
from ventanilla.store.manager import Presentation
from ventanilla.store.theme import (
    COLOURS,
    PAIRS,
    Contrast,
    ContrastPair,
    DarkColours,
    Scheme,
    Theme,
    ThemeColours,
    contrasts,
    dark_colours,
    light_colours,
    malformed,
)
from ventanilla.store.theme_rules import is_logo_url, theme_problems

PALE = Theme(primary="#7799bb", on_primary="#111111")
ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
CHOSEN = st.fixed_dictionaries(dict.fromkeys(COLOURS, ANY))
SOME = st.fixed_dictionaries({}, optional=dict.fromkeys(COLOURS, ANY))


def failing(theme: Theme) -> list[Contrast]:
    return [each for each in contrasts(theme) if not each.passes]


def problems(theme: Theme) -> list[str]:
    return list(theme_problems(replace(manager_named("sur"), presentation=Presentation(theme=theme))))


def followed(theme: Theme, found: list[Contrast]) -> Theme:
    """The theme with every suggestion taken."""
    light: dict[str, Any] = {each.mends: each.suggestion for each in found if each.scheme is Scheme.LIGHT}
    dark: dict[str, Any] = {each.mends[5:]: each.suggestion for each in found if each.scheme is Scheme.DARK}
    return replace(theme, **light, dark=replace(theme.dark, **dark))


def readable(colours: ThemeColours) -> bool:
    return all(contrast(getattr(colours, front), getattr(colours, back)) >= NEEDED for front, back in PAIRS.values())


def test_every_pair_that_a_portal_draws_has_a_contrast() -> None:
    assert PAIRS.keys() == set(ContrastPair)
    assert [(each.scheme, each.pair) for each in contrasts(Theme())] == [
        (scheme, pair) for scheme in Scheme for pair in ContrastPair
    ]
    assert failing(Theme()) == []
    assert problems(Theme()) == []


@given(CHOSEN)
def test_dark_colours_that_are_derived_can_be_read_and_keep_their_hue(light: dict[str, Any]) -> None:
    theme = Theme(**light)
    dark = dark_colours(theme)
    if contrast(theme.background, "#ffffff") > contrast(theme.background, "#000000"):
        return  # it is dark already: the next test
    assert readable(dark)
    assert oklch(dark.background).lightness < 0.25
    assert oklch(dark.text).lightness > 0.85
    for name in ("primary", "accent"):
        was, found = oklch(getattr(theme, name)), oklch(getattr(dark, name))
        if min(was.chroma, found.chroma) > 0.04:
            assert math.cos(was.hue - found.hue) > 0.95


def test_a_theme_that_is_dark_already_stays_as_it_is() -> None:
    theme = Theme(primary="#88ccff", on_primary="#001122", background="#101820", text="#eeeeee", accent="#ffcc88")
    assert dark_colours(theme) == light_colours(theme)
    assert failing(theme) == []


@given(SOME)
def test_what_was_chosen_for_dark_stays_and_the_rest_can_be_read_on_it(chosen: dict[str, Any]) -> None:
    theme = Theme(dark=DarkColours(**chosen))
    found = dark_colours(theme)
    assert {name: getattr(found, name) for name in chosen} == chosen
    if "background" not in chosen or len(chosen) > 1:
        return
    assert readable(found)


def suggested(theme: Theme) -> list[Contrast]:
    return [each for each in contrasts(theme) if each.suggestion]


@given(CHOSEN, SOME)
def test_whoever_takes_all_suggestions_has_a_theme_that_passes(light: dict[str, Any], dark: dict[str, Any]) -> None:
    theme = Theme(**light, dark=DarkColours(**dark))
    mended = followed(theme, suggested(theme))
    assert readable(light_colours(mended))
    # What is derived for dark follows what was just changed, for light or for dark.
    assert failing(followed(mended, suggested(mended))) == []
    assert all(each.suggestion for each in failing(theme))


@given(CHOSEN)
def test_a_theme_that_passes_is_left_alone(light: dict[str, Any]) -> None:
    theme = followed(Theme(**light), suggested(Theme(**light)))
    assert [each for each in suggested(theme) if each.scheme is Scheme.LIGHT] == []


def test_a_colour_that_could_be_read_follows_one_that_could_not() -> None:
    """Dark on a pale button: with the button as links, darker, the dark on it has to become light."""
    found = {each.pair: (each.passes, each.mends, each.suggestion) for each in contrasts(PALE)[:5]}
    assert found[ContrastPair.PRIMARY_BACKGROUND] == (False, "primary", "#58799a")
    passes, mends, suggestion = found[ContrastPair.ON_PRIMARY_PRIMARY]
    assert (passes, mends) == (True, "on_primary")
    assert suggestion
    assert contrast(suggestion, "#58799a") >= NEEDED


def test_what_shows_as_enough_is_enough() -> None:
    low = next(each for each in contrasts(Theme(text="#777777")) if each.pair is ContrastPair.TEXT_BACKGROUND)
    assert (low.ratio, low.passes, low.suggestion, low.mends) == (4.47, False, "#767676", "text")
    enough = next(each for each in contrasts(Theme(text="#767676")) if each.pair is ContrastPair.TEXT_BACKGROUND)
    assert (enough.ratio, enough.passes, enough.suggestion) == (4.54, True, None)


def test_of_two_colours_the_one_is_told_that_is_better_changed() -> None:
    """White on a pale button, and the pale button's colour as links: the button is what is wrong."""
    found = {each.pair: (each.mends, each.suggestion) for each in failing(Theme(primary="#7799bb"))}
    assert found == {
        ContrastPair.ON_PRIMARY_PRIMARY: ("primary", "#58799a"),
        ContrastPair.PRIMARY_BACKGROUND: ("primary", "#58799a"),
    }


def test_every_problem_names_its_key_and_its_mend() -> None:
    theme = Theme(primary="#7799bb", dark=DarkColours(text="#40406f"))
    dark = "at least 4.5 : 1 is needed, which theme.dark.text = '#797baf' has"
    mend = "at least 4.5 : 1 is needed, which theme.primary = '#58799a' has"
    assert problems(theme) == [
        f"theme.on_primary: its contrast with theme.primary is 2.97 : 1; {mend}",
        f"theme.primary: its contrast with theme.background is 2.97 : 1; {mend}",
        f"theme.dark.text: its contrast with theme.dark.background is 1.87 : 1; {dark}",
    ]


def test_what_is_no_colour_is_told_alone() -> None:
    theme = Theme(primary="navy", text="#eeeeee", dark=DarkColours(accent="#12345"))
    assert malformed(theme) == [("primary", "navy"), ("dark.accent", "#12345")]
    assert [each.partition(":")[0] for each in problems(theme)] == ["theme.primary", "theme.dark.accent"]


@pytest.mark.parametrize("url", ["https://sur.example/logo.svg", "/static/logos/sur.svg", "/", "/a//b?c=d#e"])
def test_a_logo_stands_at_an_address_or_a_path(url: str) -> None:
    assert is_logo_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "logo.svg", "http://sur.example/a.svg", "//evil.example/a.svg", "/\\evil.example/a.svg"),
        *("javascript:alert(1)", "data:image/svg+xml,<svg/>", "https://", "https:///a", "/a b", "/a\n", "/" * 2_001),
        "/" + "a" * 2_000,
    ],
)
def test_a_logo_stands_nowhere_else(url: str) -> None:
    assert not is_logo_url(url)


def test_colours_are_the_same_five_everywhere() -> None:
    fields: Any = asdict(Theme())
    assert set(COLOURS) == set(asdict(DarkColours())) == set(fields) - {"logo_url", "typeface", "corners", "dark"}
