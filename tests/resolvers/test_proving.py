"""Amounts as people type them."""

from __future__ import annotations

import pytest

from ventanilla.resolvers import masking
from ventanilla.resolvers.proving import proves
from ventanilla.store.manager import LinkProof


@pytest.mark.parametrize(
    "typed",
    [
        *("1234.50", "1234,50", "1.234,50", "1,234.50", "1 234,50", "1 234,50", "1'234.50", "01234.50", "1234.5"),
        *("$ 1.234,50", "1 234,50 zł", "ARS 1234,50", " 1234.50 "),
    ],
)
def test_an_amount_is_the_same_in_every_country(typed: str) -> None:
    assert proves(LinkProof.LAST_INVOICE_AMOUNT, typed, ["123450"])


@pytest.mark.parametrize("typed", ["", "x", "1234", "12345", "123450", "1234.51", "-", ".50", "1" * 100_000, "١٢٣٤٫٥٠"])
def test_another_amount_proves_nothing(typed: str) -> None:
    assert not proves(LinkProof.LAST_INVOICE_AMOUNT, typed, ["123450"])


def test_whole_amounts_need_no_cents() -> None:
    assert proves(LinkProof.LAST_INVOICE_AMOUNT, "85.000", ["8500000"])
    assert proves(LinkProof.LAST_INVOICE_AMOUNT, "85000,00", ["8500000"])


def test_nothing_proves_nothing() -> None:
    assert not proves(LinkProof.HOLDER_DOCUMENT, "", [""])
    assert not proves(LinkProof.HOLDER_DOCUMENT, "", [])
    assert not proves(LinkProof.LAST_INVOICE_AMOUNT, "x", [""])


@pytest.mark.parametrize(
    ("name", "initials", "called"),
    [
        ("Marta Ferreyra", "M••• F•••", "Marta F."),
        ("Panificadora La Espiga S.R.L.", "P••• L••• E••• S•••", "Panificadora S."),
        ("Łukasz", "Ł•••", "Łukasz"),
        ("", "", ""),
    ],
)
def test_names_are_masked(name: str, initials: str, called: str) -> None:
    assert (masking.initials(name), masking.called(name)) == (initials, called)
