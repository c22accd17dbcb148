"""How often somebody may try to sign in, or ask for a letter: counted in the database, before anything is compared.

A window opens with the first try and lasts fifteen minutes. Within it five tries are compared for one e-mail and
thirty from one network address; further tries are refused unseen, and do not make the wait longer. A successful
sign-in clears its e-mail's count and takes its own try off the address's, so an office behind one address is not
locked out by its own people. Codes are counted apart, and each try that is compared makes their window last fifteen
minutes more, longer than any code: no code is tried more often, whenever it was sent. A second factor's six digits stay
the same chance all year, so they are counted for a day as well.

Every count is one statement in a transaction of its own: simultaneous tries cannot share a number, nor wait for each
other in a circle.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, cast

from sqlalchemy import UpdateBase, case, false, literal, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, update

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import Instant
from ventanilla.store.tables import SignInAttemptRow as Row
from ventanilla.store.tenancy import Work

WINDOW: Final = timedelta(minutes=15)
"""How long tries are counted together."""
DAY: Final = timedelta(days=1)
"""How long tries of second factors are counted together as well."""
RESEND: Final = timedelta(seconds=60)
"""How long to wait for the letter with a code before another one may be asked for."""
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Kind(StrEnum):
    """What tries are counted by."""

    ACCOUNT = "ACCOUNT"
    """Passwords for one e-mail."""
    CODE = "CODE"
    """Codes for one e-mail."""
    ADDRESS = "ADDRESS"
    """Passwords, codes and second factors from one network address."""
    FACTOR = "FACTOR"
    """Second factors of one person."""
    FACTOR_DAY = "FACTOR_DAY"
    """The same within a day."""
    LETTER = "LETTER"
    """Letters to one e-mail."""
    RESEND = "RESEND"
    """Codes sent to one e-mail."""
    SENDER = "SENDER"
    """Letters asked for from one network address."""
    PASSKEY = "PASSKEY"
    """Sign-ins with a passkey begun from one network address."""
    PROVIDER = "PROVIDER"
    """Visits to identity providers begun from one network address."""
    LOOK_UP = "LOOK_UP"
    """Account numbers looked up by one person."""
    LOOK_UP_AT = "LOOK_UP_AT"
    """Account numbers looked up from one network address."""
    PROOF = "PROOF"
    """Proofs of an account tried by one person."""
    PROOF_OF = "PROOF_OF"
    """Proofs tried of one account."""
    CLIENT = "CLIENT"
    """Requests of one program from one network address that were refused."""
    CLIENT_AT = "CLIENT_AT"
    """Requests of programs from one network address that were refused."""


LIMITS: Final = {
    Kind.ACCOUNT: 5,
    Kind.CODE: 5,
    Kind.ADDRESS: 30,
    Kind.FACTOR: 5,
    Kind.FACTOR_DAY: 30,
    Kind.LETTER: 5,
    Kind.RESEND: 1,
    Kind.SENDER: 30,
    Kind.PASSKEY: 120,
    Kind.PROVIDER: 120,
    Kind.LOOK_UP: 10,
    Kind.LOOK_UP_AT: 30,
    Kind.PROOF: 5,
    Kind.PROOF_OF: 10,
    Kind.CLIENT: 30,
    Kind.CLIENT_AT: 100,
}
"""How many tries within a window are let through."""
_WINDOWS: Final = {Kind.RESEND: RESEND, Kind.FACTOR_DAY: DAY}
_OF_NETWORKS: Final = frozenset({Kind.ADDRESS, Kind.SENDER, Kind.PASSKEY, Kind.PROVIDER, Kind.LOOK_UP_AT})


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
        """Whether what was asked may be done."""
        return self.number <= LIMITS[self.kind]

    @property
    def left(self) -> int:
        """How many more of its window are let through."""
        return max(0, LIMITS[self.kind] - self.number)

    def wait(self, now: datetime) -> int:
        """Whole seconds until another try is let through, at least one."""
        return max(1, -int((now - self.ends_at).total_seconds() // 1))


async def count(store: Store, manager: str, kind: Kind, subject: str, now: datetime) -> Try:
    """Count one try for `subject`: a normalised e-mail, or a network address (IPv6 by its /64)."""
    digest = _digest(kind, subject)
    async with store.work(manager) as work:
        number, ends_at = cast("tuple[int, datetime]", (await work.exec(_upsert(work, kind, digest, now))).one())
    return Try(kind=kind, subject=digest, number=number, ends_at=ends_at)


async def letter_too_many(store: Store, manager: str, email: str, address: str, now: datetime) -> Try | None:
    """Count a letter that `address` asks for to a normalised e-mail; the try that is one too many, None if none is."""
    # The address first: one that is over its limit must not use up other people's letters.
    for kind, subject in ((Kind.SENDER, address), (Kind.LETTER, email)):
        counted = await count(store, manager, kind, subject, now)
        if not counted.allowed:
            return counted
    return None


def _upsert(work: Work, kind: Kind, digest: str, now: datetime) -> UpdateBase:
    fresh = now + _WINDOWS.get(kind, WINDOW)
    insert = _INSERT[work.get_bind().dialect.name](Row).values(kind=kind.value, subject=digest, tries=1, ends_at=fresh)
    over, anew = col(Row.ends_at) <= now, literal(fresh, Instant())
    lasts_on = col(Row.tries) < LIMITS[kind] if kind is Kind.CODE else false()
    return insert.on_conflict_do_update(
        index_elements=["manager", "kind", "subject"],
        set_={
            "tries": case((over, 1), else_=col(Row.tries) + 1),
            "ends_at": case((or_(over, lasts_on), anew), else_=col(Row.ends_at)),
        },
    ).returning(col(Row.tries), col(Row.ends_at))


async def succeeded(work: Work, tries: list[Try]) -> None:
    """Forget the tries of a sign-in that succeeded: all for the e-mail, this one from the address."""
    for each in tries:
        ours = (col(Row.kind) == each.kind.value, col(Row.subject) == each.subject, col(Row.ends_at) == each.ends_at)
        if each.kind in _OF_NETWORKS:
            await work.exec(update(Row).where(*ours, col(Row.tries) > 0).values(tries=col(Row.tries) - 1))
        else:
            await work.exec(delete(Row).where(*ours))


async def forget(work: Work, kind: Kind, subject: str) -> None:
    """Forget all tries of `subject`, a normalised e-mail or a network address."""
    await work.exec(delete(Row).where(col(Row.kind) == kind.value, col(Row.subject) == _digest(kind, subject)))


async def sweep(work: Work, now: datetime) -> int:
    """Delete the counts of the manager of `work` whose window has closed; how many there were."""
    return (await work.exec(delete(Row).where(col(Row.ends_at) <= now))).rowcount


def _digest(kind: Kind, subject: str) -> str:
    text = network_of(subject) if kind in _OF_NETWORKS else subject
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
