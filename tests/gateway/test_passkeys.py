"""Passkeys over HTTP: the browser's cookie, what a stranger sees, what the log says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from tests.authenticator import Authenticator, Wicked
from tests.gateway.conftest import Gateway, manager
from tests.gateway.live import begun
from tests.gateway.raw import served
from tests.tables import opened
from tests.world import SCHEMA
from ventanilla.auth import people, sessions
from ventanilla.gateway import logs
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.store import managers
from ventanilla.store.manager import SignInWay

pytestmark = pytest.mark.anyio

QUERIES = Path(__file__).parents[2] / "examples" / "queries"
HOST = "aguas.example"
_CHANGES = re.compile(r"\d{4}-\d\d-\d\dT[^\"]*|vt_[^\"]*|\"remaining\":[^,}]*")
GUARD = {"x-ventanilla-request": "1"}


def body(name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"query": (QUERIES / f"{name}.graphql").read_text(encoding="utf-8"), "variables": {"input": given}}


class Portal:
    """A gateway with the schema of all, where passkeys are offered, and somebody's authenticator."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.authenticator = Authenticator(f"https://{HOST}")

    async def known(self) -> str:
        """A bearer token of Ana, who signed in this moment."""
        now = utc_now()
        async with self.gateway.store.work("aguas") as work:
            ana = await people.add_person(
                work, email="ana@example.com", password=None, given_name="Ana", family_name="Paz", now=now
            )
            return (await sessions.issue(work, ana.id, now=now)).token

    async def ask(
        self, name: str, given: dict[str, Any] | None = None, scheme: str = "https", **headers: str
    ) -> httpx2.Response:
        async with self.gateway.client(HOST, scheme=scheme, **headers) as client:
            return await client.post("/graphql", json=body(name, given))

    async def data(self, name: str, given: dict[str, Any] | None = None, **headers: str) -> Any:
        answer = (await self.ask(name, given, **headers)).json()
        assert "errors" not in answer, answer
        (found,) = answer["data"].values()
        return found

    async def registered(self) -> str:
        """Make Ana's passkey; the token that she made it with."""
        token = await self.known()
        bearer = {"authorization": f"Bearer {token}"}
        started = await self.data("start-passkey-registration", {"name": "Phone"}, **bearer)
        made = {"ticket": started["ticket"], "response": self.authenticator.create(started["options"])}
        assert (await self.data("finish-passkey-registration", made, **bearer))["passkey"]["name"] == "Phone"
        return token

    async def signed(self, wicked: Wicked | None = None) -> dict[str, Any]:
        started = await self.data("start-passkey-sign-in")
        response = self.authenticator.get(started["options"], wicked or Wicked())
        return {"ticket": started["ticket"], "response": response}


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    settings = Settings(data=tmp_path, worker=False)
    store = await opened(settings.database)
    offering = msgspec.structs.replace(manager("aguas", HOST), sign_in_ways=(SignInWay.PASSKEY,))
    await managers.add(store, offering, source="test")
    app = create_app(settings, SCHEMA)
    async with app.router.lifespan_context(app):
        yield Portal(Gateway(app, store, None))  # pyright: ignore[reportArgumentType]  this schema rings no bell
    await store.close()


def look(answer: httpx2.Response) -> tuple[Any, ...]:
    """All that a stranger sees of an answer, less its id, its date, and what is left of the minute."""
    kept = {"x-request-id", "date", "ratelimit"}
    headers = [(name, value) for name, value in answer.headers.items() if name not in kept]
    return answer.status_code, headers, _CHANGES.sub("…", answer.text)


async def test_a_browser_gets_its_cookie_and_comes_again_with_it(portal: Portal) -> None:
    await portal.registered()
    entered = await portal.ask("finish-passkey-sign-in", await portal.signed())
    assert entered.json()["data"]["finishPasskeySignIn"]["viewer"]["name"] == "Ana Paz"
    cookie, _, flags = entered.headers["set-cookie"].partition(";")
    assert cookie.startswith("__Host-")
    assert {"HttpOnly", "Secure"} <= {each.strip() for each in flags.split(";")}
    assert "vk_" not in entered.text
    ((passkey,),) = [(await portal.data("passkeys", cookie=cookie, **GUARD))["passkeys"]]
    assert passkey["usedAt"]
    refused = await portal.data("remove-passkey", {"id": passkey["id"]}, cookie=cookie, **GUARD)
    assert [each["reason"] for each in refused["userErrors"]] == ["LAST_SIGN_IN_WAY"]


async def test_nobodys_passkey_and_a_wrong_signature_look_alike(portal: Portal) -> None:
    await portal.registered()
    wrong = [Wicked(signature=b"wrong"), Wicked(credential_id=b"x" * 32), Wicked(handle=bytes(16))]
    seen = [look(await portal.ask("finish-passkey-sign-in", await portal.signed(each))) for each in wrong]
    assert seen[0] == seen[1] == seen[2]
    assert "PASSKEY_UNKNOWN" in seen[0][2]


async def test_without_https_a_name_has_no_passkeys(portal: Portal) -> None:
    answer = (await portal.ask("start-passkey-sign-in", None, "http")).json()["data"]["startPasskeySignIn"]
    assert [each["reason"] for each in answer["userErrors"]] == ["NOT_AVAILABLE_HERE"]


async def test_a_huge_answer_is_none(portal: Portal) -> None:
    await portal.registered()
    signed = await portal.signed()
    huge = {**signed, "response": signed["response"] + " " * 20_000}
    refused = await portal.data("finish-passkey-sign-in", huge)
    assert [each["reason"] for each in refused["userErrors"]] == ["PASSKEY_INVALID"]
    assert (await portal.ask("finish-passkey-sign-in", {**signed, "response": " " * 300_000})).status_code == 413
    assert (await portal.data("finish-passkey-sign-in", signed))["session"]


async def test_the_address_is_counted_whatever_is_tried(portal: Portal) -> None:
    await portal.registered()
    for _ in range(30):
        await portal.ask("finish-passkey-sign-in", {"ticket": "vt_none", "response": "{}"})
    (refused,) = (await portal.data("finish-passkey-sign-in", await portal.signed()))["userErrors"]
    assert (refused["reason"], refused["retryable"]) == ("TOO_MANY_ATTEMPTS", True)


@pytest.mark.parametrize(("delivery", "told"), [("COOKIE", "INVALID_ARGUMENT"), ("BEARER", "NOT_AVAILABLE_HERE")])
async def test_what_a_socket_cannot_do_leaves_the_answer_good(portal: Portal, delivery: str, told: str) -> None:
    """No socket sets a cookie; and this one is not https, so no passkey is good there."""
    await portal.registered()
    signed = await portal.signed()
    document = body("finish-passkey-sign-in", {**signed, "delivery": delivery})
    async with served(portal.gateway.app) as running, begun(running) as socket:
        await socket.ask("a", document["query"], variables=document["variables"])
        answer = (await socket.hear())["payload"]
    assert told in str(answer)
    assert (await portal.data("finish-passkey-sign-in", signed))["userErrors"] == []


@pytest.mark.usefixtures("loggers_as_they_were")
async def test_the_log_says_nothing_of_who_asks_or_with_what(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True)
    token = await portal.registered()
    assert (await portal.data("finish-passkey-sign-in", await portal.signed(Wicked(count=9))))["session"]
    signed = await portal.signed(Wicked(count=9))
    assert (await portal.data("finish-passkey-sign-in", signed))["userErrors"]
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 7
    assert written.count("a passkey counts backwards") == 1
    for secret in ("ana@", "Paz", "Phone", token, signed["ticket"], msgspec.json.decode(signed["response"])["id"]):
        assert secret not in written
