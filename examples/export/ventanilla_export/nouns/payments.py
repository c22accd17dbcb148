"""Payments, and the invoices that they settle."""

from ventanilla_export.nouns.noun import Column, Kind, Noun, Table

_SELECTION = """
id source { name } paidAt status method reference
account { id number }
amount { amount currency } unallocated { amount }
"""

PAYMENTS = Noun(
    field="payments",
    scope="payments:export",
    filter_type="PaymentFilter",
    nodes=Table(
        "payments",
        (
            Column("id", Kind.TEXT, "id"),
            Column("account_id", Kind.TEXT, "account.id"),
            Column("account_number", Kind.TEXT, "account.number"),
            Column("paid_at", Kind.MOMENT, "paidAt"),
            Column("status", Kind.TEXT, "status"),
            Column("method", Kind.TEXT, "method"),
            Column("reference", Kind.TEXT, "reference"),
            Column("amount", Kind.AMOUNT, "amount.amount"),
            Column("unallocated", Kind.AMOUNT, "unallocated.amount"),
            Column("currency", Kind.TEXT, "amount.currency"),
            Column("source", Kind.TEXT, "source.name"),
        ),
        asks=_SELECTION,
    ),
    order=("paid_at", "account_number"),
    parts=(
        Table(
            "payment_allocations",
            (
                Column("payment_id", Kind.TEXT, "id", of_node=True),
                Column("invoice_id", Kind.TEXT, "invoice.id"),
                Column("invoice_number", Kind.TEXT, "invoice.number"),
                Column("allocated_on", Kind.DATE, "allocatedOn"),
                Column("amount", Kind.AMOUNT, "amount.amount"),
                Column("currency", Kind.TEXT, "amount.currency"),
            ),
            each="allocations",
            asks="allocations { allocatedOn amount { amount currency } invoice { id number } }",
        ),
    ),
    filters={"status": True, "paidFrom": False, "paidTo": False},
)
