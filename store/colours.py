"""Colours, as eyes see them: how well one can be read on another, and the same hue lighter or darker.

Contrast is counted as WCAG 2 counts it. Lightness, chroma and hue are those of OKLCH, in which equal steps look equal
and a hue stays what it is while it becomes lighter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from ventanilla.backoffice_adapters.records import Record

NEEDED: Final = 4.5
"""The least contrast of what is read: WCAG 2, criterion 1.4.3, level AA."""
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS: Final = 256
"""In how many steps of lightness another colour is looked for."""
_HALVINGS: Final = 16


class Oklch(Record):
    """A colour by what eyes tell apart."""

    lightness: float
    """From 0, black, to 1, white."""
    chroma: float
    """From 0, grey, to about 0.32."""
    hue: float
    """An angle, in radians."""


def is_colour(text: str) -> bool:
    """Whether `text` is a colour, ``#rrggbb``."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast of two ``#rrggbb`` colours, from 1 to 21, as WCAG 2 counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def reads_on(front: str, backs: Sequence[str]) -> bool:
    """Whether `front` can be read on each of `backs`."""
    return all(contrast(front, back) >= NEEDED for back in backs)


def nearest(colour: str, others: Sequence[str]) -> str | None:
    """The colour of the same hue nearest to `colour` that can be read on each of `others`; None if there is none."""
    if reads_on(colour, others):
        return colour
    here = oklch(colour)
    tried = (written(Oklch(lightness=each, chroma=here.chroma, hue=here.hue)) for each in _around(here.lightness))
    return next((each for each in tried if reads_on(each, others)), None)


def _around(lightness: float) -> Iterator[float]:
    """Lightnesses from 0 to 1, those nearest to `lightness` first."""
    steps = (step / _STEPS for step in range(1, _STEPS + 1))
    both = chain.from_iterable((lightness - step, lightness + step) for step in steps)
    return chain((each for each in both if 0 < each < 1), (0, 1))


def oklch(colour: str) -> Oklch:
    """A ``#rrggbb`` colour by lightness, chroma and hue."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return Oklch(lightness=lightness, chroma=math.hypot(a, b), hue=math.atan2(b, a))


def written(colour: Oklch) -> str:
    """The colour as ``#rrggbb``; one that no screen shows with less chroma, as little less as can be."""
    if _is_shown(found := _channels(colour, colour.chroma)):
        return _hexadecimal(found)
    least, most = 0.0, colour.chroma
    for _ in range(_HALVINGS):
        half = (least + most) / 2
        least, most = (half, most) if _is_shown(_channels(colour, half)) else (least, half)
    return _hexadecimal(_channels(colour, least))


def _channels(colour: Oklch, chroma: float) -> tuple[float, float, float]:
    """Red, green and blue, linear, of `colour` with another chroma; out of 0 to 1 where no screen shows it."""
    a, b = chroma * math.cos(colour.hue), chroma * math.sin(colour.hue)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(channels: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= channel <= 1.0001 for channel in channels)


def _hexadecimal(channels: tuple[float, float, float]) -> str:
    bounded = (min(max(channel, 0.0), 1.0) for channel in channels)
    curved = (c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in bounded)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in curved)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, ...]:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
