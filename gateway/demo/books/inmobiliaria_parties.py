"""Whom `inmobiliaria` knows beside its tenants and landlords."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import PartyKind, PartyRole
from ventanilla.gateway.demo.books import inmobiliaria_roster as roster
from ventanilla.gateway.demo.books.identity import nit
from ventanilla.gateway.demo.books.parties import Known

KNOWN = (
    Known(
        "Santiago Mejía",
        ("CC", "1152704418"),
        PartyRole.RESIDENT,
        ("CA-0163",),
        email="santiago@inquilinos.example",
        months=11,
    ),
    # The same person, entered again when the garage was let: somebody has to look at that before either is let in.
    Known(
        "Giraldo Mesa Andrés F.",
        ("CC", str(roster.ANDRES.document)),
        PartyRole.RESIDENT,
        ("CA-0152",),
        email="afgiraldo@correo.example",
    ),
    Known(
        "Plomería El Poblado S.A.S.",
        ("NIT", nit(901_337_205)),
        PartyRole.SUPPLIER,
        email="servicio@plomeriapoblado.example",
        kind=PartyKind.COMPANY,
        months=31,
    ),
    Known(
        "Ascensores Andinos S.A.",
        ("NIT", nit(890_914_771)),
        PartyRole.SUPPLIER,
        email="mantenimiento@ascensoresandinos.example",
        kind=PartyKind.COMPANY,
        months=52,
    ),
    Known("Hernando Zuluaga, cerrajero", ("CC", "70558913"), PartyRole.SUPPLIER, months=8),
)
