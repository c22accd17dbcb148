"""How often somebody may try to sign in: counted in the database, before any password is compared.

A window opens with the first try and lasts fifteen minutes. Within it five tries are compared for one e-mail and
thirty from one network address; further tries are refused unseen, and do not make the wait longer. A successful
sign-in clears its e-mail's count and takes its own try off the address's, so an office behind one address is not
locked out by its own people.

Every count is one statement in a transaction of its own: simultaneous tries cannot share a number, nor wait for each
other in a circle.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, cast

from sqlalchemy import UpdateBase, case, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import Instant
from ventanilla.store.tables import SignInAttemptRow as Row
from ventanilla.store.tenancy import Work

WINDOW: Final = timedelta(minutes=15)
"""How long tries are counted together."""
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Kind(StrEnum):
    """What tries are counted by."""

    ACCOUNT = "ACCOUNT"
    ADDRESS = "ADDRESS"


LIMITS: Final = {Kind.ACCOUNT: 5, Kind.ADDRESS: 30}
"""How many tries within a window are compared."""


class Try(Record):
    """One counted try."""

    kind: Kind
    subject: str
    """Digest of the e-mail or address."""
    number: int
    """The how-manieth of its window it is, from 1."""
    ends_at: datetime
    """When the window closes."""

    @property
    def allowed(self) -> bool:
        """Whether the password may be compared."""
        return self.number <= LIMITS[self.kind]


async def count(store: Store, manager: str, kind: Kind, subject: str, now: datetime) -> Try:
    """Count one try for `subject`: a normalised e-mail, or a network address (IPv6 by its /64)."""
    digest = _digest(kind, subject)
    async with store.work(manager) as work:
        number, ends_at = cast("tuple[int, datetime]", (await work.exec(_upsert(work, kind, digest, now))).one())
    return Try(kind=kind, subject=digest, number=number, ends_at=ends_at)


def _upsert(work: Work, kind: Kind, digest: str, now: datetime) -> UpdateBase:
    fresh = now + WINDOW
    insert = _INSERT[work.get_bind().dialect.name](Row).values(kind=kind.value, subject=digest, tries=1, ends_at=fresh)
    over, anew = col(Row.ends_at) <= now, literal(fresh, Instant())
    return insert.on_conflict_do_update(
        index_elements=["manager", "kind", "subject"],
        set_={
            "tries": case((over, 1), else_=col(Row.tries) + 1),
            "ends_at": case((over, anew), else_=col(Row.ends_at)),
        },
    ).returning(col(Row.tries), col(Row.ends_at))


async def succeeded(work: Work, tries: list[Try]) -> None:
    """Forget the tries of a sign-in that succeeded: all of the account's, this one of the address's."""
    for each in tries:
        ours = (col(Row.kind) == each.kind.value, col(Row.subject) == each.subject, col(Row.ends_at) == each.ends_at)
        if each.kind is Kind.ACCOUNT:
            await work.exec(delete(Row).where(*ours))
        else:
            await work.exec(update(Row).where(*ours, col(Row.tries) > 0).values(tries=col(Row.tries) - 1))


async def sweep(work: Work, now: datetime) -> int:
    """Delete the counts of the manager of `work` whose window has closed; how many there were."""
    return (await work.exec(delete(Row).where(col(Row.ends_at) <= now))).rowcount


def _digest(kind: Kind, subject: str) -> str:
    text = network_of(subject) if kind is Kind.ADDRESS else subject
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def network_of(address: str) -> str:
    """One customer of a network: an IPv4 address, or the /64 that an IPv6 customer may roam in."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))
