"""Somebody makes a passkey at the demo, as a browser would by name, signs in with it, and gives it up."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.authenticator import Authenticator
from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS

EMAIL = "marta@vecinos.example"


class Browser:
    """A browser at one of the demo's portals, by its name; it keeps cookies and sends what goes with them."""

    def __init__(self, demo: Demo, slug: str) -> None:
        host = f"{slug}.localhost:{demo.port}"
        self.origin = f"http://{host}"
        headers = {"host": host, "x-ventanilla-request": "1", "accept-language": "en"}
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{demo.port}", headers=headers, verify=TLS)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(self, name: str, given: dict[str, Any] | None = None, **headers: str) -> Any:
        """What the one field of an example answered, without a refusal."""
        body = {"query": EXAMPLES[name], "variables": {"input": given}}
        answer = self.client.post("/graphql", json=body, headers=headers).json()
        assert "errors" not in answer, answer["errors"]
        (found,) = answer["data"].values()
        assert not (found or {}).get("userErrors"), found
        return found


def test_a_passkey_is_made_signs_in_and_is_given_up(demo: Demo) -> None:
    bearer = {"authorization": f"Bearer {demo.token(demo.port + PORTALS['aguas'], EMAIL)}"}
    with Browser(demo, "aguas") as browser:
        authenticator = Authenticator(browser.origin)
        begun = browser.ask("start-passkey-registration", {"name": "Phone"}, **bearer)
        response = authenticator.create(begun["options"])
        made = browser.ask("finish-passkey-registration", {"ticket": begun["ticket"], "response": response}, **bearer)
        passkey = made["passkey"]["id"]

        asked = browser.ask("start-passkey-sign-in", {"hints": ["CLIENT_DEVICE"]})
        signed = {"ticket": asked["ticket"], "response": authenticator.get(asked["options"])}
        entered = browser.ask("finish-passkey-sign-in", signed)
        assert entered["session"]["accessToken"] is None
        assert entered["viewer"]["onboardingState"] == "READY"

        (held,) = browser.ask("passkeys")["passkeys"]
        assert (held["id"], held["name"], bool(held["usedAt"])) == (passkey, "Phone", True)
        assert browser.ask("rename-passkey", {"id": passkey, "name": "Tablet"})["passkey"]["name"] == "Tablet"
        assert browser.ask("remove-passkey", {"id": passkey})["passkey"]["id"] == passkey
        assert browser.ask("passkeys")["passkeys"] == []


def test_a_bare_address_says_that_passkeys_do_not_work_there(demo: Demo) -> None:
    port = demo.port + PORTALS["aguas"]
    answer = demo.ask(port, EXAMPLES["start-passkey-sign-in"], {}, **{"accept-language": "en"})["startPasskeySignIn"]
    (refused,) = answer["userErrors"]
    assert (answer["options"], refused["reason"]) == (None, "NOT_AVAILABLE_HERE")
    assert "Open the portal by its name" in refused["message"]
