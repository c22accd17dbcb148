"""Two at the same moment, in every order of what they do at the database: one holds, and nothing is lost or doubled."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlmodel import delete

from tests.orders import NOW, REFERENCE, Held, emptied, held, ordered
from tests.paying.bank import NAME, Bank, BankAccount, Paid
from tests.paying.portal import CANCEL, DISMISS_STRAY, REFUND, REFUND_STRAY
from tests.paying.scheduler import Session, SteppedStore, orders
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef
from ventanilla.jobs.checkout_status import CheckoutStatus
from ventanilla.jobs.refunds import Refunding
from ventanilla.payments.contract import Capability, News, NewsStatus, Notification, Reply
from ventanilla.resolvers import checkout_links, checkout_visits, payment_news
from ventanilla.store import checkout_commits, managers
from ventanilla.store.checkout_commits import Against, Commit, Intent, NotCommitted
from ventanilla.store.checkout_terms import CheckoutFees, CheckoutLine, CheckoutTerms
from ventanilla.store.manager import PaymentChoice
from ventanilla.store.tables import ManagerRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio

SWITCHES: Final = 3 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1
"""On PostgreSQL, where each statement is a point: how often at most one is left waiting that could go on. On SQLite,
where units of work queue, it is any number. On demand more are tried, which takes half an hour."""
MINOR, FEE = 10_000, 500
LATER: Final = NOW + timedelta(hours=2)
"""When a checkout's time is over."""
CONFIRMED, FAILED, PENDING = NewsStatus.CONFIRMED, NewsStatus.FAILED, NewsStatus.PENDING
SUR: Final = manager("sur", payments=PaymentChoice(platform=NAME, return_paths=("/",)))


@dataclass
class Scene:
    """A manager's database, and a bank that knows what is paid."""

    world: World
    bank: BankAccount
    url: str
    now: datetime = NOW
    checkout: str = ""

    @property
    def store(self) -> SteppedStore:
        store = self.world.services.store
        assert isinstance(store, SteppedStore)
        return store

    async def begun(self, **changes: Any) -> None:
        """Nothing is held but one checkout of invoice ``X``."""
        await emptied(self.store)
        self.bank.payments.clear()
        self.now = NOW
        ana = self.actors["ana"].person_id
        self.checkout = await ordered(self.store, lines=(("X", MINOR),), platform=NAME, person_id=ana, **changes)

    @property
    def actors(self) -> dict[str, Actor]:
        return vars(self.world)["actors"]

    async def committed(self, quote: str, *invoices: str, key: str = "k") -> str | Against:
        """Commit a quote of these invoices."""
        lines = tuple(map(_line, invoices))
        account = AccountRef(office="agua", key="1", number="sur-001", unit_key=None)
        fees = CheckoutFees(payer=_money(FEE), manager=_money(0))
        intent = Intent(
            commit=Commit(person_id=f"{quote[0]}" * 32, quote_id=quote, key=key, return_url="/"),
            terms=CheckoutTerms(account=account, platform=NAME, lines=lines, fees=fees),
            origin="https://sur.example",
            return_path="/",
            language="es",
            expires_at=NOW + timedelta(hours=1),
        )
        return await checkout_commits.commit(self.store, "sur", intent, self.now)

    async def told(self, status: NewsStatus, payment_id: str = "p1", event: str = "", **more: Any) -> Reply:
        """The bank notifies."""
        news = News(reference=REFERENCE, payment_id=payment_id, status=status, amount=_money(MINOR + FEE), **more)
        notification = Notification(
            event_id=event or f"{payment_id} {status}", news=(news,), accepted=Reply(body=b"yes")
        )
        return await payment_news.hear(self.store, "sur", NAME, notification, self.now)

    def paid(self, status: NewsStatus) -> None:
        """The bank knows of a payment."""
        self.bank.payments["p1"] = Paid(REFERENCE, "p1", MINOR + FEE, "ARS", NOW, status)

    async def back(self) -> str | None:
        """The browser comes back from the bank."""
        services = self.world.services
        token = checkout_links.path(services.keys, "sur", self.checkout).removeprefix(checkout_links.PATH)
        return await checkout_visits.come_back(services, "sur", token)

    async def asked(self, name: str, query: str, **what: Any) -> Any:
        """The reasons against what somebody asks for."""
        outcome = await self.world.ask("sur", query, self.actors[name], **{"in": what})
        assert outcome.errors == [], [error.original_error for error in outcome.errors]
        (answer,) = (outcome.data or {}).values()
        return [each["reason"] for each in answer["userErrors"]]

    async def cancelled(self) -> Any:
        return await self.asked("ana", CANCEL, id=self.checkout)

    async def status_asked(self) -> None:
        """A worker asks the bank how checkouts stand."""
        services = self.world.services
        errand = CheckoutStatus(store=self.store, platforms=services.platforms, clock=lambda: self.now)
        await errand.serve(SUR, lambda: False)

    async def refunds_settled(self) -> None:
        """A worker asks the bank for refunds."""
        services = self.world.services
        errand = Refunding(
            store=self.store, offices=services.offices, platforms=services.platforms, clock=lambda: self.now
        )
        await errand.serve(SUR, lambda: False)

    async def held(self) -> Held:
        return await held(self.store)


Check = Callable[[list[Any], Held], None]


@pytest.fixture
async def scene(tmp_path: Path, store_url: str) -> AsyncIterator[Scene]:
    bank = Bank({"sur": BankAccount()})
    platforms = bank.platforms(frozenset(Capability))
    async with open_world(tmp_path / "world", SUR, platforms=platforms) as world:
        store = SteppedStore(store_url)
        await store.open()
        async with store.work() as work:
            await work.exec(delete(ManagerRow))
        await managers.add(store, SUR, source="tests")
        former, world.services = world.services.store, replace(world.services, store=store)
        await world.person("sur", "ana@example.org", [("agua", "1")])
        vars(world)["actors"] = {
            "ana": await world.actor("sur", "ana@example.org"),
            "eva": await world.staff("sur", "eva@example.org", StaffRole.STAFF_ADMIN),
        }
        yield Scene(world, bank.accounts["sur"], store_url)
        await store.close()
        world.services = replace(world.services, store=former)


async def in_all_orders(scene: Scene, begin: Callable[[], Awaitable[None]], check: Check, *sessions: Session) -> None:
    """Run sessions from what `begin` makes, in every order, and check what they answer and what is held then."""

    async def begun(_number: int) -> tuple[Sequence[Session], Callable[[list[Any]], Awaitable[None]]]:
        await begin()
        return sessions, ends

    async def ends(answers: list[Any]) -> None:
        assert not [each for each in answers if isinstance(each, BaseException)], answers
        found = await scene.held()
        keeps(found)
        check(answers, found)

    assert await orders(scene.url, begun, SWITCHES if scene.url.startswith("postgresql") else None) > 2


def keeps(found: Held) -> None:
    """What holds whoever came first."""
    assert len(found.documents) == len(set(found.documents))
    assert sum(row.booking in {"DUE", "BOOKED"} for row in found.payments) <= 1
    for row in found.checkouts:
        assert row.leased_by is None
        assert bool(row.due_at) == (row.state != "SUCCEEDED")


def _money(minor: int) -> Money:
    return Money(minor, "ARS")


def _line(invoice: str) -> CheckoutLine:
    return CheckoutLine(office="agua", invoice_key=invoice, number=invoice, title="", amount=_money(MINOR))


# -- commits


async def test_of_two_who_commit_one_invoice_one_holds_it(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        won = [each for each in answers if isinstance(each, str)]
        assert [each.reason for each in answers if isinstance(each, Against)] == [NotCommitted.PAYMENT_IN_PROGRESS]
        assert [row.id for row in found.checkouts] == won
        assert "B" in found.documents

    await in_all_orders(
        scene, lambda: emptied(scene.store), check,
        lambda: scene.committed("1", "A", "B"), lambda: scene.committed("2", "B", "C"),
    )  # fmt: skip


async def test_two_who_commit_the_same_in_another_order_do_not_wait_for_each_other(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        assert sum(isinstance(each, str) for each in answers) == 1
        assert found.documents == ["A", "B"]

    await in_all_orders(
        scene, lambda: emptied(scene.store), check,
        lambda: scene.committed("1", "A", "B"), lambda: scene.committed("2", "B", "A"),
    )  # fmt: skip


async def test_who_commits_twice_at_once_has_one_checkout(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        assert answers[0] == answers[1] == found.checkouts[0].id
        assert found.documents == ["A"]

    await in_all_orders(
        scene, lambda: emptied(scene.store), check, lambda: scene.committed("1", "A"), lambda: scene.committed("1", "A")
    )


async def test_one_quote_under_two_keys_is_one_checkout(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        assert [each.reason for each in answers if isinstance(each, Against)] == [NotCommitted.QUOTE_USED]
        assert len(found.checkouts) == 1

    await in_all_orders(
        scene, lambda: emptied(scene.store), check,
        lambda: scene.committed("1", "A", key="k1"), lambda: scene.committed("1", "A", key="k2"),
    )  # fmt: skip


def one_holds(answers: list[Any], found: Held) -> None:
    """Of a checkout that lets go, and a commit of the same, the commit holds it, or came too early."""
    holder = [row.checkout_id for row in found.items if row.held]
    assert holder == ([answers[0]] if isinstance(answers[0], str) else [])
    assert isinstance(answers[0], str) or answers[0].reason is NotCommitted.PAYMENT_IN_PROGRESS


async def test_a_commit_beside_a_cancellation(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        one_holds(answers, found)
        assert answers[1] == []
        assert "CANCELLED" in found.states

    await in_all_orders(scene, scene.begun, check, lambda: scene.committed("1", "X"), scene.cancelled)


async def test_a_commit_beside_an_expiry(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        scene.now = LATER

    def check(answers: list[Any], found: Held) -> None:
        one_holds(answers, found)
        assert "EXPIRED" in found.states

    await in_all_orders(scene, begin, check, lambda: scene.committed("1", "X"), scene.status_asked)


async def test_a_commit_beside_money_that_comes_late(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        await scene.told(FAILED)

    def check(answers: list[Any], found: Held) -> None:
        assert "SUCCEEDED" in found.states
        assert found.bookings == ["DUE"]
        (holder,) = [row.checkout_id for row in found.items if row.held]
        assert holder == (answers[0] if isinstance(answers[0], str) else scene.checkout)

    await in_all_orders(scene, begin, check, lambda: scene.committed("1", "X"), lambda: scene.told(CONFIRMED))


# -- money that comes


def is_paid(_answers: list[Any], found: Held) -> None:
    """Money wins, whatever else happens."""
    assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["DUE"], ["X"])
    assert found.strays == []


async def test_a_notification_beside_the_browsers_return(scene: Scene) -> None:
    await in_all_orders(scene, scene.begun, is_paid, lambda: scene.told(CONFIRMED), scene.back)


async def test_a_notification_beside_a_cancellation(scene: Scene) -> None:
    await in_all_orders(scene, scene.begun, is_paid, lambda: scene.told(CONFIRMED), scene.cancelled)


async def test_a_notification_beside_an_expiry(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        scene.now = LATER

    await in_all_orders(scene, begin, is_paid, lambda: scene.told(CONFIRMED), scene.status_asked)


async def test_a_notification_beside_the_platforms_answer(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun(due_at=NOW)
        scene.paid(CONFIRMED)

    await in_all_orders(scene, begin, is_paid, lambda: scene.told(CONFIRMED), scene.status_asked)


@pytest.mark.parametrize("other", [PENDING, FAILED])
async def test_a_confirmation_beside_other_news_of_the_same_payment(scene: Scene, other: NewsStatus) -> None:
    await in_all_orders(scene, scene.begun, is_paid, lambda: scene.told(CONFIRMED), lambda: scene.told(other))


async def test_one_notification_that_comes_twice_at_once(scene: Scene) -> None:
    def check(answers: list[Any], found: Held) -> None:
        is_paid(answers, found)
        assert answers[0] == answers[1]
        assert len(found.events) == 1

    await in_all_orders(scene, scene.begun, check, lambda: scene.told(CONFIRMED), lambda: scene.told(CONFIRMED))


async def test_of_two_payments_that_are_told_of_at_once_one_is_booked(scene: Scene) -> None:
    def check(_answers: list[Any], found: Held) -> None:
        assert (found.states, found.bookings) == (["SUCCEEDED"], ["DUE", "REVIEW"])
        assert found.found == [("PAID_TWICE", "OPEN")]

    await in_all_orders(
        scene, scene.begun, check, lambda: scene.told(CONFIRMED, "p1"), lambda: scene.told(CONFIRMED, "p2")
    )


async def test_a_refund_that_is_told_twice_at_once_goes_back_once(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        await scene.told(CONFIRMED)

    def check(_answers: list[Any], found: Held) -> None:
        assert [(row.amount_minor, row.state) for row in found.returns] == [(MINOR + FEE, "GIVEN")]

    told = [lambda event=event: scene.told(NewsStatus.REFUNDED, event=event) for event in "ab"]
    await in_all_orders(scene, begin, check, *told)


# -- the staff


async def test_two_refunds_at_once_are_no_more_than_was_paid(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        await scene.told(CONFIRMED)

    def check(answers: list[Any], found: Held) -> None:
        assert sorted(answers) == [[], ["AMOUNT_TOO_LARGE"]]
        assert [row.amount_minor for row in found.returns] == [9_000]

    def refund(key: str) -> Session:
        what = {"reason": "Error", "idempotencyKey": key, "amount": "90.00"}
        return lambda: scene.asked("eva", REFUND, checkoutId=scene.checkout, **what)

    await in_all_orders(scene, begin, check, refund("k1"), refund("k2"))


async def test_a_refund_beside_news_of_it(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        await scene.told(CONFIRMED)
        scene.paid(CONFIRMED)
        scene.bank.refunds.clear()
        what = {"checkoutId": scene.checkout, "reason": "Error", "idempotencyKey": "k"}
        assert await scene.asked("eva", REFUND, **what) == []

    def check(_answers: list[Any], found: Held) -> None:
        assert [(row.amount_minor, row.state) for row in found.returns] == [(MINOR + FEE, "GIVEN")]

    async def told() -> None:
        if scene.bank.refunds:  # else there is nothing to tell
            await scene.told(NewsStatus.REFUNDED, refunded=_money(MINOR + FEE))

    await in_all_orders(scene, begin, check, scene.refunds_settled, told)


async def test_of_two_who_decide_about_a_stray_one_does(scene: Scene) -> None:
    async def begin() -> None:
        await scene.begun()
        await scene.told(CONFIRMED, "p1")
        await scene.told(CONFIRMED, "p2")
        (row,) = (await scene.held()).strays
        stray.append(row.id)

    def check(answers: list[Any], found: Held) -> None:
        assert sorted(answers) == [[], ["ALREADY_RESOLVED"]]
        refunded = answers[0] == []
        assert [row.resolution for row in found.strays] == ["REFUNDED" if refunded else "DISMISSED"]
        assert len(found.returns) == refunded

    stray: list[str] = []
    await in_all_orders(
        scene, begin, check,
        lambda: scene.asked("eva", REFUND_STRAY, id=stray[-1], reason="Error"),
        lambda: scene.asked("eva", DISMISS_STRAY, id=stray[-1], note="Devuelto"),
    )  # fmt: skip
