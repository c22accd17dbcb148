"""The portal's door: which ways in it shows, where each leads on to, and what one step keeps for the next."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from tests.examples.test_portal import OWN, Gateway, browser

pytestmark = pytest.mark.anyio
COLOURS = dict.fromkeys(("primary", "onPrimary", "background", "text", "accent"), "#123456")
PORTAL = {
    "name": "Sur", "slug": "sur", "country": "AR", "language": "en", "languages": ["en"], "currency": "ARS",
    "timeZone": "UTC", "manualUrl": None, "paymentPlatform": None, "signInWays": ["PASSWORD"], "licences": [],
    "contact": {"email": "desk@sur.example", "phone": None, "website": None}, "capabilities": [], "texts": [],
    "theme": {**COLOURS, "logoUrl": None, "typeface": "SANS", "corners": "SOFT", "dark": COLOURS},
    "identityProviders": [], "welcome": [], "terms": None,
    "passwordPolicy": {"minLength": 10, "requireDigit": True, "requireUpper": False, "requireLower": False,
                       "requireSymbol": False},
}  # fmt: skip
PROVIDER = {"name": "clave", "title": "Clave Sur", "url": "/sign-in/clave"}


def told(**portal: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    return 200, {"data": {"portal": {**PORTAL, **portal}, "viewer": None}}, {}


def done(**payload: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    return 200, {"data": {"it": {"userErrors": [], **payload}}}, {}


@pytest.mark.parametrize(
    ("ways", "there"),
    [
        (["PASSWORD"], {"password"}),
        (["EMAIL_CODE"], {"code"}),
        (["PASSKEY"], {"passkey"}),
        (["PROVIDER"], {"provider"}),
        (["PASSWORD", "EMAIL_CODE", "PASSKEY", "PROVIDER"], {"password", "code", "passkey", "provider"}),
    ],
)
async def test_the_ways_in_are_those_of_the_manager(ways: list[str], there: set[str]) -> None:
    providers = [PROVIDER] if "PROVIDER" in ways else []
    marks = {"password": 'value="password"', "code": "/sign-in-code", "passkey": "passkey.js", "provider": "Clave Sur"}
    async with browser(Gateway(told(signInWays=ways, identityProviders=providers))) as client:
        page = (await client.get("/sign-in")).text
    assert {way for way, mark in marks.items() if mark in page} == there


async def test_every_way_goes_on_to_where_one_wanted_to_go() -> None:
    ways = told(signInWays=["PASSWORD", "EMAIL_CODE"], identityProviders=[PROVIDER])
    async with browser(Gateway(ways)) as client:
        page = (await client.get("/sign-in?next=%2Faccounts%3Fnumber%3D1")).text
    assert 'href="/sign-in/clave?return_to=/accounts%3Fnumber%3D1"' in page
    assert 'formaction="/sign-in-code?next=%2Faccounts%3Fnumber%3D1"' in page


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ("READY", "/accounts"),
        ("NEEDS_ACCOUNT", "/accounts"),
        ("NEEDS_SECOND_FACTOR", "/second-factor?next=%2Faccounts"),
        ("NEEDS_PASSWORD", "/change-password?next=%2Faccounts"),
    ],
)
async def test_what_is_due_comes_first(state: str, place: str) -> None:
    gateway = Gateway(done(viewer={"onboardingState": state}))
    async with browser(gateway, **OWN) as client:
        sent = {"do": "password", "email": " ana@example.org ", "password": " with blanks "}
        answer = await client.post("/sign-in?next=%2Faccounts", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    asked = json.loads(gateway.asked[0].content)["variables"]["input"]
    assert asked == {"email": "ana@example.org", "password": " with blanks "}


@pytest.mark.parametrize(
    "place", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil.example"]
)
async def test_nobody_is_led_to_another_host(place: str) -> None:
    async with browser(Gateway(done(viewer={"onboardingState": "READY"})), **OWN) as client:
        sent = {"do": "password", "email": "ana@example.org", "password": "x"}
        answer = await client.post("/sign-in", params={"next": place}, data=sent)
    assert answer.headers["location"] == "/"


async def test_a_codes_ticket_is_kept_for_its_own_page_alone() -> None:
    moments = {"expiresAt": "2026-11-22T12:10:00+00:00", "resendAvailableAt": "2026-11-22T12:01:00+00:00"}
    asked = done(ticket="secret", maskedEmail="a•••@example.org", **moments)
    gateway = Gateway(asked, told(signInWays=["EMAIL_CODE"]), done(viewer={"onboardingState": "READY"}))
    async with browser(gateway, **OWN) as client:
        sent = await client.post("/sign-in-code", data={"do": "ask", "email": "ana@example.org"})
        cookie = sent.headers["set-cookie"]
        page = (await client.get("/sign-in-code")).text
        entered = await client.post("/sign-in-code", data={"do": "enter", "code": "123456"})
    assert {"HttpOnly", "Path=/sign-in-code", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))
    assert "ticket=secret" in unquote(cookie)
    assert "secret" not in page
    assert "a•••@example.org" in page
    assert json.loads(gateway.asked[2].content)["variables"]["input"] == {"ticket": "secret", "code": "123456"}
    assert "portal-kept=; Max-Age=0" in entered.headers["set-cookie"]


async def test_where_terms_hold_a_provider_is_told_that_they_were_accepted() -> None:
    terms = {"version": "2026-03", "url": None, "body": "Be kind."}
    async with browser(Gateway(told(terms=terms, identityProviders=[PROVIDER]))) as client:
        page = (await client.get("/register")).text
    assert 'action="/sign-in/clave"' in page
    assert 'name="accepted_terms" value="2026-03" required' in page
    assert "Be kind." in page


async def test_too_many_tries_say_how_long_to_wait() -> None:
    error = {
        "reason": "TOO_MANY_ATTEMPTS", "message": "Too many tries.", "path": None,
        "params": [{"key": "retryAfterSeconds", "value": "61"}],
    }  # fmt: skip
    async with browser(Gateway(done(userErrors=[error]), told()), **OWN) as client:
        answer = await client.post("/sign-in", data={"do": "password", "email": "ana@example.org", "password": "x"})
    assert answer.status_code == 422
    assert "Too many tries. You can try again in 2 minutes." in answer.text
    assert 'value="ana@example.org"' in answer.text
