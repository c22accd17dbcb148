"""Exports: everything of a manager's offices, once, and later what changed since."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.books import book
from tests.everybody import ALL
from tests.resolvers.adapters import fewer
from tests.resolvers.answers import codes
from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.records import ChargeStatus, Licence
from ventanilla.resolvers.ids import Kind
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio
PROGRAM = Actor(client_id="contabilidad", scopes=ALL)
FIELDS = {
    "accounts": "id number",
    "invoices": "id number",
    "charges": "id description",
    "payments": "id method",
    "meterReadings": "id readOn",
}
"""Each noun, and what is asked of it."""


def query(noun: str, fields: str = "id", arguments: str = "first: $first, after: $after") -> str:
    page = "nodes { %s } removedIds remaining pageInfo { endCursor hasNextPage }" % fields
    return "query ($first: Int, $after: String) { export { %s(%s) { %s } } }" % (noun, arguments, page)


async def page(
    world: World, noun: str, *, slug: str = "sur", actor: Actor = PROGRAM, text: str | None = None, **variables: Any
) -> dict[str, Any]:
    """A page of an export that nothing went wrong with."""
    asked = {"first": None, "after": None, **variables}
    outcome = await world.ask(slug, text or query(noun, FIELDS[noun]), actor, **asked)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["export"][noun]


async def walked(world: World, noun: str, first: int, after: str | None = None) -> list[dict[str, Any]]:
    """The pages of an export from a cursor on."""
    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(await page(world, noun, first=first, after=after))
        after = pages[-1]["pageInfo"]["endCursor"]
        assert len(pages) < 200
    return pages


async def refused(world: World, text: str, actor: Actor = PROGRAM, **variables: Any) -> tuple[str, str]:
    """Code and message of the one error of an export."""
    outcome = await world.ask("sur", text, actor, **{"first": None, "after": None, **variables})
    ((_, code),) = codes(outcome)
    return code, outcome.errors[0].message


async def fill(world: World, content: Book, office: str = "agua", slug: str = "sur") -> None:
    """Give an office another book in place of the one that it has."""
    guarded = await world.services.offices.get(world.managers[slug].plans[office])
    async with guarded.opened() as opened:
        assert isinstance(opened, Fillable)
        await opened.fill(content)


@pytest.mark.parametrize("noun", FIELDS)
@pytest.mark.parametrize("first", [1, 4, 7, 1000])
async def test_everything_is_told_once_whatever_the_page(world: World, noun: str, first: int) -> None:
    pages = await walked(world, noun, first)
    told = [node["id"] for each in pages for node in each["nodes"]]
    offices = 1 if noun == "meterReadings" else 2
    count = {"accounts": 3, "invoices": 12, "charges": 3, "payments": 6}.get(noun)

    assert len(told) == len(set(told))
    assert len(told) == offices * count if count else len(told) > 3
    assert all(len(each["nodes"]) <= first for each in pages)
    assert not any(each["removedIds"] for each in pages)
    # What is left is told on each page, over all offices.
    left = len(told)
    for each in pages:
        left -= len(each["nodes"])
        assert each["remaining"] == left


@pytest.mark.parametrize("noun", FIELDS)
async def test_the_last_cursor_tells_what_changed_since_and_nothing_else(world: World, noun: str) -> None:
    end = (await walked(world, noun, 4))[-1]["pageInfo"]["endCursor"]
    quiet = await page(world, noun, after=end)
    assert (quiet["nodes"], quiet["removedIds"], quiet["remaining"]) == ([], [], 0)
    assert not quiet["pageInfo"]["hasNextPage"]
    assert await page(world, noun, after=quiet["pageInfo"]["endCursor"]) == quiet


async def test_what_changed_is_told_again_and_what_went_by_its_id(world: World) -> None:
    end = (await walked(world, "charges", 1000))[-1]["pageInfo"]["endCursor"]
    before = book("sur", Licence.UTILITY)
    first, second, third = before.charges
    await fill(world, replace(before, charges=(first, replace(second, status=ChargeStatus.CANCELLED))))

    (changed,) = await walked(world, "charges", 1000, end)
    assert [node["id"] for node in changed["nodes"]] == [
        world.context("sur").ids.column(Kind.CHARGE, "agua", ["C2"])[0]
    ]
    assert changed["removedIds"] == world.context("sur").ids.column(Kind.CHARGE, "agua", [third.key])
    assert (await page(world, "charges", after=changed["pageInfo"]["endCursor"]))["nodes"] == []


async def test_a_cursor_of_the_middle_tells_the_rest_another_night(world: World) -> None:
    begun = await page(world, "invoices", first=5)
    rest = await walked(world, "invoices", 1000, begun["pageInfo"]["endCursor"])
    told = [node["id"] for each in [begun, *rest] for node in each["nodes"]]
    assert (len(told), len(set(told))) == (24, 24)


async def test_an_office_that_the_manager_adds_is_told_from_its_beginning(tmp_path: Path) -> None:
    whole = manager("sur")
    async with open_world(tmp_path, whole) as world:
        world.managers["sur"] = replace(
            whole, licences={Licence.UTILITY: "agua"}, offices={"agua": whole.offices["agua"]}
        )
        end = (await walked(world, "invoices", 1000))[-1]["pageInfo"]["endCursor"]
        world.managers["sur"] = whole
        (added,) = await walked(world, "invoices", 1000, end)
        assert len(added["nodes"]) == 12
        # The other way round it is refused: what was told of the office would never be taken back.
        world.managers["sur"] = replace(
            whole, licences={Licence.UTILITY: "agua"}, offices={"agua": whole.offices["agua"]}
        )
        code, message = await refused(world, query("invoices"), after=added["pageInfo"]["endCursor"])
        assert (code, "Begin again without `after`" in message) == ("INVALID_ARGUMENT", True)


async def test_the_same_cursor_is_good_for_nothing_else(world: World) -> None:
    end = (await page(world, "invoices", first=5))["pageInfo"]["endCursor"]
    paid = query("invoices", arguments="first: $first, after: $after, filter: {status: [PAID]}")
    foreign = (await page(world, "invoices", slug="norte", first=5))["pageInfo"]["endCursor"]
    for text, after in [
        (query("payments"), end),
        (paid, end),
        (query("invoices"), foreign),
        (query("invoices"), end[:-2] + ("AA" if end[-2:] != "AA" else "BB")),
        (query("invoices"), "nonsense"),
        (query("invoices"), "ż"),
        (query("invoices"), ""),
    ]:
        code, message = await refused(world, text, after=after)
        assert (code, "not a cursor of this export with this filter" in message) == ("INVALID_ARGUMENT", True)


async def test_an_empty_filter_is_no_filter(world: World) -> None:
    end = (await page(world, "invoices"))["pageInfo"]["endCursor"]
    for given in ("{}", "{status: []}", "{status: null, issuedFrom: null}", "null"):
        text = query("invoices", arguments="first: $first, after: $after, filter: %s" % given)
        assert (await page(world, "invoices", text=text, after=end))["nodes"] == []


async def test_a_filter_tells_what_it_finds(world: World) -> None:
    text = query(
        "invoices", "number", 'first: $first, after: $after, filter: {status: [PAID], issuedFrom: "2026-01-01"}'
    )
    found = await page(world, "invoices", text=text)
    assert {node["number"] for node in found["nodes"]} == {"sur-A1", "sur-A2", "sur-A3"}
    assert len(found["nodes"]) == 6
    closed = query("accounts", "number", "first: $first, after: $after, filter: {status: [CLOSED]}")
    assert (await page(world, "accounts", text=closed))["nodes"] == []


@pytest.mark.parametrize("first", [0, -1, 1001])
async def test_a_page_has_a_thousand_at_most(world: World, first: int) -> None:
    assert await refused(world, query("invoices"), first=first) == (
        "INVALID_ARGUMENT",
        f"`first` is from 1 to 1000; it was {first}.",
    )


async def test_an_office_that_was_set_up_anew_is_told_and_what_to_do(world: World, tmp_path: Path) -> None:
    end = (await page(world, "invoices"))["pageInfo"]["endCursor"]
    (file,) = (tmp_path / "offices" / "sur" / "agua").glob("*.sqlite")
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE book SET journal = 'another'")
        database.commit()
    code, message = await refused(world, query("invoices"), after=end)
    assert code == "INVALID_ARGUMENT"
    assert message.startswith("The back office 'agua' was set up anew since this cursor was told. Begin again")


# -- offices that cannot, or do not answer -----------------------------------------------------------------------


@pytest.fixture
async def lame(tmp_path: Path) -> AsyncIterator[World]:
    """One of the offices tells no changes of invoices, and no charges at all."""
    half = manager("sur", offices={"agua": OfficeChoice(adapter="embedded"), "alquiler": OfficeChoice(adapter="fewer")})
    without = ("invoices.changes", "charges.changes", "charges.list")
    async with open_world(tmp_path, half, registry=fewer(*without)) as opened:
        yield opened


async def test_an_office_that_cannot_tell_is_no_silent_gap(lame: World) -> None:
    code, message = await refused(lame, query("invoices"))
    assert (code, message) == (
        "NOT_SUPPORTED",
        'The back office alquiler cannot tell what changed. Ask the others alone: `offices: ["agua"]`.',
    )
    chosen = query("invoices", arguments='first: $first, after: $after, offices: ["agua"]')
    assert len((await page(lame, "invoices", text=chosen))["nodes"]) == 12
    only = query("invoices", arguments='first: $first, after: $after, offices: ["alquiler"]')
    assert (await refused(lame, only))[0] == "NOT_SUPPORTED"


async def test_an_office_that_keeps_no_such_things_is_passed_over(lame: World) -> None:
    assert len((await page(lame, "charges"))["nodes"]) == 3
    code, message = await refused(
        lame, query("charges", arguments='first: $first, after: $after, offices: ["alquiler"]')
    )
    assert (code, message) == (
        "INVALID_ARGUMENT",
        "No back office 'alquiler' keeps such things; those that do: agua.",
    )


async def test_an_office_that_is_gone_holds_back_nothing_of_the_others(world: World) -> None:
    gone = OfficeChoice(adapter="embedded", configuration={"database": "env:NOT_SET"})
    offices = {**world.managers["sur"].offices, "alquiler": gone}
    world.managers["sur"] = replace(world.managers["sur"], offices=offices)
    text = "query ($first: Int, $after: String) { export { invoices(first: $first, after: $after) {"
    text += " nodes { id } pageInfo { endCursor hasNextPage } } } }"
    told = await page(world, "invoices", text=text)
    assert (len(told["nodes"]), told["pageInfo"]["hasNextPage"]) == (12, True)
    code, _ = await refused(world, text, after=told["pageInfo"]["endCursor"])
    assert code == "BACK_OFFICE_UNAVAILABLE"


async def test_what_is_routed_is_asked_where_it_is_kept(world: World) -> None:
    world.managers["sur"] = replace(world.managers["sur"], routing={"payments.list": "agua"})
    text = query("payments", "account { number }")
    assert len((await page(world, "payments", text=text))["nodes"]) == 6


async def test_readings_are_asked_where_their_meters_are_kept(world: World) -> None:
    whole = world.managers["sur"]
    text = query("meterReadings", "source { name }")
    for routing, office in (({}, "alquiler"), ({"meters.list": "agua"}, "agua")):
        world.managers["sur"] = replace(whole, licences={Licence.UTILITY: "alquiler"}, routing=routing)
        told = await page(world, "meterReadings", text=text)
        assert {node["source"]["name"] for node in told["nodes"]} == {office}


async def test_an_account_that_another_office_keeps_is_not_guessed(world: World) -> None:
    whole = world.managers["sur"]
    world.managers["sur"] = replace(
        whole, routing={"payments.list": "alquiler"}, licences={Licence.UTILITY: "agua", Licence.COMMUNITY: "agua"}
    )
    outcome = await world.ask("sur", "{ export { payments(first: 1) { nodes { account { number } } } } }", PROGRAM)
    assert codes(outcome) == [("export.payments.nodes.0.account", "NOT_SUPPORTED")]


# -- what it costs the offices -----------------------------------------------------------------------------------


async def test_a_page_asks_each_office_a_fixed_few_times(tmp_path: Path) -> None:
    whole = manager("sur")
    one = replace(whole, licences={Licence.UTILITY: "agua"}, offices={"agua": whole.offices["agua"]})
    async with open_world(tmp_path, one, books={("sur", "agua"): book("sur", Licence.UTILITY, 100)}) as world:
        text = query("invoices", "id lines { amount { amount } } allocations { invoice { id } } account { number }")
        for first, accounts in ((4, 1), (400, 100)):
            world.calls.clear()
            await page(world, "invoices", text=text, first=first)
            assert world.counted() == [
                ("agua", "accounts", accounts),
                ("agua", "changed_invoices", 1),
                ("agua", "invoice_allocations", first),
                ("agua", "invoice_lines", first),
                ("agua", "invoices_by_key", first // 2),
            ]


async def test_what_is_left_is_counted_only_if_somebody_looks(world: World) -> None:
    text = "query ($first: Int, $after: String) { export { invoices(first: $first, after: $after) { nodes { id } } } }"
    world.calls.clear()
    await page(world, "invoices", text=text, first=12)
    assert world.counted() == [("agua", "changed_invoices", 1)]
    await page(world, "invoices", first=12)
    assert world.counted() == [("agua", "changed_invoices", 1), ("alquiler", "changed_invoices", 1)]
