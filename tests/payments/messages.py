"""Orders and settings that tests of platforms share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.payments.sides import HARNESSES
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import (
    Order,
    Platform,
    PlatformPlugin,
    PlatformResponse,
    PlatformSetting,
    RefundOrder,
)
from ventanilla.payments.registry import PlatformRegistry

NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
REFERENCE = "a1b2c3d4e5f6z"


def platform(name: str, **settings: Any) -> Platform:
    """One of ours, with the settings of its other side and others instead."""
    harness = HARNESSES[name]
    registry = PlatformRegistry({name: lambda: harness.plugin})
    configuration = registry.configure(name, {**harness.configuration, **settings})
    setting = PlatformSetting(manager="sur", time_zone="America/Bogota", configuration=configuration)
    plugin: PlatformPlugin = registry.get(name)
    return plugin.platform(setting)


def order(minor: int, currency: str, **other: Any) -> Order:
    given: dict[str, Any] = {
        "reference": REFERENCE,
        "amount": Money(minor, currency),
        "description": "Czynsz 3/2026 – ul. Łąkowa 5",
        "email": "jan@example.com",
        "language": "pl",
        "return_url": "https://portal.example/checkouts/t0k3n/return",
        "notify_url": "https://portal.example/payments/x",
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return Order(**{**given, **other})


def refund(minor: int, paid: int, currency: str, payment_id: str = "1000001", key: str = "c3" * 16) -> RefundOrder:
    return RefundOrder(
        key=key,
        reference=REFERENCE,
        payment_id=payment_id,
        paid=Money(paid, currency),
        amount=Money(minor, currency),
    )


def answered(body: bytes | str, status: int = 200) -> PlatformResponse:
    return PlatformResponse(status=status, headers={}, body=body.encode() if isinstance(body, str) else body)
