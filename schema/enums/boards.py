"""Enums of who acts for others, and of what they see."""

from __future__ import annotations

from ventanilla.auth.actor import Role
from ventanilla.backoffice_adapters.contract import ArrearsOrder, SupplierInvoiceOrder
from ventanilla.backoffice_adapters.records import SupplierInvoiceStatus
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        Role,
        "As what somebody may act at this manager.",
        GUEST="Nobody in particular: not signed in.",
        CUSTOMER="Whoever is signed in, for the accounts that they reach.",
        SUPPLIER="For a party that supplies the manager, as long as the mandate lasts.",
        BOARD_MEMBER="For the owners of a community, as long as the mandate lasts.",
        STAFF="For the manager: looks after its people.",
        STAFF_ADMIN="For the manager: decides who gets access, and what programs may.",
    ),
    Described(
        ArrearsOrder,
        "How arrears are sorted; equal dates are sorted by the office's key.",
        OLDEST_DUE_ON_ASC="Oldest debts first.",
        OLDEST_DUE_ON_DESC="Newest debts first.",
    ),
    Described(
        SupplierInvoiceStatus,
        "Where a supplier's invoice stands.",
        TO_APPROVE="It waits to be approved.",
        APPROVED="It is approved and not paid yet.",
        PAID="It is paid.",
        REJECTED="It was refused.",
    ),
    Described(
        SupplierInvoiceOrder,
        "How invoices of suppliers are sorted; equal dates are sorted by the office's key.",
        ISSUED_ON_DESC="Newest first.",
        ISSUED_ON_ASC="Oldest first.",
        DUE_ON_ASC="First due first.",
        DUE_ON_DESC="Last due first.",
    ),
)
