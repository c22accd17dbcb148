"""Visits: somebody leaves for an identity provider and comes back, once, within ten minutes, in the same browser.

What a visit is known by travels with the browser: the state in the address, and a secret in a cookie. The store holds
hashes of both; nonce and PKCE verifier are made of both and stand nowhere.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast
from urllib.parse import urlsplit

from sqlalchemy import CursorResult
from sqlmodel import col, delete, select, update

from ventanilla.auth.sessions import hash_of
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import ProviderVisitRow as Row
from ventanilla.store.tenancy import Work

LIFETIME: Final = timedelta(minutes=10)
"""How long somebody may be at the provider."""
HOME: Final = "/"
_LONGEST_PATH: Final = 2_000
_SECRET_LENGTH: Final = 43


class Secrets(Record):
    """What only the browser has that left: its cookie's content, and the state that comes back with it."""

    browser: str
    state: str

    def __repr__(self) -> str:
        return "Secrets(…)"

    @property
    def nonce(self) -> str:
        """What the id token must repeat."""
        return self._made_of("nonce")

    @property
    def verifier(self) -> str:
        """What proves to the provider that who trades the code in is who asked for it (PKCE)."""
        return self._made_of("verifier")

    def _made_of(self, purpose: str) -> str:
        digest = hmac.digest(self.browser.encode(), f"{purpose}\n{self.state}".encode(), sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


class Visit(Record):
    """A visit that came back."""

    return_to: str
    person_id: str | None
    """Who links; None for somebody who signs in."""
    accepted_terms: str | None


def is_secret(text: str) -> bool:
    """Whether `text` could be a state or a browser's secret of ours; what could not is never looked up."""
    return len(text) == _SECRET_LENGTH and text.isascii()


def own_path(text: str | None) -> str:
    """The path of this portal that `text` is, else the portal's first page.

    Browsers read a second slash, a backslash and what they leave out, such as a tab, as the way to another host.
    """
    if not text or len(text) > _LONGEST_PATH or not text.startswith("/") or text.startswith("//"):
        return HOME
    if "\\" in text or not text.isascii() or not text.isprintable() or " " in text:
        return HOME
    try:
        parts = urlsplit(text)
    except ValueError:
        return HOME
    return text if not parts.scheme and not parts.netloc else HOME


async def begin(
    work: Work,
    provider: str,
    *,
    browser: str | None,
    return_to: str,
    now: datetime,
    person_id: str | None = None,
    accepted_terms: str | None = None,
) -> Secrets:
    """Begin a visit; a browser that has a secret already keeps it, so that several tabs may visit at once."""
    await work.exec(delete(Row).where(col(Row.expires_at) <= now))
    made = Secrets(browser=browser or secrets.token_urlsafe(32), state=secrets.token_urlsafe(32))
    work.add(
        Row(
            state_hash=hash_of(made.state),
            provider=provider,
            browser_hash=hash_of(made.browser),
            return_to=return_to,
            person_id=person_id,
            accepted_terms=accepted_terms[:60] if accepted_terms else None,
            expires_at=now + LIFETIME,
        )
    )
    await work.flush()
    return made


async def end(work: Work, provider: str, shown: Secrets, now: datetime) -> Visit | None:
    """Use a visit up: of all who come back with it at once, one does. None where there is none to use up."""
    ours = (
        col(Row.state_hash) == hash_of(shown.state),
        col(Row.browser_hash) == hash_of(shown.browser),
        col(Row.provider) == provider,
    )
    still = (col(Row.used_at).is_(None), col(Row.expires_at) > now)
    used = cast("CursorResult[Any]", await work.exec(update(Row).where(*ours, *still).values(used_at=now)))
    if not used.rowcount:
        return None
    row = (await work.exec(select(Row).where(*ours))).one()
    return Visit(return_to=row.return_to, person_id=row.person_id, accepted_terms=row.accepted_terms)
