"""What can be paid where offices differ: in what they can do, in what they say, and in whether they say it now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.books import money
from tests.resolvers.adapters import Change, altered, fewer
from tests.resolvers.paying import QUOTE, answered, committed, invoice_id, params, quoted, reasons
from tests.till import Till, paid_manager, platforms
from tests.world import World, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, OfficeError
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store.manager import MatchOn, OfficeChoice, PaymentChoice, PaymentFee

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(
    folder: Path, registry: Registry | None = None, adapter: str = "embedded", **changes: Any
) -> AsyncIterator[tuple[World, Actor]]:
    offices = {
        "agua": OfficeChoice(adapter=adapter, stale_s=3_600),
        "alquiler": OfficeChoice(adapter="embedded", match=MatchOn.KEY),
    }
    owner = paid_manager("sur", **{"offices": offices, **changes})
    async with open_world(folder, owner, registry=registry, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
        yield world, await world.actor("sur", "ana@example.org")


async def test_an_office_that_is_told_of_no_money_is_not_paid_here(tmp_path: Path) -> None:
    async with opened(tmp_path, fewer("payments.post"), "fewer") as (world, ana):
        assert reasons(await quoted(world, ana, "B1")) == [("PAYMENTS_NOT_OFFERED", ["items"])]


async def test_an_office_that_tells_nothing_of_enrolments_warns_of_none(tmp_path: Path) -> None:
    async with opened(tmp_path, fewer("enrolments.read"), "fewer") as (world, ana):
        assert (await quoted(world, ana, "B1"))["quote"]["warnings"] == []


def in_dollars(key: str) -> Change:
    def change(answer: list[Any]) -> list[Any]:
        return [
            replace(each, open=money(each.open.minor, "USD")) if each is not None and each.key == key else each
            for each in answer
        ]

    return change


async def test_currencies_are_paid_apart_and_only_the_managers_at_all(tmp_path: Path) -> None:
    async with opened(tmp_path, altered(invoices_by_key=in_dollars("D1")), "altered") as (world, ana):
        assert reasons(await quoted(world, ana, "B1", "D1")) == [("CURRENCY_MISMATCH", ["items", "1", "invoiceId"])]
        assert reasons(await quoted(world, ana, "D1")) == [("PAYMENTS_NOT_OFFERED", ["items"])]


async def test_an_invoice_without_anything_open_is_not_paid(tmp_path: Path) -> None:
    def settled(answer: list[Any]) -> list[Any]:
        return [each and replace(each, open=money(0)) for each in answer]

    async with opened(tmp_path, altered(invoices_by_key=settled), "altered") as (world, ana):
        found = await quoted(world, ana, "B1")
    assert (reasons(found), params(found)) == ([("NOTHING_OPEN", ["items", "0", "invoiceId"])], {"number": "sur-B1"})


async def test_books_of_two_offices_are_paid_apart(tmp_path: Path) -> None:
    async with opened(tmp_path, routing={"invoices.list": "alquiler", "invoices.read": "alquiler"}) as (world, ana):
        items = [{"invoiceId": invoice_id(world, "B1", office)} for office in ("alquiler", "agua")]
        found = await answered(world.context("sur", ana), world, QUOTE, **{"in": {"items": items}})
    assert reasons(found) == [("PAYEE_MISMATCH", ["items", "1", "invoiceId"])]


async def test_what_an_office_said_before_is_nothing_to_pay_by(tmp_path: Path) -> None:
    down = False

    def perhaps(answer: list[Any]) -> list[Any]:
        if down:
            raise OfficeError(Fault(code=FaultCode.PROTOCOL))  # no breaker trips over it
        return answer

    async with opened(tmp_path, altered(invoices_by_key=perhaps), "altered") as (world, ana):
        quote = (await quoted(world, ana, "B1"))["quote"]["id"]
        down = True
        told = {"items": [{"invoiceId": invoice_id(world, "B1")}]}
        (error,) = (await world.ask("sur", QUOTE, ana, **{"in": told})).errors
        assert isinstance(error.original_error, Problem)
        assert error.original_error.code is ProblemCode.BACK_OFFICE_BAD_ANSWER
        node = await world.ask(
            "sur",
            "query ($id: ID!) { node(id: $id) { ... on Invoice { stale } } }",
            ana,
            id=told["items"][0]["invoiceId"],
        )
        assert node.data == {"node": {"stale": True}}, "for reading it is remembered"
        with pytest.raises(AssertionError, match="cannot be used"):
            await committed(world, ana, quote)
        down = False
        assert (await committed(world, ana, quote))["userErrors"] == []


async def test_a_platform_that_is_not_installed_takes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, ana):
        object.__setattr__(world.services, "platforms", Platforms(PlatformRegistry({}), Asking()))
        assert reasons(await quoted(world, ana, "B1")) == [("PAYMENTS_NOT_OFFERED", ["items"])]


async def test_who_changes_the_fee_between_quote_and_commit_is_found_out(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, ana):
        quote = (await quoted(world, ana, "B1"))["quote"]["id"]
        choice = world.managers["sur"].payments
        assert choice
        dearer: PaymentChoice = replace(choice, fee=PaymentFee(bearer=choice.fee.bearer, fixed="5"))
        world.managers["sur"] = replace(world.managers["sur"], payments=dearer)
        found = await committed(world, ana, quote)
    assert reasons(found) == [("AMOUNT_CHANGED", ["quoteId"])]
    assert params(found) == {"old": "152.55", "new": "155.00", "currency": "ARS"}
