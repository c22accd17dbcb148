"""Whom `aguas` knows beside the holders of its supplies."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import PartyKind, PartyRole
from ventanilla.gateway.demo.books import aguas_roster as roster
from ventanilla.gateway.demo.books.identity import cuit
from ventanilla.gateway.demo.books.parties import Known

_RUBEN_1, _ = (supply.number for supply in roster.supplies_of(roster.RUBEN))
_HECTOR = roster.HECTOR
KNOWN = (
    Known(
        "Camila Duarte",
        ("DNI", "38204117"),
        PartyRole.TENANT,
        (_RUBEN_1,),
        email="camila@vecinos.example",
        months=9,
    ),
    # The same person, entered again at the counter: somebody has to look at that before either is let in.
    Known(
        "Zapata Héctor O.",
        ("DNI", f"{_HECTOR.document:08}"),
        PartyRole.RESIDENT,
        tuple(supply.number for supply in roster.supplies_of(_HECTOR)),
        email="hzapata@correo.example",
    ),
    Known(
        "Bombas y Pozos del Litoral S.R.L.",
        ("CUIT", cuit(("30", "33"), 70_918_432)),
        PartyRole.SUPPLIER,
        email="ventas@bombaslitoral.example",
        kind=PartyKind.COMPANY,
        months=40,
    ),
    Known(
        "Laboratorio Entrerriano de Aguas S.A.",
        ("CUIT", cuit(("30", "33"), 71_205_664)),
        PartyRole.SUPPLIER,
        email="informes@laboratorioaguas.example",
        kind=PartyKind.COMPANY,
        months=27,
    ),
    Known("Ramón Gutiérrez, zanjeos", ("CUIT", cuit(("20", "23"), 16_480_925)), PartyRole.SUPPLIER, months=6),
)
