"""Where people are sent back to after paying: a registered path of the portal itself, and nowhere else."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.context import Context
from ventanilla.store.manager import PaymentChoice

_LONGEST: Final = 1_000
_USUAL_PORT: Final = {"http": ":80", "https": ":443"}


class ReturnUrl(Record):
    """A place of the portal."""

    origin: str
    """``https://host``, with a port where it has one."""
    path: str


def read(context: Context, choice: PaymentChoice, text: str) -> ReturnUrl | None:
    """The place that `text` names: a registered path, or the whole address of one at a host of this portal.

    None for anything else. What is compared are whole texts, so nothing that browsers read in their own way gets by.
    """
    if len(text) > _LONGEST or not text.isascii() or not text.isprintable():
        return None
    found = ReturnUrl(origin=_own_origin(context), path=text) if text.startswith("/") else _whole(context, text)
    return found if found and found.path in choice.return_paths else None


def _own_origin(context: Context) -> str:
    return f"{'https' if context.secure else 'http'}://{context.host}"


def _whole(context: Context, text: str) -> ReturnUrl | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    schemes = {"https"} if context.secure else {"https", "http"}
    if parts.scheme not in schemes or f"{parts.scheme}://{parts.netloc}{parts.path}" != text:
        return None
    host = parts.netloc.removesuffix(_USUAL_PORT[parts.scheme])
    if host not in context.manager.hosts:
        return None
    return ReturnUrl(origin=f"{parts.scheme}://{host}", path=parts.path or "/")
