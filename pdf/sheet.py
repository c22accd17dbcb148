"""What every paper shows of whose it is and whom it is for: letterhead, holder and account, each as text."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Account
from ventanilla.pdf.figures import Figures
from ventanilla.pdf.paper import DocumentFormat, Letterhead
from ventanilla.pdf.words import words

MOST_TEXT_LINES: Final = 8
"""How many lines the manager may say of itself, and of how to pay."""
_NOT_IN_A_FILE_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_NAME: Final = 100
_LETTER_PAPER: Final = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
"""Countries whose paper is Letter; everybody else's is A4."""


def saved_as(name: str, form: DocumentFormat) -> str:
    """What a paper is called once it is saved, whatever stands in its `name`: ``Factura B 0012-00251001.pdf``."""
    return f"{_NOT_IN_A_FILE_NAME.sub('-', name)[:_LONGEST_NAME].strip(' .')}.{form.value.lower()}"


def local_day(moment: datetime, head: Letterhead) -> date:
    """The date of a moment where the manager is."""
    return moment.astimezone(ZoneInfo(head.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something told in a row: what it is and how much or which."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list."""

    word: str
    """The key of its heading."""
    width: int = 0
    """In millimetres on paper; 0 for what the others leave."""
    figure: bool = False
    """Whether figures stand in it, which end at one line."""


class Sheet(ABC):
    """What the templates share. Absent is the empty text or an empty list, and then not shown."""

    def __init__(self, head: Letterhead, account: Account, amounts: Iterable[Money]) -> None:
        """`amounts` are all that the paper shows: they are written with the same decimals."""
        self.head = head
        self.words = words(head.language, head.country)
        self._account = account
        self._figures = Figures(head.locale, amounts)

    @property
    @abstractmethod
    def kind(self) -> str:
        """What it is: ``Factura``."""

    @property
    @abstractmethod
    def marks(self) -> list[Fact]:
        """What stands below that: dates above all."""

    @property
    def number(self) -> str:
        """The number that it has, without the letter that stands in the box."""
        return ""

    @property
    def letter(self) -> str:
        """The class of an Argentine voucher; empty on everything else."""
        return ""

    @property
    def name(self) -> str:
        """Its kind and number: what a window shows it under."""
        return f"{self.kind} {self.number}".strip()

    @property
    def state(self) -> str:
        """What is to be seen before anything else; mostly nothing."""
        return ""

    @property
    def size(self) -> str:
        """The sheet that is usual where the manager is."""
        return "letter" if self.head.country in _LETTER_PAPER else "a4"

    @property
    def initials(self) -> str:
        """Two letters that stand for the manager: ``AC`` for Aguas del Ceibo S.A."""
        names = [word for word in re.findall(r"\w+", self.head.name) if word[0].isupper()]
        return "".join(word[0] for word in names[:2]) or self.head.name[:1].upper()

    @property
    def issuer(self) -> list[str]:
        """The manager's own lines about itself."""
        return self.head.issuer.splitlines()[:MOST_TEXT_LINES]

    @property
    def contact(self) -> list[str]:
        """How the manager is reached."""
        return [each for each in (self.head.email, self.head.phone, self.head.website) if each]

    @property
    def holder(self) -> list[str]:
        """Name and identity number of whom it is for."""
        holder = self._account.holder
        identity = " ".join(filter(None, (holder.document_type, holder.document_number)))
        return [text for text in (holder.name, identity) if text]

    @property
    def account(self) -> list[Fact]:
        """The account: its number, what it is for, and the premises."""
        named = self._account
        facts = [
            Fact(self.words[f"account_{named.licence.lower()}"], named.number),
            Fact(self.words["service"], named.title),
            Fact(self.words["premises"], ", ".join(self._premises())),
        ]
        if named.unit and named.unit.area_m2:
            facts.append(Fact(self.words["area"], f"{self._figures.number(named.unit.area_m2)} m²"))
        return [fact for fact in facts if fact.value]

    def _premises(self) -> Iterator[str]:
        if self._account.unit:
            yield self._account.unit.label
        place = self._account.place
        if place:
            lines = [*place.address.lines, " ".join(filter(None, (place.address.postal_code, place.address.locality)))]
            yield from ([place.name, *lines] if place.name not in lines else lines)

    def _day(self, moment: datetime) -> str:
        return self._figures.day(local_day(moment, self.head))

    def _figures_on(self, as_of: datetime) -> str:
        """Up to which day payments are counted."""
        return self.words["figures_on"].format(date=self._day(as_of))
