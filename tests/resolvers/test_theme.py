"""The theme through the schema: who changes it, what is refused, and what a form is shown meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.resolvers.answers import codes
from tests.resolvers.test_audit import events
from tests.resolvers.test_registration import told
from tests.world import NOW, World
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.auth.identify import identify
from ventanilla.auth.theme_change import ThemeFlaw
from ventanilla.resolvers.theme import _LOW, _WHAT, _WORDS, UpdatePortalThemeReason
from ventanilla.store import managers
from ventanilla.store.theme import ContrastPair, Scheme

pytestmark = pytest.mark.anyio

QUERIES = Path(__file__).parents[2] / "examples" / "queries"
UPDATE = (QUERIES / "update-portal-theme.graphql").read_text("utf-8")
PREVIEW = (QUERIES / "theme-preview.graphql").read_text("utf-8")
COLOURS = "primary onPrimary background text accent"
PORTAL = "{ portal { theme { %s logoUrl typeface corners dark { %s } } } }" % (COLOURS, COLOURS)
ASSUMED = {
    "primary": "#1f4e79",
    "onPrimary": "#ffffff",
    "background": "#ffffff",
    "text": "#1b1b1b",
    "accent": "#8a4b08",
    "logoUrl": None,
    "typeface": "SANS",
    "corners": "SOFT",
}
DERIVED = {
    "primary": "#91c3f5",
    "onPrimary": "#061727",
    "background": "#0f171f",
    "text": "#e8e8e8",
    "accent": "#f3ac74",
}
NIGHT = {
    "primary": "#9ad4e0",
    "onPrimary": "#04161a",
    "background": "#0d1719",
    "text": "#e6eef0",
    "accent": "#f0b08a",
}


@pytest.fixture
async def eva(world: World) -> Actor:
    return await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)


async def changed(world: World, actor: Actor, language: str = "es", **given: Any) -> Any:
    """What the mutation answers; the world's manager is what the next request finds."""
    payload = told(await world.run(world.context("sur", actor, language), UPDATE, input=given))
    found = await identify(world.services.store, "sur.example", None, NOW)
    assert found
    stored = await managers.get(world.services.store, "sur", found.version)
    assert stored
    world.managers["sur"] = stored.manager
    return payload


async def shown(world: World) -> Any:
    outcome = await world.ask("sur", PORTAL)
    assert outcome.data is not None
    return outcome.data["portal"]["theme"]


async def previewed(world: World, actor: Actor, **given: Any) -> Any:
    outcome = await world.ask("sur", PREVIEW, actor, input=given)
    assert outcome.data is not None
    assert outcome.errors == []
    return outcome.data["staff"]["themePreview"]


async def test_an_admin_changes_it_and_the_portal_shows_it(world: World, eva: Actor) -> None:
    assert await shown(world) == {**ASSUMED, "dark": DERIVED}
    other = {
        "primary": "#0b5c6b",
        "onPrimary": "#fefefe",
        "background": "#fffdf7",
        "text": "#10262b",
        "accent": "#8f3b1b",
        "logoUrl": "/static/logos/sur.svg",
        "typeface": "ROUNDED",
        "corners": "ROUND",
        "dark": NIGHT,
    }
    assert await changed(world, eva, **other) == {"theme": other, "userErrors": []}
    assert await shown(world) == other
    assert (await changed(world, eva, dark={"accent": "#ffd0a0"}))["theme"]["dark"] == {**NIGHT, "accent": "#ffd0a0"}
    assert (await changed(world, eva))["theme"]["dark"]["accent"] == "#ffd0a0"
    assert (await changed(world, eva, **ASSUMED, dark=None))["theme"] == {**ASSUMED, "dark": DERIVED}


async def test_the_rest_of_the_request_sees_it(world: World, eva: Actor) -> None:
    twice = "mutation { a: %s b: %s }" % tuple(
        "updatePortalTheme(input: {%s}) { theme { corners typeface } }" % each
        for each in ("corners: ROUND", "typeface: SERIF")
    )
    outcome = await world.ask("sur", twice, eva)
    assert outcome.data is not None
    assert outcome.data["b"]["theme"] == {"corners": "ROUND", "typeface": "SERIF"}


@pytest.mark.parametrize(
    ("given", "reason", "path"),
    [
        ({"primary": "navy"}, "COLOUR_MALFORMED", ["primary"]),
        ({"onPrimary": None}, "FIELD_REQUIRED", ["onPrimary"]),
        ({"typeface": None}, "FIELD_REQUIRED", ["typeface"]),
        ({"logoUrl": "data:image/svg+xml,<svg/>"}, "LOGO_URL_NOT_ALLOWED", ["logoUrl"]),
        ({"dark": {"onPrimary": "#12345"}}, "COLOUR_MALFORMED", ["dark", "onPrimary"]),
        ({"accent": "#bbbbbb", "onPrimary": "#fefefe"}, "CONTRAST_TOO_LOW", ["accent"]),
        ({"dark": {"text": "#40406f"}}, "CONTRAST_TOO_LOW", ["dark", "text"]),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_changed(
    world: World, eva: Actor, given: Any, reason: str, path: list[str]
) -> None:
    payload = await changed(world, eva, **{"corners": "ROUND", **given})
    assert payload["theme"] is None
    assert {(each["reason"], *each["path"]) for each in payload["userErrors"]} == {(reason, *path)}
    assert await shown(world) == {**ASSUMED, "dark": DERIVED}
    assert await world.services.store.rows("SELECT id FROM audit_event") == []


async def test_what_is_too_low_is_told_with_its_mend_in_ones_language(world: World, eva: Actor) -> None:
    wrong = {"text": "#777777", "dark": {"text": "#40406f"}}
    told_in = {
        language: (await changed(world, eva, language, **wrong))["userErrors"] for language in ("en", "es", "pl")
    }
    light, dark = (each["message"] for each in told_in["en"])
    needed = "at least 4.5 is needed"
    assert light == f"Hard to read: text on the background. The contrast is 4.47, and {needed}: #767676 would do."
    assert dark.startswith(f"Hard to read in the dark: text on the background. The contrast is 1.87, and {needed}")
    assert {each["key"]: each["value"] for each in told_in["en"][0]["params"]} == {
        "scheme": "LIGHT",
        "pair": "TEXT_BACKGROUND",
        "ratio": "4.47",
        "needed": "4.5",
        "suggestion": "#767676",
    }
    assert "el texto sobre el fondo" in told_in["es"][0]["message"]
    assert "tekst na tle" in told_in["pl"][1]["message"]


def test_every_refusal_has_its_words() -> None:
    assert {each.value for each in UpdatePortalThemeReason} == {each.value for each in ThemeFlaw}
    assert {*_WORDS, ThemeFlaw.CONTRAST_TOO_LOW} == set(ThemeFlaw)
    assert _LOW.keys() == set(Scheme)
    assert _WHAT.keys() == set(ContrastPair)
    tables = (*_WORDS.values(), *_LOW.values(), *_WHAT.values())
    assert all(texts.keys() == {"en", "es", "pl"} for texts in tables)


async def test_a_form_is_shown_what_would_come_of_it(world: World, eva: Actor) -> None:
    fine = await previewed(world, eva)
    assert (fine["dark"], fine["userErrors"]) == (DERIVED, [])
    assert [each["passes"] for each in fine["contrasts"]] == [True] * 10
    assert {each["suggestion"] for each in fine["contrasts"]} == {None}

    pale = await previewed(world, eva, primary="#7799bb", dark={"text": "#40406f"})
    found = [each for each in pale["contrasts"] if not each["passes"]]
    mend = {"ratio": 2.97, "needed": 4.5, "passes": False, "suggestion": "#58799a", "path": ["primary"]}
    assert found[:2] == [
        {"scheme": "LIGHT", "pair": "ON_PRIMARY_PRIMARY", **mend},
        {"scheme": "LIGHT", "pair": "PRIMARY_BACKGROUND", **mend},
    ]
    assert [(each["scheme"], each["path"]) for each in found[2:]] == [("DARK", ["dark", "text"])]
    assert pale["dark"]["text"] == "#40406f"
    assert [each["path"] for each in pale["userErrors"]] == [["primary"], ["primary"], ["dark", "text"]]
    assert await shown(world) == {**ASSUMED, "dark": DERIVED}


async def test_a_form_is_shown_the_rest_while_one_types(world: World, eva: Actor) -> None:
    half = await previewed(world, eva, primary="#77", text="#777777", logoUrl="logo.svg")
    assert [(each["reason"], each["path"]) for each in half["userErrors"]] == [
        ("COLOUR_MALFORMED", ["primary"]),
        ("LOGO_URL_NOT_ALLOWED", ["logoUrl"]),
    ]
    assert [each["pair"] for each in half["contrasts"] if not each["passes"]] == ["TEXT_BACKGROUND"]
    assert half["dark"] == DERIVED


async def test_what_a_preview_passes_can_be_saved(world: World, eva: Actor) -> None:
    given: dict[str, Any] = {"primary": "#aabbcc", "onPrimary": "#223344", "background": "#eeeeee", "accent": "#00ff00"}
    for each in (await previewed(world, eva, **given))["contrasts"]:
        if each["suggestion"] and len(each["path"]) == 1:
            given[each["path"][0]] = each["suggestion"]
    assert (await previewed(world, eva, **given))["userErrors"] == []
    assert (await changed(world, eva, **given))["userErrors"] == []


async def test_who_changed_it_finds_it_in_their_list(world: World, eva: Actor) -> None:
    await changed(world, eva, corners="ROUND", dark={"onPrimary": "#000000"})
    await changed(world, eva, corners="ROUND")
    details = {
        "from": "corners=SOFT dark.onPrimary=null",
        "to": "corners=ROUND dark.onPrimary=#000000",
        "address": "192.0.2.1",
    }
    assert await events(world, eva) == [("THEME_CHANGED", details)]


async def test_it_is_for_those_who_administer_access(world: World) -> None:
    await world.person("sur", "ana@sur.example", [("agua", "1")])
    ivo, ana = await world.staff("sur", "ivo@sur.example"), await world.actor("sur", "ana@sur.example")
    for actor, desk in ((ivo, "staff.themePreview"), (ana, "staff")):
        assert codes(await world.ask("sur", UPDATE, actor, input={})) == [("updatePortalTheme", "FORBIDDEN")]
        assert codes(await world.ask("sur", PREVIEW, actor, input={})) == [(desk, "FORBIDDEN")]
    assert codes(await world.ask("sur", UPDATE, input={})) == [("updatePortalTheme", "UNAUTHENTICATED")]
    assert await shown(world) == {**ASSUMED, "dark": DERIVED}
