"""How a manager's portal looks: colours on a light and on a dark background, letters and corners."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import lru_cache
from math import floor
from typing import Final

from msgspec.structs import replace

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.colours import NEEDED, Oklch, contrast, is_colour, nearest, oklch, reads_on, written


class Typeface(StrEnum):
    """Which of the portal's own fonts it is written in."""

    SANS = "SANS"
    SERIF = "SERIF"
    ROUNDED = "ROUNDED"


class Corners(StrEnum):
    """How buttons, fields and cards end."""

    SHARP = "SHARP"
    SOFT = "SOFT"
    ROUND = "ROUND"


class ThemeColours(Record):
    """The colours of a portal on one background, as ``#rrggbb``."""

    primary: str
    on_primary: str
    background: str
    text: str
    accent: str


class DarkColours(Record):
    """Colours on a dark background, as ``#rrggbb``; what is None is derived from the light ones."""

    primary: str | None = None
    on_primary: str | None = None
    background: str | None = None
    text: str | None = None
    accent: str | None = None


class Theme(Record):
    """Colours as ``#rrggbb``; each of `PAIRS` has a contrast of at least 4.5 : 1, on light and on dark."""

    primary: str = "#1f4e79"
    on_primary: str = "#ffffff"
    background: str = "#ffffff"
    text: str = "#1b1b1b"
    accent: str = "#8a4b08"
    logo_url: str | None = None
    """An https address, or a path of the portal."""
    typeface: Typeface = Typeface.SANS
    corners: Corners = Corners.SOFT
    dark: DarkColours = DarkColours()


class Scheme(StrEnum):
    """Which of a theme's two sets of colours."""

    LIGHT = "LIGHT"
    DARK = "DARK"


class ContrastPair(StrEnum):
    """Two colours of which the first is drawn on the second."""

    TEXT_BACKGROUND = "TEXT_BACKGROUND"
    ON_PRIMARY_PRIMARY = "ON_PRIMARY_PRIMARY"
    PRIMARY_BACKGROUND = "PRIMARY_BACKGROUND"
    ACCENT_BACKGROUND = "ACCENT_BACKGROUND"
    ON_PRIMARY_ACCENT = "ON_PRIMARY_ACCENT"


PAIRS: Final = {
    ContrastPair.TEXT_BACKGROUND: ("text", "background"),
    ContrastPair.ON_PRIMARY_PRIMARY: ("on_primary", "primary"),
    ContrastPair.PRIMARY_BACKGROUND: ("primary", "background"),
    ContrastPair.ACCENT_BACKGROUND: ("accent", "background"),
    ContrastPair.ON_PRIMARY_ACCENT: ("on_primary", "accent"),
}
"""Everything that a portal may draw → which colour of `ThemeColours` on which."""
COLOURS: Final = ThemeColours.__struct_fields__
_INK_CHROMA: Final = 0.02
_DARK_BACKGROUND: Final = 0.2
_DARK_TEXT: Final = 0.93
_DARK_PRIMARY: Final = 0.8
_DARK_PRIMARY_CHROMA: Final = 0.14


class Contrast(Record):
    """How well one colour of a theme can be read on another."""

    scheme: Scheme
    pair: ContrastPair
    ratio: float
    """From 1 to 21, two digits, rounded down: what shows as 4.50 is enough."""
    needed: float
    suggestion: str | None
    """The nearest colour of the same hue with which all can be read that is drawn with it; None where nothing is to be
    done. A pair that passes has one where its first colour has to follow what is suggested for another."""
    mends: str
    """Which colour `suggestion` is for, as the manager's file names it: ``dark.accent``."""

    @property
    def passes(self) -> bool:
        """Whether it can be read well enough."""
        return self.ratio >= self.needed


def malformed(theme: Theme) -> list[tuple[str, str]]:
    """What is no colour, by name as the manager's file has it: ``dark.accent``."""
    light = [(name, getattr(theme, name)) for name in COLOURS]
    dark = [(f"dark.{name}", getattr(theme.dark, name)) for name in COLOURS]
    return [(name, value) for name, value in (*light, *dark) if value is not None and not is_colour(value)]


def light_colours(theme: Theme) -> ThemeColours:
    """The colours that the manager chose."""
    return ThemeColours(**{name: getattr(theme, name) for name in COLOURS})


@lru_cache(maxsize=1_024)
def dark_colours(theme: Theme) -> ThemeColours:
    """The colours on a dark background, where nothing is `malformed`: those that the manager chose, the others derived.

    A theme that is dark already stays as it is. What is derived keeps its hue, and can be read on what was chosen.
    """
    light = light_colours(theme)
    chosen = {name: value for name in COLOURS if (value := getattr(theme.dark, name)) is not None}
    is_dark = contrast(light.background, "#ffffff") > contrast(light.background, "#000000")
    return _mended(replace(light if is_dark else _darkened(light), **chosen), held=chosen)


def _darkened(light: ThemeColours) -> ThemeColours:
    """A near-black with a breath of the manager's hue, near-white ink, and both strong colours lighter and calmer."""
    paper, primary = oklch(light.background), oklch(light.primary)
    tint = paper if paper.chroma > _INK_CHROMA / 4 else primary
    return ThemeColours(
        primary=_shaded(primary, _DARK_PRIMARY, _DARK_PRIMARY_CHROMA),
        on_primary=_shaded(primary, _DARK_BACKGROUND, 2 * _INK_CHROMA),
        background=_shaded(tint, _DARK_BACKGROUND, _INK_CHROMA),
        text=_shaded(oklch(light.text), _DARK_TEXT, _INK_CHROMA / 2),
        accent=_shaded(oklch(light.accent), _DARK_PRIMARY, _DARK_PRIMARY_CHROMA),
    )


def _shaded(colour: Oklch, lightness: float, most_chroma: float) -> str:
    return written(Oklch(lightness=lightness, chroma=min(colour.chroma, most_chroma), hue=colour.hue))


def contrasts(theme: Theme) -> list[Contrast]:
    """Everything that a portal draws with `theme`, in which nothing is `malformed`, on light and on dark."""
    return [*_contrasts(Scheme.LIGHT, light_colours(theme)), *_contrasts(Scheme.DARK, dark_colours(theme))]


def _contrasts(scheme: Scheme, colours: ThemeColours) -> Iterator[Contrast]:
    better = _mended(colours, held=())
    prefix = "dark." if scheme is Scheme.DARK else ""
    for pair, (front, back) in PAIRS.items():
        ratio = contrast(getattr(colours, front), getattr(colours, back))
        follows = getattr(better, front) != getattr(colours, front)
        other = front if follows or ratio >= NEEDED else back
        yield Contrast(
            scheme=scheme,
            pair=pair,
            ratio=floor(ratio * 100) / 100,
            needed=NEEDED,
            suggestion=getattr(better, other) if follows or ratio < NEEDED else None,
            mends=prefix + other,
        )


def _mended(colours: ThemeColours, *, held: Collection[str]) -> ThemeColours:
    """The colours with those changed that cannot be read, as little as can be and never in hue; `held` ones stay."""

    def fit(name: str, *backs: str) -> str | None:
        own: str = getattr(colours, name)
        return own if name in held else nearest(own, backs)

    paper = colours.background
    text, primary, accent = (fit(name, paper) or getattr(colours, name) for name in ("text", "primary", "accent"))
    on_primary = fit("on_primary", primary, accent) or fit("on_primary", primary) or colours.on_primary
    if not reads_on(on_primary, [accent]):  # one of the two is light and the other dark: they have to agree
        accent = fit("accent", paper, on_primary) or accent
    return replace(colours, text=text, primary=primary, accent=accent, on_primary=on_primary)
