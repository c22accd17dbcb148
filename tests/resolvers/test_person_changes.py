"""What is changed of the manager's people through the schema, by whom, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resolvers.answers import codes
from tests.world import World
from ventanilla.auth.actor import Actor, StaffRole

pytestmark = pytest.mark.anyio
ADMIN = StaffRole.STAFF_ADMIN

CHANGED = "person { id staffRole disabledAt } userErrors { code reason message path }"
DISABLE = "mutation ($id: ID!) { changed: disablePerson(input: {id: $id}) { %s } }" % CHANGED
ENABLE = "mutation ($id: ID!) { changed: enablePerson(input: {id: $id}) { %s } }" % CHANGED
SET_ROLE = (
    "mutation ($id: ID!, $role: StaffRole) { changed: setStaffRole(input: {id: $id, role: $role}) { %s } }" % CHANGED
)


async def changed(world: World, actor: Actor, query: str, id: str, **variables: Any) -> Any:
    outcome = await world.ask("sur", query, actor, id=id, **variables)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["changed"]


async def test_somebody_is_disabled_and_let_in_again(world: World) -> None:
    ana = await world.person("sur", "ana@example.org", [])
    eva = await world.staff("sur", "eva@sur.example", ADMIN)
    token = await world.token("sur", "ana@example.org")
    disabled = await changed(world, eva, DISABLE, ana)
    assert disabled == {
        "person": {"id": ana, "staffRole": None, "disabledAt": "2026-11-15T12:00:00+00:00"},
        "userErrors": [],
    }
    assert await world.services.store.rows("SELECT id FROM session WHERE person_id = $1", [ana]) == []
    assert token
    assert (await changed(world, eva, ENABLE, ana))["person"]["disabledAt"] is None
    rows = await world.services.store.rows("SELECT kind, actor_id, person_id FROM audit_event ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("PERSON_DISABLED", eva.person_id, ana),
        ("PERSON_ENABLED", eva.person_id, ana),
    ]


async def test_a_role_is_set_and_taken(world: World) -> None:
    ana = await world.person("sur", "ana@example.org", [])
    eva = await world.staff("sur", "eva@sur.example", ADMIN)
    assert (await changed(world, eva, SET_ROLE, ana, role="STAFF"))["person"]["staffRole"] == "STAFF"
    assert (await world.actor("sur", "ana@example.org")).staff_role is StaffRole.STAFF
    assert (await changed(world, eva, SET_ROLE, ana, role=None))["person"]["staffRole"] is None


@pytest.mark.parametrize("query", [DISABLE, ENABLE, SET_ROLE])
async def test_nobody_changes_their_own_access(world: World, query: str) -> None:
    eva = await world.staff("sur", "eva@sur.example", ADMIN)
    await world.staff("sur", "ivo@sur.example", ADMIN)
    assert await changed(world, eva, query, eva.person_id or "") == {
        "person": None,
        "userErrors": [
            {
                "code": "ONESELF",
                "reason": "ONESELF",
                "message": "Nadie cambia su propio acceso. Pídaselo a otra persona que administre los accesos.",
                "path": ["id"],
            }
        ],
    }


@pytest.mark.parametrize("query", [DISABLE, ENABLE, SET_ROLE])
async def test_somebody_of_another_manager_is_like_nobody(world: World, query: str) -> None:
    ana = await world.person("norte", "ana@example.org", [])
    eva = await world.staff("sur", "eva@sur.example", ADMIN)
    answers = [await changed(world, eva, query, id, role="STAFF") for id in (ana, "0" * 32, "", "\0")]
    assert answers == [answers[0]] * 4
    assert [error["reason"] for error in answers[0]["userErrors"]] == ["NOT_FOUND"]
    rows = await world.services.store.rows("SELECT staff_role, disabled_at FROM person WHERE id = $1", [ana])
    assert [tuple(row) for row in rows] == [(None, None)]


@pytest.mark.parametrize("query", [DISABLE, ENABLE, SET_ROLE])
async def test_it_is_for_admins_alone(world: World, query: str) -> None:
    ana = await world.person("sur", "ana@example.org", [])
    ivo = await world.staff("sur", "ivo@sur.example")
    outcome = await world.ask("sur", query, ivo, id=ana)
    assert codes(outcome) == [("changed", "FORBIDDEN")]


async def test_who_was_an_admin_a_moment_ago_changes_nothing(world: World) -> None:
    """Both ask at once: the request of the second was let in before the first one's was done."""
    eva, ivo = [await world.staff("sur", f"{name}@sur.example", ADMIN) for name in ("eva", "ivo")]
    assert eva.person_id
    assert ivo.person_id
    assert (await changed(world, eva, SET_ROLE, ivo.person_id))["userErrors"] == []
    late = await world.ask("sur", SET_ROLE, ivo, id=eva.person_id)
    assert codes(late) == [("changed", "FORBIDDEN")]
    assert (await world.services.store.rows("SELECT COUNT(*) FROM person WHERE staff_role = 'STAFF_ADMIN'"))[0][0] == 1
