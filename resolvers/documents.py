"""Documents: the address of a paper, and what the paper is made of once somebody follows it.

An address says which paper and until when; its tag is keyed by the manager and covers the person it was given to, so
that anybody else's, another manager's and an invented one are the same wrong address. Nothing is made before it is
followed, and whoever follows it has to reach the account then.
"""

from __future__ import annotations

import asyncio
import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Final, TypeVar

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.records import Account, Invoice, Record
from ventanilla.pdf.invoice import file_name
from ventanilla.pdf.paper import DocumentFormat, InvoicePaper, Letterhead
from ventanilla.resolvers import invoices, nodes, reach
from ventanilla.resolvers.access import BILLING, Answer, Scope, batch
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store.manager import Manager

T = TypeVar("T")

PATH: Final = "/documents/"
LIFE: Final = timedelta(minutes=10)
_TAG: Final = 16
_HEAD: Final = struct.Struct(">IB")
_NUMBER_OF: Final = {DocumentFormat.PDF: 1, DocumentFormat.HTML: 2}
_FORMATS: Final = {number: form for form, number in _NUMBER_OF.items()}


class Document(Record):
    """A paper that can be had at `url` until `expires_at` by the person that asked."""

    url: str
    expires_at: datetime
    media_type: str
    file_name: str


class Wanted(Record):
    """What somebody who followed an address is to get."""

    paper: InvoicePaper
    format: DocumentFormat
    file_name: str


@batch(scope=Scope.REACH, licences=BILLING)
async def of_invoices(
    context: Context, of: Sequence[Invoice], *, format: DocumentFormat = DocumentFormat.PDF
) -> list[Document]:
    """The address of each invoice's paper."""
    expires = int((context.now + LIFE).timestamp())
    links, head = _links(context), _HEAD.pack(expires, _NUMBER_OF[format])
    moment = datetime.fromtimestamp(expires, UTC)
    return [
        Document(
            url=PATH + links.make(head + bytes.fromhex(id)),
            expires_at=moment,
            media_type=format.media_type,
            file_name=_file_name(context.manager, invoice, format),
        )
        for invoice, id in zip(of, nodes.ids(context, of), strict=True)
    ]


async def wanted(context: Context, token: str) -> Wanted | None:
    """What the address that ends in `token` is for; None if it is for nothing, or not for who asks, or not any more.

    Raises `Problem` if the office could not be asked.
    """
    named = _read(context, token) if context.actor.signed_in else None
    if named is None:
        return None
    form, id = named
    invoice = _told(await nodes.node(context, id=id))
    paper = await _paper(context, invoice) if isinstance(invoice, Invoice) else None
    if paper is None:
        return None
    return Wanted(paper=paper, format=form, file_name=_file_name(context.manager, paper.invoice, form))


def letterhead(manager: Manager) -> Letterhead:
    """How the manager's papers look and speak: its own language and locale, whoever asks."""
    language, theme = manager.languages[0], manager.presentation.theme
    return Letterhead(
        manager=manager.slug,
        name=manager.name,
        country=manager.country,
        language=language,
        locale=manager.locale,
        time_zone=manager.time_zone,
        primary=theme.primary,
        on_primary=theme.on_primary,
        email=manager.contact.email,
        phone=manager.contact.phone,
        website=manager.contact.website,
        issuer=(manager.text("invoice_issuer", language) or "").strip(),
        payment=(manager.text("invoice_payment", language) or "").strip(),
        footer=(manager.text("legal_footer", language) or "").strip(),
    )


async def _paper(context: Context, invoice: Invoice) -> InvoicePaper | None:
    (account,), (lines,) = await asyncio.gather(
        reach.accounts_of(context, [invoice]), invoices.lines(context, [invoice])
    )
    if isinstance(lines, Problem) and lines.code is ProblemCode.NOT_SUPPORTED:
        lines = ()
    lines = _told(lines)
    account = _told(account)
    if not isinstance(account, Account):
        return None
    return InvoicePaper(
        letterhead=letterhead(context.manager), account=account, invoice=invoice, lines=tuple(lines or ())
    )


def _told(answer: Answer[T]) -> T | None:
    if isinstance(answer, Problem):
        raise answer
    return answer


def _file_name(manager: Manager, invoice: Invoice, form: DocumentFormat) -> str:
    return file_name(invoice, manager.languages[0], manager.country, form)


# -- addresses ---------------------------------------------------------------------------------------------------


class _Links:
    """Makes and checks the last part of one person's addresses at one manager."""

    def __init__(self, key: bytes, person: str) -> None:
        self._key = key
        self._person = person.encode() + b"\0"

    def make(self, body: bytes) -> str:
        return urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def read(self, token: str) -> bytes | None:
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        tag, body = sealed[:_TAG], sealed[_TAG:]
        return body if compare_digest(tag, self._tag(body)) else None

    def _tag(self, body: bytes) -> bytes:
        return blake2b(self._person + body, digest_size=_TAG, key=self._key).digest()


@lru_cache(maxsize=4_096)
def _key(keys: Keys, manager: str) -> bytes:
    return keys.of(manager, "documents")


def _links(context: Context) -> _Links:
    return _Links(_key(context.services.keys, context.manager.slug), context.actor.person_id or "")


def _read(context: Context, token: str) -> tuple[DocumentFormat, str] | None:
    body = _links(context).read(token)
    if body is None:
        return None
    expires, number = _HEAD.unpack_from(body)
    if expires <= context.now.timestamp():
        return None
    return _FORMATS[number], body[_HEAD.size :].hex()
