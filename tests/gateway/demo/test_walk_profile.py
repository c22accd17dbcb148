"""Somebody sees what is known of them, changes it, and comes in under another address: documents over the wire."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from typing import Any

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS

SLUG = "osiedle"
FORMER, NEW = "dawny@sasiedzi.example", "teraz@sasiedzi.example"
PASSWORD = "Fioletowy rower 55"
FORM = {
    "email": FORMER,
    "password": PASSWORD,
    "givenName": "Maria",
    "familyName": "Zawadzka",
    "documentType": "PESEL",
    "documentNumber": "810101 12345",
    "phone": "+48 600 100 201",
}


def ask(demo: Demo, name: str, token: str | None = None, /, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    (answer,) = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES[name], variables, **headers).values()
    return answer


def change(demo: Demo, name: str, token: str | None = None, /, **given: Any) -> Any:
    """What the one mutation of an example answered; a refusal fails the test."""
    payload = ask(demo, name, token, input=given)
    assert payload["userErrors"] == []
    return payload


def link(demo: Demo, email: str, page: str) -> str:
    """The token of the link to a page in a letter to an address, once it has come."""
    for _ in range(100):
        for path in (demo.data / "mailbox" / SLUG).glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            if body and message["to"].addresses[0].addr_spec == email:
                found = re.search(rf"/{page}#(\S+)", body.get_content())
                if found:
                    return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no letter came to {email} that leads to /{page}")


def entered(demo: Demo, email: str) -> str:
    given = {"email": email, "password": PASSWORD, "delivery": "BEARER"}
    return change(demo, "sign-in", **given)["session"]["accessToken"]


def test_a_profile_is_changed_and_another_address_proved(demo: Demo) -> None:
    terms = ask(demo, "portal")["terms"]["version"]
    change(demo, "register", **FORM, acceptedTermsVersion=terms)
    change(demo, "verify-email", token=link(demo, FORMER, "verify"))
    token = entered(demo, FORMER)
    profile = ask(demo, "profile", token)["profile"]
    assert (profile["documentNumber"], profile["phone"]) == ("81010112345", "+48 600 100 201")
    renamed = change(demo, "update-profile", token, familyName="Zawadzka-Lis")["profile"]
    assert (renamed["givenName"], renamed["familyName"]) == ("Maria", "Zawadzka-Lis")
    sent = change(demo, "update-contact", token, email=NEW, phone="600 100 202")
    assert sent["state"] == "EMAIL_VERIFICATION_SENT"
    assert sent["profile"] == {"email": FORMER, "pendingEmail": NEW, "phone": "600 100 202"}
    assert change(demo, "confirm-new-email", token=link(demo, NEW, "new-email"))["email"] == NEW
    assert ask(demo, "profile", token)["profile"]["email"] == NEW, "the session stays"
    (refused,) = ask(demo, "sign-in", input={"email": FORMER, "password": PASSWORD})["userErrors"]
    assert refused["reason"] == "INVALID_CREDENTIALS"
    entered(demo, NEW)
    events = [each["kind"] for each in ask(demo, "my-audit", token)["audit"]["nodes"]]
    assert events == ["SIGNED_IN", "EMAIL_CHANGED", "PROFILE_CHANGED", "PROFILE_CHANGED", "SIGNED_IN", "TERMS_ACCEPTED"]
