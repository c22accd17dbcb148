"""What the portal does when the gateway refuses to commit what somebody has confirmed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.examples.test_portal import OWN, Gateway, browser

pytestmark = pytest.mark.anyio
COLOURS = {"primary": "#000", "onPrimary": "#fff", "background": "#fff", "text": "#000", "accent": "#00f"}
PORTAL = {
    "name": "Aguas",
    "slug": "aguas",
    "country": "AR",
    "language": "en",
    "languages": ["es", "en"],
    "currency": "ARS",
    "timeZone": "America/Argentina/Buenos_Aires",
    "manualUrl": None,
    "paymentPlatform": "Mercado Pago",
    "signInWays": ["PASSWORD"],
    "contact": {"email": "a@aguas.example", "phone": None, "website": None},
    "licences": [{"licence": "UTILITY"}],
    "capabilities": [{"key": "invoices.list", "support": "YES"}],
    "theme": {**COLOURS, "logoUrl": None, "typeface": "SANS", "corners": "SOFT", "dark": COLOURS},
    "texts": [],
}
ACCOUNT = {
    "id": "acc",
    "number": "101",
    "title": "Water",
    "licence": "UTILITY",
    "status": "ACTIVE",
    "currency": "ARS",
    "property": None,
    "unit": None,
}
VIEWER = {
    "name": "Marta",
    "email": "m@vecinos.example",
    "onboardingState": "READY",
    "passwordChangeDue": False,
    "roles": ["CUSTOMER"],
    "seenBy": None,
    "defaultAccount": ACCOUNT,
    "accounts": {"totalCount": 1, "nodes": [ACCOUNT]},
}
INVOICE = {
    "id": "inv",
    "number": "B 1",
    "kind": "INVOICE",
    "title": "March",
    "overdue": False,
    "dueOn": "2026-12-01",
    "stale": False,
    "asOf": "2026-11-22T10:00:00Z",
    "open": {"amount": "100.00", "currency": "ARS"},
}
SENT = {"do": "pay", "quote": "q1", "key": "k1", "invoice": "inv"}
Answer = tuple[int, dict[str, Any], dict[str, str]]


def page_of() -> Answer:
    """What the page's own query is answered."""
    account: dict[str, Any] = {
        **ACCOUNT,
        "pending": {"nodes": [INVOICE], "pageInfo": {"hasNextPage": False}},
        "checkouts": {"nodes": []},
    }
    return 200, {"data": {"portal": PORTAL, "viewer": VIEWER, "account": account}}, {}


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "ARS"}


def quote(id: str, amount: str) -> dict[str, Any]:
    lines = [{"number": "B 1", "title": "March", "amount": money(amount)}]
    fees = {"payer": money("0.00")}
    told = {"lines": lines, "subtotal": money(amount), "fees": fees, "total": money(amount), "warnings": []}
    return {"id": id, "expiresAt": "2026-11-22T11:00:00Z", **told}


def refused(reason: str, **params: str) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in params.items()]
    return {"reason": reason, "message": f"Refused: {reason}", "path": None, "params": pairs}


def commit(checkout: dict[str, Any] | None, *errors: dict[str, Any]) -> Answer:
    return 200, {"data": {"createCheckout": {"checkout": checkout, "userErrors": errors}}}, {}


def quoted(found: dict[str, Any] | None, *errors: dict[str, Any]) -> Answer:
    return 200, {"data": {"createCheckoutQuote": {"quote": found, "userErrors": errors}}}, {}


async def paid(gateway: Gateway, **headers: str) -> Any:
    async with browser(gateway, **OWN, **headers) as client:
        return await client.post("/a/acc/pay", data=SENT)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that commits."""
    return dict(re.findall(r'<input type="hidden" name="(quote|key|invoice)" value="([^"]*)">', page))


def variables(gateway: Gateway, at: int) -> Any:
    return json.loads(gateway.asked[at].content)["variables"]


async def test_what_was_confirmed_is_committed_with_the_key_of_the_form() -> None:
    gateway = Gateway(commit({"id": "c1", "redirectUrl": "/checkouts/token"}))
    answer = await paid(gateway)
    assert (answer.status_code, answer.headers["location"]) == (303, "/checkouts/token")
    assert variables(gateway, 0) == {"input": {"quoteId": "q1", "returnUrl": "/return", "idempotencyKey": "k1"}}


async def test_a_script_is_told_where_to_go_on() -> None:
    gateway = Gateway(commit({"id": "c1", "redirectUrl": "/checkouts/token"}))
    answer = await paid(gateway, **{"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/checkouts/token")


@pytest.mark.parametrize("reason", ["AMOUNT_CHANGED", "QUOTE_EXPIRED", "NOT_FOUND"])
async def test_what_holds_no_more_is_quoted_anew_and_asked_again(reason: str) -> None:
    gateway = Gateway(commit(None, refused(reason)), quoted(quote("q2", "130.00")), page_of())
    answer = await paid(gateway)
    sent = fields(answer.text)
    assert answer.status_code == 422
    assert (sent["quote"], sent["invoice"]) == ("q2", "inv")
    assert sent["key"] != "k1"
    assert "130.00" in answer.text
    assert 'role="alert"' in answer.text
    assert variables(gateway, 1) == {"input": {"items": [{"invoiceId": "inv"}]}}


async def test_what_cannot_be_quoted_anew_leads_back_to_the_choice() -> None:
    problem = refused("INVOICE_NOT_PAYABLE", state="PAID")
    answer = await paid(Gateway(commit(None, refused("AMOUNT_CHANGED")), quoted(None, problem), page_of()))
    assert answer.status_code == 422
    assert "Refused: INVOICE_NOT_PAYABLE" in answer.text
    assert 'name="key"' not in answer.text


async def test_a_platform_that_is_away_is_tried_again_with_the_same_key() -> None:
    stands = {**quote("c1", "100.00"), "redirectUrl": None}
    answer = await paid(Gateway(commit(stands, refused("PLATFORM_UNAVAILABLE")), page_of()))
    assert answer.status_code == 422
    assert fields(answer.text) == {"quote": "q1", "key": "k1", "invoice": "inv"}
    assert "Refused: PLATFORM_UNAVAILABLE" in answer.text


@pytest.mark.parametrize("reason", ["PAYMENT_IN_PROGRESS", "QUOTE_USED"])
async def test_what_is_being_paid_already_is_led_to(reason: str) -> None:
    answer = await paid(Gateway(commit(None, refused(reason, checkoutId="c9"))))
    assert (answer.status_code, answer.headers["location"]) == (303, "/return?checkout=c9")


@pytest.mark.parametrize("reason", ["PLATFORM_REFUSED", "PAYMENTS_NOT_OFFERED", "PAYMENT_IN_PROGRESS"])
async def test_any_other_refusal_is_told_above_the_choice(reason: str) -> None:
    answer = await paid(Gateway(commit(None, refused(reason)), page_of()))
    assert answer.status_code == 422
    assert f"Refused: {reason}" in answer.text
    assert 'value="review"' in answer.text


async def test_an_answer_that_is_lost_says_to_look_before_one_pays_again() -> None:
    answer = await paid(Gateway(), **{"accept-language": "en"})
    assert answer.status_code == 503
    assert "Before you repeat it" in answer.text


@pytest.mark.parametrize("path", ["", "/pay", "/invoices", "/payments", "/payments/online"])
async def test_an_account_that_cannot_be_read_says_so(path: str) -> None:
    error = {"message": "x", "path": ["account"], "extensions": {"code": "BACK_OFFICE_TIMEOUT"}}
    news = {**VIEWER, "notices": None}
    told = {"data": {"portal": PORTAL, "viewer": VIEWER, "news": news, "account": None}, "errors": [error]}
    async with browser(Gateway((200, told, {}), (200, told, {}))) as client:
        page = await client.get(f"/a/acc{path}")
        rows = await client.get(f"/a/acc{path}", headers={"hx-request": "true", "x-block": "rows"})
    assert (page.status_code, rows.status_code) == (200, 200)
    assert "takes too long" in page.text
    assert "takes too long" in rows.text
