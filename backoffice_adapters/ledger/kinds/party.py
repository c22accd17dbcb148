"""Parties, and all that they are to the manager."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import PartyFilter, PartyOrder, Window
from ventanilla.backoffice_adapters.database import Argument, Row
from ventanilla.backoffice_adapters.ledger.check import keepable, plain
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.kinds.made import by_value, day_of
from ventanilla.backoffice_adapters.ledger.pages import Statement, after, sorted_by, worded
from ventanilla.backoffice_adapters.records import Contractor, Origin, Party, PartyKind, PartyRole, Standing

_KINDS = by_value(PartyKind)
_ROLES = by_value(PartyRole)
_ORDER = PartyOrder.NAME_ASC
_COLUMNS = "key, name, kind, document_type, document_number, email, phone"
_STANDING = "SELECT 1 FROM standing s WHERE s.book = party.book AND s.party_key = party.key"
_WHOLE = """WITH found AS ({found})
    SELECT f.asked, f.key AS key, f.name AS name, f.kind, f.document_type, f.document_number, f.email, f.phone,
    s.role, s.account_key, a.number, s.community_key, c.name AS community, s.starts_on, s.ends_on
    FROM found f
    LEFT JOIN standing s ON s.book = $1 AND s.party_key = f.key
    LEFT JOIN account a ON a.book = s.book AND a.key = s.account_key
    LEFT JOIN community c ON c.book = s.book AND c.key = s.community_key
    ORDER BY {sorting}, s.position"""
BY_KEY = _WHOLE.format(
    found=f"SELECT key AS asked, {_COLUMNS} FROM party WHERE book = $1 AND key IN $2[]", sorting="key"
)
"""Key → the party, once for each of its standings."""


def page(book: str, wheres: Sequence[PartyFilter], window: Window) -> Statement:
    """Number of a filter → the parties of the window in the order they are read, one more than its limit, each once
    for each of its standings."""
    args: list[Argument] = [book]
    sorting, start = sorted_by(_ORDER, window), after(_ORDER, window, _name)
    parts: list[str] = []
    for number, where in enumerate(wheres):
        met = _met([*_conditions(where), *start], args)
        args.append(window.limit + 1)
        sql = f"SELECT '{number}' AS asked, {_COLUMNS} FROM party WHERE {met} ORDER BY {sorting} LIMIT ${len(args)}"
        parts.append(f"SELECT * FROM ({sql}) found{number}")
    return _WHOLE.format(found=" UNION ALL ".join(parts), sorting=sorting), args


def counts(book: str, wheres: Sequence[PartyFilter]) -> Statement:
    """Number of a filter → how many parties it finds."""
    args: list[Argument] = [book]
    parts = [
        f"SELECT '{number}', COUNT(*) FROM party WHERE {_met(_conditions(where), args)}"
        for number, where in enumerate(wheres)
    ]
    return " UNION ALL ".join(parts), args


def _met(conditions: Sequence[Condition], args: list[Argument]) -> str:
    return " AND ".join(["book = $1", *(worded(condition, args) for condition in conditions)])


def _conditions(where: PartyFilter) -> list[Condition]:
    roles = [role.value for role in where.roles]
    known: Condition = (
        (f"EXISTS ({_STANDING} AND s.role IN {{}}[])", [roles]) if roles else (f"EXISTS ({_STANDING})", [])
    )
    text = (where.text or "").strip()
    if not text:
        return [known]
    if not keepable(text):
        return [("1 = 0", [])]
    # Replacing finds a text as it stands: a pattern would have to be escaped, and SQLite takes no long one.
    named = "(REPLACE(folded_name, {}, '') <> folded_name OR plain_document = {})"
    return [known, (named, [text.casefold(), plain(text).casefold()])]


def _name(value: str) -> str:
    if not keepable(value):
        raise ValueError(value)
    return value


def contractor(rows: Sequence[Row], origin: Origin) -> Contractor:
    """A party of its rows, one for each standing; in the only one of a party without any they are null."""
    first = rows[0]
    return Contractor(
        key=first[1], origin=origin, party=party(first[1:8]), standings=tuple(_standing(row) for row in rows if row[8])
    )


def party(row: Row) -> Party:
    """A party: key, name, kind, type and number of its document, e-mail, telephone."""
    key, name, kind, document_type, document_number, email, phone = row
    return Party(
        key=key,
        name=name,
        kind=_KINDS[kind],
        document_type=document_type,
        document_number=document_number,
        email=email,
        phone=phone,
    )


def _standing(row: Row) -> Standing:
    role, account, number, community, name, starts_on, ends_on = row[8:]
    return Standing(
        role=_ROLES[role],
        account_key=account,
        account_number=number,
        community_key=community,
        community_name=name,
        starts_on=day_of(starts_on),
        ends_on=day_of(ends_on),
    )
