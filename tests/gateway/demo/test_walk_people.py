"""Somebody comes by themselves: the example documents over the wire, and the letters that the demo sends them."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS

SLUG = "osiedle"
EMAIL = "nowa@sasiedzi.example"
FIRST, SECOND, THIRD = "Zielony rower 77", "Niebieski rower 88", "Czerwony rower 99"
FORM = {
    "email": EMAIL,
    "password": FIRST,
    "givenName": "Maria",
    "familyName": "Wiśniewska",
    "documentType": "PESEL",
    "documentNumber": "800101 12345",
    "phone": "+48 600 100 200",
}
LINK = re.compile(r"http://127\.0\.0\.1:\d+/(\w+)#(\S+)")


def ask(demo: Demo, name: str, given: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    """What the one mutation of an example answered; a refusal fails the test."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    (payload,) = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES[name], {"input": given}, **headers).values()
    assert payload["userErrors"] == []
    return payload


def link(demo: Demo, page: str) -> str:
    """The token of the link to a page in the one letter that has such a link, once it has come."""
    folder = demo.data / "mailbox" / SLUG
    for _ in range(100):
        for path in folder.glob("*.eml"):
            if (found := LINK.search(text_of(path))) and found[1] == page:
                return found[2]
        time.sleep(0.1)
    raise AssertionError(f"no letter came that leads to {page}")


def text_of(path: Path) -> str:
    """What a letter to our person says; nothing, for one to somebody else."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    ours = message["to"].addresses[0].addr_spec == EMAIL
    return body.get_content() if ours and body else ""


def entered(demo: Demo, password: str) -> str:
    given = {"email": EMAIL, "password": password, "delivery": "BEARER"}
    return ask(demo, "sign-in", given)["session"]["accessToken"]


def test_somebody_registers_changes_their_password_forgets_it_and_gets_another(demo: Demo) -> None:
    terms = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES["portal"])["portal"]["terms"]
    assert terms["body"].startswith("Regulamin")
    asked = ask(demo, "register", {**FORM, "acceptedTermsVersion": terms["version"]})
    assert asked["maskedEmail"] == "n•••@sasiedzi.example"
    assert ask(demo, "verify-email", {"token": link(demo, "verify")})["email"] == EMAIL
    token = entered(demo, FIRST)
    changed = ask(demo, "change-password", {"currentPassword": FIRST, "newPassword": SECOND}, token)
    assert changed["endedSessions"] == 0
    entered(demo, SECOND)
    ask(demo, "request-password-reset", {"email": EMAIL})
    ended = ask(demo, "reset-password", {"token": link(demo, "reset"), "newPassword": THIRD})
    assert ended["endedSessions"] == 2
    entered(demo, THIRD)
