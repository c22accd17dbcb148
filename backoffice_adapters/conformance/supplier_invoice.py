"""Promises about invoices of suppliers."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise, same
from ventanilla.backoffice_adapters.contract import SupplierInvoiceFilter, SupplierInvoiceOrder, Window
from ventanilla.backoffice_adapters.records import SupplierInvoice, SupplierInvoiceStatus


async def _all(bench: Bench, method: str, keys: Sequence[str]) -> list[SupplierInvoice]:
    """All rows of the lists of `keys`, a page at a time."""
    rows: list[SupplierInvoice] = []
    for key in keys:
        order, start = SupplierInvoiceOrder.ISSUED_ON_ASC, None
        for _ in bench.mine.twin.book.supplier_invoices:
            window = Window(limit=bench.mine.page(50), start=start)
            (part,) = await bench.mine.ask(method, [key], SupplierInvoiceFilter(), order, window)
            rows += part.items
            if not part.more:
                break
            start = order.position(rows[-1])
    return rows


async def _of_parties(bench: Bench) -> list[SupplierInvoice]:
    keys = [party.key for party in bench.mine.twin.book.parties]
    return await _all(bench, "supplier_invoices_of_parties", keys)


@promise("supplier_invoices.list")
async def each_invoice_is_its_suppliers(bench: Bench) -> None:
    """Every invoice is in the list of the supplier that it names, once, and in nobody else's."""
    rows = await _of_parties(bench)
    wanted = {entry.key: entry.supplier for entry in bench.mine.twin.book.supplier_invoices}
    same("the keys of all lists", sorted(row.key for row in rows), sorted(wanted))
    for row in rows:
        named = (row.supplier_key, row.supplier.key)
        expect(named == (wanted[row.key],) * 2, f"invoice {row.key} is of {named}, expected {wanted[row.key]}")


@promise("supplier_invoices.list")
async def what_is_paid_says_since_when(bench: Bench) -> None:
    """`paid_on` is there exactly when an invoice is PAID, and a community's name exactly when one is billed."""
    for row in await _of_parties(bench):
        paid = row.status is SupplierInvoiceStatus.PAID
        expect(paid == (row.paid_on is not None), f"invoice {row.key} is {row.status}, paid on {row.paid_on}")
        named = (row.community_key is None) == (row.community_name is None)
        expect(named, f"invoice {row.key} bills {row.community_key!r}, called {row.community_name!r}")


@promise("supplier_invoices.list", "communities.supplier_invoices")
async def both_sides_see_the_same_invoice(bench: Bench) -> None:
    """What a community is billed is what its suppliers billed it, word for word, and nothing else."""
    communities = [entry.key for entry in bench.mine.twin.book.communities]
    billed = {row.key: row for row in await _all(bench, "supplier_invoices", communities)}
    written = {row.key: row for row in await _of_parties(bench) if row.community_key}
    same("the keys of what communities are billed", sorted(billed), sorted(written))
    for key, row in billed.items():
        same(f"invoice {key}", row, written[key])
