"""The fault matrix of writes to an office in another place, through sockets: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters import proxy as manners
from tests.backoffice_adapters.moody import REF, call, codes
from tests.backoffice_adapters.proxy import FaultProxy, Manner, proxied
from tests.backoffice_adapters.remote import RemoteAdapter, RemoteOffice, RemoteSettings, message, served
from ventanilla.backoffice_adapters.conformance.book import CREDIT, NOW, ZONE, book
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import FaultCode, Setting
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import OfficeDoor
from ventanilla.backoffice_adapters.plan import OfficePlan, Patience
from ventanilla.backoffice_adapters.records import Licence, NewPayment, NewReversal, PaymentItem, ReversalKind

pytestmark = pytest.mark.anyio
DEADLINE_S = 0.3
NEW = NewPayment(
    key="one",
    account=replace(REF, key=CREDIT),
    amount=Money(700, "PLN"),
    paid_at=NOW,
    method="przelew",
    items=(PaymentItem(invoice_key="cre2", amount=Money(600, "PLN")),),
)


class Street:
    """An office behind a proxy, and the guard that asks it."""

    def __init__(self, twin: TwinOffice, proxy: FaultProxy, guard: GuardedOffice) -> None:
        self.twin = twin
        self.proxy = proxy
        self._guard = guard

    async def post(self, *payments: NewPayment) -> list[Any]:
        return await self._guard.ask("post_payments", call(), payments or [NEW])

    async def take_back(self, new: NewReversal) -> list[Any]:
        return await self._guard.ask("reverse_payments", call(), [new])

    def booked(self) -> int:
        """How much the office has of what was posted."""
        return sum(entry.amount.minor for entry in self.twin.book.payments if entry.method == NEW.method)


@asynccontextmanager
async def built(folder: Path) -> AsyncGenerator[Street]:
    plan = OfficePlan(
        manager="mine",
        office="ledger",
        adapter="remote",
        licences=frozenset(Licence),
        currency="PLN",
        time_zone=ZONE,
        patience=Patience(deadline_s=DEADLINE_S),
    )
    setting = Setting(
        manager="mine",
        office="ledger",
        licences=frozenset(Licence),
        currency="PLN",
        time_zone=ZONE,
        configuration=None,
        folder=folder,
        clock=lambda: NOW,
    )
    twin = TwinOffice(setting)
    await twin.fill(book(Licence.RENT, "PLN"))
    async with served(twin) as server, proxied(server.port) as proxy:
        remote = RemoteOffice(replace(setting, configuration=RemoteSettings(port=proxy.port)))
        door = OfficeDoor("mine/ledger", lambda: remote)
        guard = GuardedOffice(plan, RemoteAdapter.manifest, door, setting.clock)
        await guard.ask("accounts", call(), [CREDIT])  # which opens it
        yield Street(twin, proxy, guard)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with built(tmp_path) as street:
        yield street


async def test_what_is_written_travels_as_json(street: Street) -> None:
    refused = replace(NEW, key="two", amount=Money(0, "PLN"), items=())
    hits = await street.post(NEW, refused)
    assert codes(hits) == [None, FaultCode.INVALID]
    assert hits[0].allocations[0].invoice_key == "cre2"
    asked = NewReversal(
        key="r", payment_key=hits[0].payment.key, amount=Money(150, "PLN"), at=NOW, kind=ReversalKind.REFUND
    )
    (back,) = await street.take_back(asked)
    assert back.allocations[0].amount == Money(550, "PLN")


UNKNOWN = [
    manners.cut,
    manners.delayed(2),
    manners.dripping(4, 0.5),
    manners.swallowed,
    manners.answering(message("HTTP/1.1 200 OK", b"<html>please wait</html>")),
    manners.answering(message("HTTP/1.1 200 OK", b"{}")),
    manners.answering(b""),
]


@pytest.mark.parametrize("manner", UNKNOWN)
async def test_an_answer_that_is_lost_is_unknown_and_settled_by_its_key(manner: Manner, street: Street) -> None:
    """Whether or not the effect is there: asked again with the same key, it is there once."""
    street.proxy.manner = manner
    assert codes(await street.post()) == [FaultCode.OUTCOME_UNKNOWN]
    street.proxy.manner = manners.passed_on
    assert codes(await street.post()) == [None]
    assert street.booked() == 700


@pytest.mark.parametrize(
    ("manner", "code"),
    [
        (manners.status("503 Service Unavailable"), FaultCode.UNAVAILABLE),
        (manners.status("429 Too Many Requests"), FaultCode.THROTTLED),
        (manners.status("401 Unauthorized"), FaultCode.UNAUTHORIZED),
    ],
)
async def test_what_the_office_turns_away_was_never_done(manner: Manner, code: FaultCode, street: Street) -> None:
    before = street.proxy.calls
    street.proxy.manner = manner
    assert codes(await street.post()) == [code]
    assert street.proxy.calls == before + 1
    assert street.booked() == 0
    street.proxy.manner = manners.passed_on
    (hit,) = await street.post()
    assert not hit.replayed


async def test_a_refused_connection_was_never_written_to(street: Street) -> None:
    street.proxy.refuse()
    assert codes(await street.post()) == [FaultCode.UNAVAILABLE]
    assert street.booked() == 0
    await street.proxy.listen()
    assert codes(await street.post()) == [None]


async def test_a_request_that_is_delivered_twice_has_one_effect(street: Street) -> None:
    street.proxy.manner = manners.twice
    assert codes(await street.post()) == [None]
    assert street.booked() == 700


async def test_many_who_lose_their_answers_have_one_effect(street: Street) -> None:
    street.proxy.manner = manners.first(3, manners.cut)
    found = await asyncio.gather(*(street.post() for _ in range(6)))
    assert sorted(str(code) for (code,) in map(codes, found)) == ["None"] * 3 + ["outcome_unknown"] * 3
    assert street.booked() == 700
