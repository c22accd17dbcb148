"""Commits: a quote becomes a checkout, once, and what it pays is nobody else's to pay meanwhile.

Between two who commit at the same moment the database decides: by its keys for one quote and one client's key, by the
index of what is held for one document. Who lost is told what stands against it.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import uuid4

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.checkout_status import PAUSES
from ventanilla.store.checkout_terms import CheckoutTerms
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import CheckoutItemRow, CheckoutRow
from ventanilla.store.tenancy import Work

_REFERENCE: Final = 20
"""Letters and digits of a reference: about a hundred bits."""
_FORM: Final = re.compile(rf"[a-z][a-z0-9]{{{_REFERENCE - 2}}}[a-z]")
_TRIES: Final = 5
"""How often a commit is begun anew because of what another one did at the same moment."""


class NotCommitted(StrEnum):
    """Why there is no new checkout."""

    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used for something else."""
    QUOTE_USED = "QUOTE_USED"
    """There is a checkout of this quote."""
    PAYMENT_IN_PROGRESS = "PAYMENT_IN_PROGRESS"
    """One of its documents is being paid, or is paid and not booked yet."""


class Commit(Record):
    """What somebody wants to pay: a quote, under a key of theirs."""

    person_id: str
    quote_id: str
    key: str
    """The client's own; the same key asks for the same."""
    return_url: str
    """As the client gave it."""


class Intent(Record):
    """A commit that nothing speaks against, as far as is known without the others."""

    commit: Commit
    terms: CheckoutTerms
    origin: str
    return_path: str
    language: str
    expires_at: datetime
    terms_version: str | None = None
    """Which terms of the portal hold; None where there are none."""


class Against(Record):
    """What stands against a commit, and which checkout it is, as far as that is told."""

    reason: NotCommitted
    checkout_id: str | None = None
    person_id: str | None = None
    """Whose that checkout is."""


async def commit(store: Store, manager: str, intent: Intent, now: datetime) -> str | Against:
    """Make the checkout, its documents held: its id, also that of the one which the same commit has made before."""
    for _ in range(_TRIES):
        try:
            async with store.work(manager) as work:
                return await _standing(work, intent) or await _insert(work, intent, now)
        except IntegrityError:  # another one has committed at the same moment: the next look sees it
            continue
    return Against(reason=NotCommitted.PAYMENT_IN_PROGRESS)


async def before(work: Work, commit: Commit) -> str | Against | None:
    """The checkout that was made under the same key; None where the key is new."""
    ours = (col(CheckoutRow.person_id) == commit.person_id, col(CheckoutRow.idempotency_key) == _digest(commit.key))
    known = (await work.exec(select(CheckoutRow).where(*ours))).first()
    if known is None:
        return None
    return known.id if known.asked == _asked(commit) else Against(reason=NotCommitted.IDEMPOTENCY_CONFLICT)


async def of_quote(work: Work, quote_id: str) -> Against | None:
    """What stands against committing a quote: that it was committed before."""
    used = (await work.exec(select(CheckoutRow).where(col(CheckoutRow.quote_id) == quote_id))).first()
    return _told(NotCommitted.QUOTE_USED, used) if used else None


async def holders(work: Work, office: str, invoice_keys: Sequence[str]) -> dict[str, Against]:
    """What stands against paying documents of an office, by the document's key: who holds it."""
    held = (col(CheckoutItemRow.held), col(CheckoutItemRow.office) == office)
    wanted = select(CheckoutItemRow.invoice_key, CheckoutRow).where(
        *held, col(CheckoutItemRow.invoice_key).in_(invoice_keys), CheckoutRow.id == CheckoutItemRow.checkout_id
    )
    return {key: _told(NotCommitted.PAYMENT_IN_PROGRESS, row) for key, row in await work.exec(wanted)}


async def _standing(work: Work, intent: Intent) -> str | Against | None:
    """What there is already: the checkout of this very commit before anything that stands against it."""
    terms, commit = intent.terms, intent.commit
    # Each look sees what was committed before it began. So what matters most is looked for last: whoever sees another's
    # documents held then also sees whose commit it was.
    held = await holders(work, terms.account.office, [line.invoice_key for line in terms.lines])
    used = await of_quote(work, commit.quote_id)
    return await before(work, commit) or used or next(iter(held.values()), None)


def _told(reason: NotCommitted, row: CheckoutRow) -> Against:
    return Against(reason=reason, checkout_id=row.id, person_id=row.person_id)


async def _insert(work: Work, intent: Intent, now: datetime) -> str:
    row = _row(intent, now)
    work.add(row)
    await work.flush()
    # In one order for all, so that no two wait for each other's documents.
    lines = sorted(enumerate(intent.terms.lines, 1), key=lambda each: each[1].invoice_key)
    for position, line in lines:
        work.add(
            CheckoutItemRow(
                checkout_id=row.id,
                position=position,
                office=line.office,
                invoice_key=line.invoice_key,
                number=line.number,
                title=line.title,
                amount_minor=line.amount.minor,
                held=True,
            )
        )
        await work.flush()
    return row.id


def _row(intent: Intent, now: datetime) -> CheckoutRow:
    commit, terms = intent.commit, intent.terms
    return CheckoutRow(
        id=uuid4().hex,
        person_id=commit.person_id,
        quote_id=commit.quote_id,
        idempotency_key=_digest(commit.key),
        asked=_asked(commit),
        reference=_reference(),
        platform=terms.platform,
        office=terms.account.office,
        account=msgspec.json.encode(terms.account).decode(),
        account_key=terms.account.key,
        currency=terms.subtotal.currency,
        amount_minor=terms.subtotal.minor,
        payer_fee_minor=terms.fees.payer.minor,
        manager_fee_minor=terms.fees.manager.minor,
        origin=intent.origin,
        return_path=intent.return_path,
        language=intent.language,
        terms_version=intent.terms_version,
        state=CheckoutState.CREATED.value,
        created_at=now,
        expires_at=intent.expires_at,
        due_at=now + PAUSES[0],
    )


def is_reference(text: str) -> bool:
    """Whether a text looks like a reference that we give: others sell at the same platform too."""
    return _FORM.fullmatch(text) is not None


def _reference() -> str:
    """A name that platforms, banks and people can take: letters and digits that begin and end with a letter."""
    inner = [secrets.choice(string.ascii_lowercase + string.digits) for _ in range(_REFERENCE - 2)]
    return "".join((secrets.choice(string.ascii_lowercase), *inner, secrets.choice(string.ascii_lowercase)))


def _asked(commit: Commit) -> str:
    return _digest(f"{commit.quote_id}\n{commit.return_url}")


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
