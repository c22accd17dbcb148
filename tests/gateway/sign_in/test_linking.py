"""Linking an account at an identity provider to one's sign-in here, and giving it up."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from tests.gateway.browsers import Browser, Portals, provider_at
from tests.gateway.sign_in.conftest import Acme
from ventanilla.auth import sessions
from ventanilla.gateway.services import utc_now
from ventanilla.store.manager import IdentityMatch, IdentityProvider, SignInWay, StaffRules
from ventanilla.store.tables import (
    AuditEventRow,
    ChallengeRow,
    IdentityRow,
    LetterRow,
    PasskeyRow,
    PersonRow,
    SessionRow,
)

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parents[3] / "examples" / "queries"

START, UNLINK, LISTED = (
    (EXAMPLES / f"{name}.graphql").read_text("utf-8")
    for name in ("start-identity-link", "unlink-identity", "identities")
)
SEE_AS = (EXAMPLES / "see-as.graphql").read_text("utf-8")
PASSWORD = "Ventanas-al-sur-2026"


def by_subject(acme: Acme, name: str = "acme") -> IdentityProvider:
    return provider_at(acme.issuer, name, match=IdentityMatch.SUBJECT)


async def signed_in(portals: Portals, person: str, slug: str = "aguas") -> Browser:
    """A browser where a person is signed in, however they did it."""
    async with portals.store.work(slug) as work:
        token = (await sessions.issue(work, person, now=utc_now())).token
    browser = portals.browser(slug)
    name = f"ventanilla-{portals.port}" if slug == "aguas" else "ventanilla"
    browser.client.cookies.set(name, token, domain="127.0.0.1" if slug == "aguas" else "localhost.local")
    return browser


async def start(browser: Browser, provider: str) -> Any:
    return (await browser.ask(START, input={"provider": provider, "returnTo": "/profile"}))["startIdentityLink"]


async def unlink(browser: Browser, provider: str) -> list[str]:
    """Why it stays linked."""
    ended = (await browser.ask(UNLINK, input={"provider": provider}))["unlinkIdentity"]
    assert all(error["path"] == ["provider"] for error in ended["userErrors"])
    return [error["reason"] for error in ended["userErrors"]]


async def way_in(browser: Browser, provider: str = "acme") -> str:
    started = await start(browser, provider)
    assert started["userErrors"] == []
    assert started["expiresAt"]
    return started["url"]


async def subjects(portals: Portals) -> list[tuple[str, str]]:
    async with portals.store.work("aguas") as work:
        return sorted((row.provider, row.subject) for row in (await work.exec(select(IdentityRow))).all())


async def posted(portals: Portals) -> list[str]:
    """The kinds of the letters that were posted."""
    async with portals.store.work("aguas") as work:
        return list((await work.exec(select(LetterRow.kind).order_by(col(LetterRow.created_at)))).all())


async def happened(portals: Portals) -> list[tuple[str, str | None]]:
    """Each kind of event and its provider, in order."""
    async with portals.store.work("aguas") as work:
        rows = (await work.exec(select(AuditEventRow).order_by(col(AuditEventRow.id)))).all()
    return [(row.kind, json.loads(row.told).get("provider")) for row in rows]


async def test_somebody_links_an_account_and_signs_in_with_it(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person(password=PASSWORD))
    assert (await portals.browser().walk()).status_code == 403
    ended = await browser.walk(await way_in(browser))
    assert (ended.status_code, ended.headers["location"]) == (303, "/profile")
    assert "set-cookie" not in ended.headers, "who links stays in their session"
    (listed,) = (await browser.ask(LISTED))["viewer"]["identities"]
    assert (listed["provider"], listed["title"]) == ("acme", "Acme account")
    assert listed["linkedAt"] == listed["seenAt"]
    assert len((await browser.viewer())["sessions"]) == 1
    assert await subjects(portals) == [("acme", "alice")]
    assert await posted(portals) == ["IDENTITY_LINKED"]
    again = portals.browser()
    assert (await again.walk()).status_code == 303
    assert (await again.viewer())["email"] == "alice@example.com"
    assert await unlink(browser, "acme") == []
    kinds = ("IDENTITY_LINKED", "SIGNED_IN", "IDENTITY_UNLINKED")
    assert await happened(portals) == [(kind, "acme") for kind in kinds]


async def test_an_address_to_link_by_is_its_person_s_and_good_once(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme), by_subject(acme, "zeta"))
    mine = await signed_in(portals, await portals.person())
    other = await signed_in(portals, await portals.person("bob@example.com"))
    address = await way_in(mine)
    altered = address.replace("link=vl_", "link=vl_0")
    refused = [
        (other, address),
        (portals.browser(), address),
        (mine, address.replace("/acme?", "/zeta?")),
        (mine, altered),
        (mine, "/sign-in/acme?link="),
        (mine, "/sign-in/acme?link=1"),
        (mine, f"/sign-in/acme?link={'x' * 300}"),
    ]
    for browser, path in refused:
        page = await browser.get(path)
        assert page.status_code == 400, path
        assert "Sign in and begin again." in page.text
    assert (await mine.walk(address)).status_code == 303
    assert (await mine.get(address)).status_code == 400


async def test_a_newer_address_takes_the_place_of_an_older_one(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person())
    older, newer = await way_in(browser), await way_in(browser)
    assert (await browser.get(older)).status_code == 400
    assert (await browser.get(newer)).status_code == 303


async def test_an_address_to_link_by_is_over_after_five_minutes(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person())
    address = await way_in(browser)
    async with portals.store.work("aguas") as work:
        for row in (await work.exec(select(ChallengeRow))).all():
            row.expires_at -= timedelta(minutes=5)
    assert (await browser.get(address)).status_code == 400


async def test_who_signs_in_as_somebody_else_meanwhile_links_nothing(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person())
    callback = await browser.callback(await way_in(browser))
    browser.client.cookies.delete(f"ventanilla-{portals.port}")
    assert (await browser.get(callback)).status_code == 400
    assert await subjects(portals) == []


async def second_factor(portals: Portals, *, shown: bool = False) -> None:
    """Let everybody be asked for a second factor, and perhaps have shown it."""
    async with portals.store.work("aguas") as work:
        now = utc_now()
        await work.exec(update(PersonRow).values(second_factor_at=now))
        await work.exec(update(SessionRow).values(second_factor_at=now if shown else None))


async def test_who_is_to_show_a_second_factor_links_nothing_before(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person())
    address = await way_in(browser)
    await second_factor(portals)
    page = await browser.get(address)
    assert page.status_code == 403
    assert "Show your second factor at the portal first" in page.text
    with pytest.raises(AssertionError, match="FORBIDDEN"):
        await start(browser, "acme")
    await second_factor(portals, shown=True)
    callback = await browser.callback(address)
    await second_factor(portals)
    assert (await browser.get(callback)).status_code == 400
    assert await subjects(portals) == []


async def test_a_provider_shows_no_second_factor(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    await second_factor(portals)
    browser = portals.browser()
    assert (await browser.walk()).status_code == 303
    due = await browser.ask("{ viewer { secondFactor { due } } }")
    assert due == {"viewer": {"secondFactor": {"due": True}}}


async def test_an_account_is_one_person_s(portals_on_each: Portals, acme: Acme) -> None:
    portals = portals_on_each
    await portals.offer(by_subject(acme))
    mine = await signed_in(portals, await portals.person())
    other = await signed_in(portals, await portals.person("bob@example.com"))
    ways = [await way_in(mine), await way_in(other)]
    callbacks = [await browser.callback(way) for browser, way in zip((mine, other), ways, strict=True)]
    answers = await asyncio.gather(mine.get(callbacks[0]), other.get(callbacks[1]))
    assert sorted(answer.status_code for answer in answers) == [303, 403]
    page = next(answer for answer in answers if answer.status_code == 403)
    assert "is linked to another sign-in here" in page.text
    assert await subjects(portals) == [("acme", "alice")]


async def test_a_person_has_one_account_at_a_provider(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person(password=PASSWORD))
    first = await way_in(browser)
    callback = await browser.callback(first)
    second = await way_in(browser)
    assert (await browser.get(callback)).status_code == 303
    assert (await browser.walk(second)).status_code == 303, "the same one again changes nothing"
    started = await start(browser, "acme")
    assert [error["reason"] for error in started["userErrors"]] == ["ALREADY_LINKED"]
    assert started["url"] is None
    assert await unlink(browser, "acme") == []
    third = await way_in(browser)
    callback = await browser.callback(third)
    acme.set(user={"sub": "second"})
    assert (await browser.walk(await way_in(browser))).status_code == 303
    page = await browser.get(callback)
    assert page.status_code == 403
    assert "You have linked another account at Acme account. Unlink it first." in page.text
    assert await subjects(portals) == [("acme", "second")]


async def test_refusals_of_mutations_name_what_to_mend(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    browser = await signed_in(portals, await portals.person())
    started = await start(browser, "other")
    assert started["userErrors"] == [
        {
            "reason": "NOT_OFFERED",
            "message": "Nobody signs in at such a provider here. Choose one that the portal names.",
            "path": ["provider"],
        }
    ]
    assert await unlink(browser, "acme") == ["NOT_LINKED"]


async def test_nobody_who_is_not_signed_in_links_anything(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme))
    with pytest.raises(AssertionError, match="UNAUTHENTICATED"):
        await start(portals.browser(), "acme")
    with pytest.raises(AssertionError, match="UNAUTHENTICATED"):
        await unlink(portals.browser(), "acme")


PROVIDER, PASSKEY, CODE = SignInWay.PROVIDER, SignInWay.PASSKEY, SignInWay.EMAIL_CODE


@pytest.mark.parametrize(
    ("ways", "password", "passkey", "others", "reason"),
    [
        ((PROVIDER,), PASSWORD, False, False, "LAST_SIGN_IN_WAY"),
        ((PROVIDER, SignInWay.PASSWORD), None, False, False, "LAST_SIGN_IN_WAY"),
        ((PROVIDER, PASSKEY), None, False, False, "LAST_SIGN_IN_WAY"),
        ((PROVIDER,), None, True, False, "LAST_SIGN_IN_WAY"),
        ((PROVIDER, SignInWay.PASSWORD), PASSWORD, False, False, None),
        ((PROVIDER, CODE), None, False, False, None),
        ((PROVIDER, PASSKEY), None, True, False, None),
        ((PROVIDER,), None, False, True, None),
    ],
)
async def test_the_last_way_to_sign_in_is_not_given_up(
    portals: Portals,
    acme: Acme,
    *,
    ways: tuple[SignInWay, ...],
    password: str | None,
    passkey: bool,
    others: bool,
    reason: str | None,
) -> None:
    offered = [by_subject(acme), *([by_subject(acme, "zeta")] if others else [])]
    await portals.offer(*offered, ways=ways)
    person = await portals.person(password=password)
    if passkey:
        await has_passkey(portals, person)
    browser = await signed_in(portals, person)
    for provider in offered:
        assert (await browser.walk(await way_in(browser, provider.name))).status_code == 303
    assert await unlink(browser, "acme") == ([reason] if reason else [])
    assert (("acme", "alice") in await subjects(portals)) is bool(reason)


async def test_the_last_two_ways_are_not_given_up_at_once(portals_on_each: Portals, acme: Acme) -> None:
    portals = portals_on_each
    await portals.offer(by_subject(acme), by_subject(acme, "zeta"), ways=(PROVIDER,))
    browser = await signed_in(portals, await portals.person())
    for name in ("acme", "zeta"):
        assert (await browser.walk(await way_in(browser, name))).status_code == 303
    refused = await asyncio.gather(*(unlink(browser, name) for name in ("acme", "zeta")))
    assert sorted(refused) == [[], ["LAST_SIGN_IN_WAY"]]
    assert len(await subjects(portals)) == 1


async def test_what_was_linked_at_a_provider_that_went_counts_no_more(portals: Portals, acme: Acme) -> None:
    await portals.offer(by_subject(acme), by_subject(acme, "zeta"), ways=(PROVIDER,))
    browser = await signed_in(portals, await portals.person())
    for name in ("acme", "zeta"):
        await browser.walk(await way_in(browser, name))
    await portals.offer(by_subject(acme), ways=(PROVIDER,))
    titles = [each["title"] for each in (await browser.viewer())["identities"]]
    assert titles == ["Acme account", "zeta"]
    assert await unlink(browser, "acme") == ["LAST_SIGN_IN_WAY"]
    assert await unlink(browser, "zeta") == []


async def has_passkey(portals: Portals, person: str) -> None:
    async with portals.store.work("aguas") as work:
        row = PasskeyRow(
            id="1" * 32,
            person_id=person,
            credential_hash="h",
            credential="c",
            public_key="k",
            name="Phone",
            created_at=utc_now(),
        )
        work.add(row)


@pytest.mark.parametrize("on_the_way_back", [False, True])
async def test_who_of_the_staff_sees_as_a_customer_links_nothing_for_anybody(
    portals: Portals, acme: Acme, *, on_the_way_back: bool
) -> None:
    await portals.offer(by_subject(acme), staff=StaffRules(second_factor=False))
    ana, mirta = await portals.person(), await portals.person("mirta@example.com")
    async with portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == mirta).values(staff_role="STAFF"))
    browser = await signed_in(portals, mirta)
    begun = await way_in(browser)
    begun = await browser.callback(begun) if on_the_way_back else begun
    seen = await browser.ask(SEE_AS, input={"personId": ana, "reason": "Llamó por su factura"})
    assert seen["seeAs"]["viewer"]["name"] == "Ana Paz"
    ended = await browser.get(begun)
    assert ended.status_code == 400
    assert "You are not signed in" in ended.text
    assert "set-cookie" not in ended.headers or "visit" in ended.headers["set-cookie"]
    assert await subjects(portals) == []
