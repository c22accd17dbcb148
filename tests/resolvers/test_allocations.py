"""What an allocation or a due date names is shown only where it is of the same account, whatever an office says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.resolvers.adapters import Change, altered
from tests.resolvers.answers import accounts
from tests.world import World, manager, open_world
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio

BY_INVOICE = "invoices { nodes { number allocations { payment { id } } } }"
BY_PAYMENT = "payments { nodes { reference allocations { invoice { number } } } }"
BY_DUE_DATE = "balance { nextDue { invoice { number } } }"


def _others(attribute: str) -> Change:
    """Let every allocation name the thing of the second account in place of the first's."""

    def changed(hits: list[Any]) -> list[Any]:
        return [
            tuple(replace(each, **{attribute: getattr(each, attribute).replace("1", "2")}) for each in hit)
            for hit in hits
        ]

    return changed


def _others_due(hits: list[Any]) -> list[Any]:
    return [
        replace(
            hit,
            next_due=tuple(replace(item, invoice_key=item.invoice_key.replace("1", "2")) for item in hit.next_due),
        )
        for hit in hits
    ]


CHANGES: dict[str, Change] = {
    "invoice_allocations": _others("payment_key"),
    "payment_allocations": _others("invoice_key"),
    "balances": _others_due,
}


@pytest.mark.parametrize("field", [BY_INVOICE, BY_PAYMENT, BY_DUE_DATE])
async def test_another_accounts_thing_is_null(tmp_path: Path, world: World, field: str) -> None:
    (sound,), errors = await accounts(world, field, [("agua", "1")])
    assert errors == []
    assert "'number': 'sur-" in str(sound) or "'payment': {" in str(sound)
    offices = {"agua": OfficeChoice(adapter="altered"), "alquiler": OfficeChoice(adapter="embedded")}
    async with open_world(
        tmp_path / "altered", manager("sur", offices=offices), registry=altered(**CHANGES)
    ) as changed:
        (found,), errors = await accounts(changed, field, [("agua", "1")])
    assert errors == []
    assert "'payment': {" not in str(found)
    assert "'invoice': {" not in str(found)
    assert "'payment': None" in str(found) or "'invoice': None" in str(found)
