"""What people are shown at /oauth/authorize, what mistakes lead nowhere, and who can decide."""

from __future__ import annotations

from html import unescape
from urllib.parse import urlencode

import httpx2
import pytest
from sqlmodel import col, select, update

from tests.everybody import seen_as
from tests.gateway.oauth.programs import ANA, BACK, Programs, challenge, seal_in, told
from tests.world import NOW
from ventanilla.store.tables import AuthorizationCodeRow, PersonRow, SessionRow

pytestmark = pytest.mark.anyio
_ANA = "SELECT id FROM person WHERE manager = $1 AND email = $2"


async def shown(
    programs: Programs, query: str, headers: dict[str, str] | None = None, slug: str = "sur"
) -> httpx2.Response:
    async with programs.browser(slug, **(headers or {})) as browser:
        return await browser.get(f"/oauth/authorize?{query}")


async def test_a_person_is_told_who_asks_for_what(programs: Programs) -> None:
    client = await programs.add(name="Planilla <b>& Co.", scopes=["accounts:read", "payments:read"])
    query = urlencode(programs.request(client, scope="payments:read"))
    got = await shown(programs, query, {**await programs.session(), "accept-language": "en"})

    assert got.status_code == 200
    assert "“Planilla &lt;b&gt;&amp; Co.” asks to do this for you at Manager sur:" in got.text
    assert "See your payments and payment plans" in got.text
    assert "See your accounts" not in got.text
    assert "Ana Paz, ana@example.org" in got.text
    assert "program.example" in got.text
    assert "<script" not in got.text
    assert got.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' https://program.example"
    )
    assert got.headers["cache-control"] == "no-store"


async def test_the_page_speaks_the_persons_language(programs: Programs) -> None:
    query = urlencode(programs.request(await programs.add()))
    got = await shown(programs, query, {**await programs.session(), "accept-language": "es-AR"})

    assert '<html lang="es">' in got.text
    assert "Ver sus cuentas" in got.text


async def test_who_is_not_signed_in_is_told_to_and_how_to_come_back(programs: Programs) -> None:
    query = urlencode(programs.request(await programs.add()))
    got = await shown(programs, query)

    assert got.status_code == 200
    assert "seal" not in got.text
    assert f'href="?{query}"' in unescape(got.text)
    assert got.headers["content-security-policy"].endswith("form-action 'none'")


async def test_a_programs_own_token_consents_to_nothing(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)
    query = urlencode(programs.request(client))
    got = await shown(programs, query, {"authorization": f"Bearer {tokens['access_token']}"})

    assert "seal" not in got.text


async def test_who_of_the_staff_sees_as_a_customer_consents_to_nothing_for_them(programs: Programs) -> None:
    (ana,) = [row[0] for row in await programs.world.services.store.rows(_ANA, ["sur", ANA])]
    query = urlencode(programs.request(await programs.add()))
    theirs = await shown(programs, query, await programs.session())
    token = await seen_as(programs.world, ana)
    headers = {"cookie": f"__Host-ventanilla={token}"}
    got = await shown(programs, query, headers)
    async with programs.browser(**headers) as browser:
        pressed = await browser.post(
            f"/oauth/authorize?{query}", data={"seal": seal_in(theirs.text), "decision": "allow"}
        )

    assert f'href="?{query}"' in unescape(got.text)
    for page in (got, pressed):
        assert (page.status_code, "location" in page.headers, "seal" in page.text) == (200, False, False)
    async with programs.world.services.store.work("sur") as work:
        assert (await work.exec(select(AuthorizationCodeRow))).all() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": None},
        {"client_id": "f" * 32},
        {"client_id": "\0"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "&more=1"},
        {"redirect_uri": BACK.upper()},
        {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": BACK.replace("program", "program.example@evil")},
        {"redirect_uri": BACK.replace("program.example", "program.example:443")},
        {"redirect_uri": BACK.replace("/back", "/x/../back")},
        {"redirect_uri": BACK + "#part"},
        {"redirect_uri": BACK + "\n" + BACK},
        {"redirect_uri": "//program.example/back?kept=1"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": 'https://program.example/"\\'},
        {"state": "é"},
    ],
)
async def test_mistakes_that_must_not_redirect_do_not(programs: Programs, changed: dict[str, str | None]) -> None:
    query = urlencode(programs.request(await programs.add(), **changed))
    got, signed_out = await shown(programs, query, await programs.session()), await shown(programs, query)

    assert got.status_code == 400
    assert "location" not in got.headers
    assert "evil.example" not in got.text
    assert "location" not in signed_out.headers


async def test_nobody_is_sent_anywhere_before_they_sign_in(programs: Programs) -> None:
    request = programs.request(await programs.add(), scope="nothing:such")

    assert "location" not in (await shown(programs, urlencode(request))).headers


@pytest.mark.parametrize("doubled", ["client_id=x", "redirect_uri=https%3A%2F%2Fevil.example", "scope=x", "state=x"])
async def test_what_comes_twice_leads_nowhere(programs: Programs, doubled: str) -> None:
    request = programs.request(await programs.add())
    got = await shown(programs, f"{urlencode(request)}&{doubled}", await programs.session())

    assert got.status_code == 400
    assert "location" not in got.headers


async def test_a_program_of_the_other_portal_is_unknown(programs: Programs) -> None:
    there = await programs.add("norte")

    assert (await shown(programs, urlencode(programs.request(there)), await programs.session())).status_code == 400


async def test_a_program_of_the_managers_own_asks_nobody(programs: Programs) -> None:
    own = await programs.own()
    for where in (BACK, "", None):
        request = programs.request(own, redirect_uri=where)
        assert (await shown(programs, urlencode(request), await programs.session())).status_code == 400


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": 'x"\\'}, "unsupported_response_type"),
        ({"scope": "nothing:such"}, "invalid_scope"),
        ({"scope": "accounts:read nothing:such"}, "invalid_scope"),
        ({"scope": "payments:read"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": challenge() + "="}, "invalid_request"),
        ({"code_challenge": "v" * 128}, "invalid_request"),
    ],
)
async def test_mistakes_of_the_program_are_told_to_it(
    programs: Programs, changed: dict[str, str | None], error: str, public: bool
) -> None:
    client = await programs.add(public=public)
    got = await shown(programs, urlencode(programs.request(client, **changed)), await programs.session())

    assert got.headers["location"].startswith("https://program.example/back?kept=1&")
    back = told(got)
    assert back.pop("error_description")
    assert back == {"error": error, "state": "st&te", "iss": "https://sur.example", "kept": "1"}


async def test_nobody_decides_but_by_the_page(programs: Programs) -> None:
    client = await programs.add()
    ana, beto = await programs.session(), await programs.session(email="beto@example.org")
    query = urlencode(programs.request(client))
    seal = seal_in((await shown(programs, query, ana)).text)
    of_beto = seal_in((await shown(programs, query, beto)).text)
    more = urlencode(programs.request(client, scope="accounts:read invoices:read"))
    of_another = seal_in((await shown(programs, more, ana)).text)
    tries: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "no seal": ({"decision": "allow"}, ana),
        "a wrong one": ({"decision": "allow", "seal": "0" * 64}, ana),
        "somebody else's": ({"decision": "allow", "seal": of_beto}, ana),
        "of another session": ({"decision": "allow", "seal": seal}, await programs.session()),
        "of another request": ({"decision": "allow", "seal": of_another}, ana),
        "no decision": ({"seal": seal}, ana),
        "a strange decision": ({"seal": seal, "decision": "yes"}, ana),
    }
    for why, (form, headers) in tries.items():
        async with programs.browser(**headers) as browser:
            got = await browser.post(f"/oauth/authorize?{query}", data=form)
        assert got.status_code == 403, why
        assert "location" not in got.headers, why
    async with programs.browser() as browser:
        got = await browser.post(f"/oauth/authorize?{query}", data={"decision": "allow", "seal": seal})
    assert "location" not in got.headers

    async with programs.world.services.store.work("sur") as work:
        assert (await work.exec(select(AuthorizationCodeRow))).all() == []


async def test_only_a_form_decides(programs: Programs) -> None:
    ana, query = await programs.session(), urlencode(programs.request(await programs.add()))
    seal = seal_in((await shown(programs, query, ana)).text)
    async with programs.browser(**ana) as browser:
        got = await browser.post(f"/oauth/authorize?{query}", json={"decision": "allow", "seal": seal})
    assert got.status_code == 400
    assert "location" not in got.headers


async def test_who_must_change_their_password_consents_to_nothing_before(programs: Programs) -> None:
    client, ana = await programs.add(), await programs.session()
    query = urlencode(programs.request(client))
    seal = seal_in((await shown(programs, query, ana)).text)
    async with programs.world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == ANA).values(must_change_password=True))

    got = await shown(programs, query, ana)
    assert (got.status_code, "seal" in got.text) == (403, False)
    async with programs.browser(**ana) as browser:
        posted = await browser.post(f"/oauth/authorize?{query}", data={"decision": "allow", "seal": seal})
    assert posted.status_code == 403


async def test_who_is_to_show_a_second_factor_consents_to_nothing_before(programs: Programs) -> None:
    client, ana = await programs.add(), await programs.session()
    query = urlencode(programs.request(client))
    seal = seal_in((await shown(programs, query, ana)).text)
    async with programs.world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == ANA).values(second_factor_at=NOW))

    for language, words in (("en", "Show your second factor"), ("es", "segundo factor"), ("pl", "drugi składnik")):
        got = await shown(programs, query, {**ana, "accept-language": language})
        assert (got.status_code, "seal" in got.text) == (403, False)
        assert words in got.text or language not in programs.world.managers["sur"].languages
    async with programs.browser(**ana) as browser:
        posted = await browser.post(f"/oauth/authorize?{query}", data={"decision": "allow", "seal": seal})
    assert posted.status_code == 403

    async with programs.world.services.store.work("sur") as work:
        await work.exec(update(SessionRow).values(second_factor_at=NOW))
    assert seal_in((await shown(programs, query, ana)).text) == seal


async def test_a_program_on_the_persons_own_machine_gets_them_back(programs: Programs) -> None:
    back = "http://127.0.0.1:8123/back"
    client = await programs.add(redirect_uris=(back,), public=True)
    request = programs.request(client, redirect_uri=back)
    page = await shown(programs, urlencode(request), await programs.session())
    got = await programs.decide(request, await programs.session())

    assert page.headers["content-security-policy"].endswith("form-action 'self' http://127.0.0.1:8123")
    assert got.headers["location"].startswith(f"{back}?code=")
