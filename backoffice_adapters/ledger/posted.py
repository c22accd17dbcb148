"""What was posted, by its key: a key stands for one content, and for what was answered to it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

import msgspec
from msgspec.structs import replace

from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.database import Work
from ventanilla.backoffice_adapters.records import PostedPayment

PAYMENT: Final = "PAYMENT"
REVERSAL: Final = "REVERSAL"
_KEY = re.compile("[ -~]{1,64}")
_NUMBERED = re.compile(r"([0-9]+)\Z")
_LONGEST = 120
_CONFLICT = Fault(code=FaultCode.CONFLICT, detail="this key was posted with other content; take a new key for it")


def is_posting_key(key: str) -> bool:
    """Whether `key` may stand for something posted: 1–64 printable ASCII characters."""
    return _KEY.fullmatch(key) is not None


def digest_of(*content: object) -> str:
    """What tells one content from another."""
    return sha256(msgspec.json.encode(content)).hexdigest()


async def answered(work: Work, book: str, key: str, digest: str) -> PostedPayment | Fault | None:
    """What was answered under `key`, as replayed; CONFLICT for other content; None for a key that is new."""
    rows = await work.rows("SELECT digest, answer FROM posting WHERE book = $1 AND key = $2", [book, key])
    if not rows:
        return None
    known, answer = rows[0]
    if known != digest:  # not a secret, but a sum of what was posted
        return _CONFLICT
    return replace(msgspec.json.decode(answer, type=PostedPayment), replayed=True)


async def keep(work: Work, book: str, key: str, *, kind: str, digest: str, answer: PostedPayment) -> None:
    """Remember what is answered under `key` to what is posted, a PAYMENT or REVERSAL; `ConstraintError` if it is."""
    text = msgspec.json.encode(answer).decode()
    await work.execute(
        """INSERT INTO posting (book, key, position, kind, digest, payment_key, answer) VALUES ($1, $2,
        (SELECT COALESCE(MAX(position), -1) + 1 FROM posting WHERE book = $1), $3, $4, $5, $6)""",
        [book, key, kind, digest, answer.payment.key, text],
    )


async def next_payment_key(work: Work, book: str) -> str:
    """A key that sorts after the office's own, and looks like them."""
    last = await work.rows(
        f"""SELECT payment_key FROM posting WHERE book = $1 AND kind = '{PAYMENT}'
        ORDER BY position DESC LIMIT 1""",
        [book],
    ) or await work.rows(
        # Of those that are numbered the longest, and of these the greatest: P10 comes after P9, and what follows it is
        # nobody's yet.
        """SELECT key FROM payment WHERE book = $1
        ORDER BY CASE WHEN SUBSTR(key, LENGTH(key)) BETWEEN '0' AND '9' THEN 0 ELSE 1 END, LENGTH(key) DESC, key DESC
        LIMIT 1""",
        [book],
    )
    return following(last[0][0] if last else "payment-000000")


def following(key: str) -> str:
    """The key after `key`: its number counted on, as wide as it was; one that ends in no number begins to count."""
    found = _NUMBERED.search(key)
    after = f"{key[: found.start()]}{int(found[1]) + 1:0{len(found[1])}}" if found else f"{key}-1"
    return after if len(after) <= _LONGEST else digest_of(key)
