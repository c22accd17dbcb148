"""The demo's books: deterministic, consistent, two years long, and with every case that a portal must show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import msgspec
import pytest

from tests.gateway.demo.payer import IN_DEBT
from tests.gateway.demo.shelf import ANCHOR, WRITERS, anchors, books_of, managers, offices, written
from ventanilla.backoffice_adapters.book import Book, InvoiceEntry
from ventanilla.backoffice_adapters.ledger.check import check
from ventanilla.backoffice_adapters.ledger.totals import totals_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    ChargeStatus,
    InvoiceKind,
    InvoiceStatus,
    PartyKind,
    PaymentStatus,
)
from ventanilla.gateway.demo import DEMO, DemoManager
from ventanilla.gateway.demo.books import identity, osiedle
from ventanilla.gateway.demo.people import PASSWORD
from ventanilla.store.manager_file import read_manager

OPEN = {InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID}
OWED = {*OPEN, InvoiceStatus.IN_PLAN}
COUNTED = {PaymentStatus.CONFIRMED, PaymentStatus.SETTLED}


def balances(book: Book, today: date) -> Mapping[str, int]:
    """Σ open documents − Σ open credit notes − Σ what counts and is not allocated, in minor units."""
    totals = totals_of(book)
    found: Counter[str] = Counter({account.key: 0 for account in book.accounts})
    for invoice in book.invoices:
        asked = invoice.later_total if invoice.later_total and today > invoice.due_on else invoice.total
        sign = -1 if invoice.kind is InvoiceKind.CREDIT_NOTE else 1
        if invoice.status in OWED:
            found[invoice.account] += sign * (asked.minor - totals.paid[invoice.key])
    for payment in book.payments:
        if payment.status in COUNTED:
            found[payment.account] -= payment.amount.minor - totals.allocated[payment.key]
    return found


def debts(book: Book, account: str) -> list[InvoiceEntry]:
    """What an account still owes something of."""
    return [
        invoice
        for invoice in book.invoices
        if invoice.account == account and invoice.status in OPEN and invoice.kind is not InvoiceKind.CREDIT_NOTE
    ]


@pytest.mark.parametrize("days", range(0, 31, 3))
def test_who_pays_in_tests_owes_something_on_every_day_of_the_month(days: int) -> None:
    books = [written(office, ANCHOR + timedelta(days=days)) for office in WRITERS]
    owing = {each.number for book in books for each in book.accounts if debts(book, each.key)}
    assert owing >= IN_DEBT


# -- the books ---------------------------------------------------------------------------------------------------


@offices
def test_equal_anchors_give_equal_books(office: str) -> None:
    assert WRITERS[office](ANCHOR) == WRITERS[office](ANCHOR)
    assert WRITERS[office](ANCHOR) != WRITERS[office](ANCHOR + timedelta(days=40))


@offices
@anchors
def test_nothing_in_a_book_contradicts_itself(office: str, anchor: date) -> None:
    book = written(office, anchor)
    check(book, totals_of(book))
    assert all(len(key) <= 9 and key.isascii() for key in keys(book))
    assert all(payment.paid_at.date() <= anchor + timedelta(days=1) for payment in book.payments)
    assert all(invoice.issued_on <= anchor for invoice in book.invoices)
    assert all(charge.charged_on <= anchor for charge in book.charges)
    assert all(invoice.total.minor > 0 and invoice.lines for invoice in book.invoices)
    assert all(allocation.allocated_on <= anchor for allocation in book.allocations)


def keys(book: Book) -> Iterator[str]:
    for name in book.__struct_fields__:
        if name not in {"currency", "allocations", "interest_rates", "enrolments", "standings"}:
            yield from (entry.key for entry in getattr(book, name))


@offices
def test_invoice_numbers_are_used_once(office: str) -> None:
    book = written(office)
    numbers = Counter((invoice.kind, invoice.number) for invoice in book.invoices)
    assert [number for number, times in numbers.items() if times > 1] == []


@offices
@anchors
def test_books_reach_two_years_back_and_ahead_of_the_anchor(office: str, anchor: date) -> None:
    book = written(office, anchor)
    issued = [invoice.issued_on for invoice in book.invoices]
    assert (anchor - min(issued)).days >= 730
    assert (anchor - max(issued)).days <= 31
    assert any(invoice.due_on >= anchor for invoice in book.invoices if invoice.status in OPEN)
    assert any(invoice.due_on < anchor for invoice in book.invoices if invoice.status in OPEN)


@offices
def test_a_book_is_of_some_size(office: str) -> None:
    book = written(office)
    assert len(book.accounts) >= 40
    assert len(book.invoices) >= 12 * len(book.accounts)


@anchors
def test_the_desktop_program_states_the_balance_that_its_papers_add_up_to(anchor: date) -> None:
    book = written("czynsze", anchor)
    stated = {account.key: account.stated_balance for account in book.accounts}
    assert stated == {key: Money(minor, "PLN") for key, minor in balances(book, anchor).items()}


def test_the_desktop_program_can_write_every_letter() -> None:
    assert msgspec.json.encode(written("czynsze")).decode().encode("cp1250")


# -- what a portal must be able to show --------------------------------------------------------------------------


@managers
@anchors
def test_every_edge_is_there(manager: DemoManager, anchor: date) -> None:
    books = books_of(manager, anchor).values()
    statuses = {invoice.status for book in books for invoice in book.invoices}
    assert statuses == {*OWED, InvoiceStatus.PAID, InvoiceStatus.CANCELLED}
    assert InvoiceKind.CREDIT_NOTE in {invoice.kind for book in books for invoice in book.invoices}
    charges = {charge.status for book in books for charge in book.charges}
    assert {ChargeStatus.PENDING, ChargeStatus.CANCELLED} <= charges
    assert {payment.status for book in books for payment in book.payments} - COUNTED
    sides = [minor for book in books for minor in balances(book, anchor).values()]
    assert min(sides) < 0 < max(sides)
    assert 0 in sides
    assert any(invoice.official_reference for book in books for invoice in book.invoices)
    assert any(party.kind is PartyKind.COMPANY for book in books for party in book.parties)


@anchors
def test_water_invoices_have_two_due_dates(anchor: date) -> None:
    book = written("comercial", anchor)
    invoices = [invoice for invoice in book.invoices if invoice.kind is InvoiceKind.INVOICE]
    assert all(invoice.later_due_on and invoice.later_due_on > invoice.due_on for invoice in invoices)
    assert all(invoice.later_total and invoice.total < invoice.later_total for invoice in invoices)
    between = [it for it in invoices if it.status in OPEN and it.later_due_on and it.due_on < anchor <= it.later_due_on]
    assert between
    paid = totals_of(book).paid
    assert any(paid[invoice.key] > invoice.total.minor for invoice in invoices)


def test_a_tariff_rises() -> None:
    book = written("comercial")
    fixed = [line.amount.minor for it in book.invoices if it.account == "c1" for line in it.lines[:1]]
    assert fixed == sorted(fixed)
    assert 1.4 < fixed[-1] / fixed[0] < 2


@managers
@anchors
def test_the_typical_resident_sees_something_of_everything(manager: DemoManager, anchor: date) -> None:
    books = books_of(manager, anchor)
    accounts = [
        (books[it.office], account.key)
        for it in manager.people[0].accounts
        for account in books[it.office].accounts
        if account.number == it.number
    ]
    owed = [invoice for book, account in accounts for invoice in debts(book, account)]
    assert any(invoice.due_on < anchor for invoice in owed)
    assert any(anchor <= invoice.due_on <= anchor + timedelta(days=31) for invoice in owed)
    assert sum(payment.account == account for book, account in accounts for payment in book.payments) >= 10
    charges = [charge for book, account in accounts for charge in book.charges if charge.account == account]
    assert ChargeStatus.PENDING in {charge.status for charge in charges}


@managers
@anchors
def test_somebody_has_credit(manager: DemoManager, anchor: date) -> None:
    books = books_of(manager, anchor)
    holding = manager.people[1].accounts[0]
    book = books[holding.office]
    key = next(account.key for account in book.accounts if account.number == holding.number)
    assert balances(book, anchor)[key] < 0


# -- the people --------------------------------------------------------------------------------------------------


@managers
def test_peoples_accounts_exist(manager: DemoManager) -> None:
    books = books_of(manager)
    numbers = {office: {account.number for account in book.accounts} for office, book in books.items()}
    for person in manager.people:
        assert all(holding.number in numbers[holding.office] for holding in person.accounts), person.name
        assert person.email.endswith(".example")
    assert len({person.email for person in manager.people}) == len(manager.people) >= 4


@managers
def test_somebody_has_many_accounts_and_two_share_one(manager: DemoManager) -> None:
    assert max(len(person.accounts) for person in manager.people) >= 12
    holders = Counter((it.office, it.number) for person in manager.people for it in person.accounts)
    assert max(holders.values()) == 2


def test_the_typical_resident_of_osiedle_reaches_both_offices() -> None:
    assert {holding.office for holding in DEMO[2].people[0].accounts} == {"czynsze", "wspolnoty"}


@managers
def test_a_party_has_one_e_mail_and_the_person_has_the_same(manager: DemoManager) -> None:
    known = {person.email for person in manager.people}
    of_parties = {party.email for book in books_of(manager).values() for party in book.parties if party.email}
    assert len(of_parties & known) >= 6


# -- identity numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (identity.nit(800_191_045), "800191045-1"),
        (identity.pesel(date(1944, 5, 14), 145), "44051401458"),
        (identity.nip(585_135_118), "5851351185"),
        (identity.cuit(("20",), 12_345_678), "20123456786"),
    ],
)
def test_check_digits_of_published_examples(made: str, expected: str) -> None:
    assert made == expected


def test_a_number_without_check_digit_takes_another_prefix_or_the_next_number() -> None:
    taken = {identity.cuit(("20", "23"), body)[:2] for body in range(12_345_600, 12_345_700)}
    assert taken == {"20", "23"}
    assert all(
        identity.weighted(identity.nip(body), (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 < 10
        for body in range(10**8, 10**8 + 99)
    )


def test_bank_accounts_have_the_remainder_one_and_differ() -> None:
    accounts = [identity.nrb(serial) for serial in range(200)]
    assert all(int(f"{(digits := it.replace(' ', ''))[2:]}2521{digits[:2]}") % 97 == 1 for it in accounts)
    assert len({*accounts}) == 200


def test_every_account_of_osiedle_is_paid_on_its_own_bank_account() -> None:
    seen: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for office, book in books_of(DEMO[2]).items():
        for payment in book.payments:
            if payment.reference and "rachunek " in payment.reference:
                seen[payment.reference.partition("rachunek ")[2]].add((office, payment.account))
    assert len(seen) > 100
    assert all(len(accounts) == 1 for accounts in seen.values())


def test_crc_and_ksef_numbers() -> None:
    assert identity.crc8(b"123456789") == 0xF4
    references = [
        (invoice.official_reference, invoice.issued_on)
        for book in books_of(DEMO[2]).values()
        for invoice in book.invoices
        if invoice.official_reference
    ]
    for reference, day in references:
        body, _, check_sum = reference.value.rpartition("-")
        assert len(reference.value) == 35
        assert body.startswith(f"{osiedle.MANAGER_NIP}-{day:%Y%m%d}-")
        assert identity.crc8(body.encode()) == int(check_sum, 16)
        assert day >= osiedle.KSEF_SINCE


@managers
def test_identity_numbers_of_all_parties_are_valid(manager: DemoManager) -> None:
    parties = [party for book in books_of(manager).values() for party in book.parties]
    assert parties
    for party in parties:
        assert VALID[party.document_type or ""](party.document_number or ""), party


VALID: dict[str, Callable[[str], bool]] = {
    "DNI": lambda number: len(number) == 8 and number.isdigit(),
    "CC": lambda number: len(number) <= 10 and number.isdigit(),
    "CUIT": lambda number: identity.cuit((number[:2],), int(number[2:10])) == number,
    "NIT": lambda number: identity.nit(int(number[:9])) == number,
    "NIP": lambda number: identity.nip(int(number[:9])) == number,
    "PESEL": lambda number: identity.weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0,
}


# -- the managers' files -----------------------------------------------------------------------------------------


@managers
def test_a_managers_file_is_accepted_and_each_licence_has_an_office(manager: DemoManager) -> None:
    read = read_manager(manager.toml)
    assert read.slug == manager.slug
    assert read.hosts == (f"{manager.slug}.localhost",)
    assert set(read.licences.values()) == set(read.offices) == set(manager.writers)
    for office, book in books_of(manager).items():
        assert {account.licence for account in book.accounts} <= read.licences_of(office)
        assert book.currency == read.currency


@managers
def test_texts_stand_in_every_language(manager: DemoManager) -> None:
    found = read_manager(manager.toml)
    texts = found.presentation.texts
    shown = {"welcome_title", "welcome_body", "sign_in_help", "account_number_help", "support_hours", "legal_footer"}
    printed = {"invoice_issuer", "invoice_payment", "legal_footer"}
    accepted = {"terms"}
    assert shown | printed | accepted == set(texts)
    for by_language in texts.values():
        assert set(by_language) == set(found.languages)
        assert len(set(by_language.values())) == len(by_language)


@managers
def test_the_demo_password_fits_the_policy(manager: DemoManager) -> None:
    policy = read_manager(manager.toml).presentation.password_policy
    assert len(PASSWORD) >= policy.min_length
    needs: tuple[tuple[bool, Callable[[str], bool]], ...] = (
        (policy.require_digit, str.isdigit),
        (policy.require_upper, str.isupper),
        (policy.require_lower, str.islower),
        (policy.require_symbol, lambda character: not character.isalnum()),
    )
    assert all(any(map(has, PASSWORD)) for needed, has in needs if needed)
