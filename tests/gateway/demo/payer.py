"""Somebody who pays in the demo: at the portal, at the platform's page, and back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any, TypeVar

import httpx2

from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, Person

T = TypeVar("T")
OPEN = """query ($account: ID!) {
  account(id: $account) {
    invoices(first: 20, filter: { status: [OPEN, PARTIALLY_PAID] }) { nodes { id number kind open { amount } } }
  }
}"""
IN_DEBT = frozenset(
    (
        *("101-00123-8", "102-00088-2", "101-00402-6", "101-00501-5"),
        *("101-00600-5", "101-00601-3", "101-00608-8", "101-00613-8"),
        *("CA-0147", "CA-0158", "PR-0172"),
        *("W1-015-M", "W1-022-K", "W1-022-M", "W2-012-K", "W2-012-M", "04-017-0003", "01-004-0021"),
    )
)
"""Accounts that owe something on every day of the month: who paid each bill in time may have none to pay today."""
LONG_S = 60
"""What takes longer will not come any more."""


def until(found: Callable[[], T], is_so: Callable[[T], bool]) -> T:
    """What is found once it is so, or as it is in the end."""
    end = time.monotonic() + LONG_S
    while not is_so(answer := found()) and time.monotonic() < end:
        time.sleep(0.2)
    return answer


def get(address: str) -> httpx2.Response:
    return httpx2.get(address, headers={"accept-language": "en"}, verify=TLS)


def post(address: str, fields: dict[str, str]) -> httpx2.Response:
    return httpx2.post(address, data=fields, verify=TLS)


def followed(answer: httpx2.Response) -> httpx2.Response:
    while answer.is_redirect:
        answer = get(str(answer.url.join(answer.headers["location"])))
    return answer


def press(page: httpx2.Response, do: str, telling: str = "ONCE") -> httpx2.Response:
    """Press a button of the platform's page; where the browser ends up."""
    return followed(post(str(page.url), {"do": do, "telling": telling}))


class Payer(Person):
    """Pays invoices of one account, in a browser without cookies: the links are enough."""

    def __init__(self, demo: Demo, slug: str, email: str, number: str) -> None:
        super().__init__(demo, slug, email)
        assert number in IN_DEBT
        self.address = f"http://127.0.0.1:{self.port}"
        self.account = next(node["id"] for node in self.accounts() if node["number"] == number)

    def open(self) -> list[dict[str, Any]]:
        """What is owed, and not to be given back to them."""
        nodes = self.ask(OPEN, {"account": self.account})["account"]["invoices"]["nodes"]
        return [node for node in nodes if node["kind"] != "CREDIT_NOTE"]

    def payments(self) -> list[dict[str, Any]]:
        return self.ask(EXAMPLES["payments"], {"account": self.account})["account"]["payments"]["nodes"]

    def quote(self) -> dict[str, Any]:
        """What it would cost to pay all of it."""
        items = [{"invoiceId": invoice["id"]} for invoice in self.open()]
        quoted = self.ask(EXAMPLES["create-checkout-quote"], {"input": {"items": items}})["createCheckoutQuote"]
        assert quoted["userErrors"] == [], quoted["userErrors"]
        return quoted["quote"]

    def commit(self, quote: dict[str, Any], key: str = "walk") -> dict[str, Any]:
        asked = {"quoteId": quote["id"], "returnUrl": "/graphiql", "idempotencyKey": f"{quote['id']} {key}"}
        committed = self.ask(EXAMPLES["create-checkout"], {"input": asked})["createCheckout"]
        assert committed["userErrors"] == [], committed["userErrors"]
        return committed["checkout"]

    def at_the_platform(self, checkout: dict[str, Any]) -> httpx2.Response:
        """The platform's page, by the portal's redirect or by the form that it has the browser post."""
        answer = get(self.address + checkout["redirectUrl"])
        if answer.status_code == 200:
            (action,) = re.findall('action="([^"]+)"', answer.text)
            fields = re.findall('name="([^"]+)" value="([^"]*)"', answer.text)
            answer = post(unescape(action), {name: unescape(value) for name, value in fields})
        page = followed(answer)
        assert "This is a simulator" in page.text or "To jest symulator" in page.text
        return page

    def checkout(self, id: str) -> dict[str, Any]:
        return self.ask(EXAMPLES["checkout"], {"id": id})["checkout"]

    def settled(self, id: str) -> dict[str, Any]:
        """The checkout once the office has the money in its books."""
        return until(lambda: self.checkout(id), lambda found: found["settled"])

    def paid(self) -> tuple[dict[str, Any], httpx2.Response]:
        """Pay all that is owed: the checkout once it is settled, and the platform's page."""
        checkout = self.commit(self.quote())
        page = self.at_the_platform(checkout)
        press(page, "pay")
        return {**checkout, **self.settled(checkout["id"])}, page
