"""Helpers for the few pages the gateway writes itself: plain templates, every value escaped."""

from __future__ import annotations

import html

import orjson


def escaped(text: str) -> str:
    """`text` for an element or a quoted attribute."""
    return html.escape(text, quote=True)


def inlined(value: object) -> str:
    """`value` as JSON inside a script element that holds data: nothing in it can end the element."""
    return orjson.dumps(value).decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
