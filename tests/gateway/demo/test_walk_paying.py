"""People pay in the demo, over the wire: quote, commit, the platform's page, the way back, and the office's books."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.gateway.demo.payer import Payer, get, press, until
from tests.gateway.demo.process import Demo, free_ports, running
from tests.gateway.demo.test_walk import rendered
from tests.gateway.demo.walking import Person
from tests.gateway.stock import demo_data
from ventanilla.gateway.demo import DEMO

SLUGS = {person.email: demo.slug for demo in DEMO for person in demo.people}
ADMINS = {demo.slug: demo.staff[1].email for demo in DEMO}
RESIDENTS = [
    ("marta@vecinos.example", "101-00123-8"),
    ("laura@inquilinos.example", "CA-0147"),
    ("katarzyna@sasiedzi.example", "W1-015-M"),
    ("zenon@sasiedzi.example", "01-004-0021"),
]
"""Person, account: three platforms, and an office whose books are files."""
TOLD = [
    ("TWICE", "jhon@inquilinos.example", "CA-0158"),
    ("OUT_OF_ORDER", "carlos@propietarios.example", "PR-0172"),
    ("BEFORE_RETURN", "pagos@laespiga.example", "101-00501-5"),
    ("NEVER", "andrzej@wlasciciele.example", "W2-012-K"),
]
"""How the portal is told, person, account."""
MONEY = """query ($reference: String!) {
  staff {
    payments(reference: $reference) {
      nodes { status booking refunded { amount } returns { kind state amount { amount } } }
    }
    strayPayments(reference: $reference) { nodes { kind state amount { amount } expected { amount } } }
  }
}"""
REFUND = """mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) { refund { id } userErrors { reason message } }
}"""


@pytest.fixture(scope="module")
def own(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose people have paid nothing yet: other walks look at what they owe."""
    data = tmp_path_factory.mktemp("paying") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as demo:
        yield demo


def payer_of(demo: Demo, email: str, number: str) -> Payer:
    return Payer(demo, SLUGS[email], email, number)


class Staff(Person):
    """Who administers, and sees all money."""

    def __init__(self, demo: Demo, slug: str) -> None:
        super().__init__(demo, slug, ADMINS[slug])

    def money(self, reference: str) -> dict[str, Any]:
        told = self.ask(MONEY, {"reference": reference})["staff"]
        return {name: connection["nodes"] for name, connection in told.items()}

    def refund(self, checkout: dict[str, Any], amount: str | None = None) -> None:
        asked = {"checkoutId": checkout["id"], "reason": "walk", "idempotencyKey": f"{checkout['id']} {amount}"}
        given = self.ask(REFUND, {"input": {**asked, "amount": amount}})["refundPayment"]
        assert given["userErrors"] == []

    def returned(self, reference: str, status: str) -> dict[str, Any]:
        """The one payment under a reference, once it stands so and all that goes back of it is booked."""

        def payment() -> dict[str, Any]:
            (found,) = self.money(reference)["payments"]
            return found

        def is_booked(found: dict[str, Any]) -> bool:
            states = {each["state"] for each in found["returns"]}
            return (found["status"], states) == (status, {"BOOKED"})

        return until(payment, is_booked)


@pytest.mark.parametrize(("email", "number"), RESIDENTS)
def test_what_is_paid_stands_in_the_books(own: Demo, email: str, number: str) -> None:
    payer = payer_of(own, email, number)
    invoices, quote = payer.open(), payer.quote()
    checkout = payer.commit(quote)
    back = press(payer.at_the_platform(checkout), "pay")

    fee = Decimal(quote["fees"]["payer"]["amount"])
    assert (fee > 0) == (payer.port == own.port + 3)  # where the payer bears what the platform costs
    assert Decimal(quote["total"]["amount"]) == sum(Decimal(each["open"]["amount"]) for each in invoices) + fee
    assert urlsplit(str(back.url)).path == "/graphiql"
    assert parse_qs(urlsplit(str(back.url)).query)["checkout"] == [checkout["id"]]
    settled = payer.settled(checkout["id"])
    assert (settled["status"], settled["settled"]) == ("SUCCEEDED", True)
    assert payer.open() == []


def test_who_failed_owes_it_still_and_may_pay_it_anew(own: Demo) -> None:
    payer = payer_of(own, "norma@vecinos.example", "101-00402-6")
    quote = payer.quote()
    checkout = payer.commit(quote)
    assert payer.commit(quote) == checkout
    press(payer.at_the_platform(checkout), "fail")
    ended = until(lambda: payer.checkout(checkout["id"]), lambda found: found["status"] == "FAILED")

    assert ended["status"] == "FAILED"
    assert len(payer.open()) == 2
    paid, _ = payer.paid()
    assert (paid["status"], payer.open()) == ("SUCCEEDED", [])


@pytest.mark.parametrize(("telling", "email", "number"), TOLD)
def test_however_it_is_told_it_is_booked_once(own: Demo, telling: str, email: str, number: str) -> None:
    payer = payer_of(own, email, number)
    checkout = payer.commit(payer.quote())
    press(payer.at_the_platform(checkout), "pay", telling)

    settled = payer.settled(checkout["id"])
    assert (settled["status"], settled["settled"]) == ("SUCCEEDED", True)
    assert [payment["reference"] for payment in payer.payments()].count(checkout["reference"]) == 1


def test_a_closed_tab_loses_nothing(own: Demo) -> None:
    payer = payer_of(own, "andrzej@wlasciciele.example", "W2-012-M")
    checkout = payer.commit(payer.quote())
    page = press(payer.at_the_platform(checkout), "close")

    assert page.url.path.startswith("/pay/autopay/orders/")
    assert payer.settled(checkout["id"])["status"] == "SUCCEEDED"


def test_another_amount_is_for_the_staff_to_look_at(own: Demo) -> None:
    payer = payer_of(own, "graciela@consorcios.example", "101-00600-5")
    (invoice,) = payer.open()
    checkout = payer.commit(payer.quote())
    press(payer.at_the_platform(checkout), "pay", "OTHER_AMOUNT")
    staff = Staff(own, "aguas")
    money = until(lambda: staff.money(checkout["reference"]), lambda found: bool(found["strayPayments"]))

    (stray,) = money["strayPayments"]
    assert (stray["kind"], stray["state"]) == ("AMOUNT_MISMATCH", "OPEN")
    assert stray["expected"]["amount"] == invoice["open"]["amount"]
    assert Decimal(stray["amount"]["amount"]) == Decimal(invoice["open"]["amount"]) - 1
    assert [payment["booking"] for payment in money["payments"]] == ["REVIEW"]
    assert len(payer.open()) == 1


def test_what_the_staff_give_back_is_owed_again(own: Demo) -> None:
    payer = payer_of(own, "graciela@consorcios.example", "101-00601-3")
    owed = payer.open()
    checkout, _ = payer.paid()
    assert payer.open() == []
    staff = Staff(own, "aguas")
    staff.refund(checkout, "100.50")

    payment = staff.returned(checkout["reference"], "PARTIALLY_REFUNDED")
    assert [(each["kind"], each["amount"]["amount"]) for each in payment["returns"]] == [("REFUND", "100.50")]
    assert (payment["status"], payment["refunded"]["amount"]) == ("PARTIALLY_REFUNDED", "100.50")
    (again,) = payer.open()
    assert (again["id"], again["open"]["amount"]) == (owed[0]["id"], "100.50")


def test_autopay_gives_back_in_its_own_time(own: Demo) -> None:
    payer = payer_of(own, "andrzej@wlasciciele.example", "W1-022-M")
    owed = payer.open()
    checkout, page = payer.paid()
    staff = Staff(own, "osiedle")
    staff.refund(checkout)

    payment = staff.returned(checkout["reference"], "CONFIRMED")  # its lists know no other word for it
    assert [(each["kind"], each["state"]) for each in payment["returns"]] == [("REFUND", "BOOKED")]
    assert [each["open"] for each in payer.open()] == [each["open"] for each in owed]
    assert "zwrócono" in get(str(page.url)).text


def test_what_the_bank_takes_back_is_owed_again(own: Demo) -> None:
    payer = payer_of(own, "graciela@consorcios.example", "101-00613-8")
    owed = payer.open()
    checkout, page = payer.paid()
    press(page, "chargeback")

    payment = Staff(own, "aguas").returned(checkout["reference"], "REVERSED")
    assert payment["status"] == "REVERSED"
    assert [each["kind"] for each in payment["returns"]] == ["REVERSAL"]
    assert payer.open() == owed


def test_a_browser_posts_the_form_by_itself_and_stands_at_the_platform(own: Demo, tmp_path: Path) -> None:
    payer = payer_of(own, "andrzej@wlasciciele.example", "W1-022-K")
    quote = payer.quote()
    checkout = payer.commit(quote)
    page = rendered(payer.address + checkout["redirectUrl"], tmp_path)

    assert "Symulator Autopay" in page
    assert checkout["reference"] in page
    assert quote["total"]["amount"].replace(".", ",") in page
