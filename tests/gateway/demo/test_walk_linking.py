"""Somebody new reaches an account, gives it up and is erased; others prove theirs. Example documents over the wire."""

from __future__ import annotations

import json
import re
import time
from email import message_from_bytes, policy
from typing import Any

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS, VARIABLES, Person

EMAIL, PASSWORD = "nueva@vecinos.example", "Bicicleta verde 77"
FORM = {
    "email": EMAIL,
    "password": PASSWORD,
    "givenName": "Ester",
    "familyName": "Núñez",
    "documentType": "DNI",
    "documentNumber": "30.111.222",
    "phone": "+54 343 600 1020",
}
LINK = re.compile(r"/verify#(\S+)")


class Newcomer:
    """Somebody without an account at one portal."""

    def __init__(self, demo: Demo, slug: str) -> None:
        self.demo, self.slug, self.port = demo, slug, demo.port + PORTALS[slug]
        self.token: str | None = None

    def ask(self, name: str, variables: dict[str, Any] | None = None) -> Any:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return self.demo.ask(self.port, EXAMPLES[name], variables, **headers)

    def change(self, name: str, **given: Any) -> Any:
        """What the one mutation of an example answered; a refusal fails the test."""
        (payload,) = self.ask(name, {"input": given}).values()
        assert payload["userErrors"] == []
        return payload

    def refused(self, name: str, **given: Any) -> list[str]:
        (payload,) = self.ask(name, {"input": given}).values()
        return [error["reason"] for error in payload["userErrors"]]

    def verified(self) -> str:
        """The token of the link in the letter, once it has come."""
        for _ in range(100):
            for path in (self.demo.data / "mailbox" / self.slug).glob("*.eml"):
                message = message_from_bytes(path.read_bytes(), policy=policy.default)
                body = message.get_body(("plain",))
                if (
                    message["to"].addresses[0].addr_spec == EMAIL
                    and body
                    and (found := LINK.search(body.get_content()))
                ):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError("no letter came that leads to /verify")


def test_from_registration_to_the_first_page_and_out_again(demo: Demo) -> None:
    ester = Newcomer(demo, "aguas")
    terms = ester.ask("portal")["portal"]["terms"]["version"]
    ester.change("register", **FORM, acceptedTermsVersion=terms)
    ester.change("verify-email", token=ester.verified())
    entered = ester.change("sign-in", email=EMAIL, password=PASSWORD, delivery="BEARER")
    assert entered["viewer"]["onboardingState"] == "NEEDS_ACCOUNT"
    ester.token = entered["session"]["accessToken"]
    (preview,) = ester.change("start-account-link", number="103 00455 2")["previews"]
    assert preview["proof"] == "NONE"
    assert "Albornoz" not in json.dumps(preview)
    account = ester.change("confirm-account-link", token=preview["token"])["account"]
    assert [(each["name"], each["isViewer"]) for each in account["people"]] == [
        ("Lucía A.", False),
        ("Ester Núñez", True),
    ]
    home = ester.ask("home", VARIABLES["aguas"])["viewer"]
    assert [node["number"] for node in home["accounts"]["nodes"]] == ["103-00455-2"]
    assert ester.change("set-default-account", accountId=account["id"])["account"]["number"] == "103-00455-2"
    (event,) = ester.ask("account-audit", {"id": account["id"]})["account"]["audit"]["nodes"]
    assert (event["kind"], event["actor"], event["byViewer"]) == ("ACCOUNT_LINKED", "Ester Núñez", True)
    held = json.loads(ester.ask("my-data")["viewer"]["personalData"])
    assert held["profile"][0]["document_number"] == "30111222"
    assert [each["number"] for each in held["accounts"]] == ["103-00455-2"]
    assert ester.change("unlink-account", accountId=account["id"])["stillEnrolled"] == ["E_INVOICE"]
    assert ester.refused("unlink-account", accountId=account["id"]) == ["NOT_LINKED"]
    outcomes = {each["outcome"] for each in ester.change("erase-my-data", email=EMAIL)["erasures"]}
    assert outcomes == {"ERASED", "PSEUDONYMISED", "RETAINED"}
    ester.token = None
    assert ester.refused("sign-in", email=EMAIL, password=PASSWORD) == ["INVALID_CREDENTIALS"]


def shared(demo: Demo, slug: str, email: str, number: str, proof: str) -> dict[str, Any]:
    """Somebody proves and reaches another account, looks at it, and gives it up again."""
    person = Newcomer(demo, slug)
    person.token = Person(demo, slug, email).token
    (preview,) = person.change("start-account-link", number=number)["previews"]
    assert person.refused("confirm-account-link", token=preview["token"]) == ["PROOF_REQUIRED"]
    assert person.refused("confirm-account-link", token=preview["token"], proof="1") == ["PROOF_WRONG"]
    account = person.change("confirm-account-link", token=preview["token"], proof=proof)["account"]
    person.change("unlink-account", accountId=account["id"])
    assert account["number"] == number
    return {"proof": preview["proof"], "role": next(each["role"] for each in account["people"] if each["isViewer"])}


def test_the_holders_document_makes_a_holder(demo: Demo) -> None:
    query = '{ viewer { accounts(number: "PR-0201") { nodes { holder { documentNumber } } } } }'
    (known,) = Person(demo, "inmobiliaria", "beatriz@propietarios.example").ask(query)["viewer"]["accounts"]["nodes"]
    told = shared(demo, "inmobiliaria", "laura@inquilinos.example", "PR-0201", known["holder"]["documentNumber"])
    assert told == {"proof": "HOLDER_DOCUMENT", "role": "HOLDER"}


def test_the_amount_of_the_last_invoice_makes_a_resident(demo: Demo) -> None:
    query = "{ viewer { defaultAccount { invoices(first: 1) { nodes { total { amount } } } } } }"
    told = Person(demo, "osiedle", "stanislaw@sasiedzi.example").ask(query)
    total = told["viewer"]["defaultAccount"]["invoices"]["nodes"][0]["total"]["amount"]
    typed = f"{total.replace('.', ',')} zł"
    told = shared(demo, "osiedle", "tomasz@sasiedzi.example", "01-012-0034", typed)
    assert told == {"proof": "LAST_INVOICE_AMOUNT", "role": "RESIDENT"}
