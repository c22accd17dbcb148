"""What can be exported, a noun a file."""

from enum import StrEnum

from ventanilla_export.nouns.accounts import ACCOUNTS
from ventanilla_export.nouns.charges import CHARGES
from ventanilla_export.nouns.invoices import INVOICES
from ventanilla_export.nouns.meter_readings import METER_READINGS
from ventanilla_export.nouns.noun import Column, Kind, Noun, Table
from ventanilla_export.nouns.payments import PAYMENTS

__all__ = ["NOUNS", "Column", "Kind", "Noun", "NounName", "Table"]


class NounName(StrEnum):
    """What is exported, as the command line calls it."""

    ACCOUNTS = "accounts"
    INVOICES = "invoices"
    CHARGES = "charges"
    PAYMENTS = "payments"
    METER_READINGS = "meter-readings"


NOUNS = {NounName(noun.name): noun for noun in (ACCOUNTS, INVOICES, CHARGES, PAYMENTS, METER_READINGS)}
"""By name, in the order in which they are asked for."""
