"""The example documents over the wire, each for somebody for whom it shows something; numbers are reckoned again."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, Person

WALKED = {"home", "portal", "sign-in", "invoices", "payments", "papers"}
"""What test_walk.py asks for every portal."""
OF_NEW_PEOPLE = {"register", "verify-email", "change-password", "request-password-reset", "reset-password"}
"""What test_walk_people.py asks for somebody who comes by themselves."""
OF_CODES = {"request-sign-in-code", "sign-in-with-code", "sessions", "end-session"}
"""What test_walk_codes.py asks."""
OF_LINKING = {
    *("start-account-link", "confirm-account-link", "unlink-account", "set-default-account", "account-audit"),
    *("my-data", "erase-my-data"),
}
"""What test_walk_linking.py asks."""
OF_PASSKEYS = {
    *("start-passkey-registration", "finish-passkey-registration", "start-passkey-sign-in", "finish-passkey-sign-in"),
    *("passkeys", "rename-passkey", "remove-passkey"),
}
"""What test_walk_passkeys.py asks."""
OF_STAFF = {
    *("staff-people", "staff-person", "staff-letters", "staff-clients", "disable-person", "enable-person"),
    *("set-staff-role", "grant-mandate", "end-mandate", "retry-letters", "cancel-letters"),
    *("create-client", "rotate-client-secret", "revoke-client", "update-password-policy"),
    *("update-portal-theme", "theme-preview"),
}
"""What test_walk_staff.py asks."""
OF_ACCESS = {
    *("access-audience", "access-batch", "access-batches", "generate-access", "send-access", "cancel-access"),
    *("retry-access", "activate-access"),
}
"""What test_walk_access.py asks."""
OF_SEEING = {"see-as", "stop-seeing-as", "explain-access"}
"""What test_walk_seeing.py asks."""
OF_SECOND_FACTORS = {
    *("second-factor", "start-second-factor", "confirm-second-factor", "show-second-factor"),
    *("remove-second-factor", "reset-second-factor"),
}
"""What test_walk_second_factor.py asks."""
OF_BOARDS = {"board", "supplier"}
"""What test_walk_boards.py asks."""
OF_A_PROFILE = {"profile", "update-profile", "update-contact", "confirm-new-email", "my-audit"}
"""What test_walk_profile.py asks."""
OF_PROGRAMS = {"programs", "withdraw-consent"}
"""What tests/gateway/oauth/test_withdrawing.py asks: a program is nothing that a demo has."""
OF_MONEY = {
    *("staff-payments", "staff-strays", "refund-payment", "book-stray", "refund-stray", "dismiss-stray"),
}
"""What tests/resolvers/test_staff_payments.py asks: nothing that does not fit is in a demo."""
OF_CHECKOUTS = {"create-checkout-quote", "create-checkout", "checkout", "checkouts", "cancel-checkout"}
"""What test_walk_checkouts.py and test_walk_paying.py ask."""
OF_PROVIDERS = {"identities", "start-identity-link", "unlink-identity"}
"""What tests/gateway/sign_in/test_linking.py asks: a provider is nothing that a demo has."""
OF_EXPORTS = {f"export-{name}" for name in ("accounts", "invoices", "charges", "payments", "readings")}
"""What test_walk_exports.py asks."""


def amount(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


def total(items: list[Any], field: str = "amount") -> Decimal:
    return sum((amount(item[field]) for item in items), Decimal(0))


OF_AN_ACCOUNT = [
    ("accruals", "inmobiliaria", "laura@inquilinos.example", "CA-0147"),
    ("accruals", "osiedle", "katarzyna@sasiedzi.example", "W1-015-K"),
    ("accruals", "osiedle", "katarzyna@sasiedzi.example", "04-017-0003"),
    ("payment-plans", "aguas", "norma@vecinos.example", "101-00402-6"),
    ("payment-plans", "aguas", "graciela@consorcios.example", "101-00602-1"),
    ("payment-plans", "aguas", "graciela@consorcios.example", "101-00605-4"),
    ("payment-plans", "inmobiliaria", "jhon@inquilinos.example", "CA-0158"),
    ("payment-plans", "osiedle", "zenon@sasiedzi.example", "01-004-0021"),
    ("payment-plans", "osiedle", "katarzyna@sasiedzi.example", "W1-015-K"),
    ("interest", "aguas", "norma@vecinos.example", "101-00402-6"),
    ("interest", "inmobiliaria", "laura@inquilinos.example", "CA-0147"),
    ("interest", "osiedle", "zenon@sasiedzi.example", "01-004-0021"),
    ("meters", "aguas", "marta@vecinos.example", "101-00123-8"),
    ("meters", "osiedle", "andrzej@wlasciciele.example", "W3-006-M"),
    ("settlements", "osiedle", "katarzyna@sasiedzi.example", "W1-015-M"),
    ("settlements", "osiedle", "ewa@wlasciciele.example", "W2-007-M"),
    ("community", "osiedle", "katarzyna@sasiedzi.example", "W1-015-K"),
]
FIELD = {
    "accruals": "accruals",
    "payment-plans": "paymentPlans",
    "interest": "interestAccruals",
    "meters": "meters",
    "settlements": "utilitySettlements",
}


def test_every_example_is_asked_of_the_demo() -> None:
    elsewhere = (
        WALKED
        | OF_NEW_PEOPLE
        | OF_CODES
        | OF_LINKING
        | OF_PASSKEYS
        | OF_STAFF
        | OF_ACCESS
        | OF_SEEING
        | OF_A_PROFILE
        | OF_PROGRAMS
        | OF_PROVIDERS
        | {"notices"}
    )
    elsewhere |= OF_SECOND_FACTORS | OF_BOARDS | OF_MONEY | OF_CHECKOUTS | OF_EXPORTS
    assert {name for name, *_ in OF_AN_ACCOUNT} | elsewhere == EXAMPLES.keys()


@pytest.mark.parametrize(("name", "slug", "email", "number"), OF_AN_ACCOUNT)
def test_an_example_shows_something(demo: Demo, name: str, slug: str, email: str, number: str) -> None:
    account = Person(demo, slug, email).example(name, number)
    assert account["number"] == number
    assert account["community"]["buildings"] if name == "community" else account[FIELD[name]]["nodes"]


def test_the_titles_of_a_month_add_up_to_the_invoice_that_asks_for_them(demo: Demo) -> None:
    person = Person(demo, "osiedle", "katarzyna@sasiedzi.example")
    accruals = person.example("accruals", "W1-015-K")["accruals"]["nodes"]
    newest = [each for each in accruals if each["month"] == accruals[0]["month"]]
    asked = person.ask(
        "query ($id: ID!) { node(id: $id) { ... on Invoice { total { amount } } } }", newest[0]["invoice"]
    )
    assert {each["title"] for each in newest} == {"MAINTENANCE_ADVANCE", "REPAIR_FUND"}
    assert total(newest) == amount(asked["node"]["total"])


@pytest.mark.parametrize(
    ("slug", "email", "number"), [case[1:] for case in OF_AN_ACCOUNT if case[0] == "payment-plans"]
)
def test_a_plan_adds_up(demo: Demo, slug: str, email: str, number: str) -> None:
    for plan in Person(demo, slug, email).example("payment-plans", number)["paymentPlans"]["nodes"]:
        parts = plan["instalments"]
        assert len(parts) == plan["instalmentCount"]
        assert total(parts) == amount(plan["total"])
        assert total([part for part in parts if part["status"] == "PAID"]) == amount(plan["paid"])
        assert total(plan["invoices"], "open") == amount(plan["open"]) == amount(plan["total"]) - amount(plan["paid"])
        assert all((part["status"] == "PAID") == bool(part["paidAt"]) for part in parts)
        assert not any(part["overdue"] for part in parts)


@pytest.mark.parametrize(("slug", "email", "number"), [case[1:] for case in OF_AN_ACCOUNT if case[0] == "interest"])
def test_interest_can_be_reckoned_again(demo: Demo, slug: str, email: str, number: str) -> None:
    for accrual in Person(demo, slug, email).example("interest", number)["interestAccruals"]["nodes"]:
        exact = Fraction(0)
        for part in accrual["segments"]:
            days = Fraction(part["annualRate"]) / 100 * part["days"] / 365
            assert Fraction(part["amountExact"]) == Fraction(part["base"]["amount"]) * days
            exact += Fraction(part["amountExact"])
        minor = int(exact * 100 + Fraction(1, 2))
        assert amount(accrual["total"]) == (Decimal(minor) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) > 0
        assert accrual["segments"][-1]["until"] == accrual["until"]


@pytest.mark.parametrize(("slug", "email", "number"), [case[1:] for case in OF_AN_ACCOUNT if case[0] == "meters"])
def test_consumption_is_the_difference_of_readings(demo: Demo, slug: str, email: str, number: str) -> None:
    meters = Person(demo, slug, email).example("meters", number)["meters"]["nodes"]
    for meter in meters:
        readings = [reading["values"][0] for reading in meter["readings"]["nodes"]]
        for after, before in pairwise(readings):
            assert Decimal(after["value"]) - Decimal(before["value"]) == Decimal(after["consumption"])
        assert [each["register"] for each in readings] == [meter["registers"][0]["key"]] * len(readings)


def test_an_exchanged_meter_names_its_predecessor(demo: Demo) -> None:
    new, old = Person(demo, "aguas", "marta@vecinos.example").example("meters", "101-00123-8")["meters"]["nodes"]
    assert new["replaces"] == {"id": old["id"], "number": old["number"], "removedOn": new["installedOn"]}
    assert (new["status"], old["status"], old["replaces"]) == ("ACTIVE", "REMOVED", None)
    assert new["readingWindow"]
    assert not old["readingWindow"]


@pytest.mark.parametrize(("email", "number", "outcome", "kind"), [
    ("katarzyna@sasiedzi.example", "W1-015-M", "UNDERPAID", "INVOICE"),
    ("ewa@wlasciciele.example", "W2-007-M", "SURPLUS", "CREDIT_NOTE"),
])  # fmt: skip
def test_a_settlement_adds_up(demo: Demo, email: str, number: str, outcome: str, kind: str) -> None:
    settlements = Person(demo, "osiedle", email).example("settlements", number)["utilitySettlements"]["nodes"]
    assert len(settlements) == 2
    for each in settlements:
        cost, advances = amount(each["cost"]), amount(each["advances"])
        assert (total(each["lines"], "cost"), total(each["lines"], "advances")) == (cost, advances)
        assert (each["outcome"], amount(each["difference"])) == (outcome, abs(cost - advances))
        assert (each["invoice"]["kind"], each["invoice"]["number"]) == (kind, each["number"])
        assert {line["medium"] for line in each["lines"]} == {"HEAT", "COLD_WATER", "HOT_WATER"}


def test_co_owners_and_buildings_of_a_community(demo: Demo) -> None:
    account = Person(demo, "osiedle", "katarzyna@sasiedzi.example").example("community", "W1-015-K")
    parts = [Fraction(share["numerator"], share["denominator"]) for share in account["unit"]["shares"]]
    assert len(parts) == 2
    assert parts[0] == parts[1] < Fraction(1, 2)
    assert [building["name"] for building in account["community"]["buildings"]] == [account["unit"]["building"]["name"]]
    many = Person(demo, "osiedle", "ewa@wlasciciele.example").example("community", "W2-007-K")
    assert len(many["community"]["buildings"]) == 2


TOLD = [
    ("aguas", "marta@vecinos.example", "Corte programado por obras en la red", "Medición de presión"),
    ("aguas", "graciela@consorcios.example", "Medición de presión en el tanque del edificio", "Sucursal Diamante"),
    ("inmobiliaria", "laura@inquilinos.example", "Reajuste anual del canon", "Certificados de retención"),
    ("inmobiliaria", "beatriz@propietarios.example", "Certificados de retención", "Reajuste anual"),
    ("osiedle", "katarzyna@sasiedzi.example", "Odbiór wyremontowanych balkonów", "Mycie garażu"),
    ("osiedle", "zenon@sasiedzi.example", "Biuro nieczynne w piątek", "Odbiór wyremontowanych balkonów"),
    ("osiedle", "ewa@wlasciciele.example", "Mycie garażu podziemnego", "Odbiór wyremontowanych balkonów"),
]


@pytest.mark.parametrize(("slug", "email", "told", "kept"), TOLD)
def test_people_are_told_what_is_meant_for_them(demo: Demo, slug: str, email: str, told: str, kept: str) -> None:
    notices = Person(demo, slug, email).ask(EXAMPLES["notices"])["viewer"]["notices"]["nodes"]
    titles = [notice["title"] for notice in notices]
    assert any(title.startswith(told) for title in titles), titles
    assert not any(title.startswith(kept) for title in titles), titles
    assert [notice["publishedFrom"] for notice in notices] == sorted(
        (it["publishedFrom"] for it in notices), reverse=True
    )
    assert all((notice["scope"] == "COMMUNITY") == bool(notice["communityName"]) for notice in notices)


def test_a_tenant_finds_a_notice_of_the_communities_office_again_and_no_other(demo: Demo) -> None:
    tenant, owner = (Person(demo, "osiedle", f"{name}@sasiedzi.example") for name in ("zenon", "katarzyna"))
    told, more = (person.ask(EXAMPLES["notices"])["viewer"]["notices"]["nodes"] for person in (tenant, owner))
    node = "query ($id: ID!) { node(id: $id) { ... on Notice { title } } }"
    assert tenant.ask(node, {"id": told[0]["id"]})["node"] == {"title": told[0]["title"]}
    theirs = [notice["id"] for notice in more if notice["scope"] == "COMMUNITY"]
    assert theirs
    assert all(tenant.ask(node, {"id": each})["node"] is None for each in theirs)
