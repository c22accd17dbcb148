"""Secrets that we have to read again, sealed at rest (AES-SIV) under a key of the manager."""

from __future__ import annotations

from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ventanilla.auth.keys import Keys

_KEY_BYTES: Final = 64
_log = structlog.get_logger("ventanilla.sealing")


class Seal:
    """Seals one manager's secrets for one purpose; what is sealed for somebody opens for nobody else."""

    def __init__(self, keys: Keys, manager: str, purpose: str) -> None:
        self._siv = AESSIV(keys.of(manager, purpose, _KEY_BYTES))
        self._named = {"manager": manager, "purpose": purpose}

    def __repr__(self) -> str:
        return "Seal(…)"

    def sealed(self, secret: bytes, owner: str) -> str:
        """What may be kept of a secret of the person `owner`."""
        return self._siv.encrypt(secret, [owner.encode()]).hex()

    def opened(self, sealed: str, owner: str) -> bytes | None:
        """The secret; None, with a line in the log, for what was altered or sealed under another master secret."""
        try:
            return self._siv.decrypt(bytes.fromhex(sealed), [owner.encode()])
        except (InvalidTag, ValueError):
            _log.error("a sealed secret does not open: is the master secret the one it was sealed with?", **self._named)
            return None
