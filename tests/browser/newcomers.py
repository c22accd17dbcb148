"""People who come to a portal for the first time, and the letters that they get."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from typing import Any

from tests.browser.conftest import Portals
from tests.gateway.demo.walking import EXAMPLES, PORTALS

PASSWORD = "Bicicleta verde 77"
WITHIN_S = 30
REFUSED = "422"
"""What a browser says of the status of a page that shows what was refused."""


def letter(demo: Portals, slug: str, to: str, pattern: str, *, but: str = "") -> str:
    """What `pattern` finds in the newest letter to an address, once one has come that says more than `but`."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        letters = (demo.demo.data / "mailbox" / slug).glob("*.eml")
        for path in sorted(letters, key=lambda path: path.stat().st_mtime_ns, reverse=True):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            found = re.search(pattern, body.get_content()) if body else None
            if found and found[1] != but and message["to"].addresses[0].addr_spec == to:
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to} says {pattern}")


class Newcomer:
    """Somebody who has just registered at one portal, and has no account."""

    def __init__(self, demo: Portals, slug: str, email: str) -> None:
        self.demo, self.slug, self.email = demo, slug, email
        self.port = demo.demo.port + PORTALS[slug]
        self.ask("register", **self._form())
        self.ask("verify-email", token=letter(demo, slug, email, r"/verify#(\S+)"))

    def _form(self) -> dict[str, str]:
        terms = self.demo.demo.ask(self.port, EXAMPLES["portal"])["portal"]["terms"]["version"]
        who = {"givenName": "Ester", "familyName": "Núñez", "documentType": "DNI", "documentNumber": "30.111.222"}
        return {
            **who,
            "phone": "+54 343 600 1020",
            "email": self.email,
            "password": PASSWORD,
            "acceptedTermsVersion": terms,
        }

    def token(self) -> str:
        """A bearer token of another session of theirs."""
        return self.ask("sign-in", email=self.email, password=PASSWORD, delivery="BEARER")["session"]["accessToken"]

    def ask(self, name: str, token: str | None = None, /, **given: Any) -> Any:
        """What the one field of an example document answers; a refusal fails the test."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        (payload,) = self.demo.demo.ask(self.port, EXAMPLES[name], {"input": given}, **headers).values()
        assert payload["userErrors"] == []
        return payload
