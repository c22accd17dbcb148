"""Scopes: what a program may be let do, one name for each, as data.

A program is registered with some of them, a person consents to some of those, and a token carries what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

SCOPES: Final[Mapping[str, Mapping[str, str]]] = {
    "accounts:read": {
        "en": "See your accounts: what they are of, and what is owed",
        "es": "Ver sus cuentas: de qué son y cuánto se debe",
        "pl": "Wgląd w konta: czego dotyczą i ile wynosi zadłużenie",
    },
    "accounts:export": {
        "en": "Export accounts in bulk, with name, identity number and contact of who holds them",
        "es": "Exportar cuentas en cantidad, con nombre, documento y contacto de sus titulares",
        "pl": "Zbiorczy eksport kont, z nazwiskiem, numerem identyfikacyjnym i kontaktem posiadacza",
    },
    "invoices:read": {
        "en": "See your invoices and their papers",
        "es": "Ver sus facturas y los documentos",
        "pl": "Wgląd w faktury i dokumenty",
    },
    "invoices:export": {
        "en": "Export invoices in bulk",
        "es": "Exportar facturas en cantidad",
        "pl": "Zbiorczy eksport faktur",
    },
    "charges:read": {
        "en": "See what is charged to your accounts, and settlements",
        "es": "Ver los conceptos cobrados en sus cuentas y las liquidaciones",
        "pl": "Wgląd w naliczenia na kontach i rozliczenia",
    },
    "charges:export": {
        "en": "Export charges in bulk",
        "es": "Exportar conceptos cobrados en cantidad",
        "pl": "Zbiorczy eksport naliczeń",
    },
    "payments:read": {
        "en": "See your payments and payment plans",
        "es": "Ver sus pagos y planes de pago",
        "pl": "Wgląd w płatności i plany spłat",
    },
    "payments:export": {
        "en": "Export payments in bulk",
        "es": "Exportar pagos en cantidad",
        "pl": "Zbiorczy eksport płatności",
    },
    "readings:read": {
        "en": "See your meters and readings",
        "es": "Ver sus medidores y lecturas",
        "pl": "Wgląd w liczniki i odczyty",
    },
    "readings:export": {
        "en": "Export readings in bulk",
        "es": "Exportar lecturas en cantidad",
        "pl": "Zbiorczy eksport odczytów",
    },
    "notices:read": {
        "en": "See the notices that you see",
        "es": "Ver los avisos que usted ve",
        "pl": "Wgląd w ogłoszenia dla Ciebie",
    },
    "profile:read": {
        "en": "See your name and e-mail address",
        "es": "Ver su nombre y correo electrónico",
        "pl": "Wgląd w imię, nazwisko i adres e-mail",
    },
}
"""Each scope, and what it lets a program do, in the languages of the consent page."""
EXPORTS: Final = frozenset(name for name in SCOPES if name.endswith(":export"))
"""Those that lead to the whole manager's records, whosever they are: for programs of the manager's own alone."""


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Known scopes, each once, in the order in which people read them."""
    wanted = set(names)
    return tuple(name for name in SCOPES if name in wanted)


def unknown(names: Iterable[str]) -> list[str]:
    """Those of `names` that are no scopes."""
    return sorted(set(names) - SCOPES.keys())


def nearest(name: str) -> str | None:
    """The scope that `name` may have been meant for; None if it looks like none."""
    near = get_close_matches(name, SCOPES, n=1)
    return near[0] if near else None
