"""What goes wrong between us and an identity provider."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why a provider could not be used."""

    UNREACHABLE = "UNREACHABLE"
    """It does not answer, or not in time."""
    BAD_ANSWER = "BAD_ANSWER"
    """What it answers is not what the protocol asks for."""
    FOREIGN_ADDRESS = "FOREIGN_ADDRESS"
    """It names an address that is neither its own nor listed in the manager's file."""
    MISCONFIGURED = "MISCONFIGURED"
    """It does not know our client, or our own secret cannot be read."""
    BAD_TOKEN = "BAD_TOKEN"  # noqa: S105  the name of a trouble, not a secret
    """Its id token is not to be believed."""
    REFUSED = "REFUSED"
    """It does not let the person in."""


class ProviderError(Exception):
    """A provider cannot be used now; the message is for the log, and quotes nothing that the provider said."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
