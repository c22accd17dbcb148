"""Strays and payments as the staff sees them, and what it decides about them: booked, given back, dismissed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.orders import REFERENCE, TOTAL, changed, news
from tests.paid import Paid, open_paid
from tests.resolvers.answers import codes
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import Capability, NewsStatus
from ventanilla.store.tables import CheckoutRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio

STRAYS = """
query ($state: StrayState, $kinds: [StrayKind!], $reference: String, $first: Int, $after: String) {
  staff {
    strayPayments(state: $state, kinds: $kinds, reference: $reference, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id kind state resolution reference amount { amount currency } expected { amount } accountNumber office
        officePaymentKey note foundAt resolvedAt resolvedBy
        payment { platformPaymentId status booking problem amount { amount } refunded { amount } returns { state } }
        checkout { id state accountNumber payments { platformPaymentId } }
      }
    }
  }
}
"""
PAYMENTS = """
query ($reference: String, $bookings: [Booking!], $statuses: [NewsStatus!], $since: DateTime, $until: DateTime) {
  staff {
    payments(reference: $reference, bookings: $bookings, statuses: $statuses, since: $since, until: $until) {
      totalCount
      nodes { platformPaymentId reference accountNumber booking bookedAt checkout { reference } }
    }
  }
}
"""
CHECKOUTS = """
query ($reference: String, $states: [CheckoutState!], $since: DateTime, $until: DateTime, $order: MoneyOrder) {
  staff {
    checkouts(reference: $reference, states: $states, since: $since, until: $until, order: $order) {
      totalCount
      nodes { id reference accountNumber state amount { amount } payerFee { amount } managerFee { amount } }
    }
  }
}
"""
BOOK = "mutation ($in: BookStrayPaymentInput!) { bookStrayPayment(input: $in) { %s } }"
REFUND = "mutation ($in: RefundStrayPaymentInput!) { refundStrayPayment(input: $in) { %s } }"
DISMISS = "mutation ($in: DismissStrayPaymentInput!) { dismissStrayPayment(input: $in) { %s } }"
POSSIBLE = "query ($id: ID!) { staff { strayPayment(id: $id) { decisions } } }"
CAME = "stray { state resolution note resolvedBy } userErrors { reason message path }"


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


async def admin(paid: Paid, email: str = "eva@sur.example") -> Actor:
    return await paid.world.staff("sur", email, StaffRole.STAFF_ADMIN)


async def decided(paid: Paid, actor: Actor, text: str, **what: Any) -> tuple[Any, list[str]]:
    """The stray after a decision, and why nothing was decided."""
    answer = await paid.ask(text % CAME, actor, **{"in": what})
    (came,) = answer.values()
    return came["stray"], [each["reason"] for each in came["userErrors"]]


async def one(paid: Paid) -> str:
    """The id of the stray that is open."""
    return next(row.id for row in (await paid.held()).strays if row.state == "OPEN")


async def possible(paid: Paid, actor: Actor, stray: str) -> list[str]:
    """What may be decided about a stray."""
    answer = await paid.ask(POSSIBLE, actor, id=stray)
    return answer["staff"]["strayPayment"]["decisions"]


async def mismatch(paid: Paid, minor: int = 60_000) -> str:
    """Less was paid than was ordered; the stray's id."""
    await paid.unpaid()
    await paid.told(news(amount=paid.money(minor)))
    return await one(paid)


async def test_the_staff_sees_what_does_not_fit_and_nobodys_secrets(paid: Paid) -> None:
    eva = await admin(paid)
    stray = await mismatch(paid)
    (node,) = (await paid.ask(STRAYS, eva))["staff"]["strayPayments"]["nodes"]
    checkout = node["checkout"].pop("id")
    assert node == {
        "id": stray,
        "kind": "AMOUNT_MISMATCH",
        "state": "OPEN",
        "resolution": None,
        "reference": REFERENCE,
        "amount": {"amount": "600.00", "currency": "ARS"},
        "expected": {"amount": "705.00"},
        "accountNumber": "sur-001",
        "office": "agua",
        "officePaymentKey": None,
        "note": "",
        "foundAt": "2026-11-15T12:00:00+00:00",
        "resolvedAt": None,
        "resolvedBy": None,
        "payment": {
            "platformPaymentId": "p1",
            "status": "CONFIRMED",
            "booking": "REVIEW",
            "problem": None,
            "amount": {"amount": "600.00"},
            "refunded": {"amount": "0.00"},
            "returns": [],
        },
        "checkout": {"state": "PENDING", "accountNumber": "sur-001", "payments": [{"platformPaymentId": "p1"}]},
    }
    by_id = "query ($id: ID!) { staff { checkout(id: $id) { reference } strayPayment(id: $id) { kind } } }"
    assert (await paid.ask(by_id, eva, id=checkout))["staff"] == {
        "checkout": {"reference": REFERENCE},
        "strayPayment": None,
    }
    assert (await paid.ask(by_id, eva, id=stray))["staff"]["strayPayment"] == {"kind": "AMOUNT_MISMATCH"}


async def test_lists_are_found_by_reference_state_and_time(paid: Paid) -> None:
    eva = await admin(paid)
    await mismatch(paid)
    await paid.told(news(NewsStatus.PENDING, payment_id="p2"))

    async def count(query: str, **wanted: Any) -> int:
        (found,) = (await paid.ask(query, eva, **wanted))["staff"].values()
        assert found["totalCount"] == len(found["nodes"])
        return found["totalCount"]

    for query in (PAYMENTS, CHECKOUTS, STRAYS):
        every = 2 if query is PAYMENTS else 1
        assert await count(query) == await count(query, reference=REFERENCE) == every
        assert await count(query, reference="rother\0") == 0
    assert await count(STRAYS, kinds=["PAID_TWICE", "AMOUNT_MISMATCH"], state="OPEN") == 1
    assert await count(STRAYS, kinds=["PAID_TWICE"]) == await count(STRAYS, state="RESOLVED") == 0
    assert await count(PAYMENTS, bookings=["REVIEW"]) == await count(PAYMENTS, statuses=["PENDING"]) == 1
    assert await count(CHECKOUTS, states=["PENDING", "EXPIRED"]) == 1
    assert await count(CHECKOUTS, states=["SUCCEEDED"]) == 0
    for query, every in ((PAYMENTS, 2), (CHECKOUTS, 1)):
        assert await count(query, since="2026-11-15T12:00:00Z", until="2026-11-15T12:00:01Z") == every
        assert await count(query, since="2026-11-15T12:00:01Z") == await count(query, until="2026-11-15T12:00:00Z") == 0


async def test_strays_come_a_part_at_a_time(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.paid()
    for number in range(2, 5):
        paid.clock.go(seconds=1)
        await paid.told(news(payment_id=f"p{number}"))
    first = (await paid.ask(STRAYS, eva, first=2))["staff"]["strayPayments"]
    rest = (await paid.ask(STRAYS, eva, first=2, after=first["pageInfo"]["endCursor"]))["staff"]["strayPayments"]
    told = [each["payment"]["platformPaymentId"] for part in (first, rest) for each in part["nodes"]]
    assert told == ["p4", "p3", "p2"]
    assert (first["totalCount"], rest["pageInfo"]["hasNextPage"]) == (3, False)


async def test_less_than_was_ordered_is_booked_as_it_came(paid: Paid) -> None:
    eva = await admin(paid)
    found = await mismatch(paid)
    assert await possible(paid, eva, found) == ["BOOKED", "REFUNDED", "DISMISSED"]
    stray, refused = await decided(paid, eva, BOOK, id=found)
    assert await possible(paid, eva, found) == []
    assert (stray["state"], stray["resolution"], stray["resolvedBy"], refused) == ("RESOLVED", "BOOKED", "Ana Paz", [])
    assert paid.rung == [1]
    await paid.book()
    assert await paid.books() == (["CONFIRMED 60000"], ["PARTIALLY_PAID", "PARTIALLY_PAID"], 25_500)
    held = await paid.held()
    assert (held.states, held.bookings, held.documents) == (["SUCCEEDED"], ["BOOKED"], [])
    assert [(row.kind, row.actor_id) for row in held.audits] == [("STRAY_BOOKED", eva.person_id)]


async def test_what_was_paid_twice_is_booked_as_credit(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.paid()
    await paid.told(news(payment_id="p2"))
    await decided(paid, eva, BOOK, id=await one(paid))
    await paid.book()
    books = await paid.books()
    assert books[0] == ["CONFIRMED 70000"] * 2
    assert books[2] == 15_500 - 70_000


async def test_what_the_office_refused_is_tried_again_and_is_open_again_if_it_still_does(paid: Paid) -> None:
    eva = await admin(paid)
    checkout = await paid.unpaid()
    async with paid.store.work("sur") as work:
        row = await work.get(CheckoutRow, checkout)
        assert row
        account = row.account
    await changed(paid.store, CheckoutRow, checkout, account=account.replace('"key":"1"', '"key":"nobody"'))
    await paid.told(news())
    await paid.book()
    assert (await paid.held()).found == [("BOOKING_REFUSED", "OPEN")]

    await decided(paid, eva, BOOK, id=await one(paid))
    await paid.book()
    assert (await paid.held()).found == [("BOOKING_REFUSED", "OPEN")]

    await changed(paid.store, CheckoutRow, checkout, account=account)
    await decided(paid, eva, BOOK, id=await one(paid))
    await paid.book()
    held = await paid.held()
    assert (held.found, held.bookings, held.documents) == ([("BOOKING_REFUSED", "RESOLVED")], ["BOOKED"], [])


async def test_what_is_missing_at_the_office_is_posted_again_under_the_same_key(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.paid()
    with paid.office_database() as office:
        office.execute("UPDATE payment SET status = 'FAILED' WHERE reference = ?", (REFERENCE,))
    await paid.compare()
    stray, refused = await decided(paid, eva, BOOK, id=await one(paid))
    assert (stray["resolution"], refused) == ("BOOKED", [])
    await paid.book()
    assert await paid.books() == (["FAILED 70000"], ["PARTIALLY_PAID", "PAID"], 15_500)  # it had booked it, it says
    await paid.compare()
    assert (await paid.held()).found == [("MISSING_AT_OFFICE", "OPEN")]


async def test_what_does_not_fit_is_given_back_and_nothing_is_booked(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.paid()
    await paid.told(news(payment_id="p2"))
    stray, refused = await decided(paid, eva, REFUND, id=await one(paid), reason="Pagado dos veces")
    assert (stray["resolution"], refused) == ("REFUNDED", [])
    await paid.give_back()
    held = await paid.held()
    assert held.bookings == ["BOOKED", "DISMISSED"]
    assert paid.server.payments["p2"]["refunded"] == TOTAL
    assert [(row.amount_minor, row.state) for row in held.returns] == [(TOTAL, "BOOKED")]
    assert (await paid.books())[0] == ["CONFIRMED 70000"]


async def test_a_refund_that_the_platform_refuses_opens_the_stray_again(paid: Paid) -> None:
    eva = await admin(paid)
    await mismatch(paid)
    paid.server.refuses = True
    await decided(paid, eva, REFUND, id=await one(paid), reason="x")
    await paid.give_back()
    held = await paid.held()
    assert (held.found, held.bookings) == ([("AMOUNT_MISMATCH", "OPEN")], ["REVIEW"])
    _, refused = await decided(paid, eva, BOOK, id=await one(paid))
    assert refused == []


async def test_what_was_dealt_with_elsewhere_is_dismissed_with_a_note(paid: Paid) -> None:
    eva = await admin(paid)
    stray, refused = await decided(paid, eva, DISMISS, id=await mismatch(paid), note="  Devuelto\nen efectivo ")
    assert (stray["resolution"], stray["note"], refused) == ("DISMISSED", "Devuelto en efectivo", [])
    held = await paid.held()
    assert held.bookings == ["DISMISSED"]
    await paid.told(news(amount=paid.money(60_000)))
    assert (await paid.held()).found == [("AMOUNT_MISMATCH", "RESOLVED")]


async def test_money_of_no_order_is_given_back_or_dismissed_but_not_booked(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.unpaid()
    paid.server.paid(news(reference="rzyxwvutsrqponmlkjia"))
    await paid.compare()
    stray = await one(paid)
    assert await possible(paid, eva, stray) == ["REFUNDED", "DISMISSED"]
    assert await decided(paid, eva, BOOK, id=stray) == (None, ["NOT_BOOKABLE"])
    await decided(paid, eva, REFUND, id=stray, reason="De nadie")
    await paid.give_back()
    held = await paid.held()
    assert ([row.resolution for row in held.strays], held.bookings) == (["REFUNDED"], ["DISMISSED"])


async def test_money_in_another_currency_is_not_booked(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.unpaid()
    await paid.told(news(amount=Money(TOTAL, "USD")))
    assert await decided(paid, eva, BOOK, id=await one(paid)) == (None, ["NOT_BOOKABLE"])


async def test_what_went_back_and_is_not_booked_can_be_told_once_more_and_not_given_back(paid: Paid) -> None:
    eva = await admin(paid)
    await paid.paid()
    with paid.office_database() as office:
        office.execute("UPDATE payment SET status = 'FAILED' WHERE reference = ?", (REFERENCE,))
        await paid.told(news(NewsStatus.REFUNDED))
        await paid.give_back()
        assert (await paid.held()).found == [("RETURN_REFUSED", "OPEN")]
        stray = await one(paid)
        assert await possible(paid, eva, stray) == ["BOOKED", "DISMISSED"]
        assert await decided(paid, eva, REFUND, id=stray, reason="x") == (None, ["NOT_REFUNDABLE"])
        office.execute("UPDATE payment SET status = 'CONFIRMED' WHERE reference = ?", (REFERENCE,))
    await decided(paid, eva, BOOK, id=stray)
    await paid.give_back()
    assert (await paid.books())[0] == ["REFUNDED 70000"]


async def test_of_two_who_decide_at_once_one_does(paid: Paid) -> None:
    eva, leo = await admin(paid), await admin(paid, "leo@sur.example")
    stray = await mismatch(paid)
    outcomes = await asyncio.gather(
        decided(paid, eva, BOOK, id=stray),
        decided(paid, leo, REFUND, id=stray, reason="x"),
        decided(paid, eva, DISMISS, id=stray, note="x"),
    )
    assert sorted(refused for _, refused in outcomes) == [[], ["ALREADY_RESOLVED"], ["ALREADY_RESOLVED"]]
    held = await paid.held()
    booked, back = held.bookings == ["DUE"], len(held.returns) == 1
    assert [booked, back, held.bookings == ["DISMISSED"]].count(True) == 1


async def test_a_stray_of_nobodys_is_not_found(paid: Paid) -> None:
    eva = await admin(paid)
    for missing in ("x", "0" * 32, "\0"):
        assert await decided(paid, eva, BOOK, id=missing) == (None, ["NOT_FOUND"])
        assert await decided(paid, eva, REFUND, id=missing, reason="x") == (None, ["NOT_FOUND"])
        assert await decided(paid, eva, DISMISS, id=missing, note="x") == (None, ["NOT_FOUND"])


@pytest.mark.parametrize("line", ["", " \n", "x" * 501, "a\0b"])
async def test_a_note_and_a_reason_are_lines(tmp_path: Path, line: str) -> None:
    async with open_paid(tmp_path) as paid:
        eva = await admin(paid)
        stray = await mismatch(paid)
        for text, name in ((DISMISS, "note"), (REFUND, "reason")):
            outcome = await paid.world.ask("sur", text % CAME, eva, **{"in": {"id": stray, name: line}})
            assert [code for _, code in codes(outcome)] == ["INVALID_ARGUMENT"]


async def test_what_the_platform_does_not_give_back_says_where_to_do_it(tmp_path: Path) -> None:
    async with open_paid(tmp_path, capabilities=frozenset({Capability.STATUS})) as paid:
        eva = await admin(paid)
        what = {"id": await mismatch(paid), "reason": "x"}
        answer = (await paid.ask(REFUND % CAME, eva, **{"in": what}))["refundStrayPayment"]
        (refusal,) = answer["userErrors"]
        assert refusal["reason"] == "REFUND_NOT_SUPPORTED"
        assert "panel" in refusal["message"]
        assert (await paid.held()).found == [("AMOUNT_MISMATCH", "OPEN")]


async def test_staff_reads_and_only_who_administers_access_moves_money(tmp_path: Path) -> None:
    async with open_paid(tmp_path) as paid:
        stray = await mismatch(paid)
        await paid.world.person("sur", "ana@example.org", [("agua", "1")])
        ana, eva = await paid.world.actor("sur", "ana@example.org"), await paid.world.staff("sur", "eva@sur.example")
        for query in (STRAYS, PAYMENTS, CHECKOUTS):
            assert codes(await paid.world.ask("sur", query, ana)) == [("staff", "FORBIDDEN")]
            await paid.ask(query, eva)
        for actor in (ana, eva):
            outcome = await paid.world.ask("sur", BOOK % CAME, actor, **{"in": {"id": stray}})
            assert codes(outcome) == [("bookStrayPayment", "FORBIDDEN")]
        assert (await paid.held()).found == [("AMOUNT_MISMATCH", "OPEN")]
