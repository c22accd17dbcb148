"""What the program answers ends what is laid over its export: nothing counts twice, and nothing not at all."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.osiedle import (
    BOOK,
    CALL,
    REF,
    SETTLE_S,
    balance,
    pay,
    reason,
    setting,
    sure,
    take_back,
    until,
    zl,
)
from tests.backoffice_adapters.rent_program import RentProgram
from ventanilla.backoffice_adapters.contract import PaymentFilter, PaymentOrder, Window
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome
from ventanilla.backoffice_adapters.files.rows import Row
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceStatus, PaymentStatus, PostedPayment

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FilesOffice]:
    made = adapter.office(setting(tmp_path))
    await made.open()
    await made.fill(BOOK)
    yield made
    await made.close()


@pytest.fixture
async def posted(office: FilesOffice) -> PostedPayment:
    (posted,) = sure(await office.post_payments(CALL, [pay("k-1", 850_00, ("F2", 850_00))]))
    return posted


@pytest.fixture
def program(posted: PostedPayment, tmp_path: Path) -> RentProgram:
    """The program, which has read what was posted."""
    made = RentProgram(tmp_path, BOOK)
    assert made.fetch() == ["k-1"]
    return made


async def exported(office: FilesOffice, program: RentProgram) -> None:
    """Let the program export, and wait until that is shown."""
    before = (await office.health()).as_of

    async def newer() -> bool:
        return (await office.health()).as_of != before

    program.export()
    await until(newer)


async def heard(office: FilesOffice, *answers: Path) -> None:
    """Wait until the office took the files away, and shows what they say."""

    async def gone() -> bool:
        if any(path.exists() for path in answers):  # looked at first: they go once the state is written
            return False
        state = msgspec.json.decode((answers[0].parents[1] / "snapshots" / "state.json").read_bytes())
        return office.current().snapshot.name == state["snapshot"]["name"]

    await until(gone)


async def shown(office: FilesOffice) -> list[tuple[str, PaymentStatus, Money]]:
    page = Window(limit=50)
    (found,) = sure(await office.payments(CALL, [REF], PaymentFilter(), PaymentOrder.PAID_AT_DESC, page))
    return [(item.key, item.status, item.amount) for item in found.items]


@asynccontextmanager
async def watched(office: FilesOffice) -> AsyncGenerator[set[tuple[int, int]]]:
    """What was ever seen meanwhile: the balance in minor units, and how many payments there are."""
    seen: set[tuple[int, int]] = set()
    over = asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            seen.add(((await balance(office)).minor, len(await shown(office))))
            await asyncio.sleep(0)

    task = asyncio.create_task(watch())
    yield seen
    over.set()
    await task


# -- taken -------------------------------------------------------------------------------------------------------


async def test_a_payment_counts_once_at_every_moment(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    async with watched(office) as seen:
        await heard(office, program.answer(program.take("k-1", "W-77")))
        await exported(office, program)
        await exported(office, program)
    assert seen == {(1_234_56 - 850_00, 2)}
    key = posted.payment.key
    assert await shown(office) == [
        (key, PaymentStatus.SETTLED, zl(850_00)),
        ("W1", PaymentStatus.SETTLED, zl(1_234_667_89)),
    ]
    (allocations,) = sure(await office.payment_allocations(CALL, [key]))
    assert [(each.payment_key, each.invoice_key, each.amount) for each in allocations] == [(key, "F2", zl(810_01))]


async def test_what_ended_has_ended(office: FilesOffice, program: RentProgram, tmp_path: Path) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await exported(office, program)
    program.book = replace(  # the year is closed: it exports its older payments no longer
        program.book,
        payments=(),
        allocations=(),
        invoices=tuple(
            replace(each, status=InvoiceStatus.CANCELLED) if each.key in ("F1", "F2") else each
            for each in program.book.invoices
        ),
    )
    await exported(office, program)
    assert await shown(office) == []
    assert await balance(office) == zl(1_234_56 - 850_00)
    (again,) = sure(await office.post_payments(CALL, [pay("k-1", 850_00, ("F2", 850_00))]))
    assert again.replayed
    assert program.fetch() == []


async def test_an_answer_without_an_export_changes_nothing(office: FilesOffice, program: RentProgram) -> None:
    async with watched(office) as seen:
        await heard(office, program.answer(program.take("k-1", "W-77")))
        await office.post_payments(CALL, [pay("k-2", 0)])
    assert seen == {(1_234_56 - 850_00, 2)}


async def test_an_export_before_the_answer_is_put_right_by_it(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    answer = program.take("k-1", "W-77")
    await exported(office, program)
    assert len(await shown(office)) == 3
    await heard(office, program.answer(answer))
    assert [key for key, _, _ in await shown(office)] == [posted.payment.key, "W1"]
    assert await balance(office) == zl(1_234_56 - 850_00)


async def test_a_restart_between_answer_and_export_forgets_nothing(
    office: FilesOffice, program: RentProgram, tmp_path: Path
) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await office.close()
    program.export()
    again = adapter.office(setting(tmp_path))
    await again.open()
    async with watched(again) as seen:
        await asyncio.sleep(SETTLE_S * 5)
    assert seen == {(1_234_56 - 850_00, 2)}
    await again.close()


async def test_another_process_follows(office: FilesOffice, program: RentProgram, tmp_path: Path) -> None:
    other = adapter.office(setting(tmp_path))
    await other.open()
    await heard(office, program.answer(program.refuse("k-1", "brak konta")))

    async def follows() -> bool:
        return await balance(other) == zl(1_234_56) == await balance(office)

    await until(follows)
    await other.close()


async def test_a_posting_may_be_named_by_a_number_of_its_rows(office: FilesOffice, program: RentProgram) -> None:
    row = {name: value for name, value in program.take("k-1", "W-77").items() if name != "key"} | {"number": 2}
    await heard(office, program.answer(row))
    await exported(office, program)
    assert await balance(office) == zl(1_234_56 - 850_00)


@pytest.mark.parametrize("named", ["W1", "W2"])
async def test_a_payment_that_cannot_be_it_does_not_end_it(
    office: FilesOffice, program: RentProgram, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = program.take("k-1", "W-77") | {"payment": named}  # an older one of the same account, another account's
    program.book = BOOK
    await heard(office, program.answer(answer))
    async with watched(office) as seen:
        program.book = replace(BOOK, charges=())
        await exported(office, program)
    assert seen == {(1_234_56 - 850_00, 2)}
    assert sure(await office.payments_by_key(CALL, [named]))[0].key == named
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert told == ["office czynsze: payment 1: the export has another payment under the key that it was taken as"]


async def test_an_amount_that_the_program_changes_later_is_the_programs(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await exported(office, program)
    program.book = replace(
        program.book,
        payments=tuple(
            replace(each, amount=zl(860_00)) if each.key == "W-77" else each for each in program.book.payments
        ),
    )
    await exported(office, program)
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert (payment.amount, payment.unallocated) == (zl(860_00), zl(49_99))


# -- taken back --------------------------------------------------------------------------------------------------


async def test_what_is_taken_back_counts_once_at_every_moment(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await exported(office, program)
    async with watched(office) as before:
        await office.post_payments(CALL, [pay("k-2", 0)])
    assert before == {(1_234_56 - 850_00, 2)}
    await office.reverse_payments(CALL, [take_back("r-1", posted.payment.key, 39_99)])
    assert program.fetch() == ["r-1"]
    assert program.orders["r-1"][0]["Id wpłaty"] == "W-77"
    async with watched(office) as seen:
        await exported(office, program)  # the program has read it and not booked it yet
        await heard(office, program.answer(program.give_back("r-1")))
        await exported(office, program)
        await exported(office, program)
    assert seen == {(1_234_56 - 810_01, 2)}
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert (payment.status, payment.unallocated) == (PaymentStatus.PARTIALLY_REFUNDED, zl(0))


async def test_what_the_program_does_not_take_back_is_paid_on(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    await office.reverse_payments(CALL, [take_back("r-1", posted.payment.key, 850_00)])
    assert await balance(office) == zl(1_234_56)
    program.fetch()
    await heard(office, program.answer(program.refuse("r-1", "okres zamknięty")))
    assert await balance(office) == zl(1_234_56 - 850_00)
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert payment.status is PaymentStatus.CONFIRMED


# -- refused -----------------------------------------------------------------------------------------------------


async def test_a_refused_payment_is_under_review(
    office: FilesOffice,
    program: RentProgram,
    posted: PostedPayment,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await heard(office, program.answer(program.refuse("k-1", "konto Gęś zamknięte")))
    assert await balance(office) == zl(1_234_56)
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert (payment.status, payment.amount, payment.unallocated) == (PaymentStatus.REVIEW, zl(850_00), zl(850_00))
    assert await office.payment_allocations(CALL, [posted.payment.key]) == [()]
    (invoice,) = sure(await office.invoices_by_key(CALL, ["F2"]))
    assert (invoice.status, invoice.paid) == (InvoiceStatus.PARTIALLY_PAID, zl(100_00))
    (told,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert "the program refused payment 1, for a reason in posted.jsonl" in told
    assert "Gęś" not in told
    assert "konto Gęś zamknięte" in (tmp_path / "posted.jsonl").read_text("utf-8")
    async with watched(office) as seen:
        await exported(office, program)
    assert seen == {(1_234_56, 2)}


async def test_a_refused_payment_may_be_taken_later(
    office: FilesOffice, program: RentProgram, posted: PostedPayment
) -> None:
    await heard(office, program.answer(program.refuse("k-1", "brak konta")))
    await heard(office, program.answer(program.take("k-1", "W-80")))
    async with watched(office) as seen:
        await exported(office, program)
    assert seen == {(1_234_56 - 850_00, 2)}
    (payment,) = sure(await office.payments_by_key(CALL, [posted.payment.key]))
    assert payment.status is PaymentStatus.SETTLED


# -- answers that cannot be right --------------------------------------------------------------------------------


def bad(program: RentProgram, case: str) -> tuple[list[Row], str]:
    good = {"key": "k-1", "outcome": Outcome.TAKEN, "amount": zl(850_00), "payment": "W-77"}
    return {
        "unknown": ([good | {"key": "k-9"}], "column “Klucz”: found “k-9”, expected what stands in an outbox file"),
        "number": ([good | {"number": 3}], "expected what stands in an outbox file"),
        "nameless": ([{n: v for n, v in good.items() if n != "key"}], "expected what stands in an outbox file"),
        "sum": ([good | {"amount": zl(850_01)}], "column “Kwota”: found “850.01”, expected 850.00, as it was posted"),
        "keyless": ([good | {"payment": ""}], "expected the program's own key of the payment"),
        "twice": ([good, good], "expected one answer to it; row 2 is one"),
        "both": ([good, program.refuse("k-1", "")], "expected one answer to it"),
    }[case]


@pytest.mark.parametrize("case", ["unknown", "number", "nameless", "sum", "keyless", "twice", "both"])
async def test_what_cannot_be_right_goes_into_quarantine(
    office: FilesOffice, program: RentProgram, tmp_path: Path, case: str
) -> None:
    rows, told = bad(program, case)
    await heard(office, program.answer(*rows))
    assert told in reason(tmp_path)
    assert "the newest answers were refused (potwierdzenie_001.csv, row" in (await office.health()).detail
    async with watched(office) as seen:
        await exported(office, program)
        await heard(office, program.answer(program.take("k-1", "W-77")))
        await exported(office, program)
    assert seen == {(1_234_56 - 850_00, 2)}
    assert (await office.health()).ok


async def test_a_file_that_comes_twice_is_refused(office: FilesOffice, program: RentProgram, tmp_path: Path) -> None:
    first = program.answer(program.take("k-1", "W-77"))
    content = first.read_bytes()
    await heard(office, first)
    first.write_bytes(content)
    await heard(office, first)
    assert "found “the content of potwierdzenie_001.csv, read before”" in reason(tmp_path)
    await exported(office, program)
    assert await balance(office) == zl(1_234_56 - 850_00)


async def test_an_answer_is_final(office: FilesOffice, program: RentProgram, tmp_path: Path) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await heard(office, program.answer(program.refuse("k-1", "pomyłka")))
    assert "expected no further answer: it was TAKEN before" in reason(tmp_path)
    assert await balance(office) == zl(1_234_56 - 850_00)


async def test_two_postings_are_not_one_payment(office: FilesOffice, program: RentProgram, tmp_path: Path) -> None:
    await office.post_payments(CALL, [pay("k-2", 10_00)])
    program.fetch()
    await heard(office, program.answer(program.take("k-1", "W-77"), program.take("k-2", "W-77")))
    assert "found “W-77”, expected a key that no other posting was taken as" in reason(tmp_path)


async def test_a_file_is_read_when_its_last_row_is_there(office: FilesOffice, program: RentProgram) -> None:
    whole = program.answer(program.refuse("k-1", "brak konta"))
    content = whole.read_bytes()
    whole.unlink()
    with whole.open("wb") as file:
        for part in (content[:20], content[20:60], content[60:]):
            file.write(part)
            file.flush()
            await asyncio.sleep(SETTLE_S / 2)
    await heard(office, whole)
    assert await balance(office) == zl(1_234_56)
    assert (await office.health()).ok


async def test_a_file_without_its_last_row_is_refused(
    office: FilesOffice, program: RentProgram, tmp_path: Path
) -> None:
    await heard(office, program.answer(program.refuse("k-1", "brak konta"), torn=True))
    assert "expected a last row KONIEC, number of rows, sum of amounts" in reason(tmp_path)
    assert await balance(office) == zl(1_234_56 - 850_00)


async def test_a_last_row_that_does_not_agree_is_refused(
    office: FilesOffice, program: RentProgram, tmp_path: Path
) -> None:
    path = program.answer(program.refuse("k-1", "brak konta"), name="later.part")
    content = path.read_bytes()
    for number, (old, new) in enumerate(
        ((b"KONIEC;1;", b"KONIEC;2;"), (b";850,00\r\n", b";850,01\r\n"), (b"KONIEC;1", b"KONIEC"))
    ):
        place = content.rindex(old)
        wrong = tmp_path / "z_programu" / f"potwierdzenie_x{number}.csv"
        wrong.write_bytes(content[:place] + content[place:].replace(old, new))
        await heard(office, wrong)
        assert "expected 1 rows and the sum 850,00 in the last row" in reason(tmp_path), new
    assert await balance(office) == zl(1_234_56 - 850_00)


async def test_a_file_that_cannot_be_taken_away_counts_once(
    office: FilesOffice, program: RentProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, **_: object) -> None:
        raise PermissionError(13, "denied", str(path))

    answer = program.refuse("k-1", "brak konta")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", denied)
        path = program.answer(answer)

        async def counts() -> bool:
            return await balance(office) == zl(1_234_56)

        await until(counts)
        await asyncio.sleep(SETTLE_S * 3)
    assert path.exists()
    assert not (tmp_path / "quarantine").exists()
    await office.close()
    again = adapter.office(setting(tmp_path))
    await again.open()
    await heard(again, path)
    assert not (tmp_path / "quarantine").exists()
    await again.close()


async def test_an_export_with_older_payments_does_not_end_what_was_taken_back(
    office: FilesOffice, program: RentProgram, posted: PostedPayment, tmp_path: Path
) -> None:
    await heard(office, program.answer(program.take("k-1", "W-77")))
    await exported(office, program)
    before = program.book
    await office.reverse_payments(CALL, [take_back("r-1", posted.payment.key, 39_99)])
    program.fetch()
    await heard(office, program.answer(program.give_back("r-1")))
    after, program.book = program.book, replace(before, charges=())
    stamp = time.time() - 60
    program.export(payments_at=stamp)  # begun before the answer, and ready after it
    await gone(office, "O1")
    assert await balance(office) == zl(1_234_56 - 810_01)
    program.book = after
    await exported(office, program)
    assert await balance(office) == zl(1_234_56 - 810_01)


async def gone(office: FilesOffice, charge: str) -> None:
    """Wait until a charge is shown no longer."""

    async def absent() -> bool:
        return await office.charges_by_key(CALL, [charge]) == [None]

    await until(absent)
