"""Somebody in the demo who would pay, is told what it costs, confirms it, and thinks again."""

from __future__ import annotations

from tests.gateway.demo.payer import Payer, get
from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES


def test_what_is_confirmed_is_listed_held_and_cancelled(demo: Demo) -> None:
    payer = Payer(demo, "osiedle", "katarzyna@sasiedzi.example", "04-017-0003")
    quote = payer.quote()
    assert quote["account"] == {"number": "04-017-0003"}
    checkout = payer.commit(quote)
    listed = payer.ask(EXAMPLES["checkouts"], {"account": payer.account})["account"]["checkouts"]["nodes"]
    assert (listed[0]["id"], listed[0]["status"], listed[0]["total"]) == (checkout["id"], "CREATED", quote["total"])
    items = [{"invoiceId": invoice["id"]} for invoice in payer.open()]
    again = payer.ask(EXAMPLES["create-checkout-quote"], {"input": {"items": items}})["createCheckoutQuote"]
    assert {each["reason"] for each in again["userErrors"]} == {"PAYMENT_IN_PROGRESS"}
    gone = payer.ask(EXAMPLES["cancel-checkout"], {"input": {"id": checkout["id"]}})["cancelCheckout"]
    assert (gone["checkout"]["status"], gone["userErrors"]) == ("CANCELLED", [])
    back = get(payer.address + checkout["redirectUrl"])
    assert (back.status_code, back.headers["location"]) == (303, f"/graphiql?checkout={checkout['id']}")
    assert payer.quote()["total"] == quote["total"]
