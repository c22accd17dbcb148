"""Invoices and notes, and their lines.

What follows from the date alone is not among it (overdue, and what is open on a day): no change tells of it, so that it
would grow old unnoticed. It follows from the due dates, the amounts and what is paid.
"""

from ventanilla_export.nouns.noun import Column, Kind, Noun, Table

_SELECTION = """
id source { name } number kind status title issuedOn periodFrom periodTo paidAt
account { id number }
dueDates { dueOn amount { amount } }
total { amount currency } paid { amount }
officialReference { scheme value url }
"""

INVOICES = Noun(
    field="invoices",
    scope="invoices:export",
    filter_type="InvoiceFilter",
    nodes=Table(
        "invoices",
        (
            Column("id", Kind.TEXT, "id"),
            Column("number", Kind.TEXT, "number"),
            Column("kind", Kind.TEXT, "kind"),
            Column("status", Kind.TEXT, "status"),
            Column("title", Kind.TEXT, "title"),
            Column("account_id", Kind.TEXT, "account.id"),
            Column("account_number", Kind.TEXT, "account.number"),
            Column("issued_on", Kind.DATE, "issuedOn"),
            Column("due_on", Kind.DATE, "dueDates.0.dueOn"),
            Column("last_due_on", Kind.DATE, "dueDates.-1.dueOn"),
            Column("last_due_amount", Kind.AMOUNT, "dueDates.-1.amount.amount"),
            Column("total", Kind.AMOUNT, "total.amount"),
            Column("paid", Kind.AMOUNT, "paid.amount"),
            Column("currency", Kind.TEXT, "total.currency"),
            Column("period_from", Kind.DATE, "periodFrom"),
            Column("period_to", Kind.DATE, "periodTo"),
            Column("paid_at", Kind.MOMENT, "paidAt"),
            Column("official_scheme", Kind.TEXT, "officialReference.scheme"),
            Column("official_value", Kind.TEXT, "officialReference.value"),
            Column("official_url", Kind.TEXT, "officialReference.url"),
            Column("source", Kind.TEXT, "source.name"),
        ),
        asks=_SELECTION,
    ),
    order=("issued_on", "number"),
    parts=(
        Table(
            "invoice_lines",
            (
                Column("invoice_id", Kind.TEXT, "id", of_node=True),
                Column("invoice_number", Kind.TEXT, "number", of_node=True),
                Column("position", Kind.INTEGER, "position"),
                Column("description", Kind.TEXT, "description"),
                Column("quantity", Kind.DECIMAL, "quantity"),
                Column("unit", Kind.TEXT, "unit"),
                Column("unit_price", Kind.DECIMAL, "unitPrice"),
                Column("tax_rate", Kind.DECIMAL, "taxRate"),
                Column("amount", Kind.AMOUNT, "amount.amount"),
                Column("currency", Kind.TEXT, "amount.currency"),
            ),
            each="lines",
            asks="lines { position description quantity unit unitPrice taxRate amount { amount currency } }",
        ),
    ),
    filters={
        "status": True,
        "number": False,
        "issuedFrom": False,
        "issuedTo": False,
        "dueFrom": False,
        "dueTo": False,
    },
)
