"""Accounts: who holds which supply, or which title to premises.

What an account owes is not among it: a balance changes without the account, and would be old at once.
"""

from ventanilla_export.nouns.noun import Column, Kind, Noun, Table

_SELECTION = """
id source { name } number licence status title currency openedOn closedOn
holder { name kind documentType documentNumber email phone }
unit { label kind }
property { name address { lines locality region postalCode country } geo { latitude longitude } }
"""

ACCOUNTS = Noun(
    field="accounts",
    scope="accounts:export",
    filter_type="AccountFilter",
    nodes=Table(
        "accounts",
        (
            Column("id", Kind.TEXT, "id"),
            Column("number", Kind.TEXT, "number"),
            Column("licence", Kind.TEXT, "licence"),
            Column("status", Kind.TEXT, "status"),
            Column("title", Kind.TEXT, "title"),
            Column("currency", Kind.TEXT, "currency"),
            Column("opened_on", Kind.DATE, "openedOn"),
            Column("closed_on", Kind.DATE, "closedOn"),
            Column("holder_name", Kind.TEXT, "holder.name"),
            Column("holder_kind", Kind.TEXT, "holder.kind"),
            Column("holder_document_type", Kind.TEXT, "holder.documentType"),
            Column("holder_document_number", Kind.TEXT, "holder.documentNumber"),
            Column("holder_email", Kind.TEXT, "holder.email"),
            Column("holder_phone", Kind.TEXT, "holder.phone"),
            Column("unit", Kind.TEXT, "unit.label"),
            Column("unit_kind", Kind.TEXT, "unit.kind"),
            Column("property", Kind.TEXT, "property.name"),
            Column("address", Kind.TEXT, "property.address.lines"),
            Column("locality", Kind.TEXT, "property.address.locality"),
            Column("region", Kind.TEXT, "property.address.region"),
            Column("postal_code", Kind.TEXT, "property.address.postalCode"),
            Column("country", Kind.TEXT, "property.address.country"),
            Column("latitude", Kind.FLOAT, "property.geo.latitude"),
            Column("longitude", Kind.FLOAT, "property.geo.longitude"),
            Column("source", Kind.TEXT, "source.name"),
        ),
        asks=_SELECTION,
    ),
    order=("number",),
    filters={"status": True},
)
