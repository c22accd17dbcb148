"""Promises about settlements of utilities: lines make the settlement."""

from __future__ import annotations

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise
from ventanilla.backoffice_adapters.money import total
from ventanilla.backoffice_adapters.records import UtilitySettlement


async def _settlements(bench: Bench) -> list[UtilitySettlement]:
    keys = [entry.key for entry in bench.mine.twin.book.utility_settlements]
    found = await bench.mine.ask("utility_settlements_by_key", keys)
    expect(all(found), "utility_settlements_by_key: a settlement of the book is missing")
    return found


@promise("utility_settlements.read")
async def settlement_lines_add_up(bench: Bench) -> None:
    """Costs and advances of the lines, one or more, add up to those of the settlement to the minor unit."""
    for settlement in await _settlements(bench):
        currency = settlement.cost.currency
        cost = total((line.cost for line in settlement.lines), currency)
        advances = total((line.advances for line in settlement.lines), currency)
        expect(settlement.lines, f"settlement {settlement.key} has no lines")
        expect(cost == settlement.cost, f"the lines of {settlement.key} cost {cost}, it says {settlement.cost}")
        told = settlement.advances
        expect(advances == told, f"the advances of {settlement.key} add up to {advances}, it says {told}")


@promise("utility_settlements.read")
async def settlement_lines_keep_their_order(bench: Bench) -> None:
    """Lines come as they stand on the paper, and none is put together with another of the same medium."""
    book = {entry.key: entry.lines for entry in bench.mine.twin.book.utility_settlements}
    for settlement in await _settlements(bench):
        found, wanted = ([line.description for line in lines] for lines in (settlement.lines, book[settlement.key]))
        expect(found == wanted, f"the lines of settlement {settlement.key} are {found}, expected {wanted}")


@promise("utility_settlements.read", "invoices.read")
async def a_settlement_names_a_paper_of_its_account(bench: Bench) -> None:
    """The invoice or credit note that a settlement leads to can be read, and is one of the same account."""
    settlements = [one for one in await _settlements(bench) if one.invoice_key]
    papers = await bench.mine.ask("invoices_by_key", [one.invoice_key for one in settlements])
    for settlement, paper in zip(settlements, papers, strict=True):
        owner = paper and paper.account_key
        expect(owner == settlement.account_key, f"settlement {settlement.key} names a paper of account {owner}")
