"""Charges: what accounts are asked to pay beside their invoices, until it becomes part of one."""

from ventanilla_export.nouns.noun import Column, Kind, Noun, Table

_SELECTION = """
id source { name } description status chargedOn amount { amount currency }
account { id number }
invoice { id number }
"""

CHARGES = Noun(
    field="charges",
    scope="charges:export",
    filter_type="ChargeFilter",
    nodes=Table(
        "charges",
        (
            Column("id", Kind.TEXT, "id"),
            Column("account_id", Kind.TEXT, "account.id"),
            Column("account_number", Kind.TEXT, "account.number"),
            Column("charged_on", Kind.DATE, "chargedOn"),
            Column("description", Kind.TEXT, "description"),
            Column("status", Kind.TEXT, "status"),
            Column("amount", Kind.AMOUNT, "amount.amount"),
            Column("currency", Kind.TEXT, "amount.currency"),
            Column("invoice_id", Kind.TEXT, "invoice.id"),
            Column("invoice_number", Kind.TEXT, "invoice.number"),
            Column("source", Kind.TEXT, "source.name"),
        ),
        asks=_SELECTION,
    ),
    order=("charged_on", "account_number"),
    filters={"status": True, "chargedFrom": False, "chargedTo": False},
)
