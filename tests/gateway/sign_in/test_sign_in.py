"""Signing in at an identity provider: whole walks of real browsers, over sockets."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from tests.gateway.browsers import Portals, parameters, provider_at
from tests.gateway.sign_in.conftest import Acme
from tests.provider import CLIENT, Provider
from ventanilla.gateway.services import utc_now
from ventanilla.store.manager import IdentityMatch, Presentation, Terms
from ventanilla.store.tables import ConsentRow, IdentityRow, LetterRow, PersonRow, ProviderVisitRow

pytestmark = pytest.mark.anyio


async def test_somebody_signs_in_by_the_email_that_the_provider_vouches_for(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    ended = await browser.walk("/sign-in/acme?return_to=/invoices%3Fopen%3D1")
    assert (ended.status_code, ended.headers["location"]) == (303, "/invoices?open=1")
    viewer = await browser.viewer()
    assert (viewer["email"], len(viewer["sessions"])) == ("alice@example.com", 1)
    assert viewer["identities"] == [{"provider": "acme", "title": "Acme account"}]


async def test_what_is_due_to_a_password_does_not_concern_who_comes_by_a_provider(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    person = await portals.person()
    async with portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person).values(must_change_password=True))
    browser = portals.browser()
    await browser.walk()
    assert await browser.ask("{ viewer { passwordChangeDue onboardingState } }") == {
        "viewer": {"passwordChangeDue": False, "onboardingState": "NEEDS_ACCOUNT"}
    }
    async with portals.store.work("aguas") as work:
        row = (await work.exec(select(PersonRow))).one()
    assert row.email_verified_at is not None, "the provider vouches for it"


async def test_the_browser_is_sent_with_all_that_protects_it(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    browser = portals.browser()
    first, second = [await browser.get("/sign-in/acme") for _ in range(2)]
    sent, again = parameters(first.headers["location"]), parameters(second.headers["location"])
    assert first.headers["location"].startswith(f"{acme.issuer}/authorize?")
    assert sent["redirect_uri"] == f"{browser.address}/sign-in/acme/callback"
    assert (sent["client_id"], sent["response_type"], sent["scope"]) == (CLIENT, "code", "openid email profile")
    assert (sent["code_challenge_method"], sent["ui_locales"]) == ("S256", "en")
    for name in ("state", "nonce", "code_challenge"):
        assert len(sent[name]) == 43
        assert sent[name] != again[name]
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"ventanilla-{portals.port}-visit=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600")
    assert cookie == second.headers["set-cookie"], "several tabs may visit at once"
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["referrer-policy"] == "no-referrer"


async def test_over_https_the_cookie_is_this_host_s_alone(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    # The address of this test is no proxy that is believed, so the portal is asked in the process itself.
    async with portals.inside("https") as client:
        left = await client.get("/sign-in/acme")
    assert left.headers["set-cookie"].startswith("__Host-ventanilla-visit=")
    assert left.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600")
    assert parameters(left.headers["location"])["redirect_uri"].startswith("https://")


async def test_who_comes_again_is_found_by_the_account_whatever_their_email_has_become(
    portals: Portals, acme: Acme
) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    assert (await portals.browser().walk()).status_code == 303
    acme.set(user={"sub": "alice", "email": "other@example.com", "email_verified": False})
    browser = portals.browser()
    assert (await browser.walk()).status_code == 303
    assert (await browser.viewer())["email"] == "alice@example.com"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_every_pinned_algorithm_is_believed(portals: Portals, acme: Acme, algorithm: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(algorithm=algorithm)
    assert (await portals.browser().walk()).headers["location"] == "/"


@pytest.mark.parametrize("mode", ["no key id", "audiences with azp"])
async def test_what_is_unusual_and_right_is_believed(portals: Portals, acme: Acme, mode: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(mode=mode, algorithm="ES256")
    assert (await portals.browser().walk()).status_code == 303


@pytest.mark.parametrize("methods", [["client_secret_post"], ["private_key_jwt", "client_secret_basic"], None])
async def test_the_secret_is_sent_as_the_provider_takes_it(
    portals: Portals, acme: Acme, methods: list[str] | None
) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(document={"token_endpoint_auth_methods_supported": methods})
    assert (await portals.browser().walk()).status_code == 303


async def test_the_userinfo_endpoint_tells_what_the_token_does_not(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(user={"sub": "alice"}, info={"sub": "alice", "email": "Alice@Example.com", "email_verified": True})
    assert (await portals.browser().walk()).status_code == 303
    assert acme.asked("userinfo") == 1


async def test_the_userinfo_endpoint_is_not_asked_for_nothing(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer, match=IdentityMatch.SUBJECT))
    acme.set(user={"sub": "alice"})
    assert (await portals.browser().walk()).status_code == 403
    assert acme.asked("userinfo") == 0


NEW = {
    "sub": "bea",
    "email": "bea@example.com",
    "email_verified": True,
    "given_name": "Bea",
    "family_name": "Sol",
}


async def test_somebody_new_becomes_a_person_where_the_manager_wants_it(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer, register=True))
    acme.set(user=NEW)
    browser = portals.browser()
    assert (await browser.walk()).status_code == 303
    viewer = await browser.viewer()
    assert (viewer["email"], viewer["name"]) == ("bea@example.com", "Bea Sol")
    async with portals.store.work("aguas") as work:
        row = (await work.exec(select(PersonRow))).one()
    assert row.email_verified_at is not None
    assert (row.password_hash, row.language) == (None, "en")


async def test_a_name_in_one_piece_is_taken_apart(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer, register=True))
    acme.set(user={"sub": "c", "email": "c@example.com", "email_verified": True, "name": "Juan  Carlos Ríos"})
    browser = portals.browser()
    assert (await browser.walk()).status_code == 303
    async with portals.store.work("aguas") as work:
        row = (await work.exec(select(PersonRow))).one()
    assert (row.given_name, row.family_name) == ("Juan Carlos", "Ríos")


async def test_somebody_new_accepts_the_terms_before_they_leave(portals: Portals, acme: Acme) -> None:
    terms = Presentation(terms=Terms(version="2026-1"))
    await portals.offer(provider_at(acme.issuer, register=True), presentation=terms)
    acme.set(user=NEW)
    for refused in ("", "?accepted_terms=2025-1"):
        page = await portals.browser().walk(f"/sign-in/acme{refused}")
        assert page.status_code == 403
        assert "accepts the terms of use first" in page.text
    assert (await portals.browser().walk("/sign-in/acme?accepted_terms=2026-1")).status_code == 303
    async with portals.store.work("aguas") as work:
        consent = (await work.exec(select(ConsentRow))).one()
    assert (consent.kind, consent.version, consent.address) == ("TERMS", "2026-1", "127.0.0.1")
    assert (await portals.browser().walk()).status_code == 303, "who is known has accepted them"


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({"sub": "x"}, "does not vouch for your e-mail"),
        ({"sub": "x", "email": "bea@example.com"}, "does not vouch for your e-mail"),
        ({"sub": "x", "email": "bea@example.com", "email_verified": False}, "does not vouch for your e-mail"),
        ({"sub": "x", "email": "bea@example.com", "email_verified": "true"}, "does not vouch for your e-mail"),
        ({"sub": "x", "email": "bea", "email_verified": True}, "does not vouch for your e-mail"),
        ({"sub": "x", "email": "bea@elsewhere.example", "email_verified": True}, "are not taken here"),
        ({"sub": "x", "email": "a@example.com.elsewhere.example", "email_verified": True}, "are not taken here"),
        ({"sub": "x", "email": "bea@example.com", "email_verified": True}, "does not tell your name"),
        ({**NEW, "family_name": "", "name": "Bea"}, "does not tell your name"),
        ({**NEW, "family_name": "a\u202eb"}, "does not tell your name"),
    ],
)
async def test_who_is_not_told_well_enough_is_not_registered(
    portals: Portals, acme: Acme, user: dict[str, object], words: str
) -> None:
    await portals.offer(provider_at(acme.issuer, register=True, domains=("example.com",)))
    acme.set(user=user)
    page = await portals.browser().walk()
    assert page.status_code == 403
    assert words in page.text
    async with portals.store.work("aguas") as work:
        assert (await work.exec(select(PersonRow))).all() == []


async def test_nobody_somebody_disabled_and_somebody_linked_otherwise_are_told_alike(
    portals: Portals, acme: Acme
) -> None:
    await portals.offer(provider_at(acme.issuer))
    unknown = await portals.browser().walk()
    person = await portals.person()
    async with portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person).values(disabled_at=utc_now()))
    disabled = await portals.browser().walk()
    async with portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person).values(disabled_at=None))
    assert (await portals.browser().walk()).status_code == 303
    acme.set(user={"sub": "new holder", "email": "alice@example.com", "email_verified": True})
    taken_over = await portals.browser().walk()
    async with portals.store.work("aguas") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == person).values(disabled_at=utc_now()))
    acme.set(user={"sub": "alice"})
    linked_and_disabled = await portals.browser().walk()
    pages = [unknown, disabled, taken_over, linked_and_disabled]
    assert {(page.status_code, page.text) for page in pages} == {(403, unknown.text)}
    assert "opens nothing here" in unknown.text


async def test_only_linked_accounts_open_the_door_where_the_subject_is_what_counts(
    portals: Portals, acme: Acme
) -> None:
    await portals.offer(provider_at(acme.issuer, match=IdentityMatch.SUBJECT))
    await portals.person()
    assert (await portals.browser().walk()).status_code == 403
    async with portals.store.work("aguas") as work:
        assert (await work.exec(select(IdentityRow))).all() == []


async def test_another_browser_is_told_of_by_a_letter(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    for agent in ("Firefox/1 Linux", "Chrome/1 Android"):
        assert (await portals.browser(**{"user-agent": agent}).walk()).status_code == 303
    async with portals.store.work("aguas") as work:
        letters = (await work.exec(select(LetterRow).order_by(col(LetterRow.created_at)))).all()
    assert [letter.kind for letter in letters] == ["IDENTITY_LINKED", "NEW_DEVICE"]
    assert {letter.recipient for letter in letters} == {"alice@example.com"}


async def test_sessions_are_listed_and_ended_as_all_others(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    one, other = portals.browser(), portals.browser()
    await one.walk()
    await other.walk()
    sessions = (await one.viewer())["sessions"]
    assert len(sessions) == 2
    end = "mutation($id: ID!) { endSession(input: {id: $id}) { endedSessions } }"
    for each in sessions:
        ended = await one.ask(end, id=each["id"])
        assert ended["endSession"]["endedSessions"] == 1 or await one.viewer() is None
    assert await other.viewer() is None or await one.viewer() is None


async def test_two_managers_have_two_providers_and_nothing_in_common(
    portals: Portals, acme: Acme, process: Provider
) -> None:
    zeta = Acme(process)
    zeta.set(user={"sub": "alice", "email": "alice@example.com", "email_verified": True})
    await portals.offer(provider_at(acme.issuer))
    await portals.offer(provider_at(zeta.issuer, "zeta"), slug="lares")
    await portals.person()
    at_aguas, at_lares = portals.browser(), portals.browser("lares")
    assert (await at_aguas.walk()).status_code == 303
    assert (await at_lares.get("/sign-in/acme")).status_code == 404
    assert (await at_lares.walk("/sign-in/zeta")).status_code == 403, "nobody is known there"
    await portals.person(slug="lares")
    assert (await at_lares.walk("/sign-in/zeta")).status_code == 303
    viewer = await at_lares.viewer()
    assert viewer["identities"] == [{"provider": "zeta", "title": "Acme account"}]
    assert (await at_aguas.viewer())["identities"] == [{"provider": "acme", "title": "Acme account"}]


async def test_a_visit_of_one_portal_is_nothing_at_the_other(portals: Portals, acme: Acme) -> None:
    for slug in ("aguas", "lares"):
        await portals.offer(provider_at(acme.issuer), slug=slug)
        await portals.person(slug=slug)
    browser = portals.browser()
    callback = await browser.callback()
    elsewhere = callback.replace(portals.hosts["aguas"], portals.hosts["lares"])
    secret = next(iter(browser.client.cookies.jar)).value
    stolen = portals.browser("lares", cookie=f"ventanilla-visit={secret}")
    assert (await stolen.get(elsewhere)).status_code == 400
    assert (await browser.get(callback)).status_code == 303


async def test_of_parallel_callbacks_with_one_state_one_begins_a_session(portals_on_each: Portals, acme: Acme) -> None:
    portals = portals_on_each
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    callback = await browser.callback()
    answers = await asyncio.gather(*(browser.get(callback) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    assert len((await browser.viewer())["sessions"]) == 1
    assert acme.asked("token") == 1


async def test_somebody_who_registers_twice_at_once_is_one_person(portals_on_each: Portals, acme: Acme) -> None:
    portals = portals_on_each
    await portals.offer(provider_at(acme.issuer, register=True))
    acme.set(user=NEW)
    browsers = [portals.browser() for _ in range(4)]
    ended = await asyncio.gather(*(browser.walk() for browser in browsers))
    assert [each.status_code for each in ended] == [303] * 4
    async with portals.store.work("aguas") as work:
        assert len((await work.exec(select(PersonRow))).all()) == 1
        assert len((await work.exec(select(IdentityRow))).all()) == 1


async def test_the_portal_tells_where_people_may_sign_in(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    asked = "{ portal { signInWays identityProviders { name title url } } }"
    told = (await portals.browser(**{"accept-language": "es"}).ask(asked))["portal"]
    assert told["signInWays"] == ["PASSWORD", "PROVIDER"]
    assert told["identityProviders"] == [{"name": "acme", "title": "Cuenta Acme", "url": "/sign-in/acme"}]
    async with asyncio.timeout(5):
        while not acme.asked("jwks"):  # noqa: ASYNC110  another process is asked, and tells of no event
            await asyncio.sleep(0.02)
    before = acme.asked("discovery")  # who saw the sign-in page waits for no document later
    assert (await portals.browser().get("/sign-in/acme")).status_code == 303
    assert (before, acme.asked("discovery")) == (1, 1)


async def test_a_provider_that_is_not_offered_is_nowhere(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer), ways=())
    for path in ("/sign-in/acme", "/sign-in/acme/callback", "/sign-in/other"):
        assert (await portals.browser().get(path)).status_code == 404
    told = await portals.browser().ask("{ portal { identityProviders { name } } }")
    assert told["portal"]["identityProviders"] == []


async def test_who_only_looks_uses_nothing_up(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    callback = await browser.callback()
    looked = await browser.client.head(callback)
    assert (looked.status_code, looked.headers["allow"]) == (405, "GET")
    assert (await browser.get(callback)).status_code == 303


async def test_a_visit_is_over_after_ten_minutes(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    callback = await browser.callback()
    await _pass(portals, timedelta(minutes=10))
    assert (await browser.get(callback)).status_code == 400
    assert (await browser.walk()).status_code == 303
    async with portals.store.work("aguas") as work:
        assert len((await work.exec(select(ProviderVisitRow))).all()) == 1, "those that are over are swept out"


async def _pass(portals: Portals, time: timedelta) -> None:
    """Let visits be as old as if `time` had passed."""
    async with portals.store.work("aguas") as work:
        for row in (await work.exec(select(ProviderVisitRow))).all():
            row.expires_at -= time


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/ü",
        "/a b",
        "/" + "a" * 2_000,
        "",
    ],
)
async def test_nobody_is_led_away_from_the_portal(portals: Portals, acme: Acme, wanted: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    left = await browser.client.get(f"{browser.address}/sign-in/acme", params={"return_to": wanted})
    back = await browser.get(left.headers["location"])
    assert (await browser.get(back.headers["location"])).headers["location"] == "/"


@pytest.mark.parametrize("wanted", ["/a", "/a/b?c=d&e=//f#g", "/%2F%2Fevil.example", "/.well-known/x:y@z"])
async def test_paths_of_the_portal_are_kept(portals: Portals, acme: Acme, wanted: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    left = await browser.client.get(f"{browser.address}/sign-in/acme", params={"return_to": wanted})
    back = await browser.get(left.headers["location"])
    assert (await browser.get(back.headers["location"])).headers["location"] == wanted
