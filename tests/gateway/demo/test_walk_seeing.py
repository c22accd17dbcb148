"""Somebody of the staff sees a demo portal as a customer, and asks why things are there or not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS, RESIDENT, Person
from ventanilla.gateway.demo import DEMO

STAFF = {demo.slug: demo.staff[0].email for demo in DEMO}
OF = ["Query.portal", "Account.invoices", "Mutation.seeAs", "Viewer.sessions"]


def answers(person: Person) -> dict[str, Any]:
    return {
        each["coordinate"]: each["answer"]
        for each in person.ask(EXAMPLES["explain-access"], {"of": OF})["explainAccess"]
    }


@pytest.mark.parametrize("slug", PORTALS)
def test_the_staff_sees_as_a_customer_and_as_themselves_again(demo: Demo, slug: str) -> None:
    customer = Person(demo, slug, RESIDENT[slug].email)
    colleague = Person(demo, slug, STAFF[slug])
    search = {"search": RESIDENT[slug].email}
    (found,) = colleague.ask(EXAMPLES["staff-people"], search)["staff"]["people"]["nodes"]
    assert answers(colleague)["Mutation.seeAs"] == "YES"

    seen = colleague.ask(EXAMPLES["see-as"], {"input": {"personId": found["id"], "reason": "?"}})["seeAs"]
    assert (seen["viewer"]["name"], seen["userErrors"]) == (found["name"], [])
    assert [each["id"] for each in colleague.accounts()] == [each["id"] for each in customer.accounts()]
    assert answers(colleague) == {**dict.fromkeys(OF, "NO"), "Query.portal": "YES", "Account.invoices": "YES"}

    assert colleague.ask(EXAMPLES["stop-seeing-as"])["stopSeeingAs"] == {"userErrors": []}
    assert answers(colleague)["Viewer.sessions"] == "YES"
