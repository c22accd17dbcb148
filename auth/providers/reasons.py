"""Why nobody was let in, or linked, by way of an identity provider."""

from __future__ import annotations

from enum import StrEnum

from ventanilla.backoffice_adapters.records import Record


class Reason(StrEnum):
    """What the person is told."""

    VISIT_OVER = "VISIT_OVER"
    """No visit of this browser to this provider is open: ten minutes are over, it was used, or there was none."""
    DECLINED = "DECLINED"
    """The person stopped at the provider, or it lets them not in."""
    PROVIDER_FAILED = "PROVIDER_FAILED"
    """The provider does not answer, or not as it should; the log says more."""
    NOT_KNOWN = "NOT_KNOWN"
    """Nobody here signs in with that account, or their sign-in is disabled: never which."""
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    """The provider does not vouch for an e-mail, without which nobody can be found or registered."""
    DOMAIN_NOT_TAKEN = "DOMAIN_NOT_TAKEN"
    """The manager takes e-mails of other domains."""
    NAME_MISSING = "NAME_MISSING"
    """The provider does not tell the name of somebody who would be registered."""
    TERMS_NOT_ACCEPTED = "TERMS_NOT_ACCEPTED"
    """Somebody who would be registered has not accepted the terms of use that are in force."""
    LINKED_TO_OTHER = "LINKED_TO_OTHER"
    """The account at the provider is somebody else's here."""
    OTHER_LINKED = "OTHER_LINKED"
    """The person has linked another account at that provider."""
    LINK_OVER = "LINK_OVER"
    """The address to link by is good no more, or was made for somebody else than who follows it."""
    SECOND_FACTOR_DUE = "SECOND_FACTOR_DUE"
    """Who links is to show their second factor first."""
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


class Refused(Record):
    """A visit that led nowhere."""

    reason: Reason
    return_to: str = "/"
    """Where the visit would have ended."""
    retry_after: int | None = None
    """Whole seconds until another visit may begin, with TOO_MANY_ATTEMPTS."""
