"""The communities of `wspolnoty`, their buildings, and the premises with their owners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.records import Licence, UnitKind
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.habits import Habit
from ventanilla.gateway.demo.books.osiedle import Someone


@dataclass(frozen=True, slots=True)
class House:
    """A building of a community."""

    name: str
    street: str
    built_in: int


@dataclass(frozen=True, slots=True)
class Community:
    """A community of owners; media are settled once a year, `settled_ago` days before the anchor's day of the year."""

    serial: int
    name: str
    nip: int
    """The first nine digits of its tax number."""
    postal_code: str
    locality: str
    point: tuple[float, float]
    settled_ago: int
    houses: tuple[House, ...]
    remote: bool = True
    """Whether its water meters are read from afar; else twice a year by whoever lives there."""
    part_of: int | None = None
    """The denominator that the land register rounded the shares to, so that they do not add up to 1; None: exact."""


GDANSKA = Community(
    1,
    "Wspólnota Mieszkaniowa Gdańska 288",
    554_288_102,
    "85-021",
    "Bydgoszcz",
    (53.1372, 18.0046),
    9,
    (House("Gdańska 288", "ul. Gdańska 288", 1936),),
)
BYDGOSKA = Community(
    2,
    "Wspólnota Mieszkaniowa Bydgoskie Tarasy",
    879_194_330,
    "87-100",
    "Toruń",
    (53.0151, 18.5793),
    130,
    (House("Bydgoska 194", "ul. Bydgoska 194", 2011), House("Bydgoska 194A", "ul. Bydgoska 194A", 2013)),
)
KUJAWSKA = Community(
    3,
    "Wspólnota Mieszkaniowa Kujawska 212",
    554_212_770,
    "85-031",
    "Bydgoszcz",
    (53.1124, 18.0127),
    47,
    (House("Kujawska 212", "ul. Kujawska 212", 1971),),
    remote=False,
    part_of=10_000,
)
COMMUNITIES = (GDANSKA, BYDGOSKA, KUJAWSKA)


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises in a community, their owner, and how much of a year's advances was `used`: above 1, more is owed."""

    community: Community
    door: int
    owner: Someone
    area: Decimal
    persons: int
    habit: Habit
    used: Decimal
    kind: UnitKind = UnitKind.FLAT
    partner: str | None = None
    """Who owns the other half."""

    @property
    def code(self) -> str:
        """Community and door, as document numbers end."""
        return f"{self.community.serial}{self.door:03}"

    @property
    def house(self) -> House:
        """The building they are in."""
        return self.community.houses[self.door % len(self.community.houses)]

    def number(self, licence: Licence) -> str:
        """``W1-015-K`` for the costs of the community, ``W1-015-M`` for media."""
        return f"W{self.community.serial}-{self.door:03}-{'K' if licence is Licence.COMMUNITY else 'M'}"


_SURPLUS, _MISSING = Decimal("0.94"), Decimal("1.08")
_MAREK = "Marek Wojciechowski"
_WITH_A_STORY = (
    Premises(GDANSKA, 15, osiedle.KATARZYNA, Decimal("54.30"), 3, osiedle.PROMPT, _MISSING, partner=_MAREK),
    Premises(BYDGOSKA, 7, osiedle.EWA, Decimal("71.85"), 2, osiedle.PHONE, _SURPLUS),
    Premises(KUJAWSKA, 1, osiedle.BILANS, Decimal("63.00"), 1, osiedle.STANDING, _MISSING, UnitKind.OFFICE),
    *(
        Premises(community, door, osiedle.ANDRZEJ, Decimal(area), 2, habit, used)
        for community, door, area, habit, used in (
            (GDANSKA, 3, "38.40", osiedle.PROMPT, _SURPLUS),
            (GDANSKA, 4, "42.10", osiedle.PROMPT, Decimal(1)),
            (GDANSKA, 22, "36.95", osiedle.LATE, _MISSING),
            (BYDGOSKA, 11, "57.60", osiedle.PROMPT, _MISSING),
            (BYDGOSKA, 12, "57.60", osiedle.BEHIND, _SURPLUS),
            (KUJAWSKA, 6, "44.75", osiedle.PROMPT, _SURPLUS),
        )
    ),
)
_HABITS = (osiedle.PROMPT, osiedle.PROMPT, osiedle.PHONE, osiedle.STANDING, osiedle.LATE, osiedle.PARTLY)


def premises(luck: Random) -> tuple[Premises, ...]:
    """All premises: those with a story, and those drawn by `luck`."""
    return (*_WITH_A_STORY, *_drawn(luck))


def _drawn(luck: Random) -> Iterator[Premises]:
    for at in range(27):
        yield Premises(
            COMMUNITIES[at % 3],
            31 + at // 3,
            osiedle.somebody(luck, at + 7),
            Decimal(luck.randrange(3_400, 8_600)) / 100,
            luck.randrange(1, 5),
            luck.choice(_HABITS),
            Decimal(luck.randrange(93, 114)) / 100,
        )
