"""Whom `czynsze` knows beside its tenants."""

from __future__ import annotations

from datetime import date

from ventanilla.backoffice_adapters.records import PartyRole
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.identity import nip, pesel
from ventanilla.gateway.demo.books.parties import Known

KNOWN = (
    Known(
        "Tomasz Pawlak",
        ("PESEL", pesel(date(1988, 7, 4), 5517)),
        PartyRole.RESIDENT,
        ("03-009-0112",),
        email="tomasz@sasiedzi.example",
        months=30,
    ),
    # The same person, entered again by another clerk: somebody has to look at that before either is let in.
    Known(
        "Mazur Stanisław",
        ("PESEL", pesel(date(1951, 11, 2), osiedle.STANISLAW.serial)),
        PartyRole.RESIDENT,
        ("01-012-0034",),
        email="s.mazur@poczta.example",
    ),
    Known("Zakład Kominiarski Sadza", ("NIP", nip(554_120_876)), PartyRole.SUPPLIER, months=60),
)
