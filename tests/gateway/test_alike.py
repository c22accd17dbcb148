"""Who is a customer cannot be found out over HTTP: known and unknown addresses look alike, and take alike long."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.alike import auc
from tests.gateway.conftest import Gateway, manager
from tests.tables import opened
from tests.world import SCHEMA
from ventanilla.auth import passwords, people
from ventanilla.gateway import logs, services
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.store import managers

pytestmark = pytest.mark.anyio

PASSWORD = "una ventanilla abierta"
_FORM = {
    "password": PASSWORD,
    "givenName": "Jan",
    "familyName": "Nowak",
    "documentType": "DNI",
    "documentNumber": "20123456",
    "phone": "+48 22 555 01 00",
}
_ASKED = "{ maskedEmail expiresAt userErrors { code message path params { key value } } }"
MUTATIONS: Mapping[str, tuple[str, dict[str, str]]] = {
    "register": ("mutation ($in: RegisterInput!) { register(input: $in) %s }" % _ASKED, _FORM),
    "resendVerification": (
        "mutation ($in: ResendVerificationInput!) { resendVerification(input: $in) %s }" % _ASKED,
        {},
    ),
    "requestPasswordReset": (
        "mutation ($in: RequestPasswordResetInput!) { requestPasswordReset(input: $in) %s }" % _ASKED,
        {},
    ),
}
PAIRS = 150
_SECONDS = re.compile(r";t=\d+")
"""How long the window of points lasts yet, which is another number a moment later."""
_RESET = re.compile(r'"resetAt":"[^"]*"')


@pytest.fixture(autouse=True)
def light_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that takes so little that it hides no other difference."""
    light = Argon2Hasher(time_cost=1, memory_cost=1_024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((light,)))


@pytest.fixture
async def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """A gateway with the schema of all, whose clock stands still; nobody sends its letters."""
    now = utc_now()
    monkeypatch.setattr(services, "utc_now", lambda: now)
    settings = Settings(data=tmp_path, worker=False)
    store = await opened(settings.database)
    await managers.add(store, manager("aguas", "aguas.example"), source="test")
    app = create_app(settings, SCHEMA)
    async with app.router.lifespan_context(app):
        yield Gateway(app, store, None)  # pyright: ignore[reportArgumentType]  this schema rings no bell
    await store.close()


async def known(portal: Gateway, email: str) -> None:
    async with portal.store.work("aguas") as work:
        await people.add_person(
            work,
            email=email,
            password=None,
            given_name="Ana",
            family_name="Paz",
            now=utc_now(),
            email_verified=True,
        )


async def ask(portal: Gateway, name: str, email: str, peer: str) -> httpx2.Response:
    query, fields = MUTATIONS[name]
    body = {"query": query, "variables": {"in": {"email": email, **fields}}}
    async with portal.client(peer=peer) as client:
        return await client.post("/graphql", json=body)


def look(answer: httpx2.Response) -> tuple[Any, ...]:
    """All that a stranger sees of an answer, less its id, its date, and when the window of points ends."""
    changing = {"x-request-id", "date"}
    headers = [(name, _SECONDS.sub("", value)) for name, value in answer.headers.items() if name not in changing]
    return answer.status_code, headers, _RESET.sub("", answer.text)


@pytest.mark.parametrize("name", MUTATIONS)
async def test_known_and_unknown_look_alike(portal: Gateway, name: str) -> None:
    await known(portal, "pablo@example.com")
    for asked in range(6):
        one = await ask(portal, name, "pablo@example.com", f"203.0.113.{asked}")
        other = await ask(portal, name, "paula@example.com", f"198.51.100.{asked}")
        assert look(one) == look(other)
        code = one.json()["data"][name]["userErrors"]
        assert [each["code"] for each in code] == ([] if asked < 5 else ["RATE_LIMITED"])


@pytest.mark.alone
@pytest.mark.parametrize("name", MUTATIONS)
async def test_known_and_unknown_take_alike_long(portal: Gateway, name: str) -> None:
    for number in range(PAIRS):
        await known(portal, f"known{number}@example.com")
    await ask(portal, name, "first@example.com", "192.0.2.1")
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(PAIRS):
        order = (True, False) if secrets.randbits(1) else (False, True)
        for is_known in order:
            email = f"{'known' if is_known else 'other'}{number}@example.com"
            begun = time.perf_counter()
            answer = await ask(portal, name, email, f"198.51.{number}.{1 + is_known}")
            times[is_known].append(time.perf_counter() - begun)
            assert answer.json()["data"][name]["userErrors"] == []
    assert 0.35 < auc(times[True], times[False]) < 0.65


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_the_log_says_nothing_of_who_asks(portal: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    await known(portal, "pablo@example.com")
    for name in MUTATIONS:
        await ask(portal, name, "pablo@example.com", "203.0.113.1")
    verify = 'mutation { verifyEmail(input: {token: "vl_marked"}) { userErrors { code } } }'
    reset = 'mutation { resetPassword(input: {token: "vl_marked", newPassword: "%s"}) { userErrors { code } } }'
    for query in (verify, reset % PASSWORD):
        assert (await portal.ask(query)).status_code == 200
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 5
    for mark in ("pablo", PASSWORD, "vl_marked", "Nowak", "20123456"):
        assert mark not in written
