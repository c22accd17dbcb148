"""Enums of accounts: who holds them, what for, and how they stand."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import (
    AccountRole,
    AccountStatus,
    BalanceSide,
    EnrolmentKind,
    PartyKind,
    UnitKind,
)
from ventanilla.schema.enums.described import Described

ENUMS = (
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
        EnrolmentKind,
        "What an account can be enrolled in.",
        E_INVOICE="Invoices come electronically instead of on paper.",
        DIRECT_DEBIT="Invoices are collected from a bank account.",
    ),
)
