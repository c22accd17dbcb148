"""Clients: the programs that may ask for tokens at one manager, and what each may ask for at most.

A program that acts for people has addresses to send them back to; one of the manager's own has none and a secret. No
program is both, so that a secret alone never stands for anybody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from sqlmodel import col, select, update

from ventanilla.auth.oauth import opaque
from ventanilla.auth.people import is_name
from ventanilla.auth.scopes import EXPORTS, SCOPES, ordered, unknown
from ventanilla.auth.sessions import hash_of
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import ClientRow, TokenRow
from ventanilla.store.tenancy import Work

OVERLAP: Final = timedelta(hours=24)
"""How long the former secret is good after a rotation."""
_MAX_REDIRECTS = 20
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})
_URI = re.compile(r"[a-z0-9._~:/?@!$&'()*+,;=%-]{1,2000}", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
"""No IPv6: a page cannot name such an address in its policy."""


class ClientReason(StrEnum):
    """Why a client was not added or changed."""

    NAME_INVALID = "NAME_INVALID"
    SCOPE_UNKNOWN = "SCOPE_UNKNOWN"
    SCOPE_REQUIRED = "SCOPE_REQUIRED"
    SCOPE_NOT_FOR_PEOPLE = "SCOPE_NOT_FOR_PEOPLE"
    REDIRECT_URI_INVALID = "REDIRECT_URI_INVALID"
    REDIRECT_URI_REQUIRED = "REDIRECT_URI_REQUIRED"
    TOO_MANY_REDIRECT_URIS = "TOO_MANY_REDIRECT_URIS"
    NOT_FOUND = "NOT_FOUND"
    REVOKED = "REVOKED"
    PUBLIC = "PUBLIC"


class ClientError(ValueError):
    """A client cannot be added or changed as asked; the message says what to do instead.

    `value` is what was wrong, where it is a scope or an address.
    """

    def __init__(self, reason: ClientReason, message: str, value: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.value = value


class Client(Record):
    """A program as those who manage it see it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    public: bool
    """Whether it cannot keep a secret."""
    created_at: datetime
    used_at: datetime | None
    """When it was last given a token, to the minute."""
    disabled_at: datetime | None


class Keyed(Record):
    """A client and its new secret, which is told this once; None for a public client."""

    client: Client
    secret: str | None

    def __repr__(self) -> str:
        return f"Keyed(client={self.client!r}, secret=…)"


async def add(
    work: Work,
    *,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    redirect_uris: Sequence[str] = (),
    public: bool = False,
    created_by: str | None = None,
) -> Keyed:
    """Register a program with the manager of `work`; `ClientError` for what cannot be one."""
    if public and not redirect_uris:
        msg = "a public client acts for people: name where they are sent back to, as a redirect URI"
        raise ClientError(ClientReason.REDIRECT_URI_REQUIRED, msg)
    secret = None if public else opaque.made(opaque.SECRET)
    row = ClientRow(
        id=uuid4().hex,
        name=_checked_name(name),
        secret_hash=None if secret is None else hash_of(secret),
        scope=" ".join(_checked_scopes(scopes, for_people=bool(redirect_uris))),
        redirect_uris="\n".join(_checked_redirects(redirect_uris)),
        created_at=now,
        created_by=created_by,
    )
    work.add(row)
    await work.flush()
    return Keyed(client=_client(row), secret=secret)


async def listing(work: Work) -> list[Client]:
    """The programs of the manager of `work`, oldest first, those that were revoked too."""
    rows = await work.exec(select(ClientRow).order_by(col(ClientRow.created_at), col(ClientRow.id)))
    return [_client(row) for row in rows.all()]


async def rotate(work: Work, client_id: str, *, now: datetime, at_once: bool = False) -> Keyed:
    """Give a client another secret; the former one is good for `OVERLAP` more, or ends `at_once`.

    Raises `ClientError` for one that is unknown, revoked or public.
    """
    row = await _living(work, client_id)
    if row.secret_hash is None:
        msg = f"{client_id} is a public client: it has no secret that could be changed"
        raise ClientError(ClientReason.PUBLIC, msg)
    secret = opaque.made(opaque.SECRET)
    row.former_secret_hash = None if at_once else row.secret_hash
    row.former_until = None if at_once else now + OVERLAP
    row.secret_hash = hash_of(secret)
    await work.flush()
    return Keyed(client=_client(row), secret=secret)


async def revoke(work: Work, client_id: str, *, now: datetime) -> Client:
    """End a client and all its tokens at once; `ClientError` for one that is unknown or was revoked already."""
    row = await _living(work, client_id)
    row.disabled_at, row.former_secret_hash, row.former_until = now, None, None
    await work.flush()
    return _client(row)


async def end_tokens(work: Work, person_id: str, *, now: datetime) -> None:
    """End what all programs may do on behalf of a person: they have to consent anew."""
    theirs = (col(TokenRow.person_id) == person_id, col(TokenRow.revoked_at).is_(None))
    ending = update(TokenRow).where(*theirs).values(revoked_at=now)
    # A statement does not see what an exchange that it waited for has added: the next one does.
    while (await work.exec(ending)).rowcount:
        pass


async def _living(work: Work, client_id: str) -> ClientRow:
    row = (await work.exec(select(ClientRow).where(col(ClientRow.id) == client_id).with_for_update())).first()
    if row is None:
        msg = f"this manager has no client {client_id!r}: `ventanilla client list` tells which there are"
        raise ClientError(ClientReason.NOT_FOUND, msg)
    if row.disabled_at is not None:
        msg = f"{client_id} was revoked: add another client instead"
        raise ClientError(ClientReason.REVOKED, msg)
    return row


def _checked_name(name: str) -> str:
    found = name.strip()
    if not is_name(found):
        msg = "a client needs a name, one line of at most 120 characters: it is what people are asked to trust"
        raise ClientError(ClientReason.NAME_INVALID, msg)
    return found


def _checked_scopes(scopes: Sequence[str], *, for_people: bool) -> tuple[str, ...]:
    if wrong := unknown(scopes):
        msg = f"no such scope: {', '.join(wrong)}; scopes are {', '.join(SCOPES)}"
        raise ClientError(ClientReason.SCOPE_UNKNOWN, msg, wrong[0])
    if not scopes:
        msg = f"a client needs a scope; scopes are {', '.join(SCOPES)}"
        raise ClientError(ClientReason.SCOPE_REQUIRED, msg)
    if for_people and (whole := ordered(EXPORTS.intersection(scopes))):
        msg = (
            f"{', '.join(whole)}: this is for programs of the manager's own, and one with redirect URIs acts for"
            " people; leave it out, or register another program without redirect URIs for it"
        )
        raise ClientError(ClientReason.SCOPE_NOT_FOR_PEOPLE, msg, whole[0])
    return ordered(scopes)


def _checked_redirects(uris: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(uris))
    if len(found) > _MAX_REDIRECTS:
        msg = f"a client may have at most {_MAX_REDIRECTS} redirect URIs"
        raise ClientError(ClientReason.TOO_MANY_REDIRECT_URIS, msg)
    for uri in found:
        if not is_redirect(uri):
            msg = f"{uri!r} is no redirect URI: give https://…, or http://localhost:PORT/…, without user and fragment"
            raise ClientError(ClientReason.REDIRECT_URI_INVALID, msg, uri)
    return found


def is_redirect(uri: str) -> bool:
    """Whether people may be sent to `uri` at all: https anywhere, http to the program's own machine."""
    try:
        parts = urlsplit(uri)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    if not _URI.fullmatch(uri) or "@" in parts.netloc or not _HOST.fullmatch(host) or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def _client(row: ClientRow) -> Client:
    return Client(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scope.split()),
        redirect_uris=tuple(row.redirect_uris.split("\n")) if row.redirect_uris else (),
        public=row.secret_hash is None,
        created_at=row.created_at,
        used_at=row.used_at,
        disabled_at=row.disabled_at,
    )
