"""What goes between the gateway and a process that makes papers: MessagePack behind four bytes of length."""

from __future__ import annotations

from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.pdf.paper import DocumentFormat, Paper

HEAD: Final = 4
"""Bytes of the length, big end first."""


class Job(Record):
    """One paper to be made."""

    format: DocumentFormat
    paper: Paper


class Answer(Record):
    """The paper, or where its making failed: kinds and places of errors, never their words."""

    body: bytes = b""
    failure: str = ""


def framed(message: bytes) -> bytes:
    """A message with its length before it."""
    return len(message).to_bytes(HEAD, "big") + message
