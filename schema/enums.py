"""The enums of the records, with what each value means.

Types take their enums from here, never from the records: an enum that strawberry met first without its description
would stay without.
"""

from __future__ import annotations

from enum import Enum
from typing import cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from ventanilla.backoffice_adapters.contract import (
    ChargeOrder,
    InvoiceOrder,
    InvoiceStatusFilter,
    PaymentOrder,
    Support,
)
from ventanilla.backoffice_adapters.records import (
    AccountRole,
    AccountStatus,
    BalanceSide,
    ChargeStatus,
    InvoiceKind,
    InvoiceStatus,
    Licence,
    PartyKind,
    PaymentStatus,
    UnitKind,
)
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.resolvers.capabilities import CapabilityReason
from ventanilla.resolvers.sessions import SessionDelivery, SignInReason
from ventanilla.resolvers.viewer import OnboardingState
from ventanilla.store.manager import SignInWay

__all__ = [
    "AccountRole",
    "AccountStatus",
    "BalanceSide",
    "CapabilityReason",
    "ChargeOrder",
    "ChargeStatus",
    "DocumentFormat",
    "InvoiceKind",
    "InvoiceOrder",
    "InvoiceStatus",
    "InvoiceStatusFilter",
    "Licence",
    "OnboardingState",
    "PartyKind",
    "PaymentOrder",
    "PaymentStatus",
    "SessionDelivery",
    "SignInReason",
    "SignInWay",
    "Support",
    "UnitKind",
]


class UndescribedValueError(Exception):
    """Every value of every enum says what it means."""


class Described:
    """An enum with its description and that of each of its values, by name."""

    def __init__(self, kind: type[Enum], description: str, **values: str) -> None:
        if set(values) != set(kind.__members__):
            msg = f"{kind.__name__}: describe exactly {sorted(kind.__members__)}"
            raise UndescribedValueError(msg)
        self.kind, self.description, self.values = kind, description, values

    def register(self) -> None:
        """Make it a GraphQL enum."""
        strawberry.enum(self.kind, description=self.description)
        definition = cast("StrawberryEnumDefinition", vars(self.kind)["__strawberry_definition__"])
        for value in definition.values:
            value.description = self.values[value.name]


ENUMS: tuple[Described, ...] = (
    Described(
        Licence,
        "What a manager is licensed for. Each licence held is served by one back office.",
        RENT="Rented premises, residential and commercial.",
        COMMUNITY="Communities of owners and their shares in the costs.",
        UTILITY="Supplies such as water, heat, electricity and gas, with meters and settlements.",
        MAINTENANCE="Failure reports and work orders.",
    ),
    Described(
        PartyKind,
        "Whether a party is a human being or an organisation.",
        PERSON="A human being.",
        COMPANY="A company, community or other organisation.",
    ),
    Described(
        UnitKind,
        "What a unit is used as.",
        FLAT="A flat in a building.",
        HOUSE="A house.",
        SHOP="Premises for trade.",
        OFFICE="Premises for office work.",
        GARAGE="A garage or parking space.",
        STORAGE="A cellar or store room.",
        PLOT="Land without a building.",
    ),
    Described(
        AccountStatus,
        "Whether an account still runs.",
        ACTIVE="It runs.",
        SUSPENDED="It is interrupted, for example a supply that was cut.",
        CLOSED="It has ended; its history stays readable.",
    ),
    Described(
        AccountRole,
        "As what a person stands to an account.",
        HOLDER="Who holds the supply or contract.",
        TENANT="Who rents the premises.",
        OWNER="Who owns the premises.",
        RESIDENT="Who lives there.",
    ),
    Described(
        BalanceSide,
        "Who owes whom.",
        DEBT="The customer owes: the amount is positive.",
        CREDIT="The manager owes: the amount is negative.",
        SETTLED="Nobody owes anything: the amount is zero.",
    ),
    Described(
        InvoiceKind,
        "What kind of debt document it is. Amounts are never negative.",
        INVOICE="It asks for money.",
        CREDIT_NOTE="It gives money back.",
        DEBIT_NOTE="It asks for money beside an earlier invoice.",
    ),
    Described(
        InvoiceStatus,
        "The stored state of an invoice. Whether it is overdue is told by `overdue`.",
        DRAFT="Not issued yet; never shown.",
        ISSUED="Issued, nothing paid.",
        PARTIALLY_PAID="A part is paid.",
        IN_PLAN="Covered by a payment plan; paid through its instalments.",
        PAID="Paid in full.",
        CANCELLED="Withdrawn; nothing is owed.",
    ),
    Described(
        InvoiceStatusFilter,
        "A state of an invoice as people ask for it.",
        OPEN="Stored as ISSUED, overdue or not.",
        PARTIALLY_PAID="A part is paid, overdue or not.",
        OVERDUE="ISSUED or PARTIALLY_PAID, no credit note, and the first due date has passed.",
        IN_PLAN="Covered by a payment plan.",
        PAID="Paid in full.",
        CANCELLED="Withdrawn.",
    ),
    Described(
        InvoiceOrder,
        "How invoices are sorted; equal dates are sorted by the office's key.",
        ISSUED_ON_DESC="Newest first.",
        ISSUED_ON_ASC="Oldest first.",
        DUE_ON_ASC="By first due date, earliest first.",
        DUE_ON_DESC="By first due date, latest first.",
    ),
    Described(
        DocumentFormat,
        "The form of a document. Both say the same.",
        PDF="To print and to keep.",
        HTML="A page for a browser, which screen readers can follow and phones can show.",
    ),
    Described(
        ChargeStatus,
        "Where a charge stands.",
        PENDING="Not invoiced yet.",
        INVOICED="Part of an invoice that is not settled.",
        SETTLED="Its invoice is paid.",
        CANCELLED="Withdrawn.",
    ),
    Described(
        ChargeOrder,
        "How charges are sorted; equal dates are sorted by the office's key.",
        CHARGED_ON_DESC="Newest first.",
        CHARGED_ON_ASC="Oldest first.",
    ),
    Described(
        PaymentStatus,
        "Where a payment stands. Only CONFIRMED and SETTLED count as paid.",
        PENDING="Announced, not confirmed.",
        CONFIRMED="Confirmed by who took it.",
        SETTLED="Arrived at the manager.",
        FAILED="It did not happen.",
        EXPIRED="Nobody paid in time.",
        REVERSED="It was taken back.",
        PARTIALLY_REFUNDED="A part was given back.",
        REFUNDED="All was given back.",
        REVIEW="Amount or currency differ from what was expected; staff look at it.",
    ),
    Described(
        PaymentOrder,
        "How payments are sorted; equal moments are sorted by the office's key.",
        PAID_AT_DESC="Newest first.",
        PAID_AT_ASC="Oldest first.",
    ),
    Described(
        Support,
        "Whether something can be done.",
        YES="The office does it itself.",
        NO="It cannot be done; `reason` says why.",
        EMULATED="It is done with the gateway's or another office's help.",
    ),
    Described(
        CapabilityReason,
        "Why something cannot be done.",
        LICENCE_MISSING="The manager does not hold the licence.",
        ADAPTER_CANNOT="The back office that serves the licence has no such thing.",
    ),
    Described(SignInWay, "How people may sign in.", PASSWORD="With e-mail and password: `signIn`."),  # noqa: S106  a description
    Described(
        OnboardingState,
        "How far a person has come.",
        NEEDS_ACCOUNT="No account is linked yet: link one to see anything.",
        READY="At least one account is linked.",
    ),
    Described(
        SessionDelivery,
        "How the session is handed over.",
        COOKIE="As a cookie that scripts cannot read: for portals on the manager's own host.",
        BEARER="As `accessToken` in the answer, to be sent as `Authorization: Bearer …`: for scripts and apps.",
    ),
    Described(
        SignInReason,
        "Why nobody was signed in.",
        INVALID_CREDENTIALS="E-mail or password are wrong; which of them is not told.",
        EMAIL_NOT_VERIFIED="The e-mail address was never verified.",
        TOO_MANY_ATTEMPTS="Too many tries for this account or from this address; `params` say when to try again.",
        ACCOUNT_DISABLED="The manager has disabled this sign-in.",
    ),
)

for _enum in ENUMS:
    _enum.register()
