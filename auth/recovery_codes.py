"""Recovery codes: for who has lost their authenticator. Ten for each person, each good once, held as hashes."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b32encode
from datetime import datetime
from typing import Final

from sqlmodel import col, delete, select, update

from ventanilla.store.tables import RecoveryCodeRow as Row
from ventanilla.store.tenancy import Work

MANY: Final = 10
"""How many a person gets at once."""
_BYTES: Final = 10
"""80 random bits: enough that a hash without salt tells nobody anything."""
_CODE: Final = re.compile(r"[A-Z2-7]{16}")


async def renew(work: Work, person_id: str) -> tuple[str, ...]:
    """Give a person new ones, told this once; the old ones are good no more."""
    await forget(work, person_id)
    codes = [b32encode(secrets.token_bytes(_BYTES)).decode() for _ in range(MANY)]
    work.add_all([Row(person_id=person_id, code_hash=_hash_of(code)) for code in codes])
    await work.flush()
    return tuple("-".join(re.findall("....", code)) for code in codes)


def is_code(shown: str) -> bool:
    """Whether `shown`, without white space and hyphens, could be one."""
    return _CODE.fullmatch(shown.upper()) is not None


async def use(work: Work, person_id: str, shown: str, now: datetime) -> bool:
    """Use a code of the person up: of all who come with it at once, one does."""
    theirs = (col(Row.person_id) == person_id, col(Row.code_hash) == _hash_of(shown.upper()))
    return (await work.exec(update(Row).where(*theirs, col(Row.used_at).is_(None)).values(used_at=now))).rowcount == 1


async def was_used(work: Work, person_id: str, shown: str) -> bool:
    """Whether it is a code of the person that was used up."""
    theirs = (col(Row.person_id) == person_id, col(Row.code_hash) == _hash_of(shown.upper()))
    return (await work.exec(select(Row.used_at).where(*theirs, col(Row.used_at).is_not(None)))).first() is not None


async def forget(work: Work, person_id: str) -> None:
    """Take all codes of a person away."""
    await work.exec(delete(Row).where(col(Row.person_id) == person_id))


def _hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
