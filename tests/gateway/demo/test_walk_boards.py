"""What a member of a board and a supplier see over the wire, and whoever has been either does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, Person

SLUG = "osiedle"
MEMBER, FORMER, SUPPLIER = "andrzej@wlasciciele.example", "ewa@wlasciciele.example", "biuro@hydraulikabrda.example"


def amount(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


def refusals(demo: Demo, email: str, query: str) -> tuple[Any, list[str]]:
    """What somebody is told, and the codes of what they are refused."""
    person = Person(demo, SLUG, email)
    url, headers = f"http://127.0.0.1:{person.port}/graphql", {"authorization": f"Bearer {person.token}"}
    answer = httpx2.post(url, json={"query": query}, headers=headers, verify=TLS).json()
    return answer["data"], [error["extensions"]["code"] for error in answer.get("errors", [])]


def test_a_member_sees_one_community(demo: Demo) -> None:
    viewer = Person(demo, SLUG, MEMBER).ask(EXAMPLES["board"])["viewer"]
    assert viewer["roles"] == ["CUSTOMER", "BOARD_MEMBER"]
    (mandate,) = viewer["mandates"]
    area = mandate["community"]["boardArea"]
    assert mandate["subjectName"] == mandate["community"]["name"] == "Wspólnota Mieszkaniowa Gdańska 288"
    assert amount(area["finances"]["outstanding"]) >= amount(area["finances"]["overdue"]) > 0
    rows = area["arrears"]["nodes"]
    assert rows
    assert area["arrears"]["totalCount"] == len(rows)
    assert sum((amount(row["amount"]) for row in rows), Decimal(0)) == amount(area["finances"]["overdue"])
    assert [row["oldestDueOn"] for row in rows] == sorted(row["oldestDueOn"] for row in rows)
    assert area["supplierInvoices"]["totalCount"] == 2
    assert {each["status"] for each in area["supplierInvoices"]["nodes"]} == {"TO_APPROVE"}


def test_who_was_a_member_until_lately_sees_nothing_of_it(demo: Demo) -> None:
    viewer = Person(demo, SLUG, FORMER).ask(EXAMPLES["board"])["viewer"]
    assert viewer == {"roles": ["CUSTOMER"], "mandates": []}
    query = "{ viewer { accounts(first: 1) { nodes { community { name boardArea { finances { since } } } } } } }"
    data, codes = refusals(demo, FORMER, query)
    assert codes == ["FORBIDDEN"]
    community = {"name": "Wspólnota Mieszkaniowa Bydgoskie Tarasy", "boardArea": None}
    assert data["viewer"]["accounts"]["nodes"] == [{"community": community}]


def test_a_supplier_sees_what_they_billed_in_every_state(demo: Demo) -> None:
    viewer = Person(demo, SLUG, SUPPLIER).ask(EXAMPLES["supplier"])["viewer"]
    assert viewer["roles"] == ["CUSTOMER", "SUPPLIER"]
    rows = viewer["supplierDocuments"]["nodes"]
    assert viewer["supplierDocuments"]["totalCount"] == len(rows) == 6
    assert {row["status"] for row in rows} == {"TO_APPROVE", "APPROVED", "PAID", "REJECTED"}
    assert all((row["status"] == "PAID") == bool(row["paidOn"]) for row in rows)
    assert len({row["communityName"] for row in rows}) == 4
    paid = Person(demo, SLUG, SUPPLIER).ask(EXAMPLES["supplier"], {"status": ["PAID"]})["viewer"]
    assert {row["status"] for row in paid["supplierDocuments"]["nodes"]} == {"PAID"}


@pytest.mark.parametrize("email", [MEMBER, FORMER, "beata@nadbrda.example", "lukasz@nadbrda.example"])
def test_nobody_else_sees_them(demo: Demo, email: str) -> None:
    data, codes = refusals(demo, email, EXAMPLES["supplier"])
    assert (data["viewer"]["supplierDocuments"], codes) == (None, ["FORBIDDEN"])
