"""The fixtures of this folder."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from ventanilla.auth import passwords

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url"]


@pytest.fixture(autouse=True)
def light_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same Argon2id with settings that spare the machine."""
    light = Argon2Hasher(time_cost=1, memory_cost=1_024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((light,)))
