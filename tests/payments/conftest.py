"""The fixtures of this folder."""

import pytest

from tests.payments.sides import SECRETS


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings' secrets stand where they refer to."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
