"""A twin of the desktop program: it exports its book, takes what the outbox tells it, and answers."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

from msgspec.structs import replace

from tests.backoffice_adapters.osiedle import setting, zl
from ventanilla.backoffice_adapters.book import Book, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.files.cells import DATE, SIGNED, TIME
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome
from ventanilla.backoffice_adapters.files.rows import Row
from ventanilla.backoffice_adapters.files.writing import write_answers, write_files
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Allocation, InvoiceStatus, PaymentStatus

Order = dict[str, str]
"""A row of the outbox, heading → text."""


class RentProgram:
    """Knows the drop's folders and nothing of the adapter's own. It reads each outbox file once, by its number."""

    def __init__(self, folder: Path, book: Book, *, tidy: bool = False) -> None:
        self._folder = folder
        self._setting = setting(folder)
        self._formats = self._setting.configuration.formats(self._setting)
        self._tidy = tidy
        self._read = 0
        self._answered = 0
        self.book = book
        self.orders: dict[str, list[Order]] = {}
        """What it was asked for: the rows of each key."""

    # -- reading and writing files -------------------------------------------------------------------------------

    def fetch(self) -> list[str]:
        """Read the outbox files that it has not read; the keys of what it is asked for."""
        fresh: list[str] = []
        while (path := self._folder / "do_programu" / f"wplaty_z_portalu_{self._read + 1:06}.csv").exists():
            self._read += 1
            for order in self._checked(path.read_bytes().decode("cp1250")):
                rows = self.orders.setdefault(order["Klucz"], [])
                fresh += [] if rows else [order["Klucz"]]
                rows.append(order)
            if self._tidy:
                path.unlink()
        return fresh

    def _checked(self, text: str) -> list[Order]:
        """The rows of a file, whose last one must agree with them, and which go on from the file before."""
        assert text.endswith("\r\n")
        headings, *rows, last = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        orders = [dict(zip(headings, row, strict=True)) for row in rows]
        known = sum(len(rows) for rows in self.orders.values())
        assert [int(order["Lp."]) for order in orders] == [*range(known + 1, known + 1 + len(orders))]
        added = sum(self._money(order["Kwota"]).minor for order in orders)
        assert last == ["KONIEC", str(len(orders)), SIGNED.write(zl(added), self._formats)]
        return orders

    def answer(self, *rows: Row, name: str = "", torn: bool = False) -> Path:
        """Write a file of answers; `torn` without its last row."""
        self._answered += 1
        content = write_answers(rows, self._setting.configuration, self._setting)
        content = content[: content.rindex(b"KONIEC")] if torn else content
        path = self._folder / "z_programu" / (name or f"potwierdzenie_{self._answered:03}.csv")
        path.with_suffix(".part").write_bytes(content)
        return path.with_suffix(".part").rename(path)

    def export(self, payments_at: float | None = None) -> None:
        """Write its whole book, as it does every night; the payments at that time."""
        files, _ = write_files(self.book, self._setting.configuration, self._setting)
        for name, content in files.items():
            (self._folder / "export" / f"{name}.part").write_bytes(content)
        if payments_at:
            os.utime(self._folder / "export" / "wplaty.csv.part", (payments_at, payments_at))
        for name in files:
            (self._folder / "export" / f"{name}.part").rename(self._folder / "export" / name)

    # -- its books -----------------------------------------------------------------------------------------------

    def take(self, key: str, own: str) -> Row:
        """Book a payment under a key of its own; the answer that says so."""
        orders = self.orders[key]
        amount = zl(sum(self._money(order["Kwota"]).minor for order in orders))
        first, account = orders[0], orders[0]["Id konta"]
        payment = PaymentEntry(
            key=own,
            account=account,
            amount=amount,
            paid_at=TIME.read(first["Data wpłaty"], self._formats),
            status=PaymentStatus.SETTLED,
            method=first["Forma"],
            reference=first["Tytuł"] or None,
        )
        asked = [(order["Id naliczenia"], self._money(order["Kwota"])) for order in orders if order["Id naliczenia"]]
        matched = [(key, zl(min(part.minor, self._open(key)))) for key, part in asked if self._open(key)]
        on = DATE.read(first["Data wpłaty"][:10], self._formats)
        allocations = [
            Allocation(payment_key=own, invoice_key=invoice, amount=part, allocated_on=on) for invoice, part in matched
        ]
        paid = dict(matched)
        self.book = replace(
            self.book,
            payments=(*self.book.payments, payment),
            allocations=(*self.book.allocations, *allocations),
            invoices=tuple(self._settled(invoice, paid.get(invoice.key)) for invoice in self.book.invoices),
        )
        self._move(account, -amount)
        return {"key": key, "outcome": Outcome.TAKEN, "amount": amount, "payment": own}

    def give_back(self, key: str) -> Row:
        """Book what was taken back of a payment's credit; the answer that says so."""
        (order,) = self.orders[key]
        (payment,) = [each for each in self.book.payments if each.key == order["Id wpłaty"]]
        amount = self._money(order["Kwota"])
        changed = replace(payment, status=PaymentStatus.PARTIALLY_REFUNDED, taken_back=-amount)
        self.book = replace(
            self.book, payments=tuple(changed if each is payment else each for each in self.book.payments)
        )
        self._move(order["Id konta"], -amount)
        return {"key": key, "outcome": Outcome.TAKEN, "amount": amount}

    def refuse(self, key: str, reason: str) -> Row:
        """The answer that it does not take a posting."""
        return {"key": key, "outcome": Outcome.REFUSED, "amount": self.asked(key), "reason": reason}

    def asked(self, key: str) -> Money:
        """What the rows of a key add up to."""
        return zl(sum(self._money(order["Kwota"]).minor for order in self.orders[key]))

    def _open(self, key: str) -> int:
        (invoice,) = [each for each in self.book.invoices if each.key == key]
        paid = sum(each.amount.minor for each in self.book.allocations if each.invoice_key == key)
        return (invoice.later_total or invoice.total).minor - paid

    def _settled(self, invoice: InvoiceEntry, part: Money | None) -> InvoiceEntry:
        if part is None:
            return invoice
        paid = sum(each.amount.minor for each in self.book.allocations if each.invoice_key == invoice.key) + part.minor
        whole = paid >= invoice.total.minor
        return replace(invoice, status=InvoiceStatus.PAID if whole else InvoiceStatus.PARTIALLY_PAID)

    def _move(self, account: str, change: Money) -> None:
        self.book = replace(
            self.book,
            accounts=tuple(
                replace(each, stated_balance=each.stated_balance + change)
                if each.key == account and each.stated_balance
                else each
                for each in self.book.accounts
            ),
        )

    def _money(self, text: str) -> Money:
        return Money.parse(re.sub("[ \u00a0]", "", text).replace(",", "."), "PLN")
