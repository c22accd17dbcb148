"""What the front door turns away before any operation runs."""

from __future__ import annotations

from collections.abc import Mapping


class RefusalError(Exception):
    """A request that is answered with `status` and one public sentence instead of being run."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "BAD_REQUEST",
        headers: Mapping[str, str] | None = None,
        close: bool = False,
        told: Mapping[str, object] | None = None,
    ) -> None:
        """`told` stands beside the code in the answer's extensions."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.told = dict(told or {})
        self.headers = {**(headers or {}), **({"connection": "close"} if close else {})}
