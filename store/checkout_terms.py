"""What a checkout is about: what is paid, what paying costs, and what the platform is to take in all."""

from __future__ import annotations

from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import AccountRef, Record


class CheckoutLine(Record):
    """One document to be paid, as its office told it."""

    office: str
    invoice_key: str
    number: str
    title: str
    amount: Money


class CheckoutFees(Record):
    """What paying costs, and who bears it."""

    payer: Money
    """It comes on top of what is paid."""
    manager: Money
    """The platform keeps it of what it hands on."""


class CheckoutTerms(Record):
    """What somebody is told that they would pay, and then pays. All amounts are of one currency."""

    account: AccountRef
    """As the office knows it that has the documents, and is told of the money."""
    platform: str
    lines: tuple[CheckoutLine, ...]
    """One at least, in the order in which the money is matched."""
    fees: CheckoutFees

    @property
    def subtotal(self) -> Money:
        """Σ of its lines: what the office is told of."""
        return total((line.amount for line in self.lines), self.fees.payer.currency)

    @property
    def total(self) -> Money:
        """What the platform is to take: the subtotal, and the payer's fee."""
        return self.subtotal + self.fees.payer

    def costs_the_same(self, other: CheckoutTerms) -> bool:
        """Whether both ask for the same money, line by line."""
        return self._price() == other._price()

    def _price(self) -> tuple[object, ...]:
        return self.fees, tuple((line.office, line.invoice_key, line.amount) for line in self.lines)
