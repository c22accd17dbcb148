"""The leases of the letting agency: premises, tenants, landlords, rents and how they are paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.records import UnitKind
from ventanilla.gateway.demo.books.habits import Habit
from ventanilla.gateway.demo.books.parties import email

PSE, EFECTY, BANCOLOMBIA, NEQUI = "PSE", "Efecty", "Transferencia Bancolombia", "Nequi"


@dataclass(frozen=True, slots=True)
class Building:
    """A building whose flats the agency lets."""

    name: str
    street: str
    locality: str
    region: str
    postal_code: str
    point: tuple[float, float]
    built_in: int
    units: int


@dataclass(frozen=True, slots=True)
class Someone:
    """A tenant or landlord: cédula of a person, or the nine digits of a company's NIT."""

    name: str
    document: int
    company: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease and the landlord's mandate behind it, with the same serial."""

    serial: int
    tenant: Someone
    landlord: Someone
    building: Building
    label: str
    canon: int
    """Monthly rent in pesos when the lease began."""
    fee: int
    """The building's monthly administration fee in pesos; 0 where the landlord pays it."""
    months: int
    """How many months it has been billed for."""
    habit: Habit
    kind: UnitKind = UnitKind.FLAT
    area: str = "68.00"
    starts_in: int | None = None
    """Days from the anchor to the newest billed month, for leases that do not follow the calendar."""
    commission: str = "9"

    @property
    def number(self) -> str:
        """The lease as it is printed."""
        return f"CA-{self.serial:04}"

    @property
    def mandate(self) -> str:
        """The landlord's account as it is printed."""
        return f"PR-{self.serial:04}"

    @property
    def commercial(self) -> bool:
        """Whether the rent bears VAT and the tenant withholds."""
        return self.kind in {UnitKind.SHOP, UnitKind.OFFICE}


_MEDELLIN, _BOGOTA = ("Medellín", "Antioquia"), ("Bogotá", "Bogotá D. C.")
GUAYACANES = Building(
    "Edificio Los Guayacanes", "Carrera 76 # 34-152", *_MEDELLIN, "050034", (6.2446, -75.5956), 1998, 64
)
TORRE = Building("Torre Manila", "Calle 11B # 43A-87", *_MEDELLIN, "050021", (6.2131, -75.5702), 2016, 92)
ROSALES = Building(
    "Urbanización Rosales de Belén", "Calle 30 # 78-214", *_MEDELLIN, "050026", (6.2311, -75.6013), 2009, 208
)
AYURA = Building(
    "Conjunto Altos de la Ayurá",
    "Transversal 34 Sur # 31-95",
    "Envigado",
    "Antioquia",
    "055422",
    (6.1703, -75.5801),
    2012,
    116,
)
CEDRITOS = Building("Conjunto Cedritos Real", "Calle 142 # 13-268", *_BOGOTA, "110121", (4.7243, -74.0391), 2004, 150)
BUILDINGS = (GUAYACANES, TORRE, ROSALES, AYURA, CEDRITOS)

LAURA = Someone("Laura Cristina Restrepo Vélez", 1_017_204_633, email="laura@inquilinos.example")
ANDRES = Someone("Andrés Felipe Giraldo Mesa", 1_128_447_015, email="andres@inquilinos.example")
JHON = Someone("Jhon Jairo Múnera Cano", 71_784_290, email="jhon@inquilinos.example")
VALENTINA = Someone("Valentina Arango Duque", 1_152_690_874, email="valentina@inquilinos.example")
CARLOS = Someone("Carlos Mario Ospina Toro", 98_563_217, email="carlos@propietarios.example")
BEATRIZ = Someone("Beatriz Elena Londoño Uribe", 42_887_106, email="beatriz@propietarios.example")
CAFE = Someone("Café Tinto y Tinta S.A.S.", 901_284_537, company=True, email="pagos@tintoytinta.example")
HELENA = Someone("Helena Pardo de Quintero", 41_592_388, email="helena@propietarios.example")
GONZALO = Someone("Gonzalo Echeverri Jaramillo", 8_274_551, email="gonzalo@propietarios.example")

_PROMPT = Habit((PSE, BANCOLOMBIA), (-4, 0))
_COUNTER = Habit((EFECTY, NEQUI), (-3, 1))
_SLOW = Habit((BANCOLOMBIA, PSE), (1, 9))

_BEHIND, _DEEP = Habit((PSE, NEQUI), (-3, 0), 2, 40), Habit((EFECTY,), (2, 8), 3)

_WITH_A_STORY = (
    Lease(147, LAURA, HELENA, GUAYACANES, "Apto 503", 1_850_000, 312_000, 20, _BEHIND, starts_in=4),
    Lease(152, ANDRES, GONZALO, ROSALES, "Apto 1204", 1_420_000, 248_000, 27, _PROMPT),
    Lease(158, JHON, HELENA, ROSALES, "Apto 302", 1_260_000, 231_000, 30, _DEEP),
    Lease(163, VALENTINA, GONZALO, TORRE, "Apto 1801", 3_350_000, 540_000, 16, _PROMPT, starts_in=-2),
    Lease(171, CARLOS, HELENA, AYURA, "Casa 14", 2_900_000, 365_000, 28, _PROMPT, UnitKind.HOUSE, "124.00"),
    Lease(172, CAFE, CARLOS, GUAYACANES, "Local 102", 5_600_000, 480_000, 34, _PROMPT, UnitKind.SHOP, commission="10"),
)
REPAIRS = {172: 18, 147: 52}
"""Serial of a lease → how many days ago its landlord was billed for a repair."""

_TENANTS = (
    "Luz Marina Betancur Ríos", "Juan Esteban Cardona Zapata", "Paola Andrea Gómez Henao", "Óscar Darío Villa Marín",
    "Daniela Ramírez Castaño", "Julián David Agudelo", "Ana Sofía Bedoya Lopera", "Wilson Alberto Tabares",
    "Catalina Hoyos Arbeláez", "Mauricio Salazar Pino", "Yuliana Rendón Ochoa", "Sebastián Quintero Galvis",
    "Gloria Patricia Montoya", "Camilo Andrés Rojas Prieto", "Natalia Forero Cárdenas", "Hernán Darío Sierra",
    "Manuela Correa Isaza", "Diego Alejandro Peña", "Liliana María Franco", "Esteban Moreno Buitrago",
    "Adriana Lucía Pardo", "Fabián Castro Leguizamón", "Mónica Patricia Useche", "Nicolás Bermúdez Rincón",
    "Sandra Milena Torres", "Álvaro José Ibáñez", "Marcela Niño Sarmiento", "Jorge Iván Tamayo",
    "Isabel Cristina Muñoz", "Felipe Baquero Angulo", "Rosa Elvira Chacón", "Tomás Naranjo Vargas",
    "Ángela María Grisales", "Rodrigo Lozano Bernal",
)  # fmt: skip
_RATES = {GUAYACANES: 1_700_000, TORRE: 3_100_000, ROSALES: 1_300_000, AYURA: 2_200_000, CEDRITOS: 1_900_000}


def leases(luck: Random) -> tuple[Lease, ...]:
    """Every lease: those with a story and those drawn by `luck`; thirteen of these belong to one landlady."""
    return (*_WITH_A_STORY, *(_drawn(luck, at, name) for at, name in enumerate(_TENANTS)))


def _drawn(luck: Random, at: int, name: str) -> Lease:
    building = BUILDINGS[at % len(BUILDINGS)]
    canon = _RATES[building] * luck.randrange(85, 130) // 100 // 10_000 * 10_000
    return Lease(
        201 + at,
        Someone(
            name,
            luck.randrange(1_000_100_000, 1_150_000_000) if at % 3 else luck.randrange(43_000_000, 99_000_000),
            email=None if at % 5 == 4 else email(" ".join(name.split()[:2]), "correo", str(at + 10)),
        ),
        BEATRIZ if at < 13 else luck.choice((HELENA, GONZALO)),
        building,
        f"Apto {luck.randrange(2, 16)}{at % 10:02}",
        canon,
        canon // 6 // 1_000 * 1_000,
        luck.randrange(25, 44) if at % 5 else luck.randrange(4, 20),
        luck.choice((_PROMPT, _PROMPT, _COUNTER, _SLOW)),
        area=f"{luck.randrange(42, 118)}.00",
        starts_in=luck.choice((None, None, None, 2, -6)),
    )


INFLATION = {2023: Decimal("9.28"), 2024: Decimal("5.20"), 2025: Decimal("5.10")}
"""Percent of the year's consumer price index, by which rents rise at their anniversaries in the next year."""
USUAL_INFLATION = Decimal(5)
