"""What boards are told, and for whom it is closed: neighbours, former and future members, staff, programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as changed

from tests.alike import statements
from tests.everybody import change, onlooker
from tests.mandated import acting, mandate
from tests.resolvers.adapters import fewer
from tests.resolvers.answers import codes
from tests.resolvers.test_reach import id_of
from tests.world import NOW, TODAY, World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.auth.identify import identify
from ventanilla.auth.mandates import MandateRole
from ventanilla.auth.scopes import SCOPES
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.resolvers.ids import Kind
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio
BOARD = MandateRole.BOARD_MEMBER
MONEY = "{ amount currency }"
AREA = (
    "query ($id: ID!) { node(id: $id) { ... on Community { name boardArea { finances"
    " { since until billed %s paid %s outstanding %s overdue %s source { name } }"
    " arrears { totalCount nodes { accountNumber unitLabel amount %s oldestDueOn documentCount } }"
    " supplierInvoices { totalCount nodes { number supplierName title amount %s status paidOn } } } } } }"
    % ((MONEY,) * 6)
)
OPEN = "query ($id: ID!) { node(id: $id) { ... on Community { boardArea { finances { overdue { amount } } } } } }"
MINE = "{ viewer { mandates { community { boardArea { finances { overdue { amount } } } } } } }"
FLATS = "{ viewer { accounts { nodes { number community { boardArea { finances { overdue { amount } } } } } } } }"
WAITING = (
    "query ($id: ID!) { node(id: $id) { ... on Community { boardArea { supplierInvoices(filter: {status: %s},"
    " order: ISSUED_ON_DESC) { nodes { number } } } } } }"
)


def pesos(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "ARS"}


async def opened(world: World, actor: Actor, community: str = "W1") -> Any:
    """What somebody is told of a community's overdue money, found by its id."""
    outcome = await world.ask("sur", OPEN, actor, id=id_of(world, "sur", Kind.COMMUNITY, community))
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["node"]


async def test_a_board_member_sees_the_community_whole(world: World) -> None:
    ana = await acting(world, BOARD, "W1")
    world.calls.clear()
    outcome = await world.ask("sur", AREA, ana, id=id_of(world, "sur", Kind.COMMUNITY, "W1"))
    assert outcome.errors == []
    assert outcome.data is not None
    area = outcome.data["node"]["boardArea"]
    assert area["finances"] == {
        "since": "2026-01-01",
        "until": "2026-11-15",
        "billed": pesos("1200.00"),
        "paid": pesos("320.00"),
        "outstanding": pesos("1730.00"),
        "overdue": pesos("930.00"),
        "source": {"name": "agua"},
    }
    owes = {"amount": pesos("465.00"), "oldestDueOn": "2026-10-10", "documentCount": 2}
    assert area["arrears"] == {
        "totalCount": 2,
        "nodes": [{"accountNumber": f"sur-00{key}", "unitLabel": f"{key} B", **owes} for key in "13"],
    }
    assert area["supplierInvoices"]["totalCount"] == 4
    assert [(each["number"], each["status"], each["paidOn"]) for each in area["supplierInvoices"]["nodes"]] == [
        ("F-ZC", "PAID", "2026-11-01"),
        ("F-ZB", "APPROVED", None),
        ("F-ZE", "REJECTED", None),
        ("F-ZA", "TO_APPROVE", None),
    ]
    # Each once, and the counts besides, whatever is shown of them.
    assert world.counted() == [
        ("agua", "communities_by_key", 1),
        ("agua", "community_arrears", 1),
        ("agua", "community_arrears", 1),
        ("agua", "community_finances", 1),
        ("agua", "supplier_invoices", 1),
        ("agua", "supplier_invoices", 1),
    ]


async def test_invoices_are_chosen_by_state(world: World) -> None:
    ana = await acting(world, BOARD, "W1")
    mine = id_of(world, "sur", Kind.COMMUNITY, "W1")
    for states, numbers in (("TO_APPROVE", ["F-ZA"]), ("[PAID, APPROVED]", ["F-ZB", "F-ZC"])):
        outcome = await world.ask("sur", WAITING % states, ana, id=mine)
        assert outcome.data is not None
        nodes = outcome.data["node"]["boardArea"]["supplierInvoices"]["nodes"]
        assert [node["number"] for node in nodes] == numbers


async def test_arrears_are_walked_page_by_page(world: World) -> None:
    ana = await acting(world, BOARD, "W1")
    query = (
        "query ($id: ID!, $after: String) { node(id: $id) { ... on Community { boardArea { arrears(first: 1, after:"
        " $after, order: OLDEST_DUE_ON_DESC) { nodes { accountNumber } pageInfo { hasNextPage endCursor } } } } } }"
    )
    numbers: list[str] = []
    after: str | None = None
    for _ in range(2):
        outcome = await world.ask("sur", query, ana, id=id_of(world, "sur", Kind.COMMUNITY, "W1"), after=after)
        assert outcome.data is not None
        part = outcome.data["node"]["boardArea"]["arrears"]
        numbers += [node["accountNumber"] for node in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
    assert (numbers, part["pageInfo"]["hasNextPage"]) == (["sur-003", "sur-001"], False)


# -- who is let in -----------------------------------------------------------------------------------------------


async def test_a_neighbouring_community_stays_closed(world: World) -> None:
    """Its own member owns a flat next door, and sees that community without what is for its board."""
    ana = await acting(world, BOARD, "W1", [("agua", "1"), ("agua", "2")])
    outcome = await world.ask("sur", FLATS, ana)
    assert outcome.data is not None
    first, second = outcome.data["viewer"]["accounts"]["nodes"]
    assert first["community"]["boardArea"] == {"finances": {"overdue": {"amount": "930.00"}}}
    assert second["community"] == {"boardArea": None}
    assert codes(outcome) == [("viewer.accounts.nodes.1.community.boardArea", "FORBIDDEN")]


async def test_a_community_that_is_not_ones_own_is_nowhere(world: World) -> None:
    assert await opened(world, await acting(world, BOARD, "W1"), "W2") is None


async def test_a_supplier_is_no_member_of_a_board(world: World) -> None:
    """Not even of what has the same key."""
    ana = await acting(world, MandateRole.SUPPLIER, "W1", [("agua", "1")])
    outcome = await world.ask("sur", FLATS, ana)
    assert codes(outcome) == [("viewer.accounts.nodes.0.community.boardArea", "FORBIDDEN")]
    assert await opened_without(world, ana) == {"viewer": {"mandates": [{"community": None}]}}


async def opened_without(world: World, actor: Actor) -> Any:
    outcome = await world.ask("sur", "{ viewer { mandates { community { name } } } }", actor)
    assert outcome.errors == []
    return outcome.data


async def test_a_mandate_of_another_office_opens_nothing_here(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [("agua", "1")])
    await mandate(world, person, BOARD, "W1", office="alquiler")
    outcome = await world.ask("sur", FLATS, await world.actor("sur", "ana@example.org"))
    assert codes(outcome) == [("viewer.accounts.nodes.0.community.boardArea", "FORBIDDEN")]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "within"),
    [
        (date(2026, 1, 1), date(2026, 11, 14), False),
        (date(2026, 1, 1), TODAY, True),
        (TODAY, None, True),
        (date(2026, 11, 16), None, False),
    ],
)
async def test_the_term_decides_and_both_days_are_among_it(
    world: World, starts_on: date, ends_on: date | None, within: bool
) -> None:
    ana = await acting(world, BOARD, "W1", starts_on=starts_on, ends_on=ends_on)
    found = await opened(world, ana)
    assert found == ({"boardArea": {"finances": {"overdue": {"amount": "930.00"}}}} if within else None)
    outcome = await world.ask("sur", "{ viewer { roles mandates { subjectName startsOn endsOn } } }", ana)
    assert outcome.data is not None
    assert outcome.data["viewer"]["roles"] == (["CUSTOMER", "BOARD_MEMBER"] if within else ["CUSTOMER"])
    assert len(outcome.data["viewer"]["mandates"]) == within


async def test_an_ended_term_is_refused_to_who_owns_a_flat_there(world: World) -> None:
    ana = await acting(world, BOARD, "W1", [("agua", "1")], ends_on=date(2026, 11, 14))
    outcome = await world.ask("sur", FLATS, ana)
    assert codes(outcome) == [("viewer.accounts.nodes.0.community.boardArea", "FORBIDDEN")]
    assert str(outcome.errors[0].message).startswith("This is for members of the community's board")


@pytest.mark.parametrize(("hour", "day", "within"), [(23, 15, True), (2, 16, True), (3, 16, False)])
async def test_the_day_is_the_managers(world: World, hour: int, day: int, within: bool) -> None:
    """Three hours behind UTC, the last day ends at three in the morning of the next one."""
    ana = await acting(world, BOARD, "W1", ends_on=TODAY)
    moment = datetime(2026, 11, day, hour, 30 if within else 0, tzinfo=UTC)
    world.services = replace(world.services, clock=lambda: moment)
    assert (await opened(world, ana) is not None) is within


async def test_the_staff_sees_no_board_area_without_a_mandate(world: World) -> None:
    person = await world.person("sur", "eva@example.org", [("agua", "1")])
    await change(world, person, staff_role="STAFF_ADMIN")
    eva = await world.actor("sur", "eva@example.org")
    outcome = await world.ask("sur", FLATS, eva)
    assert codes(outcome) == [("viewer.accounts.nodes.0.community.boardArea", "FORBIDDEN")]


async def test_who_sees_as_a_member_sees_no_board_area(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [("agua", "1")])
    await mandate(world, person, BOARD, "W1")
    outcome = await world.ask("sur", FLATS, await onlooker(world, person))
    assert codes(outcome) == [("viewer.accounts.nodes.0.community.boardArea", "FORBIDDEN")]


async def test_a_program_of_a_member_is_told_the_community_and_no_more(world: World) -> None:
    ana = changed(await acting(world, BOARD, "W1"), session_id=None, client_id="planilla", scopes=frozenset(SCOPES))
    outcome = await world.ask("sur", "{ viewer { roles mandates { community { name } } } }", ana)
    assert (outcome.data, outcome.errors) == (
        {"viewer": {"roles": ["CUSTOMER", "BOARD_MEMBER"], "mandates": [{"community": {"name": "sur Consorcio 1"}}]}},
        [],
    )
    assert codes(await world.ask("sur", MINE, ana)) == [("viewer.mandates.0.community.boardArea", "FORBIDDEN")]


async def test_who_was_disabled_is_nobody(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [])
    await mandate(world, person, BOARD, "W1")
    token = await world.token("sur", "ana@example.org")
    await change(world, person, disabled_at=NOW)
    found = await identify(world.services.store, "sur.example", token, NOW)
    assert found is not None
    assert await opened(world, found.actor) is None
    assert (await world.ask("sur", MINE, found.actor)).data == {"viewer": None}


async def test_the_other_manager_knows_of_no_mandate(world: World) -> None:
    ana = await acting(world, BOARD, "W1")
    outcome = await world.ask("norte", OPEN, ana, id=id_of(world, "norte", Kind.COMMUNITY, "W1"))
    assert (outcome.data, outcome.errors) == ({"node": None}, [])


# -- roles and mandates ------------------------------------------------------------------------------------------


async def test_roles_and_mandates_are_one_statement(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [("agua", "1")])
    await mandate(world, person, MandateRole.SUPPLIER, "1", starts_on=date(2026, 3, 1))
    await mandate(world, person, BOARD, "W1", ends_on=date(2027, 12, 31))
    ana = await world.actor("sur", "ana@example.org")
    query = (
        "{ viewer { roles mandates { role subjectName startsOn endsOn community { name boardArea { finances"
        " { since } } } } supplierDocuments { totalCount } } }"
    )
    with statements(world.services.store) as ran:
        outcome = await world.ask("sur", query, ana)
    assert outcome.errors == []
    assert outcome.data is not None
    assert outcome.data["viewer"]["roles"] == ["CUSTOMER", "SUPPLIER", "BOARD_MEMBER"]
    community = {"name": "sur Consorcio 1", "boardArea": {"finances": {"since": "2026-01-01"}}}
    assert outcome.data["viewer"]["mandates"] == [
        {
            "role": "BOARD_MEMBER",
            "subjectName": "BOARD_MEMBER W1",
            "startsOn": "2026-01-01",
            "endsOn": "2027-12-31",
            "community": community,
        },
        {
            "role": "SUPPLIER",
            "subjectName": "SUPPLIER 1",
            "startsOn": "2026-03-01",
            "endsOn": None,
            "community": None,
        },
    ]
    assert len([each for each in ran if "FROM mandate" in each]) == 1


async def test_everybody_is_a_customer_and_staff_is_told_so(world: World) -> None:
    eva = await world.staff("sur", "eva@example.org")
    outcome = await world.ask("sur", "{ viewer { roles mandates { role } } }", eva)
    assert (outcome.data, outcome.errors) == ({"viewer": {"roles": ["CUSTOMER", "STAFF"], "mandates": []}}, [])


async def test_one_call_serves_several_boards(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [])
    await mandate(world, person, BOARD, "W1")
    await mandate(world, person, BOARD, "W2", starts_on=date(2026, 2, 1))
    ana = await world.actor("sur", "ana@example.org")
    world.calls.clear()
    outcome = await world.ask("sur", MINE, ana)
    assert outcome.data is not None
    told = [each["community"]["boardArea"]["finances"]["overdue"] for each in outcome.data["viewer"]["mandates"]]
    assert told == [{"amount": "930.00"}, {"amount": "465.00"}]
    assert world.counted() == [("agua", "communities_by_key", 2), ("agua", "community_finances", 2)]


async def test_what_an_office_cannot_tell_is_told_so(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": OfficeChoice(adapter="embedded")}
    less = fewer("communities.finances", "communities.supplier_invoices")
    async with open_world(tmp_path, manager("sur", offices=offices), registry=less) as world:
        ana = await acting(world, BOARD, "W1")
        outcome = await world.ask("sur", AREA, ana, id=id_of(world, "sur", Kind.COMMUNITY, "W1"))
        assert codes(outcome) == [
            ("node.boardArea.finances", "NOT_SUPPORTED"),
            ("node.boardArea.supplierInvoices", "NOT_SUPPORTED"),
        ]


async def test_without_the_licence_there_are_no_boards(tmp_path: Path) -> None:
    licences = {Licence.UTILITY: "agua", Licence.RENT: "alquiler"}
    async with open_world(tmp_path, manager("sur", licences=licences)) as world:
        ana = await acting(world, BOARD, "W1")
        assert codes(await world.ask("sur", MINE, ana)) == [("viewer.mandates.0.community", "NOT_LICENSED")]
