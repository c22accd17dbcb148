"""Proofs that an account is one's own: something that stands on its papers or its door."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Final

from ventanilla.backoffice_adapters.contract import InvoiceFilter, InvoiceOrder, InvoiceStatusFilter, Window
from ventanilla.backoffice_adapters.records import Account, Invoice
from ventanilla.resolvers.asking import ask_accounts
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem
from ventanilla.store.manager import LinkProof

_NEWEST: Final = 2
"""Of how many invoices the amount is good: the newest may not have come yet."""
_STANDING: Final = tuple(each for each in InvoiceStatusFilter if each is not InvoiceStatusFilter.CANCELLED)
_AMOUNT: Final = re.compile(r"(?P<whole>\d[\d\s.,'’]*?)(?:[.,](?P<part>\d{1,2}))?")
_MONEY: Final = re.compile(r"[^\d.,]*(?P<amount>\d[\d\s.,'’]*)[^\d]*")


async def answers(context: Context, account: Account) -> Sequence[str]:
    """What proves an account, in the form that `plain` gives; nothing where it cannot be proved. Raises `Problem`."""
    match context.manager.linking.proof:
        case LinkProof.LAST_INVOICE_AMOUNT:
            return await _amounts(context, account)
        case LinkProof.HOLDER_DOCUMENT:
            return _told(account.holder.document_number)
        case LinkProof.UNIT:
            return _told(account.unit.label if account.unit else None)
        case LinkProof.NONE:
            return ()


def proves(kind: LinkProof, given: str, right: Sequence[str]) -> bool:
    """Whether `given` is one of the `right` answers; as long for a wrong as for a right one."""
    typed = (_amount if kind is LinkProof.LAST_INVOICE_AMOUNT else _plain)(given).encode(errors="surrogatepass")
    return sum(hmac.compare_digest(typed, answer.encode()) for answer in right if answer) > 0


async def _amounts(context: Context, account: Account) -> Sequence[str]:
    where, newest = InvoiceFilter(statuses=_STANDING), InvoiceOrder.ISSUED_ON_DESC
    (found,) = await ask_accounts(context, "invoices", [account], where, newest, Window(limit=_NEWEST))
    if isinstance(found, Problem):
        raise found
    invoices: Sequence[Invoice] = () if found is None else found.items
    return [_amount(each.total.amount) for each in invoices]


def _told(text: str | None) -> Sequence[str]:
    return [plain] if text and (plain := _plain(text)) else ()


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _amount(text: str) -> str:
    """An amount as people of any country type it, in hundredths: ``1.234,50``, ``1234.5`` and ``$ 1 234,50``."""
    framed = _MONEY.fullmatch(text.strip()[:40])
    read = _AMOUNT.fullmatch(framed["amount"].strip()) if framed else None
    if read is None:
        return ""
    whole = "".join(filter(str.isdigit, read["whole"])).lstrip("0")
    return f"{whole}{(read['part'] or '').ljust(2, '0')}"
