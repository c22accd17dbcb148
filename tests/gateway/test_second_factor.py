"""The second factor over the wire: browsers that sign in with both, sockets, the race for one code, and the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.authenticator_app import App
from tests.gateway.browsers import Browser, Portals, portals_in
from tests.gateway.live import begun
from ventanilla.auth import people
from ventanilla.gateway import logs
from ventanilla.gateway.services import utc_now
from ventanilla.store.manager import SignInWay

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parents[2] / "examples" / "queries"
PASSWORD = "Ventanas-al-sur-2026"
ANA = "ana@example.com"
ACCOUNTS = "{ viewer { accounts { nodes { id } } } }"


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.graphql").read_text("utf-8")


def code(app: App) -> str:
    """What the authenticator shows, half a minute early: good still when this one's time ends meanwhile."""
    return app.code(utc_now(), 1)


@pytest.fixture
async def portals(tmp_path: Path, database_url: str) -> AsyncIterator[Portals]:
    """Portals over a database of each kind in turn, and Ana."""
    async with portals_in(tmp_path, database_url=database_url) as found:
        await found.offer(ways=(SignInWay.PASSWORD,))
        async with found.store.work("aguas") as work:
            await people.add_person(
                work,
                email=ANA,
                password=PASSWORD,
                given_name="Ana",
                family_name="Paz",
                now=utc_now(),
                email_verified=True,
            )
        yield found


async def mutate(browser: Browser, name: str, **given: Any) -> Any:
    (payload,) = (await browser.ask(example(name), input=given)).values()
    return payload


async def entered(portals: Portals, **given: str) -> tuple[Browser, Any]:
    """A browser where Ana has signed in with her password, and what she was told."""
    browser = portals.browser()
    query = """mutation ($input: SignInInput!) { signIn(input: $input) {
      session { accessToken } viewer { onboardingState secondFactor { due } } userErrors { reason } } }"""
    signed = (await browser.ask(query, input={"email": ANA, "password": PASSWORD, **given}))["signIn"]
    assert signed["userErrors"] == []
    return browser, signed


async def set_up(portals: Portals) -> tuple[App, list[str]]:
    """Set one up with this moment's code; the authenticator, and the recovery codes."""
    browser, _ = await entered(portals)
    app = App.scan((await mutate(browser, "start-second-factor"))["otpauthUri"])
    confirmed = await mutate(browser, "confirm-second-factor", code=app.code(utc_now()))
    assert confirmed["userErrors"] == []
    assert confirmed["viewer"]["secondFactor"]["recoveryCodesLeft"] == 10
    return app, confirmed["recoveryCodes"]


async def is_open(browser: Browser) -> bool:
    answer = await browser.client.post(
        f"{browser.address}/graphql", json={"query": ACCOUNTS}, headers={"x-ventanilla-request": "1"}
    )
    codes = [each["extensions"]["code"] for each in answer.json().get("errors", ())]
    assert codes in ([], ["FORBIDDEN"])
    return not codes


async def test_a_browser_signs_in_with_both(portals: Portals) -> None:
    app, codes = await set_up(portals)
    browser, signed = await entered(portals)
    assert signed["viewer"] == {"onboardingState": "NEEDS_SECOND_FACTOR", "secondFactor": {"due": True}}
    assert not await is_open(browser)
    wrong = await mutate(browser, "show-second-factor", code=app.wrong(utc_now()))
    assert [(each["reason"], each["path"]) for each in wrong["userErrors"]] == [("CODE_INVALID", ["code"])]
    assert not await is_open(browser)
    right = code(app)
    shown = await mutate(browser, "show-second-factor", code=right)
    assert (shown["userErrors"], shown["viewer"]["onboardingState"]) == ([], "NEEDS_ACCOUNT")
    assert await is_open(browser)

    other, _ = await entered(portals)
    replayed = await mutate(other, "show-second-factor", code=right)
    assert [each["reason"] for each in replayed["userErrors"]] == ["CODE_USED"]
    assert not await is_open(other)
    recovered = await mutate(other, "show-second-factor", code=codes[0])
    assert recovered["viewer"]["secondFactor"] == {"recoveryCodesLeft": 9, "due": False}
    assert await is_open(other)
    removed = await mutate(other, "remove-second-factor", code=codes[1])
    assert removed == {"viewer": {"secondFactor": {"setUpAt": None}}, "userErrors": []}
    assert (await entered(portals))[1]["viewer"]["secondFactor"] == {"due": False}


async def test_of_browsers_that_come_with_one_code_at_once_one_gets_in(portals: Portals) -> None:
    app, _ = await set_up(portals)
    browsers = [(await entered(portals))[0] for _ in range(5)]
    right = code(app)
    answers = await asyncio.gather(*(mutate(each, "show-second-factor", code=right) for each in browsers))
    reasons = [[error["reason"] for error in answer["userErrors"]] for answer in answers]
    assert reasons.count([]) == 1
    assert all(each in ([], ["CODE_USED"]) for each in reasons), reasons
    assert [await is_open(each) for each in browsers].count(True) == 1


async def test_a_socket_is_open_once_it_was_shown(portals: Portals) -> None:
    app, _ = await set_up(portals)
    _, signed = await entered(portals, delivery="BEARER")
    bearer = f"Bearer {signed['session']['accessToken']}"
    async with begun(portals.running, portals.hosts["aguas"], authorization=bearer) as socket:
        await socket.ask("a", ACCOUNTS)
        assert (await socket.hear())["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert (await socket.hear())["type"] == "complete"
        shown = {"input": {"code": code(app)}}
        await socket.ask("b", example("show-second-factor"), variables=shown)
        assert (await socket.hear())["payload"]["data"]["showSecondFactor"]["userErrors"] == []
        assert (await socket.hear())["type"] == "complete"
        await socket.ask("c", ACCOUNTS)
        assert (await socket.hear())["payload"]["data"]["viewer"]["accounts"] == {"nodes": []}


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_the_log_says_nothing_of_secrets_and_codes(portals: Portals, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    app, codes = await set_up(portals)
    browser, _ = await entered(portals)
    now = utc_now()
    for each in (app.wrong(now), codes[0], codes[0]):
        await mutate(browser, "show-second-factor", code=each)
    written = capsys.readouterr().err
    assert written.count("ShowSecondFactor") == 3
    typed = [app.wrong(now), *(app.code(now, steps) for steps in range(-1, 2))]
    secrets = [*codes, *(f'"{each}"' for each in typed), app.secret.hex(), "otpauth", ANA, PASSWORD]
    assert not [each for each in secrets if each in written]
