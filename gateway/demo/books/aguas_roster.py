"""The supplies of the water utility: where they are, who holds them, how much water runs and how it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.records import UnitKind
from ventanilla.gateway.demo.books.habits import Habit
from ventanilla.gateway.demo.books.identity import mod10
from ventanilla.gateway.demo.books.parties import email

PARANA, DIAMANTE, VICTORIA, NOGOYA = "Paraná", "Diamante", "Victoria", "Nogoyá"

TOWNS = {
    PARANA: ("E3100", (-31.7319, -60.5238)),
    DIAMANTE: ("E3105", (-32.0664, -60.6384)),
    VICTORIA: ("E3153", (-32.6184, -60.1548)),
    NOGOYA: ("E3150", (-32.3939, -59.7889)),
}
"""Town → post code and centre."""

_STREETS = {
    PARANA: (
        "Urquiza",
        "25 de Mayo",
        "Gualeguaychú",
        "Av. Ramírez",
        "Corrientes",
        "Villaguay",
        "Nogoyá",
        "Av. Ejército",
    ),
    DIAMANTE: ("Eva Perón", "Sarmiento", "Belgrano", "25 de Mayo"),
    VICTORIA: ("Congreso", "Italia", "Rawson", "San Martín"),
    NOGOYA: ("Caseros", "9 de Julio", "Quiroga", "Moreno"),
}
_WOMEN = ("María Elena", "Silvia Beatriz", "Lorena", "Mirta Graciela", "Valeria", "Ana Laura", "Stella Maris", "Romina")
_MEN = ("Juan Carlos", "Miguel Ángel", "Sergio Daniel", "Matías", "Luis Alberto", "Gustavo", "Emanuel", "Ricardo José")
_SURNAMES = (
    "Acosta", "Benítez", "Cabrera", "Dalinger", "Escobar", "Franco", "Godoy", "Heinze", "Izaguirre", "Jacob",
    "Kranevitter", "Ledesma", "Medrano", "Núñez", "Ojeda", "Piedrabuena", "Retamar", "Schönfeld", "Troncoso",
    "Villanueva", "Wendler", "Yedro",
)  # fmt: skip

HOME_BANKING, CARD, DEBIT = "Home banking", "Mercado Pago", "Débito automático"
RAPIPAGO, PAGO_FACIL = "Rapipago", "Pago Fácil"


_ORDINARY = Habit((HOME_BANKING, CARD))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a supply. A company is `registered` for VAT and gets type A invoices."""

    name: str
    document: int
    """DNI of a person, or the eight inner digits of a company's CUIT."""
    registered: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """A connection. `route` says how many days before the anchor its newest invoice was issued."""

    serial: int
    holder: Holder
    town: str
    street: str
    use: UnitKind = UnitKind.HOUSE
    label: str = "Vivienda"
    m3: int = 28
    """Cubic metres in an ordinary two months."""
    route: int = 20
    habit: Habit = _ORDINARY
    bills: int = 13
    """How many two-month periods it has been billed for."""

    @property
    def number(self) -> str:
        """The number on the invoice: zone, serial, check digit."""
        return supply_number(self.town, self.serial)


def supply_number(town: str, serial: int) -> str:
    """Write zone of the town (three digits), serial (five) and a Luhn digit."""
    zone = f"{101 + tuple(TOWNS).index(town)}"
    return f"{zone}-{serial:05}-{mod10(f'{zone}{serial:05}')}"


MARTA = Holder("Marta Susana Ferreyra", 17_482_915, email="marta@vecinos.example")
HECTOR = Holder("Héctor Omar Zapata", 11_906_334, email="hector@vecinos.example")
GRACIELA = Holder("Graciela Noemí Bertozzi", 20_118_657, email="graciela@consorcios.example")
ESPIGA = Holder("Panificadora La Espiga S.R.L.", 71_045_328, registered=True, email="pagos@laespiga.example")
RUBEN = Holder("Rubén Osvaldo Sánchez", 14_770_216, email="ruben@vecinos.example")
NORMA = Holder("Norma Beatriz Quiroga", 22_390_471, email="norma@vecinos.example")
LUCIA = Holder("Lucía Inés Albornoz", 33_651_208, email="lucia@vecinos.example")

_NEIGHBOURS = (
    Supply(123, MARTA, PARANA, "Gualeguaychú 1487", route=6, habit=Habit((HOME_BANKING, CARD, PAGO_FACIL), (-4, 0), 1)),
    Supply(88, MARTA, DIAMANTE, "Sarmiento 641", m3=14, route=20, habit=Habit((CARD, PAGO_FACIL), (-4, 0), 2)),
    Supply(207, HECTOR, PARANA, "Villaguay 832", m3=19, route=6, habit=Habit((RAPIPAGO,), (0, 0))),
    Supply(311, RUBEN, PARANA, "Corrientes 1120", UnitKind.FLAT, "Planta alta", 22, 20, Habit((HOME_BANKING,), (1, 7))),
    Supply(312, RUBEN, PARANA, "Corrientes 1118", m3=31, route=34, habit=Habit((DEBIT,), (0, 0))),
    Supply(402, NORMA, PARANA, "Av. Ejército 2305", m3=37, habit=Habit((RAPIPAGO, PAGO_FACIL), (2, 9), 4, 30)),
    Supply(455, LUCIA, VICTORIA, "Congreso 419", m3=44, route=34, habit=Habit((CARD, HOME_BANKING), (-3, 0))),
    Supply(501, ESPIGA, PARANA, "Av. Ramírez 2740", UnitKind.SHOP, "Local comercial", 96, 6, Habit((DEBIT,), (0, 0))),
    Supply(502, ESPIGA, NOGOYA, "Caseros 588", UnitKind.SHOP, "Planta", 180, 34, Habit((HOME_BANKING,), (3, 6))),
)
CLOSED = Supply(77, Holder("Elvira Rosa Maldonado", 5_318_902), PARANA, "Nogoyá 266", m3=16, habit=Habit((RAPIPAGO,)))
NEWCOMER = Supply(
    913, Holder("Agustín Peralta", 41_207_553), PARANA, "Urquiza 2218", UnitKind.FLAT, "3.º B", bills=2, route=6
)
LEAK, REISSUED, BOUNCED, WAITING, METER = 455, 312, 502, 88, 123
"""Serials with a story: leak credited, invoice issued anew, debit returned, payment under way, meter changed."""

BUILDINGS = tuple(
    Supply(600 + at, GRACIELA, PARANA, street, UnitKind.FLAT, label, 150 + 35 * (at % 5), route, habit)
    for at, (street, label, route, habit) in enumerate((
        ("25 de Mayo 345", "Consorcio Edificio Plaza", 6, Habit((HOME_BANKING,), (-3, 0))),
        ("25 de Mayo 512", "Consorcio Torre Mayo", 6, Habit((HOME_BANKING,), (-3, 0))),
        ("Urquiza 1033", "Consorcio Urquiza 1033", 6, Habit((HOME_BANKING,), (-9, -8))),
        ("Urquiza 1190", "Consorcio Mirador del Río", 20, Habit((HOME_BANKING,), (-3, 0))),
        ("Corrientes 455", "Consorcio Corrientes I", 20, Habit((HOME_BANKING,), (1, 6))),
        ("Corrientes 461", "Consorcio Corrientes II", 20, Habit((HOME_BANKING,), (-3, 0), 1)),
        ("Gualeguaychú 618", "Consorcio Las Tipas", 20, Habit((DEBIT,), (0, 0))),
        ("Av. Ramírez 1985", "Consorcio Ramírez Norte", 34, Habit((DEBIT,), (0, 0))),
        ("Av. Ramírez 2001", "Consorcio Ramírez Sur", 34, Habit((HOME_BANKING,), (-3, 0), 1, 50)),
        ("Villaguay 274", "Consorcio Villaguay", 34, Habit((HOME_BANKING,), (-3, 0))),
        ("Nogoyá 90", "Consorcio Alameda", 50, Habit((HOME_BANKING,), (-3, 0))),
        ("Nogoyá 144", "Consorcio El Ceibo", 50, Habit((HOME_BANKING,), (-2, 4))),
        ("Av. Ejército 1312", "Cocheras Ejército", 50, Habit((HOME_BANKING,), (-3, 0))),
        ("Villaguay 1301", "Consorcio Parque Berduc", 2, Habit((HOME_BANKING,), (-3, 0))),
    ))
)  # fmt: skip


def supplies_of(holder: Holder) -> list[Supply]:
    """The supplies of somebody with a story."""
    return [supply for supply in (*_NEIGHBOURS, *BUILDINGS) if supply.holder is holder]


def supplies(luck: Random) -> tuple[Supply, ...]:
    """Every supply: those with a story, the buildings, and neighbours drawn by `luck`."""
    drawn = (_drawn(luck, serial, surname) for serial, surname in enumerate(_SURNAMES * 2, 1001))
    return (*_NEIGHBOURS, CLOSED, NEWCOMER, *BUILDINGS, *list(drawn)[:36])


def _drawn(luck: Random, serial: int, surname: str) -> Supply:
    given = luck.choice(_WOMEN if serial % 2 else _MEN)
    town = luck.choice((PARANA, PARANA, DIAMANTE, VICTORIA, NOGOYA))
    shop = serial % 9 == 0
    name, document = f"{given} {surname}", luck.randrange(12_000_000, 43_000_000)
    address = None if serial % 4 == 0 else email(f"{given.split()[0]} {surname}", "correo", str(document)[-2:])
    return Supply(
        serial,
        Holder(name, document, email=address),
        town,
        f"{luck.choice(_STREETS[town])} {luck.randrange(110, 2990)}",
        UnitKind.SHOP if shop else UnitKind.HOUSE,
        "Local comercial" if shop else "Vivienda",
        m3=luck.randrange(12, 52),
        route=luck.choice((2, 6, 20, 34, 50)),
        habit=luck.choice(_HABITS),
    )


_HABITS = (
    Habit((HOME_BANKING, CARD), (-6, 0)),
    Habit((RAPIPAGO, PAGO_FACIL), (-4, 0)),
    Habit((DEBIT,), (0, 0)),
    Habit((PAGO_FACIL, CARD), (1, 8)),
    Habit((HOME_BANKING,), (-3, 0), 1),
)

GROWTH = Decimal("1.021")
"""What nominal prices are multiplied by each month."""
