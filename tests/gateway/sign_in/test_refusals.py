"""What goes wrong on the way to an identity provider and back: each is refused, told on a page, and logged."""

import json
import re
from typing import Any

import pytest
from sqlmodel import select

from tests.gateway.browsers import SECRET_VARIABLE, Portals, parameters, provider_at
from tests.gateway.sign_in.conftest import Acme
from tests.provider import SECRET, Provider
from ventanilla.auth.attempts import LIMITS, Kind
from ventanilla.gateway import logs
from ventanilla.store.manager import Presentation
from ventanilla.store.tables import IdentityRow, SessionRow
from ventanilla.store.theme import Theme

pytestmark = pytest.mark.anyio


async def nobody_came(portals: Portals) -> bool:
    async with portals.store.work("aguas") as work:
        return (await work.exec(select(SessionRow))).all() == []


WICKED_TOKENS = [
    "wrong nonce",
    "no nonce",
    "wrong issuer",
    "wrong audience",
    "audiences without azp",
    "wrong azp",
    "expired",
    "of the future",
    "issued long ago",
    "no end",
    "end as a text",
    "no subject",
    "empty subject",
    "subject as a number",
    "endless subject",
    "another access token",
    "access hash as a number",
    "unknown key id",
    "key id as a number",
    "other key",
    "its own key in the header",
    "unsigned",
    "signed with the public key",
    "other algorithm of the same key",
    "garbage token",
    "header is a list",
    "payload is a list",
    "altered",
    "no id token",
]
WICKED_ANSWERS = [
    *(f"token {how}" for how in ("garbage", "deep", "redirect", "huge", "down")),
    *(f"jwks {how}" for how in ("garbage", "deep", "redirect", "huge", "down")),
    "strange expiry",
    "mixed up",
    "no issuer told",
    "error server_error",
]


@pytest.mark.parametrize("mode", [*WICKED_TOKENS, *WICKED_ANSWERS])
async def test_what_is_not_to_be_believed_lets_nobody_in(portals: Portals, acme: Acme, mode: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(mode=mode)
    browser = portals.browser()
    page = await browser.walk("/sign-in/acme?return_to=/bills")
    assert page.status_code == 502
    assert "Acme account does not answer as it should" in page.text
    assert 'href="/sign-in/acme?return_to=%2Fbills"' in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert await browser.viewer() is None
    assert await nobody_came(portals)
    acme.set(mode="")
    if not mode.startswith("jwks "):  # which is not asked for again within a few seconds
        assert (await browser.walk()).status_code == 303


@pytest.mark.parametrize(
    "mode", ["discovery garbage", "discovery deep", "discovery redirect", "discovery huge", "discovery down"]
)
async def test_without_its_document_nobody_is_sent_anywhere(portals: Portals, acme: Acme, mode: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    acme.set(mode=mode)
    for _ in range(3):
        page = await portals.browser().get("/sign-in/acme")
        assert page.status_code == 502
        assert "set-cookie" not in page.headers
    assert acme.asked("discovery") == 1, "nobody is made to wait for the same failure again"


FOREIGN = "https://elsewhere.example"


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": FOREIGN},
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"authorization_endpoint": f"{FOREIGN}/authorize"},
        {"token_endpoint": f"{FOREIGN}/token"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"userinfo_endpoint": "http://10.0.0.1/"},
        {"userinfo_endpoint": "https://127.0.0.1.elsewhere.example/"},
        {"token_endpoint": "http://someone@127.0.0.1/token"},
        {"token_endpoint": "http://[::1"},
        {"token_endpoint": "http://127.0.0.1:99999/"},
    ],
)
async def test_a_document_leads_nowhere_else(portals: Portals, acme: Acme, document: dict[str, Any]) -> None:
    await portals.offer(provider_at(acme.issuer))
    acme.set(document=document)
    page = await portals.browser().get("/sign-in/acme")
    assert page.status_code == 502
    assert acme.asked("jwks") == 0


async def test_hosts_that_the_manager_lists_are_the_provider_s_as_well(
    portals: Portals, acme: Acme, process: Provider
) -> None:
    elsewhere = process.address.replace("127.0.0.1", "localhost")
    acme.set(document={"jwks_uri": f"{elsewhere}/{acme.realm}/jwks"})
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    assert (await portals.browser().get("/sign-in/acme")).status_code == 502
    await portals.offer(provider_at(acme.issuer, endpoint_hosts=(elsewhere.removeprefix("http://"),)))
    assert (await portals.browser().walk()).status_code == 303


@pytest.mark.parametrize("error", ["access_denied", "login_required"])
async def test_who_stops_at_the_provider_is_told_what_to_do(portals: Portals, acme: Acme, error: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    acme.set(mode=f"error {error}")
    page = await portals.browser().walk()
    assert page.status_code == 403
    assert "did not confirm who you are. Try again, or sign in another way." in page.text


@pytest.mark.parametrize(
    ("info", "status"),
    [
        ({"sub": "mallory", "email": "alice@example.com", "email_verified": True}, 502),
        ({"email": "alice@example.com", "email_verified": True}, 502),
        ({"sub": "alice", "email": ["alice@example.com"]}, 502),
        ({"sub": "alice", "email": "alice@example.com", "email_verified": 1}, 502),
        ({"sub": "alice", "email": "alice@example.com"}, 403),
    ],
)
async def test_userinfo_of_somebody_else_counts_for_nothing(
    portals: Portals, acme: Acme, info: dict[str, Any], status: int
) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    acme.set(user={"sub": "alice"}, info=info)
    assert (await portals.browser().walk()).status_code == status
    assert await nobody_came(portals)


async def test_a_callback_that_nobody_waits_for_is_refused(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer), provider_at(acme.issuer, "zeta"))
    await portals.person()
    browser, other = portals.browser(), portals.browser()
    callback = await browser.callback()
    state = parameters(callback)["state"]
    await other.callback()
    wrong = [
        (browser, callback.replace("/acme/", "/zeta/")),
        (other, callback),
        (portals.browser(), callback),
        (portals.browser(cookie=f"ventanilla-{portals.port}-visit={state}"), callback),
        (portals.browser(cookie=f"ventanilla-{portals.port}-visit={'x' * 400}"), callback),
        (browser, callback.replace(state, "x" * 43)),
        (browser, callback.replace(state, "x" * 5_000)),
        (browser, callback.replace(state, "%00%ff")),
        (browser, "/sign-in/acme/callback"),
    ]
    for who, address in wrong:
        page = await who.get(address)
        assert page.status_code == 400, address
        assert "was begun in another browser. Begin again." in page.text
    assert acme.asked("token") == 0
    assert await nobody_came(portals)
    assert (await browser.get(callback)).status_code == 303, "no stranger used it up"
    assert (await browser.get(callback)).status_code == 400, "a second time is one too many"


@pytest.mark.parametrize("code", ["", "x" * 5_000, "wrong"])
async def test_a_code_that_is_none_lets_nobody_in(portals: Portals, acme: Acme, code: str) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    browser = portals.browser()
    callback = await browser.callback()
    page = await browser.get(callback.replace(parameters(callback)["code"], code))
    assert page.status_code == 502
    assert await nobody_came(portals)


async def test_a_code_of_another_visit_lets_nobody_in(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    victim, attacker = portals.browser(), portals.browser()
    mine, theirs = await victim.callback(), await attacker.callback()
    injected = mine.replace(parameters(mine)["code"], parameters(theirs)["code"])
    assert (await victim.get(injected)).status_code == 502, "PKCE and nonce bind a code to its visit"
    assert await nobody_came(portals)


async def test_new_keys_are_found_at_once_and_asked_for_seldom(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    assert (await portals.browser().walk()).status_code == 303
    assert acme.asked("jwks") == 1
    acme.set(rotated=1)
    assert (await portals.browser().walk()).status_code == 303
    assert acme.asked("jwks") == 2
    acme.set(mode="unknown key id")
    for _ in range(3):
        assert (await portals.browser().walk()).status_code == 502
    assert acme.asked("jwks") == 2, "within a minute no token makes us ask again"
    acme.set(mode="")
    assert (await portals.browser().walk()).status_code == 303


async def test_a_slow_provider_is_not_waited_for(portals: Portals, acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ventanilla.auth.providers.fetching.TOTAL_S", 0.3)
    await portals.offer(provider_at(acme.issuer))
    acme.set(mode="token slow")
    assert (await portals.browser().walk()).status_code == 502
    assert (await portals.browser().get("/readyz")).status_code == 200


@pytest.mark.parametrize("secret", [None, "another secret", ""])
async def test_a_client_that_the_provider_does_not_take_is_logged(
    portals: Portals,
    acme: Acme,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    secret: str | None,
) -> None:
    await portals.offer(provider_at(acme.issuer))
    if secret is None:
        monkeypatch.delenv(SECRET_VARIABLE)
    else:
        monkeypatch.setenv(SECRET_VARIABLE, secret)
    assert (await portals.browser().walk()).status_code == 502
    logged = "".join(capsys.readouterr())
    assert "MISCONFIGURED" in logged
    assert "another secret" not in logged


async def test_too_many_visits_from_one_address_are_refused(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    browser = portals.browser()
    for _ in range(LIMITS[Kind.PROVIDER]):
        assert (await browser.get("/sign-in/acme")).status_code == 303
    page = await browser.get("/sign-in/acme")
    assert page.status_code == 429
    assert 0 < int(page.headers["retry-after"]) <= 900


async def test_a_page_speaks_the_portal_s_languages_and_wears_its_colours(portals: Portals, acme: Acme) -> None:
    theme = Theme(primary="#004d40", on_primary="#ffffff")
    title = {"es-AR": 'Cuenta <b>"Ñ"</b>', "en": "N account"}
    await portals.offer(provider_at(acme.issuer, title=title), presentation=Presentation(theme=theme))
    page = await portals.browser(**{"accept-language": "es"}).walk()
    assert page.headers["content-language"] == "es-AR"
    assert '<html lang="es-AR">' in page.text
    assert "Su cuenta en Cuenta &lt;b&gt;&quot;Ñ&quot;&lt;/b&gt; no da acceso aquí." in page.text
    assert "background: #004d40" in page.text
    assert "Aguas &amp; Cía." in page.text
    assert "script" not in page.text


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_nothing_secret_stands_in_logs_or_the_database(
    portals: Portals, acme: Acme, capsys: pytest.CaptureFixture[str]
) -> None:
    await portals.offer(provider_at(acme.issuer))
    await portals.person()
    logs.configure(as_json=True)
    browser = portals.browser()
    left = await browser.get("/sign-in/acme")
    back = await browser.get(left.headers["location"])
    in_between = await dumped(portals)
    assert (await browser.get(back.headers["location"])).status_code == 303
    sent, answer = parameters(left.headers["location"]), parameters(back.headers["location"])
    cookies = [each.value for each in browser.client.cookies.jar]
    assert len(cookies) == 2
    secret = [SECRET, sent["state"], sent["nonce"], answer["code"], *filter(None, cookies), "provider-access-", "eyJ"]
    for mode in ("altered", "error access_denied", "token garbage"):
        acme.set(mode=mode)
        await browser.walk()
    lines = capsys.readouterr().err
    assert lines.count('"event":"identity provider"') == 3
    for text in secret:
        assert text not in lines
        assert text not in in_between
        assert text not in await dumped(portals)
    routes = {json.loads(line).get("route") for line in lines.splitlines()}
    assert routes >= {"/sign-in/{provider}", "/sign-in/{provider}/callback"}
    assert not re.search(r"alice@|/authorize|code=|state=", lines)


async def dumped(portals: Portals) -> str:
    """All that the database holds of what this is about."""
    tables = ("provider_visit", "identity", "session", "challenge", "letter", "known_device", "manager", "person")
    rows = [await portals.store.rows(f"SELECT * FROM {table}", []) for table in tables]
    assert rows[0]
    return repr(rows)


async def test_nothing_of_a_refused_visit_is_kept(portals: Portals, acme: Acme) -> None:
    await portals.offer(provider_at(acme.issuer))
    acme.set(mode="altered")
    await portals.browser().walk()
    async with portals.store.work("aguas") as work:
        assert (await work.exec(select(IdentityRow))).all() == []
