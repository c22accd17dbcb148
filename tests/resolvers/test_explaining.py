"""Why something is there, or not: it agrees with what happens to who asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.every_field import FIELDS, refused
from tests.everybody import ALL, change, everybody, staff
from tests.resolvers.adapters import fewer
from tests.resolvers.answers import codes
from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.resolvers.explaining import _MESSAGES
from ventanilla.resolvers.problems import AccessReason
from ventanilla.schema.roles import Asker
from ventanilla.store.manager import OfficeChoice, StaffRules

pytestmark = pytest.mark.anyio
EXPLAIN = "query ($of: [String!]!) { explainAccess(coordinates: $of) { coordinate answer reasons { code message } } }"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A manager that asks its staff for no second factor, and one that does."""
    rules = StaffRules(second_factor=False)
    async with open_world(tmp_path, manager("sur", staff=rules), manager("norte")) as opened:
        yield opened


async def explained(world: World, actor: Actor, *of: str, slug: str = "sur", language: str = "en") -> list[Any]:
    outcome = await world.run(world.context(slug, actor, language), EXPLAIN, of=of)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["explainAccess"]


async def why(world: World, actor: Actor, of: str, slug: str = "sur") -> tuple[str, list[str]]:
    (found,) = await explained(world, actor, of, slug=slug)
    return found["answer"], [reason["code"] for reason in found["reasons"]]


async def disagreeing(world: World, actor: Actor, slug: str = "sur") -> dict[str, Any]:
    """The fields of which another thing is told than what happens to who asks for them."""
    found: dict[str, Any] = {}
    fields = sorted(FIELDS)
    told = [
        each
        for start in range(0, len(fields), 100)
        for each in await explained(world, actor, *fields[start : start + 100], slug=slug)
    ]
    for each in told:
        met = await refused(world.context(slug, actor), each["coordinate"])
        closed = {reason["code"] for reason in each["reasons"]} - {"LICENCE", "CAPABILITY"}
        if (met is not None) != (each["answer"] == "NO" and bool(closed)):
            found[each["coordinate"]] = (met, each)
    return found


@pytest.mark.parametrize("asker", Asker)
async def test_what_is_told_is_what_happens(world: World, asker: Asker) -> None:
    assert await disagreeing(world, (await everybody(world))[asker]) == {}


@pytest.mark.parametrize("due", ["password", "factor", "set up"])
async def test_what_is_told_is_what_happens_to_who_has_something_to_do_first(world: World, due: str) -> None:
    mirta = await staff(world, "mirta@example.org", slug="norte")
    if due == "password":
        await change(world, mirta, "norte", must_change_password=True)
    if due == "factor":
        await change(world, mirta, "norte", second_factor_at=NOW)
    actor = await world.actor("norte", "mirta@example.org")
    code = "CHANGE_PASSWORD" if due == "password" else "SECOND_FACTOR"
    assert await why(world, actor, "Staff.people", "norte") == ("NO", [code])
    assert await disagreeing(world, actor, "norte") == {}


async def test_a_program_that_lacks_a_scope_is_told_which(world: World) -> None:
    actor = replace((await everybody(world))[Asker.PROGRAM], scopes=ALL - {"invoices:read"})
    invoices, sessions, payments = await explained(
        world, actor, "Account.invoices", "Viewer.sessions", "Account.payments"
    )
    assert invoices["reasons"] == [{"code": "SCOPE", "message": "The program was not allowed `invoices:read`."}]
    assert sessions["reasons"] == [{"code": "SCOPE", "message": "No program is told this."}]
    assert (payments["answer"], payments["reasons"]) == ("YES", [])
    assert await disagreeing(world, actor) == {}


@pytest.mark.parametrize(
    ("asker", "of", "answer", "codes"),
    [
        (Asker.GUEST, "Query.portal", "YES", []),
        (Asker.GUEST, "Account.invoices", "NO", ["SIGN_IN"]),
        (Asker.NEWCOMER, "Account.invoices", "DEPENDS", ["NO_ACCOUNT"]),
        (Asker.NEWCOMER, "Mutation.startAccountLink", "YES", []),
        (Asker.CUSTOMER, "Account.invoices", "YES", []),
        (Asker.CUSTOMER, "Mutation.seeAs", "NO", ["ROLE"]),
        (Asker.CUSTOMER, "Account.number", "DEPENDS", ["PARENT"]),
        (Asker.CUSTOMER, "Account.nothing", "NO", ["UNKNOWN_COORDINATE"]),
        (Asker.CUSTOMER, "Account", "NO", ["UNKNOWN_COORDINATE"]),
        (Asker.CUSTOMER, "__Type.name", "NO", ["UNKNOWN_COORDINATE"]),
        (Asker.STAFF, "Mutation.setStaffRole", "NO", ["ROLE"]),
        (Asker.STAFF, "Mutation.seeAs", "YES", []),
        (Asker.STAFF_ADMIN, "Mutation.setStaffRole", "YES", []),
        (Asker.PROGRAM_OF_MANAGER, "Account.invoices", "NO", ["SIGN_IN"]),
        (Asker.CUSTOMER, "BoardArea.finances", "NO", ["ROLE"]),
        (Asker.SUPPLIER, "BoardArea.finances", "NO", ["ROLE"]),
        (Asker.BOARD_MEMBER, "BoardArea.finances", "YES", []),
        (Asker.CUSTOMER, "ViewerMandate.community", "DEPENDS", ["ROLE"]),
        (Asker.ONLOOKER, "Account.invoices", "YES", []),
        (Asker.ONLOOKER, "Viewer.sessions", "NO", ["SEEING"]),
        (Asker.ONLOOKER, "Mutation.signOut", "YES", []),
    ],
)
async def test_each_is_told_why(world: World, asker: Asker, of: str, answer: str, codes: list[str]) -> None:
    assert await why(world, (await everybody(world))[asker], of) == (answer, codes)


async def test_what_the_manager_does_not_hold_is_told_beside_who_asks(tmp_path: Path) -> None:
    licences = {Licence.RENT: "alquiler"}
    async with open_world(
        tmp_path, manager("sur", licences=licences, offices={"alquiler": OfficeChoice(adapter="embedded")})
    ) as world:
        await world.person("sur", "ana@example.org", [("alquiler", "1")])
        ana = await world.actor("sur", "ana@example.org")
        assert await why(world, GUEST, "Account.meters") == ("NO", ["SIGN_IN", "LICENCE"])
        assert await why(world, ana, "Account.meters") == ("NO", ["LICENCE"])
        outcome = await world.ask("sur", "{ viewer { accounts { nodes { meters { totalCount } } } } }", ana)
        assert [code for _, code in codes(outcome)] == ["NOT_LICENSED"]


@pytest.mark.parametrize(
    ("homes", "told"),
    [
        ([("agua", "1")], ("YES", [])),
        ([("alquiler", "1")], ("DEPENDS", ["LICENCE"])),
        ([("agua", "1"), ("alquiler", "1")], ("DEPENDS", ["LICENCE"])),
    ],
)
async def test_what_only_some_offices_serve_depends_on_the_account(
    world: World, homes: list[tuple[str, str]], told: tuple[str, list[str]]
) -> None:
    await world.person("sur", "ana@example.org", homes)
    assert await why(world, await world.actor("sur", "ana@example.org"), "Account.meters") == told


async def test_a_route_serves_all_accounts(world: World) -> None:
    world.managers["sur"] = replace(world.managers["sur"], routing={"meters.list": "agua"})
    await world.person("sur", "ana@example.org", [("alquiler", "1")])
    assert await why(world, await world.actor("sur", "ana@example.org"), "Account.meters") == ("YES", [])


@pytest.mark.parametrize(
    ("alquiler", "told"), [("fewer", ("NO", ["CAPABILITY"])), ("embedded", ("DEPENDS", ["CAPABILITY"]))]
)
async def test_what_an_office_cannot_do_is_told(tmp_path: Path, alquiler: str, told: tuple[str, list[str]]) -> None:
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": OfficeChoice(adapter=alquiler)}
    async with open_world(tmp_path, manager("sur", offices=offices), registry=fewer("payments.list")) as world:
        await world.person("sur", "ana@example.org", [("agua", "1"), ("alquiler", "1")])
        ana = await world.actor("sur", "ana@example.org")
        assert await why(world, ana, "Account.payments") == told
        outcome = await world.ask("sur", "{ viewer { accounts { nodes { payments { totalCount } } } } }", ana)
        refused = [code for _, code in codes(outcome)]
        assert refused == ["NOT_SUPPORTED"] * (2 if alquiler == "fewer" else 1)


@pytest.mark.parametrize("language", ["en", "es", "pl"])
async def test_it_is_told_in_the_language_of_the_answer(world: World, language: str) -> None:
    (found,) = await explained(world, GUEST, "Account.invoices", language=language)
    said = {"en": "Sign in first.", "es": "Primero ingrese.", "pl": "Najpierw prosimy się zalogować."}
    assert found["reasons"] == [{"code": "SIGN_IN", "message": said[language]}]


def test_every_reason_has_its_words() -> None:
    assert {*_MESSAGES} == {*AccessReason}
    assert {frozenset(texts) for texts in _MESSAGES.values()} == {frozenset({"en", "es", "pl"})}


async def test_no_more_than_a_hundred_at_once(world: World) -> None:
    assert len(await explained(world, GUEST, *["Query.portal"] * 100)) == 100
    outcome = await world.run(world.context("sur", GUEST), EXPLAIN, of=["Query.portal"] * 101)
    assert codes(outcome) == [("explainAccess", "INVALID_ARGUMENT")]
