"""Programs as those who administer access manage them through the schema."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resolvers.answers import codes
from tests.world import World
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.auth.sessions import hash_of

pytestmark = pytest.mark.anyio
FIELDS = "client { id name scopes redirectUris public createdAt usedAt disabledAt }"
ERRORS = "userErrors { reason message path params { key value } }"
CREATE = "mutation ($in: CreateClientInput!) { done: createClient(input: $in) { %s secret %s } }" % (FIELDS, ERRORS)
ROTATE = "mutation ($in: RotateClientSecretInput!) { done: rotateClientSecret(input: $in) { client { id } secret %s } }"
REVOKE = "mutation ($in: RevokeClientInput!) { done: revokeClient(input: $in) { client { id disabledAt } %s } }"
LISTED = "{ staff { clients { id name disabledAt } letterCounts { sent } } }"


async def done(world: World, actor: Actor, query: str, language: str = "en", **given: Any) -> Any:
    context = world.context("sur", actor, language)
    outcome = await world.run(context, query % ERRORS if "%s" in query else query, **{"in": given})
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["done"]


async def admin(world: World) -> Actor:
    return await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)


async def test_a_program_is_registered_given_another_secret_and_ended(world: World) -> None:
    eva = await admin(world)
    made = await done(
        world, eva, CREATE, name="Planilla", scopes=["invoices:read"], redirectUris=["https://p.example/back"]
    )
    id, secret = made["client"]["id"], made["secret"]
    assert made["client"] == {
        "id": id,
        "name": "Planilla",
        "scopes": ["invoices:read"],
        "redirectUris": ["https://p.example/back"],
        "public": False,
        "createdAt": "2026-11-15T12:00:00+00:00",
        "usedAt": None,
        "disabledAt": None,
    }
    kept = "SELECT secret_hash, former_secret_hash, created_by FROM client"
    assert [tuple(row) for row in await world.services.store.rows(kept)] == [(hash_of(secret), None, eva.person_id)]
    other = (await done(world, eva, ROTATE, id=id))["secret"]
    assert [tuple(row)[:2] for row in await world.services.store.rows(kept)] == [(hash_of(other), hash_of(secret))]
    last = (await done(world, eva, ROTATE, id=id, atOnce=True))["secret"]
    assert [tuple(row)[:2] for row in await world.services.store.rows(kept)] == [(hash_of(last), None)]
    revoked = await done(world, eva, REVOKE, id=id)
    assert revoked == {"client": {"id": id, "disabledAt": "2026-11-15T12:00:00+00:00"}, "userErrors": []}
    listed = await world.ask("sur", LISTED, eva)
    assert listed.data
    assert [each["name"] for each in listed.data["staff"]["clients"]] == ["Planilla"]


async def test_who_did_it_is_written_down_and_no_secret_is(world: World) -> None:
    eva = await admin(world)
    made = await done(world, eva, CREATE, name="Planilla", scopes=["invoices:read"])
    other = await done(world, eva, ROTATE, id=made["client"]["id"])
    await done(world, eva, REVOKE, id=made["client"]["id"])
    rows = await world.services.store.rows("SELECT kind, actor_id, person_id, told FROM audit_event ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (kind, eva.person_id, eva.person_id, '{"client":"Planilla"}')
        for kind in ("CLIENT_CREATED", "CLIENT_SECRET_ROTATED", "CLIENT_REVOKED")
    ]
    everything = [await world.services.store.rows(f"SELECT * FROM {table}") for table in ("client", "audit_event")]
    assert not any(
        secret in str([*map(tuple, rows)]) for rows in everything for secret in (made["secret"], other["secret"])
    )


@pytest.mark.parametrize(
    ("wrong", "reason", "path", "params"),
    [
        ({"name": " "}, "NAME_INVALID", "name", []),
        ({"scopes": ["invoice:read"]}, "SCOPE_UNKNOWN", "scopes", ["invoice:read"]),
        ({"scopes": ["zzz"]}, "SCOPE_UNKNOWN", "scopes", ["zzz"]),
        ({"scopes": []}, "SCOPE_REQUIRED", "scopes", []),
        (
            {"scopes": ["invoices:export"], "redirectUris": ["https://p.example/back"]},
            "SCOPE_NOT_FOR_PEOPLE",
            "scopes",
            ["invoices:export"],
        ),
        ({"redirectUris": ["http://p.example"]}, "REDIRECT_URI_INVALID", "redirectUris", ["http://p.example"]),
        ({"public": True}, "REDIRECT_URI_REQUIRED", "redirectUris", []),
        (
            {"redirectUris": [f"https://p.example/{number}" for number in range(21)]},
            "TOO_MANY_REDIRECT_URIS",
            "redirectUris",
            [],
        ),
    ],
)
async def test_what_cannot_be_registered_is_told(
    world: World, wrong: dict[str, Any], reason: str, path: str, params: list[str]
) -> None:
    eva = await admin(world)
    asked: dict[str, Any] = {"name": "Planilla", "scopes": ["invoices:read"], **wrong}
    refused = await done(world, eva, CREATE, **asked)
    (error,) = refused["userErrors"]
    assert (refused["client"], refused["secret"]) == (None, None)
    assert (error["reason"], error["path"], [each["value"] for each in error["params"]]) == (reason, [path], params)
    assert await world.services.store.rows("SELECT id FROM client") == []
    assert await world.services.store.rows("SELECT id FROM audit_event") == []


async def test_a_scope_that_was_misspelt_is_suggested(world: World) -> None:
    eva = await admin(world)
    for language, meant in (("en", "Did you mean"), ("es", "¿Quiso decir"), ("pl", "Czy chodziło o")):
        refused = await done(world, eva, CREATE, language, name="Planilla", scopes=["invoice:read"])
        assert f"{meant} `invoices:read`?" in refused["userErrors"][0]["message"]
    refused = await done(world, eva, CREATE, name="Planilla", scopes=["zzz"])
    assert refused["userErrors"][0]["message"] == "There is no such scope."


async def test_what_cannot_be_changed_is_told(world: World) -> None:
    eva = await admin(world)
    app = await done(
        world, eva, CREATE, name="App", scopes=["invoices:read"], redirectUris=["https://p.example/"], public=True
    )
    id = app["client"]["id"]
    assert (app["secret"], app["client"]["public"]) == (None, True)
    assert [each["reason"] for each in (await done(world, eva, ROTATE, id=id))["userErrors"]] == ["PUBLIC"]
    await done(world, eva, REVOKE, id=id)
    for query in (ROTATE, REVOKE):
        assert [each["reason"] for each in (await done(world, eva, query, id=id))["userErrors"]] == ["REVOKED"]
        for nobody in ("0" * 32, "", "\0"):
            (error,) = (await done(world, eva, query, id=nobody))["userErrors"]
            assert (error["reason"], error["path"]) == ("NOT_FOUND", ["id"])


async def test_programs_are_for_those_who_administer_access(world: World) -> None:
    eva = await world.staff("sur", "ivo@sur.example")
    outcome = await world.ask("sur", LISTED, eva)
    assert outcome.data == {"staff": {"clients": None, "letterCounts": {"sent": 0}}}
    assert codes(outcome) == [("staff.clients", "FORBIDDEN")]
    refused = await world.ask("sur", CREATE, eva, **{"in": {"name": "X", "scopes": ["invoices:read"]}})
    assert codes(refused) == [("done", "FORBIDDEN")]
