"""Passkeys through the schema: whole ceremonies, and what is refused in which words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlmodel import col, update

from tests.authenticator import Authenticator, Wicked
from tests.world import NOW, World
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.identify import identify
from ventanilla.auth.passkeys import Reason
from ventanilla.resolvers import passkeys
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.sessions import MESSAGES
from ventanilla.store.manager import SignInWay
from ventanilla.store.tables import PersonRow, SessionRow

pytestmark = pytest.mark.anyio

QUERIES = Path(__file__).parents[2] / "examples" / "queries"
LANGUAGES = {"en", "es", "pl"}
ANA = "ana@example.org"


class Portal:
    """The portal of ``sur``, where passkeys are offered, and an authenticator."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.host = "sur.example"
        self.ways = (SignInWay.PASSWORD, SignInWay.PASSKEY)
        self.authenticator = Authenticator("https://sur.example")

    def context(self, actor: Actor = GUEST, language: str = "es") -> Context:
        context = self.world.context("sur", actor, language)
        context.manager = msgspec.structs.replace(context.manager, sign_in_ways=self.ways)
        context.host = self.host
        return context

    async def run(self, context: Context, name: str, /, **given: Any) -> dict[str, Any]:
        """What the example document of that name answers."""
        document = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
        outcome = await self.world.run(context, document, input=given)
        assert outcome.errors == []
        assert outcome.data is not None
        (answer,) = outcome.data.values()
        return answer

    async def ask(self, name: str, actor: Actor = GUEST, /, **given: Any) -> dict[str, Any]:
        return await self.run(self.context(actor), name, **given)

    async def registered(self, actor: Actor, name: str = "Teléfono") -> dict[str, Any]:
        started = await self.ask("start-passkey-registration", actor, name=name)
        assert started["userErrors"] == []
        response = self.authenticator.create(started["options"])
        made = await self.ask("finish-passkey-registration", actor, ticket=started["ticket"], response=response)
        assert made["userErrors"] == []
        return made["passkey"]

    async def signed(self, wicked: Wicked | None = None) -> dict[str, Any]:
        """The input of `finishPasskeySignIn`."""
        started = await self.ask("start-passkey-sign-in")
        assert started["userErrors"] == []
        response = self.authenticator.get(started["options"], wicked or Wicked())
        return {"ticket": started["ticket"], "response": response}

    async def theirs(self, actor: Actor) -> list[dict[str, Any]]:
        return (await self.ask("passkeys", actor))["passkeys"]


@pytest.fixture
async def portal(world: World) -> Portal:
    return Portal(world)


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", ANA, [("agua", "1")])
    return await world.actor("sur", ANA)


async def test_a_passkey_from_its_making_to_its_end(world: World, portal: Portal, ana: Actor) -> None:
    made = await portal.registered(ana, " Teléfono ")
    assert made == {"id": made["id"], "name": "Teléfono", "createdAt": NOW.isoformat(), "backedUp": False}
    context = portal.context()
    entered = await portal.run(context, "finish-passkey-sign-in", **await portal.signed())
    assert entered == {
        "session": {"accessToken": None, "expiresAt": (NOW + timedelta(hours=12)).isoformat()},
        "viewer": {"name": "Ana Paz", "onboardingState": "READY"},
        "userErrors": [],
    }
    found = await identify(world.services.store, "sur.example", context.reply.session, NOW)
    assert found
    assert found.actor.email == ANA
    assert await portal.theirs(found.actor) == [{**made, "usedAt": NOW.isoformat()}]
    renamed = await portal.ask("rename-passkey", found.actor, id=made["id"], name="Tableta")
    assert renamed == {"passkey": {"id": made["id"], "name": "Tableta"}, "userErrors": []}
    portal.authenticator = Authenticator("https://sur.example")
    await portal.registered(found.actor)
    removed = await portal.ask("remove-passkey", found.actor, id=made["id"])
    assert removed == {"passkey": {"id": made["id"], "name": "Tableta"}, "userErrors": []}
    assert [each["name"] for each in await portal.theirs(found.actor)] == ["Teléfono"]


async def test_a_bearer_token_is_told_and_no_cookie_is_set(portal: Portal, ana: Actor) -> None:
    await portal.registered(ana)
    context = portal.context()
    entered = await portal.run(context, "finish-passkey-sign-in", **await portal.signed(), delivery="BEARER")
    assert entered["session"]["accessToken"].startswith("vk_")
    assert context.reply.session is None
    assert context.actor.email == ANA


async def test_where_no_cookie_can_be_set_no_session_begins(portal: Portal, ana: Actor) -> None:
    await portal.registered(ana)
    context = portal.context()
    context.takes_cookies = False
    document = (QUERIES / "finish-passkey-sign-in.graphql").read_text(encoding="utf-8")
    signed = await portal.signed()
    outcome = await portal.world.run(context, document, input=signed)
    (problem,) = [error.original_error for error in outcome.errors]
    assert isinstance(problem, Problem)
    assert (problem.code, context.reply.session, context.tried) == ("INVALID_ARGUMENT", None, False)
    assert (await portal.ask("finish-passkey-sign-in", **signed))["session"]


async def test_one_request_tries_to_sign_in_once(portal: Portal, ana: Actor) -> None:
    await portal.registered(ana)
    tries = [await portal.signed(), await portal.signed()]
    query = """
    mutation ($first: FinishPasskeySignInInput!, $second: FinishPasskeySignInInput!) {
      first: finishPasskeySignIn(input: $first) { viewer { name } userErrors { reason } }
      second: finishPasskeySignIn(input: $second) { viewer { name } userErrors { reason } }
      third: signIn(input: {email: "ana@example.org", password: "x"}) { userErrors { reason } }
    }
    """
    outcome = await portal.world.run(portal.context(), query, first=tries[0], second=tries[1])
    assert outcome.errors == []
    assert outcome.data == {
        "first": {"viewer": {"name": "Ana Paz"}, "userErrors": []},
        "second": {"viewer": None, "userErrors": [{"reason": "TOO_MANY_ATTEMPTS"}]},
        "third": {"userErrors": [{"reason": "TOO_MANY_ATTEMPTS"}]},
    }


async def test_unknown_and_wrong_are_told_in_the_same_words(portal: Portal, ana: Actor) -> None:
    await portal.registered(ana)
    told = [
        await portal.ask("finish-passkey-sign-in", **await portal.signed(wicked))
        for wicked in (Wicked(credential_id=b"nobody's"), Wicked(signature=b"wrong"), Wicked(handle=b"somebody"))
    ]
    assert told[0] == told[1] == told[2]
    assert told[0] == {
        "session": None,
        "viewer": None,
        "userErrors": [
            {
                "reason": "PASSKEY_UNKNOWN",
                "message": "Aquí no se conoce esta llave de acceso. Elija otra o ingrese de otra manera.",
                "path": None,
                "retryable": False,
                "params": [],
            }
        ],
    }


async def test_hints_are_handed_on(portal: Portal) -> None:
    started = await portal.ask("start-passkey-sign-in", hints=["HYBRID", "SECURITY_KEY", "HYBRID"])
    assert msgspec.json.decode(started["options"])["hints"] == ["hybrid", "security-key"]
    query = "mutation { startPasskeySignIn { ticket options userErrors { reason } } }"
    outcome = await portal.world.run(portal.context(), query)
    assert outcome.data is not None
    assert msgspec.json.decode(outcome.data["startPasskeySignIn"]["options"])["hints"] == []


async def test_too_many_begun_are_told_when_to_come_again(portal: Portal) -> None:
    for _ in range(120):
        await portal.ask("start-passkey-sign-in")
    (refused,) = (await portal.ask("start-passkey-sign-in"))["userErrors"]
    assert (refused["reason"], refused["retryable"]) == ("TOO_MANY_ATTEMPTS", True)
    assert refused["params"] == [{"key": "retryAfterSeconds", "value": "900"}]


@pytest.mark.parametrize("name", ["start-passkey-registration", "start-passkey-sign-in"])
async def test_a_bare_address_is_told_that_it_is_one(portal: Portal, ana: Actor, name: str) -> None:
    portal.host = "127.0.0.1:8001"
    given = {"name": "Phone"} if name == "start-passkey-registration" else {}
    answer = await portal.run(portal.context(ana, "en"), name, **given)
    (refused,) = answer.pop("userErrors")
    assert answer == {"ticket": None, "options": None, "expiresAt": None}
    assert refused["reason"] == "NOT_AVAILABLE_HERE"
    assert "Passkeys do not work at this address" in refused["message"]


async def test_each_mutation_says_that_the_way_is_not_offered(portal: Portal, ana: Actor) -> None:
    portal.ways = (SignInWay.PASSWORD,)
    asked: dict[str, dict[str, str]] = {
        "start-passkey-registration": {"name": "Phone"},
        "finish-passkey-registration": {"ticket": "", "response": ""},
        "start-passkey-sign-in": {},
        "finish-passkey-sign-in": {"ticket": "", "response": ""},
    }
    for name, given in asked.items():
        (refused,) = (await portal.ask(name, ana, **given))["userErrors"]
        assert refused["reason"] == "WAY_NOT_OFFERED", name


async def test_who_signed_in_long_ago_is_asked_to_do_it_again(world: World, portal: Portal, ana: Actor) -> None:
    async with world.services.store.work("sur") as work:
        earlier = NOW - timedelta(minutes=16)
        await work.exec(update(SessionRow).values(created_at=earlier))
    (refused,) = (await portal.ask("start-passkey-registration", ana, name="Phone"))["userErrors"]
    assert refused["reason"] == "REAUTHENTICATION_REQUIRED"
    assert refused["message"].startswith("Primero ingrese de nuevo")
    assert refused["retryable"]


async def test_who_must_change_a_password_makes_no_passkey_before(world: World, portal: Portal, ana: Actor) -> None:
    started = await portal.ask("start-passkey-registration", ana, name="Phone")
    made = {"ticket": started["ticket"], "response": portal.authenticator.create(started["options"])}
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == ANA).values(must_change_password=True))
    due = await world.actor("sur", ANA)
    for name, given in (("start-passkey-registration", {"name": "Phone"}), ("finish-passkey-registration", made)):
        document = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
        outcome = await world.run(portal.context(due), document, input=given)
        (problem,) = [error.original_error for error in outcome.errors]
        assert isinstance(problem, Problem)
        assert problem.code == "FORBIDDEN"
    assert await world.services.store.rows("SELECT id FROM passkey") == []


@pytest.mark.parametrize("name", ["start-passkey-registration", "rename-passkey", "remove-passkey"])
async def test_a_guest_has_no_passkeys(portal: Portal, name: str) -> None:
    given = {"name": "Phone"} if "start" in name else {"id": "0"} | ({"name": "x"} if "rename" in name else {})
    document = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
    outcome = await portal.world.run(portal.context(), document, input=given)
    (problem,) = [error.original_error for error in outcome.errors]
    assert isinstance(problem, Problem)
    assert problem.code == "UNAUTHENTICATED"


async def test_refusals_name_the_field(world: World, portal: Portal, ana: Actor) -> None:
    mine = await portal.registered(ana)
    await world.person("sur", "luis@example.org", [])
    luis = await world.actor("sur", "luis@example.org")
    started = await portal.ask("start-passkey-registration", luis, name="Phone")
    finish = "finish-passkey-registration"
    asked: list[tuple[str, dict[str, str]]] = [
        ("start-passkey-registration", {"name": " "}),
        (finish, {"ticket": "none", "response": "{}"}),
        (finish, {"ticket": started["ticket"], "response": "{}"}),
        (finish, {"ticket": started["ticket"], "response": "{}", "name": ""}),
        ("rename-passkey", {"id": mine["id"], "name": "Mine"}),
        ("rename-passkey", {"id": mine["id"], "name": "two\nlines"}),
        ("remove-passkey", {"id": mine["id"]}),
    ]
    told: list[tuple[str, list[str]]] = []
    for name, given in asked:
        (refused,) = (await portal.ask(name, luis, **given))["userErrors"]
        told.append((refused["reason"], refused["path"]))
    assert told == [
        ("FIELD_INVALID", ["name"]),
        ("TICKET_EXPIRED", ["ticket"]),
        ("PASSKEY_INVALID", ["response"]),
        ("FIELD_INVALID", ["name"]),
        ("NOT_FOUND", ["id"]),
        ("FIELD_INVALID", ["name"]),
        ("NOT_FOUND", ["id"]),
    ]
    (last,) = (await portal.ask("remove-passkey", ana, id=mine["id"]))["userErrors"]
    assert (last["reason"], last["path"]) == ("LAST_SIGN_IN_WAY", None)


def test_every_reason_is_told_in_every_language() -> None:
    assert passkeys._MESSAGES.keys() == set(Reason) - {Reason.REAUTHENTICATION_REQUIRED}
    assert all(texts.keys() == LANGUAGES for texts in (*passkeys._MESSAGES.values(), *MESSAGES.values()))


def test_records_do_not_show_what_they_hold() -> None:
    assert "secret" not in repr(passkeys.MadePasskey(ticket="secret", response="secret"))
