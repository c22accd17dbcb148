"""Confirming: once, at the price that was shown, and sent to the platform however often it takes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.books import book, money
from tests.resolvers.paying import (
    CREATE,
    LOOK,
    answered,
    committed,
    params,
    quote_id,
    quoted,
    reasons,
    rows,
)
from tests.resolvers.test_watching import fill
from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from tests.till import HOST, Till, paid_manager, platforms
from tests.world import NOW, World, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import InvoiceStatus, Licence
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store import checkout_commits, checkout_quotes, checkouts, managers
from ventanilla.store.checkout_commits import Commit, Intent
from ventanilla.store.manager import Presentation, Terms
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.store import Store

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url"]

pytestmark = pytest.mark.anyio
BOOK = book("sur", Licence.UTILITY)
MANY = 20


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
async def world(tmp_path: Path, till: Till) -> AsyncIterator[World]:
    async with open_world(tmp_path, paid_manager("sur"), paid_manager("norte"), platforms=platforms(till)) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
    return await world.actor("sur", "ana@example.org")


def with_invoice(key: str, **changes: Any) -> Book:
    invoices = [msgspec.structs.replace(each, **changes) if each.key == key else each for each in BOOK.invoices]
    return msgspec.structs.replace(BOOK, invoices=tuple(invoices))


async def test_it_is_confirmed_as_it_was_quoted(world: World, ana: Actor, till: Till) -> None:
    quote = (await quoted(world, ana, "D1", "B1"))["quote"]
    found = await committed(world, ana, quote["id"])
    checkout = found["checkout"]
    assert found["userErrors"] == []
    assert {name: checkout[name] for name in ("account", "lines", "subtotal", "fees", "total")} == {
        name: quote[name] for name in ("account", "lines", "subtotal", "fees", "total")
    }
    assert (checkout["status"], checkout["platform"], checkout["settled"]) == ("CREATED", "The Till", False)
    assert (checkout["payment"], checkout["endedAt"]) == (None, None)
    assert checkout["createdAt"] == NOW.isoformat()
    assert checkout["expiresAt"] == (NOW + timedelta(hours=1)).isoformat()
    assert checkout["redirectUrl"].startswith("/checkouts/")
    looked = await answered(world.context("sur", ana), world, LOOK, id=checkout["id"])
    assert looked == checkout


async def test_the_platform_is_told_what_the_payer_pays_and_where_to_come_back(
    world: World, ana: Actor, till: Till
) -> None:
    checkout = (await committed(world, ana, await quote_id(world, ana, "D1", "B1")))["checkout"]
    (order,) = till.orders.values()
    assert order == {
        "reference": checkout["reference"],
        "amount": 47_039,
        "return": f"https://sur.example{checkout['redirectUrl']}/return",
        "notify": "https://sur.example/payments/till",
        "description": "Cuenta sur-001: sur-D1, sur-B1",
        "email": "ana@example.org",
        "language": "es",
    }
    (row,) = await rows(world)
    assert row.platform_id == "T1"
    assert msgspec.json.decode(row.redirect or "")["url"] == f"{HOST}/pay/{checkout['reference']}"


@pytest.mark.parametrize("version", [None, "2026-01"])
async def test_which_terms_held_is_kept_with_it(tmp_path: Path, version: str | None) -> None:
    shown = Presentation(terms=Terms(version=version) if version else None)
    async with open_world(tmp_path, paid_manager("sur", presentation=shown), platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        ana = await world.actor("sur", "ana@example.org")
        await committed(world, ana, await quote_id(world, ana, "D1"))
        assert [row.terms_version for row in await rows(world)] == [version]


async def test_the_same_key_answers_the_same_without_a_second_order(world: World, ana: Actor, till: Till) -> None:
    quote = await quote_id(world, ana, "B1")
    first = await committed(world, ana, quote)
    assert await committed(world, ana, quote) == first
    assert till.asked == 1
    assert len(await rows(world)) == 1
    context = world.context("sur", ana)
    context.now = NOW + timedelta(days=2)  # also when quote and checkout are long over
    again = await committed(world, ana, quote, context=context)
    assert again["userErrors"] == []
    assert again["checkout"] == {**first["checkout"], "redirectUrl": None}


async def test_the_same_key_for_something_else_is_a_conflict(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "B1")
    await committed(world, ana, quote)
    conflict = [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]
    other = await committed(world, ana, await quote_id(world, ana, "D1"))
    assert reasons(other) == conflict
    assert other["checkout"] is None
    assert reasons(await committed(world, ana, quote, back="/")) == conflict
    assert len(await rows(world)) == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_has_a_length(world: World, ana: Actor, key: str) -> None:
    told = {"quoteId": "x", "returnUrl": "/pagos", "idempotencyKey": key}
    (error,) = (await world.ask("sur", CREATE, ana, **{"in": told})).errors
    assert isinstance(error.original_error, Problem)
    assert error.original_error.code is ProblemCode.INVALID_ARGUMENT


@pytest.fixture
async def shared(world: World, store: Store) -> World:
    """The world on a database of each kind."""
    for owner in world.managers.values():
        await managers.add(store, owner, source="tests")
    world.services = dataclasses.replace(world.services, store=store)
    return world


@pytest.fixture
async def sofia(shared: World) -> Actor:
    await shared.person("sur", "sofia@example.org", [("agua", "1"), ("agua", "2"), ("agua", "3")])
    return await shared.actor("sur", "sofia@example.org")


async def test_many_at_one_instant_are_one_payment(shared: World, sofia: Actor, till: Till) -> None:
    for at, key in enumerate(["B1", "B2", "B3"]):
        quote = await quote_id(shared, sofia, key)
        one_key = await asyncio.gather(*(committed(shared, sofia, quote, key) for _ in range(MANY)))
        assert [each["userErrors"] for each in one_key] == [[]] * MANY
        assert len({each["checkout"]["id"] for each in one_key}) == 1
        own_keys = await asyncio.gather(*(committed(shared, sofia, quote, f"{key}-{at}") for at in range(MANY)))
        assert [reasons(each) for each in own_keys] == [[("QUOTE_USED", ["quoteId"])]] * MANY
        assert params(own_keys[0]) == {"checkoutId": one_key[0]["checkout"]["id"]}
        assert len(await rows(shared)) == len(till.orders) == at + 1


async def test_of_many_keys_for_one_quote_one_has_it(shared: World, sofia: Actor, till: Till) -> None:
    quote = await quote_id(shared, sofia, "B1")
    found = await asyncio.gather(*(committed(shared, sofia, quote, f"k{at}") for at in range(MANY)))
    assert sorted(len(each["userErrors"]) for each in found) == [0, *[1] * (MANY - 1)]
    refused = [each for each in found if each["userErrors"]]
    assert {reasons(each)[0][0] for each in refused} == {"QUOTE_USED"}
    assert len(await rows(shared)) == len(till.orders) == 1


async def test_of_two_quotes_of_one_invoice_one_is_committed(shared: World, sofia: Actor, till: Till) -> None:
    quotes = [await quote_id(shared, sofia, "B1", *(["D1"] if at % 2 else [])) for at in range(6)]
    found = await asyncio.gather(*(committed(shared, sofia, quote, quote) for quote in quotes))
    (made,) = [each["checkout"] for each in found if each["checkout"]]
    refused = [each for each in found if not each["checkout"]]
    assert [reasons(each) for each in refused] == [[("PAYMENT_IN_PROGRESS", ["quoteId"])]] * 5
    assert {params(each)["checkoutId"] for each in refused} == {made["id"]}
    assert [each["userErrors"][0]["retryable"] for each in refused] == [True] * 5
    assert len(till.orders) == 1


async def test_what_was_cut_off_before_the_platform_goes_on_with_the_same_key(
    world: World, ana: Actor, till: Till
) -> None:
    quote = await quote_id(world, ana, "B1")
    found = await checkout_quotes.find(world.services.store, "sur", quote)
    assert found
    intent = Intent(
        commit=Commit(person_id=ana.person_id or "", quote_id=quote, key="k1", return_url="/pagos"),
        terms=found.terms,
        origin="https://sur.example",
        return_path="/pagos",
        language="es",
        expires_at=NOW + timedelta(hours=1),
    )
    made = await checkout_commits.commit(world.services.store, "sur", intent, NOW)  # and then the process died
    looked = await answered(world.context("sur", ana), world, LOOK, id=made)
    assert (looked["status"], looked["redirectUrl"], till.asked) == ("CREATED", None, 0)
    again = await committed(world, ana, quote)
    assert (again["checkout"]["id"], again["userErrors"]) == (made, [])
    assert again["checkout"]["redirectUrl"]
    assert list(till.orders) == [again["checkout"]["reference"]]


async def test_a_platform_that_does_not_answer_is_tried_again(world: World, ana: Actor, till: Till) -> None:
    till.is_down = True
    quote = await quote_id(world, ana, "B1")
    first = await committed(world, ana, quote)
    assert reasons(first) == [("PLATFORM_UNAVAILABLE", None)]
    assert first["userErrors"][0]["retryable"] is True
    assert (first["checkout"]["status"], first["checkout"]["redirectUrl"]) == ("CREATED", None)
    assert reasons(await quoted(world, ana, "B1")) == [("PAYMENT_IN_PROGRESS", ["items", "0", "invoiceId"])]
    till.is_down = False
    again = await committed(world, ana, quote)
    assert again["userErrors"] == []
    assert again["checkout"]["id"] == first["checkout"]["id"]
    assert again["checkout"]["redirectUrl"]


async def test_what_the_platform_refuses_has_failed_and_holds_nothing(world: World, ana: Actor, till: Till) -> None:
    till.refuses = True
    quote = await quote_id(world, ana, "B1")
    first = await committed(world, ana, quote)
    assert reasons(first) == [("PLATFORM_REFUSED", None)]
    assert first["userErrors"][0]["retryable"] is False
    assert (first["checkout"]["status"], first["checkout"]["endedAt"]) == ("FAILED", NOW.isoformat())
    till.refuses = False
    assert await committed(world, ana, quote) == first
    assert (await committed(world, ana, await quote_id(world, ana, "B1"), "k2"))["userErrors"] == []


async def test_an_amount_that_has_changed_is_told_before_anything_is_done(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "E1", "B1")
    await fill(world, with_invoice("E1", total=money(40_100), lines=()))
    found = await committed(world, ana, quote)
    assert reasons(found) == [("AMOUNT_CHANGED", ["quoteId"])]
    assert params(found) == {"old": "556.15", "new": "557.16", "currency": "ARS"}
    assert await rows(world) == []


async def test_an_amount_grows_at_the_managers_midnight(world: World, ana: Actor) -> None:
    context, later = world.context("sur", ana), world.context("sur", ana)
    context.now = datetime(2026, 11, 11, 2, 50, tzinfo=UTC)  # the last minutes of the first due date
    later.now = context.now + timedelta(minutes=11)
    quote = (await quoted(world, ana, "D1", context=context))["quote"]
    assert quote["subtotal"]["amount"] == "300.00"
    found = await committed(world, ana, quote["id"], context=later)
    assert reasons(found) == [("AMOUNT_CHANGED", ["quoteId"])]
    assert params(found) == {"old": "303.90", "new": "319.04", "currency": "ARS"}


@pytest.mark.parametrize("status", [InvoiceStatus.CANCELLED, InvoiceStatus.DRAFT])
async def test_what_is_not_payable_any_more_is_told(world: World, ana: Actor, status: InvoiceStatus) -> None:
    quote = await quote_id(world, ana, "B1", "E1")
    await fill(world, with_invoice("E1", status=status))
    found = await committed(world, ana, quote)
    assert reasons(found) == [("INVOICE_NOT_PAYABLE", ["quoteId"])]
    assert params(found)["number"] == "sur-E1"
    assert await rows(world) == []


async def test_a_quote_has_its_time(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "B1")
    context = world.context("sur", ana)
    context.now = NOW + timedelta(minutes=15)
    assert reasons(await committed(world, ana, quote, context=context)) == [("QUOTE_EXPIRED", ["quoteId"])]
    assert await rows(world) == []


async def test_quotes_of_others_and_of_nobody_are_alike(world: World, ana: Actor) -> None:
    await world.person("sur", "berta@example.org", [("agua", "1")])
    berta = await world.actor("sur", "berta@example.org")
    await world.person("norte", "ana@example.org", [("agua", "1")])
    norte = await quote_id(world, await world.actor("norte", "ana@example.org"), "B1", slug="norte")
    asked = [await quote_id(world, berta, "B1"), norte, "f" * 32, "", "x\0", "F" * 32]
    found = [await committed(world, ana, each, f"k{at}") for at, each in enumerate(asked)]
    assert all(each == found[0] for each in found)
    assert reasons(found[0]) == [("NOT_FOUND", ["quoteId"])]


async def test_who_reaches_the_account_no_more_pays_nothing(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "B1")
    without = msgspec.structs.replace(ana, links=tuple(link for link in ana.links if link.account_key != "1"))
    found = await committed(world, without, quote)
    assert reasons(found) == [("INVOICE_NOT_PAYABLE", ["quoteId"])]
    assert await rows(world) == []


async def test_an_office_that_is_down_is_an_error_and_nothing_is_done(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "B1")
    context = world.context("sur", ana)
    context.begin(0)  # nothing is answered in no time
    told = {"quoteId": quote, "returnUrl": "/pagos", "idempotencyKey": "k1"}
    (error,) = (await world.run(context, CREATE, **{"in": told})).errors
    assert isinstance(error.original_error, Problem)
    assert error.original_error.code is ProblemCode.BACK_OFFICE_TIMEOUT
    assert await rows(world) == []


@pytest.mark.parametrize("back", ["https://sur.example/pagos", "https://sur.example", "/", "https://sur.example:443/"])
async def test_people_come_back_to_registered_paths(world: World, ana: Actor, back: str) -> None:
    found = await committed(world, ana, await quote_id(world, ana, "B1"), back=back)
    assert found["userErrors"] == []
    (row,) = await rows(world)
    assert (row.origin, row.return_path) == ("https://sur.example", "/pagos" if back.endswith("pagos") else "/")


async def test_elsewhere_nobody_comes_back_to(world: World, ana: Actor) -> None:
    quote = await quote_id(world, ana, "B1")
    found = await committed(world, ana, quote, back="https://norte.example/pagos")
    assert reasons(found) == [("RETURN_URL_NOT_ALLOWED", ["returnUrl"])]
    assert await rows(world) == []


async def test_what_has_ended_is_not_started_any_more(world: World, ana: Actor, till: Till) -> None:
    till.is_down = True
    quote = await quote_id(world, ana, "B1")
    made = (await committed(world, ana, quote))["checkout"]["id"]
    async with world.services.store.work("sur") as work:
        row, _ = await checkouts.whole(work, made)
        await checkouts.move(work, row, CheckoutState.CANCELLED, NOW)
    till.is_down = False
    asked = till.asked
    assert (await committed(world, ana, quote))["checkout"]["status"] == "CANCELLED"
    assert till.asked == asked
