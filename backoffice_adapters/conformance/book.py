"""The reference books: small offices full of what goes wrong in real ones.

`book` belongs to the manager under test. `other_book` belongs to a second manager and repeats the same keys with
other people and other amounts. All dates stand around `TODAY`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import AccountEntry, Book, ChargeEntry, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    Address,
    Allocation,
    ChargeStatus,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Party,
    PartyKind,
    PaymentStatus,
    Property,
    Unit,
    UnitKind,
)

TODAY = date(2026, 5, 15)
"""The manager's local date in every check."""
ZONE = "America/Bogota"
"""The manager's zone: five hours behind UTC all year, so that a late payment has another UTC date than local date."""
BIG = 2**53 + 1
"""An amount in minor units that no binary float holds."""

BUSY, CREDIT, EMPTY, CLOSED, WEALTHY, STATED = "acc1", "acc2", "acc3", "acc4", "acc5", "acc6"
"""Account keys: many invoices; money in advance; nothing at all; ended; huge amounts; the office's own figure."""

_STATUSES = (
    InvoiceStatus.ISSUED,
    InvoiceStatus.PAID,
    InvoiceStatus.PARTIALLY_PAID,
    InvoiceStatus.ISSUED,
    InvoiceStatus.DRAFT,
    InvoiceStatus.IN_PLAN,
    InvoiceStatus.CANCELLED,
)
_CHARGED = tuple(ChargeStatus)
_PAID = (
    PaymentStatus.CONFIRMED,
    PaymentStatus.SETTLED,
    PaymentStatus.PENDING,
    PaymentStatus.FAILED,
    PaymentStatus.REVERSED,
)


def book(licence: Licence, currency: str) -> Book:
    """The office of the manager under test."""
    return _Writer(licence, currency, 1).book()


def other_book(licence: Licence, currency: str) -> Book:
    """A second manager's office: the same keys, other people, other amounts, one account fewer."""
    whole = _Writer(licence, currency, 3).book()
    return replace(
        whole,
        parties=tuple(replace(party, name=f"{party.name} (bis)") for party in whole.parties),
        accounts=tuple(account for account in whole.accounts if account.key != EMPTY),
    )


def grown(whole: Book) -> Book:
    """`whole` with invoices put in between those of `BUSY`: before, among and after rows of equal dates."""
    model = next(entry for entry in whole.invoices if entry.key == "inv10")
    new = tuple(
        replace(model, key=f"inv{key}", number=f"N-{key}", issued_on=_issued(step), lines=model.lines)
        for key, step in (("00a", 0), ("09a", 9), ("10a", 10), ("12a", 12), ("36a", 36))
    )
    return replace(whole, invoices=(*whole.invoices, *new))


def _issued(step: int) -> date:
    """Four invoices share each date of issue."""
    return date(2026, 1, 12) + timedelta(days=14 * (step // 4))


class _Writer:
    """Writes one book; every amount is a multiple of `factor`, so that two books never agree by chance."""

    def __init__(self, licence: Licence, currency: str, factor: int) -> None:
        self._licence = licence
        self._currency = currency
        self._factor = factor

    def book(self) -> Book:
        payments = (*self._busy_payments(), *self._other_payments())
        return Book(
            currency=self._currency,
            parties=_parties(),
            properties=_properties(),
            units=_units(),
            accounts=self._accounts(),
            invoices=(*self._busy_invoices(), *self._other_invoices()),
            charges=self._charges(),
            payments=payments,
            allocations=self._allocations(),
        )

    def _money(self, minor: int) -> Money:
        return Money(minor * self._factor, self._currency)

    def _accounts(self) -> tuple[AccountEntry, ...]:
        def account(key: str, number: str, title: str, **more: object) -> AccountEntry:
            holder = key.replace("acc", "par")
            return AccountEntry(key=key, number=number, licence=self._licence, title=title, holder=holder, **more)  # type: ignore[arg-type]  the fields of AccountEntry

        return (
            account(BUSY, "01-012-0034", "Canon de arrendamiento – piso 3º", unit="uni1", place="pro1"),
            account(CREDIT, "01-012/0035", "Lokal mieszkalny nr 7", unit="uni2", place="pro1"),
            account(EMPTY, "77 0001", "Suministro de agua"),
            account(CLOSED, "77 0002", "Cochera Nº 4", status=AccountStatus.CLOSED, closed_on=date(2026, 1, 31)),
            account(WEALTHY, "A.100.200", "Local comercial", place="pro2", opened_on=date(2019, 2, 28)),
            account(STATED, "A.100.201", "Garaż", status=AccountStatus.SUSPENDED, stated_balance=self._money(-12_345)),
        )

    def _busy_invoices(self) -> tuple[InvoiceEntry, ...]:
        return tuple(self._busy_invoice(step) for step in range(37))

    def _busy_invoice(self, step: int) -> InvoiceEntry:
        total = self._money(10_001 + 111 * step)
        later = step % 3 == 0
        # Every second one falls due with its neighbour, so that due dates tie across dates of issue.
        due_on = _issued(step) + timedelta(days=10 if step % 2 else 24)
        status = _STATUSES[step % len(_STATUSES)]
        return InvoiceEntry(
            key=f"inv{step:02d}",
            account=BUSY,
            number=f"B 0001-{step:08d}",
            kind=InvoiceKind.DEBIT_NOTE if step == 3 else InvoiceKind.INVOICE,
            status=status,
            title=f"Liquidación {step}",
            issued_on=_issued(step),
            due_on=due_on,
            later_due_on=due_on + timedelta(days=10) if later else None,
            later_total=total + self._money(507) if later else None,
            total=total,
            period_from=_issued(step).replace(day=1),
            period_to=_issued(step),
            paid_at=_noon(_issued(step)) if status is InvoiceStatus.PAID else None,
            official_reference=_reference(step),
            lines=self._lines(total),
        )

    def _lines(self, total: Money) -> tuple[InvoiceLine, ...]:
        discount, tax = self._money(-250), self._money(1)
        rest = total - discount - tax
        return (
            InvoiceLine(position=1, description="Consumo m³ «tarifa básica»", amount=rest, quantity="12.5", unit="m³"),
            InvoiceLine(position=2, description='Zaliczka; śmieci "segregowane"', amount=tax, tax_rate="8"),
            InvoiceLine(position=3, description="Bonificación", amount=discount),
        )

    def _other_invoices(self) -> tuple[InvoiceEntry, ...]:
        may, april = date(2026, 5, 1), date(2026, 4, 1)
        issued, plain = InvoiceStatus.ISSUED, self._plain
        return (
            plain("cre1", CREDIT, 0, (may, date(2026, 5, 31)), InvoiceStatus.PAID),
            plain("cre2", CREDIT, 9_999, (april, TODAY), issued),
            plain("cre3", CREDIT, 4_000, (april, date(2026, 4, 30)), issued, note=True),
            plain("old1", CLOSED, 500, (date(2025, 12, 1), date(2025, 12, 31)), InvoiceStatus.PAID),
            plain("big1", WEALTHY, BIG, (may, date(2026, 5, 14)), issued),
            plain("big2", WEALTHY, BIG, (may, date(2026, 6, 1)), InvoiceStatus.PARTIALLY_PAID),
            plain("sta1", STATED, 100, (date(2026, 2, 1), date(2026, 2, 28)), issued),
        )

    def _plain(
        self, key: str, account: str, minor: int, dates: tuple[date, date], status: InvoiceStatus, *, note: bool = False
    ) -> InvoiceEntry:
        issued_on, due_on = dates
        total = self._money(minor)
        return InvoiceEntry(
            key=key,
            account=account,
            number=f"FV/{key}/2026",
            kind=InvoiceKind.CREDIT_NOTE if note else InvoiceKind.INVOICE,
            status=status,
            title="Opłata za zarządzanie",
            issued_on=issued_on,
            due_on=due_on,
            total=total,
            paid_at=_noon(due_on) if status is InvoiceStatus.PAID else None,
            lines=(InvoiceLine(position=1, description="Całość", amount=total),),
        )

    def _charges(self) -> tuple[ChargeEntry, ...]:
        return tuple(
            ChargeEntry(
                key=f"cha{step:02d}",
                account=BUSY if step < 9 else CREDIT,
                description=f"Reconexión {step}",
                amount=self._money(1_000 + step),
                charged_on=date(2026, 5, 1) + timedelta(days=step // 3),
                status=_CHARGED[step % len(_CHARGED)],
                invoice="inv01" if step < 9 and _CHARGED[step % len(_CHARGED)] is ChargeStatus.INVOICED else None,
            )
            for step in range(11)
        )

    def _busy_payments(self) -> tuple[PaymentEntry, ...]:
        """Those that settle invoices, and then three a day in every state, some late in the evening."""
        settling = tuple(
            self._payment(f"set{entry.key[3:]}", BUSY, amount.minor // self._factor, _noon(entry.issued_on))
            for entry in self._busy_invoices()
            if (amount := self._settled(entry))
        )
        loose = tuple(
            self._payment(f"pay{step:02d}", BUSY, 700 + step, _evening(step), _PAID[step % len(_PAID)])
            for step in range(10)
        )
        return (*settling, *loose)

    def _settled(self, entry: InvoiceEntry) -> Money | None:
        if entry.status is InvoiceStatus.PAID:
            return entry.total
        return self._money(3_333) if entry.status is InvoiceStatus.PARTIALLY_PAID else None

    def _other_payments(self) -> tuple[PaymentEntry, ...]:
        return (
            self._payment("adv1", CREDIT, 20_000, _noon(date(2026, 4, 20))),
            self._payment("old1", CLOSED, 500, _noon(date(2025, 12, 31))),
            self._payment("big1", WEALTHY, BIG, _noon(date(2026, 5, 3)), PaymentStatus.SETTLED),
        )

    def _payment(
        self, key: str, account: str, minor: int, at: datetime, status: PaymentStatus = PaymentStatus.CONFIRMED
    ) -> PaymentEntry:
        return PaymentEntry(
            key=key,
            account=account,
            amount=self._money(minor),
            paid_at=at,
            status=status,
            method="Pago Fácil",
            reference=f"REF-{key}",
        )

    def _allocations(self) -> tuple[Allocation, ...]:
        settled = [(entry, amount) for entry in self._busy_invoices() if (amount := self._settled(entry))]
        return (
            *(self._allocation(f"set{entry.key[3:]}", entry.key, amount, 3) for entry, amount in settled),
            self._allocation("old1", "old1", self._money(500), 0),
            self._allocation("big1", "big2", self._money(BIG - 2), 5),
            self._allocation("big1", "big2", self._money(1), 4),
        )

    def _allocation(self, payment: str, invoice: str, amount: Money, day: int) -> Allocation:
        on = date(2026, 5, 3) + timedelta(days=day)
        return Allocation(payment_key=payment, invoice_key=invoice, amount=amount, allocated_on=on)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC)


def _evening(step: int) -> datetime:
    """Half past seven in the evening in `ZONE` is already the next day in UTC; three payments share each moment."""
    return datetime(2026, 4, 9 + step // 3, 0, 30, tzinfo=UTC)


def _reference(step: int) -> OfficialReference | None:
    return OfficialReference(scheme="CAE", value=f"7641{step:010d}") if step % 4 == 0 else None


def _parties() -> tuple[Party, ...]:
    return (
        Party(key="par1", name="Ana María Ñandú Güemes", document_type="DNI", document_number="28123456"),
        Party(key="par2", name="Zażółć Gęślą-Jaźń", email="zazolc@example.org", phone="+48 601 234 567"),
        Party(key="par3", name="José Ángel Quiñónez Muñoz", document_type="CC", document_number="1020304050"),
        Party(key="par4", name='O\'Higgins & Asociados; "La 14"', kind=PartyKind.COMPANY),
        Party(key="par5", name="Łódzkie Towarzystwo Handlowe Sp. z o.o.", kind=PartyKind.COMPANY, document_type="NIP"),
        Party(key="par6", name="Íñigo Peña", phone="+54 9 11 5555-0000"),
    )


def _properties() -> tuple[Property, ...]:
    street = Address(lines=("Av. Córdoba 1234, 3º B", "Torre Ñ"), locality="Córdoba", region="Córdoba", country="AR")
    corner = Address(lines=("ul. Świętego Wawrzyńca 5/7",), locality="Kraków", postal_code="31-060", country="PL")
    return (
        Property(key="pro1", name="Edificio Año Nuevo", address=street),
        Property(key="pro2", name="Kamienica „Pod Orłem”", address=corner),
    )


def _units() -> tuple[Unit, ...]:
    return (
        Unit(key="uni1", label="3º B", kind=UnitKind.FLAT, area_m2="54.30"),
        Unit(key="uni2", label="7", kind=UnitKind.SHOP),
    )
