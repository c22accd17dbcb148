"""Enums of supplies: meters, their readings, and settlements."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import MeterOrder, MeterReadingOrder, UtilitySettlementOrder
from ventanilla.backoffice_adapters.records import Medium, MeterStatus, ReadingQuality, ReadingStatus, SettlementOutcome
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        Medium,
        "What is supplied.",
        COLD_WATER="Cold water.",
        HOT_WATER="Hot water.",
        SEWAGE="Sewage.",
        HEAT="Heat.",
        ELECTRICITY="Electricity.",
        GAS="Gas.",
        WASTE="Waste collection.",
        OTHER="Anything else.",
    ),
    Described(
        MeterStatus,
        "Whether a meter still counts.",
        ACTIVE="It counts.",
        REMOVED="It was taken away; its readings stay readable.",
    ),
    Described(
        MeterOrder,
        "How meters are sorted; equal dates are sorted by the office's key.",
        INSTALLED_ON_DESC="Installed last first.",
        INSTALLED_ON_ASC="Installed first first.",
    ),
    Described(
        ReadingQuality,
        "Who read the meter.",
        CUSTOMER="The customer.",
        STAFF="The manager's staff.",
        REMOTE="The meter itself, from afar.",
        ESTIMATED="Nobody: it was estimated.",
    ),
    Described(
        ReadingStatus,
        "Where a reading stands. Only ACCEPTED and BILLED count.",
        SUBMITTED="Reported, not looked at yet.",
        ACCEPTED="Accepted.",
        NEEDS_CONFIRMATION="It looks unusual; somebody has to confirm it.",
        REJECTED="Refused.",
        BILLED="Accepted and invoiced.",
        QUARANTINED="Set aside by staff after it was accepted.",
        SUPERSEDED="A correction took its place.",
    ),
    Described(
        MeterReadingOrder,
        "How a meter's readings are sorted; equal dates are sorted by the office's key.",
        READ_ON_DESC="Newest first.",
        READ_ON_ASC="Oldest first.",
    ),
    Described(
        SettlementOutcome,
        "What a settlement ends with.",
        UNDERPAID="The advances were too little: the customer owes the difference.",
        SURPLUS="The advances were too much: the manager owes the difference.",
        EVEN="They were just right.",
    ),
    Described(
        UtilitySettlementOrder,
        "How settlements are sorted; equal dates are sorted by the office's key.",
        SETTLED_ON_DESC="Newest first.",
        SETTLED_ON_ASC="Oldest first.",
    ),
)
