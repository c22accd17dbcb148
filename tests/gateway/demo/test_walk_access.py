"""Access for many is previewed, generated, sent, followed and cancelled: the example documents over the wire."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from typing import Any

from tests.gateway.demo.process import Demo
from tests.gateway.demo.test_walk_staff import ADMINS
from tests.gateway.demo.walking import EXAMPLES, PORTALS, Person

SLUG, PASSWORD = "aguas", "una ventanilla abierta 7"
NEWCOMER = "informes@laboratorioaguas.example"
ONLY: dict[str, Any] = {"audience": "SUPPLIERS", "filterMode": "ONLY"}


def ask(demo: Demo, name: str, token: str | None = None, /, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    (answer,) = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES[name], variables, **headers).values()
    return answer


def change(demo: Demo, name: str, token: str | None = None, /, **given: Any) -> Any:
    """What the one mutation of an example answered; a refusal fails the test."""
    payload = ask(demo, name, token, input=given)
    assert payload["userErrors"] == []
    return payload


def link(demo: Demo, email: str) -> str:
    """The token of the link in the invitation to an address, once it has come."""
    for _ in range(200):
        for path in (demo.data / "mailbox" / SLUG).glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            if body and message["to"].addresses[0].addr_spec == email:
                found = re.search(r"/activate#(\S+)", body.get_content())
                if found:
                    return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no invitation came to {email}")


class Admin(Person):
    """Who administers access at the water utility."""

    def __init__(self, demo: Demo) -> None:
        super().__init__(demo, SLUG, ADMINS[SLUG])

    def asked(self, name: str, **variables: Any) -> Any:
        return self.ask(EXAMPLES[name], variables)["staff"]

    def party(self, email: str) -> str:
        known = self.asked("access-audience", audience="SUPPLIERS", filterMode="NONE", search="Laboratorio")
        return next(each["id"] for each in known["parties"]["nodes"] if each["email"] == email)

    def batch(self, id: str, state: str) -> Any:
        """The batch, once it is in that state."""
        for _ in range(200):
            found = self.asked("access-batch", id=id)["accessBatch"]
            if found["state"] == state:
                return found
            time.sleep(0.1)
        raise AssertionError(found)

    def ready(self, key: str, **whom: Any) -> str:
        asked = {"idempotencyKey": key, **whom}
        id = change(self.demo, "generate-access", self.token, **asked)["batch"]["id"]
        self.batch(id, "GENERATED")
        return id


def test_a_supplier_is_invited_and_comes_in(demo: Demo) -> None:
    admin = Admin(demo)
    preview = admin.asked("access-audience", audience="SUPPLIERS", filterMode="NONE")["accessAudiencePreview"]
    assert preview["total"] >= 2
    id = admin.ready("walk-1", **ONLY, partyIds=[admin.party(NEWCOMER)])
    change(demo, "send-access", admin.token, batchId=id)
    token = link(demo, NEWCOMER)
    bare = ask(demo, "activate-access", input={"token": token})
    assert bare["userErrors"][0]["reason"] == "PASSWORD_REQUIRED"
    terms = ask(demo, "portal")["terms"]["version"]
    given = {"token": token, "password": PASSWORD, "acceptedTermsVersion": terms}
    assert change(demo, "activate-access", **given)["email"] == NEWCOMER
    again = ask(demo, "activate-access", input=given)
    assert again["userErrors"][0]["reason"] == "TOKEN_USED"

    batch = admin.batch(id, "SENT")
    assert batch["counts"]["accepted"] == batch["counts"]["total"] == 1
    assert batch["invitations"]["nodes"][0]["acceptedAt"]
    entered = change(demo, "sign-in", email=NEWCOMER, password=PASSWORD, delivery="BEARER")
    assert entered["session"]["accessToken"]


def test_what_was_generated_is_cancelled(demo: Demo) -> None:
    admin = Admin(demo)
    id = admin.ready("walk-2", audience="TENANTS_AND_OWNERS")
    counts = admin.batch(id, "GENERATED")["counts"]
    assert counts["total"] == counts["pending"] + counts["skipped"] > 2
    cancelled = change(demo, "cancel-access", admin.token, batchId=id)
    assert (cancelled["cancelledCount"], cancelled["inFlightCount"]) == (counts["pending"], 0)
    retried = ask(demo, "retry-access", admin.token, input={"batchId": id})
    assert [each["reason"] for each in retried["userErrors"]] == ["CANCELLED"]
    newest = admin.asked("access-batches")["accessBatches"]["nodes"][0]
    assert (newest["id"], newest["state"], newest["counts"]["pending"]) == (id, "CANCELLED", 0)
