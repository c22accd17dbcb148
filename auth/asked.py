"""What is told to who asked for a letter, whoever they are."""

from __future__ import annotations

from datetime import datetime

from ventanilla.backoffice_adapters.records import Record


class Asked(Record):
    """A letter that was asked for, whether or not there is somebody whom it reaches."""

    masked_email: str
    expires_at: datetime
    """Until when what it tells can be used."""


class NotAnEmailError(ValueError):
    """What was given could not be anybody's e-mail address."""
