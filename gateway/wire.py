"""The two ways of one connection, as ASGI has them."""

from __future__ import annotations

from typing import NamedTuple

from starlette.types import Receive, Scope, Send


class Wire(NamedTuple):
    """What was asked, and how to hear more of it and to answer."""

    scope: Scope
    receive: Receive
    send: Send
