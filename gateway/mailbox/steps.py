"""What a letter tells somebody to go on with, made ready for the query console."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Template
from typing import Final

from ventanilla.auth.proofs import DIGITS, LINK
from ventanilla.backoffice_adapters.records import Record

_LINK: Final = re.compile(rf"/(?P<page>[a-z-]+)#(?P<token>{LINK}[A-Za-z0-9_-]+)")
_CODE: Final = re.compile(rf"^\s*(\d{{{DIGITS}}})\s*$", re.MULTILINE)
DOCUMENTS: Final[Mapping[str, str]] = {
    "verify": """mutation {
  verifyEmail(input: { token: "$value" }) {
    email
    userErrors { message }
  }
}""",
    "reset": """mutation {
  resetPassword(input: { token: "$value", newPassword: "a-new-one-of-2026" }) {
    endedSessions
    userErrors { message }
  }
}""",
    "code": """mutation {
  signInWithCode(input: { ticket: "the ticket of requestSignInCode", code: "$value" }) {
    viewer { name }
    userErrors { message }
  }
}""",
}
"""What to ask with a link's token, by the page that the link leads to, or with a code."""


class Step(Record):
    """A token or a code, and the document to ask with it."""

    name: str
    value: str
    document: str | None

    def __repr__(self) -> str:
        return f"Step(name={self.name!r})"


def steps_of(text: str) -> list[Step]:
    """The steps of a letter's plain text: each token and code once."""
    links = {found["token"]: found["page"] for found in _LINK.finditer(text)}
    codes: dict[str, str] = dict.fromkeys(_CODE.findall(text), "code")
    return [_step("Token", *link) for link in links.items()] + [_step("Code", *code) for code in codes.items()]


def _step(name: str, value: str, kind: str) -> Step:
    document = DOCUMENTS.get(kind)
    return Step(name=name, value=value, document=Template(document).substitute(value=value) if document else None)
