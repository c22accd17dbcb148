"""The ledger and the reference agree on what nobody thought of: rates, part payments and audiences by chance."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import (
    Book,
    InterestRate,
    InvoiceEntry,
    NoticeEntry,
    PaymentEntry,
    StandingEntry,
)
from ventanilla.backoffice_adapters.conformance.bench import Harness, Side, fill_directly, open_bench
from ventanilla.backoffice_adapters.conformance.book import NOW, TEXTS, TODAY, book, elsewhere
from ventanilla.backoffice_adapters.conformance.promises import aligned
from ventanilla.backoffice_adapters.contract import NoticeOrder, PartyFilter, PartyOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    AccountRole,
    Allocation,
    InvoiceStatus,
    Licence,
    Party,
    PartyRole,
    PaymentStatus,
    Reader,
    ReaderStanding,
)
from ventanilla.backoffice_adapters.registry import Registry

T = TypeVar("T")
pytestmark = pytest.mark.anyio
SEEDS = range(12)
BOOK = book(Licence.RENT, "PLN")
BEGIN = date(2024, 1, 1)
DAYS = (date(2024, 2, 29), date(2024, 12, 31), date(2025, 6, 1), TODAY)


@pytest.fixture
async def side(tmp_path: Path) -> AsyncIterator[Side]:
    async with open_bench(Harness(adapter=Registry.discover().get("embedded")), tmp_path, filled=False) as bench:
        yield bench.mine


async def hold(side: Side, content: Book) -> None:
    await fill_directly(side.office, content)
    await side.twin.fill(content)


# -- late interest -----------------------------------------------------------------------------------------------


def rates(chance: Random) -> tuple[InterestRate, ...]:
    """A table with gaps and without, in no order."""
    rows: list[InterestRate] = []
    day = BEGIN + timedelta(days=chance.randrange(-30, 60))
    for _ in range(chance.randrange(12)):
        day += timedelta(days=chance.choice((0, 0, 0, 0, 1, 19)))
        last = day + timedelta(days=chance.randrange(150))
        rate = chance.choice(("0", "9.75", "9.750", "9.75", "33.3333"))
        rows.append(InterestRate(valid_from=day, valid_until=last, annual_rate=rate, source="chance"))
        day = last + timedelta(days=1)
    if rows and chance.random() < 0.3:
        rows[-1] = replace(rows[-1], valid_until=None)
    return tuple(chance.sample(rows, len(rows)))


def bill(chance: Random, key: str) -> tuple[InvoiceEntry, list[tuple[PaymentEntry, Allocation]]]:
    """An invoice that is paid in parts, now and then in full, before and after it falls due."""
    due_on = BEGIN + timedelta(days=chance.randrange(-60, 800))
    total = chance.choice((1, 100, chance.randrange(1, 10**6), 10**15 + 1))
    cuts = sorted(chance.randrange(total + 1) for _ in range(chance.randrange(4)))
    ends = [*cuts, *([total] if chance.random() < 0.4 else [])]
    parts = [end - start for start, end in pairwise([0, *ends]) if end > start]
    status = (
        InvoiceStatus.PAID if sum(parts) == total else InvoiceStatus.PARTIALLY_PAID if parts else InvoiceStatus.ISSUED
    )
    model = next(entry for entry in BOOK.invoices if entry.key == "lat01")
    entry = replace(model, key=key, number=key, status=status, due_on=due_on, total=zl(total), lines=())
    settled = [settling(chance, entry, at, minor) for at, minor in enumerate(parts)]
    failed = [settling(chance, entry, 9, 1, PaymentStatus.REVERSED)]
    return replace(entry, issued_on=due_on - timedelta(days=9)), [*settled, *failed]


def settling(
    chance: Random, entry: InvoiceEntry, at: int, minor: int, status: PaymentStatus = PaymentStatus.SETTLED
) -> tuple[PaymentEntry, Allocation]:
    on = entry.due_on + timedelta(days=chance.choice((-5, -1, 0, 0, 1, 1, 2, 30, 200, 500)))
    payment = replace(BOOK.payments[0], key=f"{entry.key}-{at}", account=entry.account, amount=zl(minor), status=status)
    return payment, Allocation(payment_key=payment.key, invoice_key=entry.key, amount=zl(minor), allocated_on=on)


def zl(minor: int) -> Money:
    return Money(minor, "PLN")


@pytest.mark.parametrize("seed", SEEDS)
async def test_late_interest_is_the_same(seed: int, side: Side) -> None:
    chance = Random(seed)  # noqa: S311  a test wants the same chance every time
    bills = [bill(chance, f"f{at}") for at in range(25)]
    settled = [pair for _, pairs in bills for pair in pairs]
    content = Book(
        currency="PLN",
        parties=BOOK.parties,
        properties=BOOK.properties,
        units=BOOK.units,
        buildings=BOOK.buildings,
        communities=BOOK.communities,
        accounts=BOOK.accounts,
        invoices=tuple(entry for entry, _ in bills),
        payments=tuple(payment for payment, _ in settled),
        allocations=tuple(allocation for _, allocation in settled),
        interest_rates=rates(chance),
    )
    await hold(side, content)
    keys = [entry.key for entry in content.invoices]
    for today in DAYS:
        found = await side.ask("late_interest", keys, today=today)
        aligned(f"{today}", keys, found, await side.expected("late_interest", keys, today=today))


# -- notices -----------------------------------------------------------------------------------------------------


def some(chance: Random, pool: Sequence[T]) -> tuple[T, ...]:
    return tuple(chance.sample(pool, chance.randrange(1, 3))) if chance.random() < 0.35 else ()


def notice(chance: Random, key: str) -> NoticeEntry:
    """A notice with a window round now, and any audience."""
    begin = NOW + timedelta(seconds=chance.choice((-4_000_000, -4_000_000, -1, 0, 0, 1, 86_400)))
    end = NOW + timedelta(seconds=chance.choice((0, 1, 800_000)))
    return NoticeEntry(
        key=key,
        title=key,
        body="",
        community=chance.choice((None, "com1", "com3")),
        published_from=begin,
        visible_until=end if end > begin and chance.random() < 0.6 else None,
        accounts=some(chance, [entry.key for entry in BOOK.accounts]),
        buildings=some(chance, [entry.key for entry in BOOK.buildings]),
        communities=some(chance, [entry.key for entry in BOOK.communities]),
        roles=some(chance, list(AccountRole)),
    )


def reader(chance: Random, refs: Sequence[AccountRef]) -> Reader:
    roles = list(AccountRole)
    held = [ReaderStanding(account=chance.choice(refs), role=chance.choice(roles)) for _ in range(chance.randrange(4))]
    one = Reader(standings=tuple(held))
    return elsewhere(one) if chance.random() < 0.1 else one


@pytest.mark.parametrize("seed", SEEDS)
async def test_notices_are_the_same(seed: int, side: Side) -> None:
    chance = Random(seed)  # noqa: S311  a test wants the same chance every time
    await hold(side, replace(BOOK, notices=tuple(notice(chance, f"n{at:02}") for at in range(30))))
    readers = [reader(chance, await side.refs()) for _ in range(15)]
    keys = [entry.key for entry in side.twin.book.notices]
    for order in NoticeOrder:
        for backwards in (False, True):
            window = Window(limit=4, backwards=backwards, count=True)
            found = await side.ask("notices", readers, order, window)
            aligned(f"{order}", readers, found, await side.expected("notices", readers, order, window))
    for one in readers:
        found = await side.ask("notices_by_key", keys, one)
        aligned("by key", keys, found, await side.expected("notices_by_key", keys, one))


# -- parties -----------------------------------------------------------------------------------------------------

LETTERS = "aAąĄáßZzŻ ñ-1"
NUMBERS = (None, "12 3", "1-23", "X/ñ", "xÑ", "--")


def party(chance: Random, key: str) -> Party:
    """Somebody whose name is like many others."""
    name = "".join(chance.choices(LETTERS, k=chance.randrange(1, 4)))
    return Party(key=key, name=name, document_number=chance.choice(NUMBERS))


def standing(chance: Random, at: int, parties: Sequence[Party]) -> StandingEntry:
    """Anything that a party may be; each from a day of its own."""
    role, day = chance.choice(list(PartyRole)), BEGIN + timedelta(days=at)
    account = chance.choice([entry.key for entry in BOOK.accounts])
    community = chance.choice(("com1", "com2", "com3"))
    where: dict[str, str | None] = {"account": account}
    if role is PartyRole.BOARD_MEMBER:
        where = {"community": community}
    if role is PartyRole.SUPPLIER:
        where = {"community": chance.choice((community, None))}
    ends = chance.choice((None, day, day + timedelta(days=400)))
    return StandingEntry(party=chance.choice(parties).key, role=role, starts_on=day, ends_on=ends, **where)


def wanted(chance: Random) -> PartyFilter:
    text = chance.choice((None, None, *TEXTS[:-4], *NUMBERS, *LETTERS))
    roles = chance.sample(list(PartyRole), chance.choice((0, 1, 3)))
    return PartyFilter(roles=tuple(roles), text=text)


@pytest.mark.parametrize("seed", SEEDS)
async def test_parties_are_the_same(seed: int, side: Side) -> None:
    chance = Random(seed)  # noqa: S311  a test wants the same chance every time
    people = [party(chance, f"q{at:02}") for at in range(40)]
    entries = tuple(standing(chance, at, people) for at in range(50))
    await hold(side, replace(BOOK, parties=(*BOOK.parties, *people), standings=entries))
    keys = [one.key for one in side.twin.book.parties]
    aligned("by key", keys, await side.ask("parties_by_key", keys), await side.expected("parties_by_key", keys))
    filters = [wanted(chance) for _ in range(25)]
    start = PartyOrder.NAME_ASC.position((await side.expected("parties_by_key", [chance.choice(keys)]))[0])
    for backwards in (False, True):
        for window in (
            Window(limit=100, backwards=backwards, count=True),
            Window(limit=5, start=start, backwards=backwards),
        ):
            found = await side.ask("parties", filters, window)
            aligned(f"{window}", filters, found, await side.expected("parties", filters, window))
