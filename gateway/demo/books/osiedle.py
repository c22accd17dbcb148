"""What both offices of `osiedle`, a Polish administrator of houses, have in common: months, bank accounts, papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.records import (
    Address,
    EnrolmentKind,
    OfficialReference,
    PartyKind,
    PaymentStatus,
)
from ventanilla.gateway.demo.books.bill import Bill
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import shift
from ventanilla.gateway.demo.books.enrolments import enrol, leave
from ventanilla.gateway.demo.books.habits import Habit
from ventanilla.gateway.demo.books.identity import ksef, nip, nrb, pesel
from ventanilla.gateway.demo.books.parties import email

ZONE = ZoneInfo("Europe/Warsaw")
MANAGER_NIP = nip(554_310_287)
TRANSFER, DEBIT, BLIK, COUNTER = "Przelew", "Polecenie zapłaty", "BLIK", "Kasa"
HISTORY = 25
"""How many months are billed: two years and the coming month."""
KSEF_SINCE = date(2026, 4, 1)
"""From this day on invoices to companies pass through the tax authority's system."""

PROMPT = Habit((TRANSFER,), (-5, 0))
PHONE = Habit((BLIK, TRANSFER), (-3, 1))
STANDING = Habit((DEBIT,), (0, 0))
DESK = Habit((COUNTER, TRANSFER), (-2, 5))
LATE = Habit((TRANSFER, BLIK), (3, 14))
BEHIND = Habit((TRANSFER, BLIK), (-3, 0), owes=1)
PARTLY = Habit((TRANSFER,), (-3, 2), owes=2, part=50)
IN_DEBT = Habit((COUNTER, TRANSFER), (4, 20), owes=6, part=30)

_WOMEN = ("Anna", "Barbara", "Danuta", "Elżbieta", "Grażyna", "Halina", "Iwona", "Justyna", "Magdalena", "Zofia")
_MEN = ("Adam", "Bogdan", "Dariusz", "Grzegorz", "Henryk", "Jacek", "Łukasz", "Paweł", "Ryszard", "Wojciech")
_SURNAMES = (
    ("Nowak", "Nowak"), ("Wiśniewska", "Wiśniewski"), ("Wójcik", "Wójcik"), ("Kamińska", "Kamiński"),
    ("Zielińska", "Zieliński"), ("Szymańska", "Szymański"), ("Dąbrowska", "Dąbrowski"), ("Jankowska", "Jankowski"),
    ("Kwiatkowska", "Kwiatkowski"), ("Krawczyk", "Krawczyk"), ("Grabowska", "Grabowski"), ("Pawłowska", "Pawłowski"),
    ("Michalska", "Michalski"), ("Król", "Król"), ("Wieczorek", "Wieczorek"), ("Jabłońska", "Jabłoński"),
    ("Majewska", "Majewski"), ("Olszewska", "Olszewski"), ("Stępień", "Stępień"), ("Górska", "Górski"),
    ("Rutkowska", "Rutkowski"), ("Sikora", "Sikora"), ("Baran", "Baran"), ("Szewczyk", "Szewczyk"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Someone:
    """A tenant or owner: birthday and serial of a person's PESEL, or the nine digits of a company's NIP."""

    name: str
    born: date | None = None
    serial: int = 0
    company: int | None = None
    email: str | None = None


KATARZYNA = Someone("Katarzyna Wojciechowska", date(1984, 3, 17), 4528, email="katarzyna@sasiedzi.example")
STANISLAW = Someone("Stanisław Mazur", date(1951, 11, 2), 713, email="stanislaw@sasiedzi.example")
ANDRZEJ = Someone("Andrzej Kozłowski", date(1967, 6, 25), 1937, email="andrzej@wlasciciele.example")
APTEKA = Someone("Apteka Pod Lwem sp. z o.o.", company=953_274_118, email="ksiegowosc@apteka.example")
BILANS = Someone("Biuro Rachunkowe Bilans sp. z o.o.", company=967_140_325, email="biuro@bilans.example")
EWA = Someone("Ewa Lewandowska", date(1978, 9, 8), 6204, email="ewa@wlasciciele.example")
JOANNA = Someone("Joanna Pawlak", date(1990, 1, 30), 2846, email="joanna@sasiedzi.example")
ZENON = Someone("Zenon Adamczyk", date(1959, 4, 14), 3391, email="zenon@sasiedzi.example")


def somebody(luck: Random, at: int) -> Someone:
    """Draw a neighbour."""
    feminine, masculine = _SURNAMES[at % len(_SURNAMES)]
    born = date(luck.randrange(1942, 2001), luck.randrange(1, 13), luck.randrange(1, 29))
    serial = luck.randrange(0, 9999, 2)
    woman = luck.random() < 0.5
    name = f"{luck.choice(_WOMEN)} {feminine}" if woman else f"{luck.choice(_MEN)} {masculine}"
    address = None if at % 4 == 3 else email(name, "poczta", f"{born:%d%y}")
    return Someone(name, born, serial if woman else serial + 1, email=address)


def party(clerk: Clerk, someone: Someone) -> str:
    """Enter a tenant or owner; returns the key."""
    if someone.company:
        return clerk.party(someone.name, ("NIP", nip(someone.company)), PartyKind.COMPANY, email=someone.email)
    if not someone.born:
        msg = f"{someone.name} has neither a birthday nor a company's number"
        raise ValueError(msg)
    return clerk.party(someone.name, ("PESEL", pesel(someone.born, someone.serial)), email=someone.email)


def address(street: str, postal_code: str, locality: str) -> Address:
    """Write an address of the region."""
    return Address(
        lines=(street,),
        locality=locality,
        region="kujawsko-pomorskie",
        postal_code=postal_code,
        country="PL",
    )


def months(anchor: date) -> list[date]:
    """First days of the billed months, oldest first; the last one falls due on or after the anchor."""
    first = anchor.replace(day=1)
    newest = first if anchor.day <= 10 else shift(first, 1)
    return [shift(newest, -back) for back in reversed(range(HISTORY))]


def issued_on(month: date) -> date:
    """The program bills a month as soon as the last one has fallen due."""
    return shift(month, -1).replace(day=11)


def due_on(month: date) -> date:
    """In advance, until the tenth."""
    return month.replace(day=10)


def registered(clerk: Clerk, someone: Someone, day: date) -> OfficialReference | None:
    """The KSeF number of an invoice to a company."""
    if not someone.company or day < KSEF_SINCE:
        return None
    return OfficialReference(scheme="KSeF", value=ksef(MANAGER_NIP, day, clerk.luck.randrange(16**12)))


def referrer(clerk: Clerk, method: str, bill: Bill, day: date) -> str:
    """What stands on the bank's or the till's paper; transfers come in on the account's own bank account."""
    match method:
        case "Kasa":
            return f"KP {clerk.digits(4)}/{day:%m/%Y}"
        case "BLIK":
            return f"BLIK {clerk.digits(10)}, {bill.number}"
        case _:
            return f"{bill.number}, rachunek {bank_account(clerk, bill.account)}"


def bank_account(clerk: Clerk, account: str) -> str:
    """The bank account that is this account's alone."""
    series = 1 if clerk.office == "czynsze" else 2
    return nrb(series * 10**12 + int(account[1:]))


def pay(
    clerk: Clerk,
    bills: Sequence[Bill],
    days: int,
    method: str,
    *,
    amount: int,
    status: PaymentStatus | None = None,
) -> None:
    """Pay `bills`, oldest first, `days` before the anchor."""
    day = clerk.anchor - timedelta(days=days)
    reference = referrer(clerk, method, bills[0], day)
    clerk.pay(bills[0].account, amount, day, method=method, reference=reference, bills=bills, status=status)


def enrol_payer(clerk: Clerk, account: str, someone: Someone, habit: Habit, opened_on: date) -> None:
    """Who gave an address gets papers by e-mail; who pays by debit is enrolled since the account was opened."""
    if someone.email and someone is not ZENON:
        enrol(clerk, account, EnrolmentKind.E_INVOICE, max(opened_on, shift(clerk.anchor, -14)), "portal")
    if habit is STANDING:
        enrol(clerk, account, EnrolmentKind.DIRECT_DEBIT, opened_on + timedelta(days=12), "bank")
    if someone is EWA:
        leave(clerk, account, EnrolmentKind.DIRECT_DEBIT, shift(clerk.anchor, -8), "telefon")
