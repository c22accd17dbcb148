"""What can go wrong, by what is to be done about it."""

from __future__ import annotations


class ExportError(Exception):
    """Why an export stopped. Its text is for people, and says what to do next; `status` is for scripts."""

    status = 1


class UnavailableError(ExportError):
    """The portal did not answer for too long, or is at fault: the same command goes on later."""


class RefusedError(ExportError):
    """It will be refused again: the call, the program's scopes or the file have to be mended first."""

    status = 2


class NotLicensedError(RefusedError):
    """This manager has nothing of the kind."""


class NotSupportedError(RefusedError):
    """A back office of this manager keeps such things and cannot tell them."""


class CursorRefusedError(RefusedError):
    """The portal cannot go on from this cursor: it begins again without one."""


class FaultError(Exception):
    """One question failed in a way that asking again may mend. `wait`: seconds that are to pass before, if told."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class LimitedError(Exception):
    """One question came too soon: `wait` seconds are to pass."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"too many questions; wait {wait:.0f} s")
        self.wait = wait


class SignedOutError(Exception):
    """The token is good for nothing any more."""
