"""Previews: what somebody was shown of an account, sealed, so that what is linked is what was seen."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import blake2b

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.records import Account, Record


class Preview(Record):
    """An account as one person was shown it."""

    person_id: str
    office: str
    key: str
    number: str
    shown: str
    """A digest of what was shown."""
    expires_at: datetime


_decode = msgspec.json.Decoder(Preview).decode


class Previews:
    """Seals and opens the previews of one manager: nobody else reads one, and nobody makes one up."""

    def __init__(self, keys: Keys, manager: str) -> None:
        self._seal = Fernet(urlsafe_b64encode(keys.of(manager, "account previews", 32)))

    def make(self, preview: Preview, now: datetime) -> str:
        """The token of a preview."""
        return self._seal.encrypt_at_time(msgspec.json.encode(preview), int(now.timestamp())).decode()

    def read(self, token: str, *, person_id: str, now: datetime) -> Preview | None:
        """What `token` was made of; None for one that is over, of somebody else, altered or invented."""
        try:
            preview = _decode(self._seal.decrypt(token.strip().encode()))
        except (InvalidToken, ValueError):  # what is no token, and text that UTF-8 cannot write
            return None
        return preview if preview.person_id == person_id and now < preview.expires_at else None


def shown_of(account: Account) -> str:
    """A digest of what a preview shows of an account: whose and what it is, and where."""
    told = msgspec.json.encode([account.number, account.title, account.holder.name, account.place])
    return blake2b(told, digest_size=16).hexdigest()
