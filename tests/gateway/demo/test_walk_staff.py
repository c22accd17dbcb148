"""Who works for a manager looks after its people, letters and programs: example documents over the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx2
import pytest

from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS, Person, token
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.demo.books import wspolnoty

STAFF = {demo.slug: demo.staff[0].email for demo in DEMO}
ADMINS = {demo.slug: demo.staff[1].email for demo in DEMO}


class Colleague(Person):
    """Somebody who works for a manager of the demo."""

    def asked(self, name: str, **variables: Any) -> Any:
        return self.ask(EXAMPLES[name], variables)["staff"]

    def change(self, example: str, **given: Any) -> Any:
        """What the one mutation of an example answered; a refusal fails the test."""
        (payload,) = self.ask(EXAMPLES[example], {"input": given}).values()
        assert payload.get("userErrors", []) == []
        return payload

    def found(self, search: str) -> Any:
        (person,) = self.asked("staff-people", search=search)["people"]["nodes"]
        return person

    def codes(self, query: str) -> list[str]:
        """The codes of an answer with errors."""
        answer = httpx2.post(
            f"http://127.0.0.1:{self.port}/graphql",
            json={"query": query},
            headers={"authorization": f"Bearer {self.token}"},
            verify=TLS,
        )
        return [error["extensions"]["code"] for error in answer.json()["errors"]]


@pytest.fixture
def admin(demo: Demo) -> Iterator[Colleague]:
    """Who administers access at the letting agency; sessions that they end are forgotten afterwards."""
    yield Colleague(demo, "inmobiliaria", ADMINS["inmobiliaria"])
    token.cache_clear()


@pytest.mark.parametrize("slug", PORTALS)
def test_the_staff_finds_the_people_of_its_manager(demo: Demo, slug: str) -> None:
    known = next(each for each in DEMO if each.slug == slug)
    colleague = Colleague(demo, slug, STAFF[slug])
    people = colleague.asked("staff-people")["people"]["nodes"]
    assert {person.email for person in known.everybody} <= {each["email"] for each in people}
    staff = colleague.asked("staff-people", staffOnly=True)["people"]["nodes"]
    assert {each["email"]: each["staffRole"] for each in staff} == {
        STAFF[slug]: "STAFF",
        ADMINS[slug]: "STAFF_ADMIN",
    }
    someone = known.people[0]
    person = colleague.asked("staff-person", id=colleague.found(someone.email)["id"])["person"]
    assert [each["number"] for each in person["accounts"]] == [each.number for each in someone.accounts]


def test_names_are_found_in_the_letters_of_their_language(demo: Demo) -> None:
    colleague = Colleague(demo, "osiedle", STAFF["osiedle"])
    assert colleague.found("kozłow")["name"] == "Andrzej Kozłowski"
    assert colleague.found("ŻURAW")["staffRole"] == "STAFF_ADMIN"


def test_customers_have_no_desk_and_not_every_colleague_administers(demo: Demo) -> None:
    assert Colleague(demo, "aguas", "hector@vecinos.example").codes(EXAMPLES["staff-people"]) == ["FORBIDDEN"]
    assert Colleague(demo, "aguas", STAFF["aguas"]).codes(EXAMPLES["staff-clients"]) == ["FORBIDDEN"]


def test_somebody_is_disabled_and_let_in_again(demo: Demo, admin: Colleague) -> None:
    email = "santiago@inquilinos.example"
    id = admin.found(email)["id"]
    santiago = Colleague(demo, "inmobiliaria", email)
    assert santiago.ask("{ viewer { email } }")["viewer"] == {"email": email}
    assert admin.change("disable-person", id=id)["person"]["disabledAt"]
    assert santiago.codes("{ viewer { email } }") == ["UNAUTHENTICATED"]
    assert admin.change("enable-person", id=id)["person"]["disabledAt"] is None
    token.cache_clear()
    assert Person(demo, "inmobiliaria", email).accounts()


def test_somebody_begins_to_work_here_and_ends(demo: Demo, admin: Colleague) -> None:
    id = admin.found("santiago@inquilinos.example")["id"]
    assert admin.change("set-staff-role", id=id, role="STAFF")["person"]["staffRole"] == "STAFF"
    assert Colleague(demo, "inmobiliaria", "santiago@inquilinos.example").found("laura@")["name"] == "Laura Restrepo"
    assert admin.change("set-staff-role", id=id, role=None)["person"]["staffRole"] is None


def test_a_mandate_is_given_and_ended(demo: Demo) -> None:
    admin = Colleague(demo, "osiedle", ADMINS["osiedle"])
    community = wspolnoty.book(date(2026, 11, 15)).communities[0]
    id = admin.found("joanna@")["id"]
    given = {"personId": id, "role": "BOARD_MEMBER", "office": "wspolnoty", "subjectKey": community.key}
    mandate = admin.change("grant-mandate", **given)["mandate"]
    assert (mandate["subjectName"], mandate["inForce"]) == (community.name, True)
    ended = admin.change("end-mandate", id=mandate["id"])["mandate"]
    assert (ended["endsOn"], ended["inForce"]) == (mandate["startsOn"], True)
    assert admin.found("joanna@")["mandates"][-1]["endsOn"] == ended["endsOn"]


def sent(admin: Colleague, email: str) -> Any:
    """The newest letter to an address, once it has left."""
    for _ in range(100):
        letter = admin.asked("staff-letters", recipient=email)["letters"]["nodes"][0]
        if letter["state"] == "SENT":
            return letter
        time.sleep(0.1)
    return pytest.fail("no letter has left")


def test_what_became_of_a_letter_is_told(demo: Demo) -> None:
    admin = Colleague(demo, "aguas", ADMINS["aguas"])
    email = "ruben@vecinos.example"
    admin.ask(EXAMPLES["request-password-reset"], {"input": {"email": email}})
    letter = sent(admin, email)
    assert (letter["kind"], letter["failure"]) == ("RESET_PASSWORD", None)
    assert admin.asked("staff-letters")["letterCounts"]["sent"] >= 1
    assert admin.change("retry-letters", ids=[letter["id"]]) == {"retried": 0}
    assert admin.change("cancel-letters", ids=[letter["id"]]) == {"cancelled": 0, "inFlight": 0}


def test_a_program_is_registered_and_ended(demo: Demo) -> None:
    admin = Colleague(demo, "aguas", ADMINS["aguas"])
    made = admin.change("create-client", name="Cierre de mes", scopes=["invoices:read"])
    id = made["client"]["id"]
    assert admin.change("rotate-client-secret", id=id)["secret"] != made["secret"]
    assert admin.change("revoke-client", id=id)["client"]["disabledAt"]
    assert id in [each["id"] for each in admin.asked("staff-clients")["clients"]]


def test_what_a_password_must_have_is_changed_and_set_back(demo: Demo, admin: Colleague) -> None:
    shown = "{ portal { passwordPolicy { history maxAgeDays } } }"
    before = admin.change("update-password-policy")["passwordPolicy"]
    other = {"history": before["history"] + 1, "maxAgeDays": None}
    assert admin.change("update-password-policy", **other)["passwordPolicy"] == {**before, **other}
    visitor = Colleague(demo, "inmobiliaria", "laura@inquilinos.example")
    assert visitor.ask(shown)["portal"]["passwordPolicy"] == other
    assert visitor.codes("mutation { updatePasswordPolicy(input: {}) { userErrors { reason } } }") == ["FORBIDDEN"]
    assert admin.change("update-password-policy", **before)["passwordPolicy"] == before


def test_how_a_portal_looks_is_shown_before_it_is_changed_and_set_back(demo: Demo, admin: Colleague) -> None:
    before = admin.change("update-portal-theme")["theme"]
    other = {"primary": "#004d40", "corners": "SHARP", "dark": {"primary": "#80cbc4"}}
    preview = admin.asked("theme-preview", input=other)["themePreview"]
    assert (preview["dark"]["primary"], preview["userErrors"]) == ("#80cbc4", [])
    assert all(each["passes"] for each in preview["contrasts"])
    assert admin.change("update-portal-theme", **other)["theme"]["dark"]["primary"] == "#80cbc4"
    visitor = Colleague(demo, "inmobiliaria", "laura@inquilinos.example")
    theme = visitor.ask("{ portal { theme { primary corners logoUrl } } }")["portal"]["theme"]
    assert theme == {"primary": "#004d40", "corners": "SHARP", "logoUrl": before["logoUrl"]}
    back = {**before, "dark": before["dark"]}
    assert admin.change("update-portal-theme", **back)["theme"] == before
