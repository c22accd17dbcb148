# ruff: noqa: ASYNC240  the tests are the operator, who works with plain files
"""What is posted stands in the outbox once, and shows at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.osiedle import (
    BOOK,
    CALL,
    MAPPING,
    REF,
    SETTLE_S,
    balance,
    pay,
    setting,
    sure,
    take_back,
    until,
    zl,
)
from tests.backoffice_adapters.rent_program import RentProgram
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Hit, OfficeError
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    InvoiceStatus,
    PaymentStatus,
    PostedPayment,
    ReversalKind,
)

pytestmark = pytest.mark.anyio
RAW: dict[str, Any] = MAPPING["offices"]["czynsze"]["configuration"]

HEADINGS = ";".join(RAW["outbox"]["rows"]["columns"].values())


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FilesOffice]:
    made = adapter.office(setting(tmp_path))
    await made.open()
    await made.fill(BOOK)
    yield made
    await made.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "do_programu"


def lines(path: Path) -> list[str]:
    return path.read_bytes().decode("cp1250").split("\r\n")


def code(hit: Hit[PostedPayment]) -> FaultCode:
    assert isinstance(hit, Fault), hit
    return hit.code


# -- one posting -------------------------------------------------------------------------------------------------


async def test_a_payment_stands_in_the_outbox_and_shows_at_once(office: FilesOffice, outbox: Path) -> None:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 850_00, ("F2", 850_00))]))
    assert (posted.payment.status, posted.replayed) == (PaymentStatus.CONFIRMED, False)
    assert [(each.invoice_key, each.amount) for each in posted.allocations] == [("F2", zl(810_01))]
    assert posted.payment.unallocated == zl(39_99)
    assert await balance(office) == zl(1_234_56 - 850_00)
    (invoice,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert (invoice.status, invoice.open) == (InvoiceStatus.PAID, zl(0))
    assert sure(await office.payments_by_key(CALL, [posted.payment.key])) == [posted.payment]
    assert await office.payment_allocations(CALL, [posted.payment.key]) == [posted.allocations]
    assert [path.name for path in outbox.iterdir()] == ["wplaty_z_portalu_000001.csv"]
    assert lines(outbox / "wplaty_z_portalu_000001.csv") == [
        HEADINGS,
        "1;k-1;wpłata;K-1;0001/2019;810,01;F2;CZ/1/11/2026;20.11.2026 10:30:00;BLIK;czynsz;;",
        "2;k-1;wpłata;K-1;0001/2019;39,99;;;20.11.2026 10:30:00;BLIK;czynsz;;",
        "KONIEC;2;850,00",
        "",
    ]


async def test_files_and_rows_are_numbered_on_also_after_a_restart(
    office: FilesOffice, tmp_path: Path, outbox: Path
) -> None:
    await office.post_payments(CALL, [pay("k-1", 10_00), pay("k-2", 900_00, ("F2", 100_00)), pay("k-3", 1)])
    await office.close()
    again = adapter.office(setting(tmp_path))
    await again.open()
    await again.post_payments(CALL, [pay("k-4", 5_00)])
    await again.close()
    program = RentProgram(tmp_path, BOOK)
    assert program.fetch() == ["k-1", "k-2", "k-3", "k-4"]
    numbers = [[int(row["Lp."]) for row in program.orders[key]] for key in ("k-1", "k-2", "k-3", "k-4")]
    assert numbers == [[1], [2, 3], [4], [5]]
    assert lines(outbox / "wplaty_z_portalu_000002.csv")[-2] == "KONIEC;1;5,00"


async def test_what_cannot_be_posted_leaves_the_others_alone(office: FilesOffice, tmp_path: Path) -> None:
    stranger = AccountRef(office="czynsze", key="nobody", number="1")
    hits = await office.post_payments(
        CALL,
        [
            pay("bad-1", 1_00, account=stranger),
            pay("good", 2_00),
            pay("bad-2", 1_00, ("F3", 1_00)),
            replace(pay("bad-3", 1_00), amount=replace(zl(1_00), currency="EUR")),
            pay("bad-4", 0),
        ],
    )
    assert [code(hits[place]) for place in (0, 2, 3, 4)] == [FaultCode.INVALID] * 4
    assert isinstance(hits[1], PostedPayment)
    program = RentProgram(tmp_path, BOOK)
    assert program.fetch() == ["good"]
    # What was refused is not remembered: the same key may come with what can be booked.
    assert len(sure(await office.post_payments(CALL, [pay("bad-1", 1_00)]))) == 1
    assert program.fetch() == ["bad-1"]


async def test_nothing_asked_is_nothing_answered(office: FilesOffice, outbox: Path) -> None:
    assert await office.post_payments(CALL, []) == []
    assert not outbox.exists()


async def test_texts_that_the_program_cannot_write_do_not_keep_money_from_it(office: FilesOffice, outbox: Path) -> None:
    odd = replace(pay("k-1", 1_00), method='☕; "kawa"', reference="dla\r\nbabci\tñ")
    assert len(sure(await office.post_payments(CALL, [odd]))) == 1
    assert ';"?; ""kawa""";dla babci ?;' in lines(outbox / "wplaty_z_portalu_000001.csv")[1]


# -- a key once --------------------------------------------------------------------------------------------------


async def test_a_key_is_written_once_and_answers_the_same(office: FilesOffice, tmp_path: Path) -> None:
    new = pay("k-1", 100_00, ("F2", 100_00))
    (first,) = sure(await office.post_payments(CALL, [new]))
    moved = replace(new, account=replace(REF, number="0001-2019", holder_document="44051401359"))
    hits = await office.post_payments(CALL, [new, moved, pay("k-1", 101_00)])
    assert hits[:2] == [replace(first, replayed=True)] * 2
    assert code(hits[2]) is FaultCode.CONFLICT
    assert code((await office.reverse_payments(CALL, [take_back("k-1", first.payment.key, 1_00)]))[0]) is (
        FaultCode.CONFLICT
    )
    await office.close()
    again = adapter.office(setting(tmp_path))
    await again.open()
    assert await again.post_payments(CALL, [new]) == [replace(first, replayed=True)]
    assert await balance(again) == zl(1_234_56 - 100_00)
    await again.close()
    assert RentProgram(tmp_path, BOOK).fetch() == ["k-1"]
    assert "44051401359" not in (tmp_path / "posted.jsonl").read_text("utf-8")


async def test_two_that_serve_one_office_post_each_key_once(office: FilesOffice, tmp_path: Path) -> None:
    other = adapter.office(setting(tmp_path))
    await other.open()
    both = (office, other)
    news = [pay(f"k-{number}", number * 100) for number in range(1, 9)]
    answers = await asyncio.gather(*(each.post_payments(CALL, [new]) for new in news for each in both))
    posted = [sure(hits)[0] for hits in answers]
    assert len([each for each in posted if not each.replayed]) == len(news)
    assert len({each.payment.key for each in posted}) == len(news)
    spent = sum(new.amount.minor for new in news)
    assert [await balance(each) for each in both] == [zl(1_234_56 - spent)] * 2
    program = RentProgram(tmp_path, BOOK)
    assert sorted(program.fetch()) == [new.key for new in news]
    assert sum(program.asked(new.key).minor for new in news) == spent
    await other.close()


async def test_who_gives_up_waiting_undoes_nothing(office: FilesOffice, tmp_path: Path) -> None:
    new = pay("k-1", 100_00)
    task = asyncio.create_task(office.post_payments(CALL, [new]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (posted,) = sure(await office.post_payments(CALL, [new]))
    assert posted.replayed
    assert RentProgram(tmp_path, BOOK).fetch() == ["k-1"]


async def test_what_waited_until_its_deadline_is_not_posted(office: FilesOffice, outbox: Path) -> None:
    with pytest.raises(OfficeError) as raised:
        await office.post_payments(replace(CALL, deadline=0.0), [pay("k-1", 1_00)])
    assert raised.value.fault.code is FaultCode.UNAVAILABLE
    assert not outbox.exists()


# -- over the next export ----------------------------------------------------------------------------------------


async def seen(office: FilesOffice, holds: Callable[[datetime], bool]) -> None:
    async def told() -> bool:
        as_of = (await office.health()).as_of
        return as_of is not None and holds(as_of)

    await until(told)


async def test_it_is_laid_over_each_export_that_does_not_hold_it(office: FilesOffice, tmp_path: Path) -> None:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 810_01, ("F2", 810_01))]))
    program = RentProgram(tmp_path, BOOK)
    before = (await office.health()).as_of
    assert before is not None
    accounts = (replace(BOOK.accounts[0], stated_balance=zl(2_000_00)), *BOOK.accounts[1:])
    program.book = replace(BOOK, accounts=accounts)
    program.export()
    await seen(office, lambda as_of: as_of > before)
    assert await balance(office) == zl(2_000_00 - 810_01)
    assert await office.payment_allocations(CALL, [posted.payment.key]) == [posted.allocations]
    (invoice,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert invoice.status is InvoiceStatus.PAID


async def test_money_for_an_invoice_that_the_program_withdrew_is_credit(office: FilesOffice, tmp_path: Path) -> None:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 50_00, ("F2", 50_00))]))
    program = RentProgram(tmp_path, BOOK)
    program.book = replace(
        BOOK,
        invoices=tuple(invoice for invoice in BOOK.invoices if invoice.key != "F2"),
        allocations=BOOK.allocations[:1],
        charges=BOOK.charges[:1],
        accruals=BOOK.accruals[1:],
    )
    before = (await office.health()).as_of
    assert before is not None
    program.export()
    await seen(office, lambda as_of: as_of > before)
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert payment.unallocated == zl(50_00)
    assert await balance(office) == zl(1_234_56 - 50_00)


async def test_what_was_posted_before_a_new_filling_is_no_longer_there(office: FilesOffice, tmp_path: Path) -> None:
    await office.post_payments(CALL, [pay("k-1", 50_00)])
    await office.fill(BOOK)
    assert await balance(office) == zl(1_234_56)
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 60_00)]))
    assert not posted.replayed
    assert await balance(office) == zl(1_234_56 - 60_00)
    program = RentProgram(tmp_path, BOOK)
    assert program.fetch() == ["k-1"]
    assert [row["Lp."] for row in program.orders["k-1"]] == ["1", "2"]


# -- taking back -------------------------------------------------------------------------------------------------


async def test_what_is_taken_back_is_a_row_of_its_own(office: FilesOffice, outbox: Path) -> None:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 850_00, ("F2", 850_00))]))
    key = posted.payment.key
    (part,) = sure(await office.reverse_payments(CALL, [take_back("r-1", key, 50_00)]))
    assert (part.payment.status, part.payment.unallocated) == (PaymentStatus.PARTIALLY_REFUNDED, zl(0))
    assert [each.amount for each in part.allocations] == [zl(800_00)]
    (invoice,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert (invoice.status, invoice.paid) == (InvoiceStatus.PARTIALLY_PAID, zl(900_00))
    assert await balance(office) == zl(1_234_56 - 800_00)
    hits = await office.reverse_payments(
        CALL,
        [
            take_back("r-2", key, 801_00),
            take_back("r-1", key, 50_00),
            take_back("r-1", key, 51_00),
            take_back("r-3", "nobody's", 1_00),
            take_back("r-4", "W1", 100_00),
            take_back("r-5", key, 800_00, ReversalKind.REVERSAL),
        ],
    )
    assert [code(hits[place]) for place in (0, 2, 3)] == [FaultCode.INVALID, FaultCode.CONFLICT, FaultCode.NOT_FOUND]
    assert hits[1] == replace(part, replayed=True)
    assert [each.payment.status for each in sure(hits[4:])] == [
        PaymentStatus.PARTIALLY_REFUNDED,
        PaymentStatus.REVERSED,
    ]
    assert await balance(office) == zl(1_234_56 + 100_00)
    assert lines(outbox / "wplaty_z_portalu_000002.csv")[1:3] == [
        "3;r-1;zwrot;K-1;0001/2019;-50,00;;;21.11.2026 08:00:00;BLIK;czynsz;;k-1",
        "KONIEC;1;-50,00",
    ]
    assert lines(outbox / "wplaty_z_portalu_000003.csv")[1:4] == [
        "4;r-4;zwrot;K-1;0001/2019;-100,00;;;21.11.2026 08:00:00;przelew;czynsz za październik;W1;",
        "5;r-5;cofnięcie;K-1;0001/2019;-800,00;;;21.11.2026 08:00:00;BLIK;czynsz;;k-1",
        "KONIEC;2;-900,00",
    ]


# -- without an outbox -------------------------------------------------------------------------------------------


async def test_without_an_outbox_nothing_can_be_posted(tmp_path: Path) -> None:
    office = adapter.office(setting(tmp_path, outbox=None))
    await office.open()
    await office.fill(BOOK)
    for asked in (
        office.post_payments(CALL, [pay("k-1", 1_00)]),
        office.reverse_payments(CALL, [take_back("r-1", "W1", 1)]),
    ):
        with pytest.raises(OfficeError, match="`outbox` is configured") as raised:
            await asked
        assert raised.value.fault.code is FaultCode.UNSUPPORTED
    assert not [*(tmp_path / "snapshots").glob("*.base")]
    await office.close()


async def test_an_office_that_gets_an_outbox_shows_on_what_it_had(tmp_path: Path) -> None:
    before = adapter.office(setting(tmp_path, outbox=None))
    await before.open()
    await before.fill(BOOK)
    await before.close()
    office = adapter.office(setting(tmp_path))
    await office.open()
    await office.post_payments(CALL, [pay("k-1", 34_56)])
    assert await balance(office) == zl(1_200_00)
    await asyncio.sleep(SETTLE_S * 5)  # the files are imported anew meanwhile, since they are read in another way
    assert await balance(office) == zl(1_200_00)
    await office.close()


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("", {"folder": "z_programu"} | {"acknowledgements": "z_programu"}, None),
        ("rows", {"file": "wplaty.csv"}, "needs one place of # signs"),
        ("rows", {"file": "a#b#.csv"}, "needs one place of # signs"),
        ("rows", {"file": "do/wplaty_#.csv"}, "must be a plain file name"),
        ("rows", {"columns": {"key": "Klucz"}}, "field 'number' is missing in columns"),
        ("rows", {"columns": {"kwota": "Kwota"}}, "'kwota' is no field"),
        ("rows", {"values": {"kind": {"x": "GIFT"}}}, "'x' means 'GIFT'"),
        ("answers", {"columns": {"outcome": "W", "amount": "K"}}, "field 'key' or 'number' is missing in columns"),
        ("", {"encoding": "no such"}, "outbox: encoding 'no such' is not known"),
        ("", {"dates": "%d.%m"}, "outbox: dates = '%d.%m' does not tell"),
        ("", {"decimal": " "}, "outbox: decimal ' ' also stands in `grouping`"),
    ],
)
def test_what_cannot_work_is_refused_in_words(table: str, change: dict[str, Any], told: str | None) -> None:
    own = RAW["outbox"]
    changed = own | ({table: own[table] | change} if table else change)
    if told is None:
        assert msgspec.convert(RAW | {"outbox": changed}, FilesConfiguration)
        return
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(RAW | {"outbox": changed}, FilesConfiguration)
    assert told in str(raised.value)


def test_answers_must_not_have_the_names_of_what_is_sent() -> None:
    same = RAW["outbox"] | {"acknowledgements": "do_programu", "answers": RAW["outbox"]["answers"] | {"file": "*.csv"}}
    with pytest.raises(msgspec.ValidationError, match="also names files that we write"):
        msgspec.convert(RAW | {"outbox": same}, FilesConfiguration)


def test_an_outbox_needs_an_export_with_payments() -> None:
    tables = {name: mapping for name, mapping in RAW["tables"].items() if name not in ("payments", "allocations")}
    with pytest.raises(msgspec.ValidationError, match="outbox needs table payments"):
        msgspec.convert(RAW | {"tables": tables}, FilesConfiguration)
