"""Keys: one master secret, and from it a key for each manager and purpose."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE: Final = "secret"
"""Name of the master secret's file in the data folder."""
_SHORTEST = 32
_DISTINCT = 8
_DEFAULTS = ("changeme", "change-me", "change_me", "secret", "password", "default", "example", "insecure", "ventanilla")
_MEND = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


class WeakSecretError(ValueError):
    """The master secret cannot protect anything; the message says how to make one."""


class Keys:
    """Derives keys (HKDF-SHA256): the same master, manager and purpose give the same key, anything else another."""

    def __init__(self, master: str) -> None:
        _refuse_weak(master)
        self._master = master.encode()

    def __repr__(self) -> str:
        return "Keys(…)"

    def of(self, manager: str, purpose: str, length: int = 32) -> bytes:
        """The key of `length` bytes for one purpose at one manager, such as ``of("sur", "ids")``."""
        info = b"".join(len(part).to_bytes(2, "big") + part for part in (manager.encode(), purpose.encode()))
        return HKDF(SHA256(), length, salt=b"ventanilla keys 1", info=info).derive(self._master)


def load(secret: str | None, folder: Path) -> Keys:
    """Take the master secret from the setting VENTANILLA_SECRET, else from the data folder's file, made on first run.

    Raises `WeakSecretError` for one that is short, uniform or well known, or a file that others may read.
    """
    return Keys(secret.strip() if secret else _from_file(folder / FILE))


def _from_file(path: Path) -> str:
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        msg = f"{path} may be read by others than its owner: run chmod 600 on it, and make a new one if they could have"
        raise WeakSecretError(msg)
    return path.read_text(encoding="utf-8").strip()


def _create(path: Path) -> None:
    """Put a whole file in place at once: of two processes on their first run one wins, and both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(48)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _refuse_weak(master: str) -> None:
    if len(master.encode()) < _SHORTEST:
        raise WeakSecretError(_told(f"is shorter than {_SHORTEST} bytes"))
    if len(set(master)) < _DISTINCT or master in (master + master)[1:-1]:
        raise WeakSecretError(_told("repeats itself"))
    if any(word in master.lower() for word in _DEFAULTS):
        raise WeakSecretError(_told("contains a word that default secrets are made of"))


def _told(problem: str) -> str:
    return f"the master secret (VENTANILLA_SECRET, or the file {FILE!r} in the data folder) {problem}: {_MEND}"
