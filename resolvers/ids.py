"""Global ids: opaque, bound to one manager, made a column at a time.

An id says which kind of thing it is, at which office, under which key. A short key (at most nine bytes) is one AES
block: kind, office tag, key, and four zero bytes by which a made-up id is recognised; a whole column is one
encryption. A longer key is sealed with AES-SIV. Both are deterministic, so equal things have equal ids, and neither
tells anything to who lacks the manager's key: neighbours look unrelated, another manager's ids are noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ventanilla.backoffice_adapters.records import Record

_BLOCK = 16
_CHECK = bytes(4)
_SHORT = _BLOCK - len(_CHECK) - 3
_HEX = 2 * _BLOCK


class Kind(IntEnum):
    """What an id names. The numbers are part of every id ever given out: never reuse one."""

    ACCOUNT = 1
    INVOICE = 2
    CHARGE = 3
    PAYMENT = 4
    ACCRUAL = 5
    PAYMENT_PLAN = 6
    INSTALMENT = 7
    METER = 8
    METER_READING = 9
    UTILITY_SETTLEMENT = 10
    COMMUNITY = 11
    NOTICE = 12
    PARTY = 16


_KINDS = {kind.value: kind for kind in Kind}


class Named(Record):
    """What an id says once it is read."""

    kind: Kind
    office: str
    key: str


def _tag(office: str) -> bytes:
    return blake2b(office.encode(), digest_size=2).digest()


class Ids:
    """One manager's ids. `key` is 64 secret bytes of its own; `offices` the names that ids may speak of."""

    def __init__(self, key: bytes, offices: Sequence[str]) -> None:
        # One block each: ECB is a plain permutation of blocks here, and every block carries its own check.
        self._cipher = Cipher(algorithms.AES(key[:32]), modes.ECB())  # noqa: S305  single blocks only
        # Made once: making one costs far more than a block. Whole blocks leave nothing behind in it.
        self._encrypt = self._cipher.encryptor().update
        self._siv = AESSIV(key[32:])
        self._tags = {office: _tag(office) for office in offices}
        self._offices = {tag: office for office, tag in self._tags.items()}

    def column(self, kind: Kind, office: str, keys: Sequence[str]) -> list[str]:
        """The ids of things of one kind at one office, in order."""
        head = bytes((kind,)) + self._tags[office]
        raw = [key.encode() for key in keys]
        if max(map(len, raw), default=0) > _SHORT or b"\0" in b"".join(raw):
            return [self._one(head, key) for key in raw]
        return self._blocks(b"".join([_CHECK + head + key.ljust(_SHORT, b"\0") for key in raw]))

    def mixed(self, kind: Kind, named: Sequence[tuple[str, str]]) -> list[str]:
        """The ids of things of one kind, each given by office and key; one encryption where the office is one."""
        offices = {office for office, _ in named}
        if len(offices) == 1:
            return self.column(kind, offices.pop(), [key for _, key in named])
        return [self.column(kind, office, [key])[0] for office, key in named]

    def read(self, text: str) -> Named | None:
        """What `text` names; None for anything that is not an id of this manager."""
        try:
            sealed = bytes.fromhex(text)
        except ValueError:
            return None
        plain = self._open_block(sealed) if len(text) == _HEX else self._open_long(sealed)
        return self._named(plain) if plain else None

    def _one(self, head: bytes, key: bytes) -> str:
        if len(key) <= _SHORT and not key.endswith(b"\0"):
            return self._blocks(_CHECK + head + key.ljust(_SHORT, b"\0"))[0]
        return self._siv.encrypt(head + key, None).hex()

    def _blocks(self, plain: bytes) -> list[str]:
        text = self._encrypt(plain).hex()
        return [text[at : at + _HEX] for at in range(0, len(text), _HEX)]

    def _open_block(self, sealed: bytes) -> bytes | None:
        plain = self._cipher.decryptor().update(sealed)
        return plain[len(_CHECK) :].rstrip(b"\0") if plain.startswith(_CHECK) else None

    def _open_long(self, sealed: bytes) -> bytes | None:
        try:
            return self._siv.decrypt(sealed, None)
        except (InvalidTag, ValueError):
            return None

    def _named(self, plain: bytes) -> Named | None:
        office = self._offices.get(plain[1:3])
        kind = _KINDS.get(plain[0])
        if office is None or kind is None:
            return None
        return Named(kind=kind, office=office, key=plain[3:].decode(errors="replace"))
