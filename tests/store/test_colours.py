"""Colours: contrast as the standard counts it, hues that stay, and the nearest colour that can be read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.store.colours import NEEDED, Oklch, contrast, is_colour, nearest, oklch, reads_on, written

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def channels(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "degrees"),
    [
        ("#ffffff", 1, 0, None),
        ("#000000", 0, 0, None),
        ("#ff0000", 0.628, 0.2577, 29.23),
        ("#00ff00", 0.8664, 0.2948, 142.5),
        ("#0000ff", 0.452, 0.3132, 264.05),
    ],
)
def test_what_eyes_tell_apart_is_what_others_reckon(
    colour: str, lightness: float, chroma: float, degrees: float | None
) -> None:
    found = oklch(colour)
    assert found.lightness == pytest.approx(lightness, abs=0.001)
    assert found.chroma == pytest.approx(chroma, abs=0.001)
    if degrees is not None:
        assert math.degrees(found.hue) % 360 == pytest.approx(degrees, abs=0.1)


@given(COLOURS)
def test_a_colour_that_is_read_and_written_is_the_same(colour: str) -> None:
    assert written(oklch(colour)) == colour


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(-math.pi, math.pi))
def test_what_no_screen_shows_is_written_with_less_chroma_alone(lightness: float, chroma: float, hue: float) -> None:
    found = oklch(written(Oklch(lightness=lightness, chroma=chroma, hue=hue)))
    # Eight bits a channel are coarse near black, where one step of one channel is several hundredths of lightness.
    assert found.lightness == pytest.approx(lightness, abs=0.06 if lightness < 0.2 else 0.01)
    assert found.chroma <= chroma + 0.02
    if found.chroma > 0.05 and lightness > 0.2:
        assert math.cos(found.hue - hue) > 0.98


@given(COLOURS, COLOURS)
def test_on_one_colour_there_is_always_one_of_the_same_hue(colour: str, other: str) -> None:
    found = nearest(colour, [other])
    assert found is not None
    assert contrast(found, other) >= NEEDED
    assert (found == colour) == reads_on(colour, [other])


@given(COLOURS, COLOURS)
def test_nearer_ones_cannot_be_read(colour: str, other: str) -> None:
    here = oklch(colour)
    found = nearest(colour, [other])
    assert found
    step = 1 / 256
    nearer = abs(oklch(found).lightness - here.lightness) - 2 * step  # what is written is rounded
    for place in range(1, int(nearer / step)):
        for lightness in (here.lightness - place * step, here.lightness + place * step):
            if 0 < lightness < 1:
                tried = written(Oklch(lightness=lightness, chroma=here.chroma, hue=here.hue))
                assert contrast(tried, other) < NEEDED


def test_nothing_can_be_read_on_all_there_is() -> None:
    assert nearest("#336699", ["#000000", "#808080", "#ffffff"]) is None


def test_a_colour_keeps_its_hue_while_it_becomes_darker() -> None:
    assert nearest("#7799bb", ["#ffffff"]) == "#58799a"
    assert nearest("#58799a", ["#ffffff"]) == "#58799a"


@pytest.mark.parametrize(("text", "is_one"), [("#1f4e79", True), ("#1F4E79", True), ("#fff", False), ("navy", False)])
def test_a_colour_has_six_digits(text: str, is_one: bool) -> None:
    assert is_colour(text) is is_one
    assert is_colour(f"{text}\n") is False
