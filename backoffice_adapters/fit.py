"""Whether an answer fits its question: as many positions, of the right kind, each about what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast, get_args, get_origin, get_type_hints

from ventanilla.backoffice_adapters.contract import PROTOCOLS, Fault, capabilities_of, is_safe

Belongs = Callable[[Any, Any], bool]
"""Whether a value (second) is about the subject (first)."""


_NEVER_STALE = frozenset({"find_accounts", "notices", "notices_by_key"})
"""Who finds an account by its number wants to link it: that decides access. Notices end with their window."""


class MisfitError(Exception):
    """An answer that must not be used, not even in part. The message holds no data."""


class Method:
    """A method of the contract as the guard sees it."""

    def __init__(self, name: str, capability: str, kind: type, belongs: Belongs | None, *, safe: bool) -> None:
        """`safe` methods change nothing, so they may be asked again."""
        self.name = name
        self.capability = capability
        self.safe = safe
        self._kind = kind
        self._belongs = belongs
        self.may_be_stale = safe and name not in _NEVER_STALE

    def check(self, subjects: Sequence[Any], answer: Any) -> None:
        """Raise `MisfitError` unless `answer` is a list aligned with `subjects`."""
        if type(answer) is not list:
            msg = f"answered a {type(answer).__name__} instead of a list"
            raise MisfitError(msg)
        hits = cast("list[Any]", answer)
        if len(hits) != len(subjects):
            msg = f"answered {len(hits)} positions for {len(subjects)}"
            raise MisfitError(msg)
        kind, belongs = self._kind, self._belongs
        for subject, hit in zip(subjects, hits, strict=True):
            if type(hit) is kind:
                if belongs is not None and not belongs(subject, hit):
                    msg = "answered with what belongs to another subject"
                    raise MisfitError(msg)
            elif hit is not None and type(hit) is not Fault:
                msg = f"answered a {type(hit).__name__} instead of a {kind.__name__}"
                raise MisfitError(msg)


def _same_key(key: str, record: Any) -> bool:
    return record.key == key


def _same_account(account: Any, record: Any) -> bool:
    return record.key == account.key


def _all_of_account(account: Any, part: Any) -> bool:
    key = account.key
    for item in part.items:  # noqa: SIM110  twice as fast as all(...) over a generator, on every healthy answer
        if item.account_key != key:
            return False
    return True


def _all_of_plan(key: str, instalments: Any) -> bool:
    return all(instalment.plan_key == key for instalment in instalments)


def _all_of_meter(key: str, part: Any) -> bool:
    return all(reading.meter_key == key for reading in part.items)


def _all_of_invoice(key: str, allocations: Any) -> bool:
    return all(allocation.invoice_key == key for allocation in allocations)


def _all_of_payment(key: str, allocations: Any) -> bool:
    return all(allocation.payment_key == key for allocation in allocations)


_BELONGS: dict[str, Belongs] = {
    "accounts": _same_key,
    "balances": _same_account,
    "invoices": _all_of_account,
    "invoices_by_key": _same_key,
    "invoice_allocations": _all_of_invoice,
    "charges": _all_of_account,
    "charges_by_key": _same_key,
    "payments": _all_of_account,
    "payments_by_key": _same_key,
    "payment_allocations": _all_of_payment,
    "accruals": _all_of_account,
    "accruals_by_key": _same_key,
    "payment_plans": _all_of_account,
    "payment_plans_by_key": _same_key,
    "plan_instalments": _all_of_plan,
    "instalments_by_key": _same_key,
    "late_interest": _same_key,
    "notices_by_key": _same_key,
    "meters": _all_of_account,
    "meters_by_key": _same_key,
    "meter_readings": _all_of_meter,
    "meter_readings_by_key": _same_key,
    "utility_settlements": _all_of_account,
    "utility_settlements_by_key": _same_key,
}


def _kind(protocol: type, method: str) -> type:
    """The type of a value: Balance of ``list[Balance | None | Fault]``, Slice of ``list[Slice[Invoice] | …]``."""
    (hit,) = get_args(get_type_hints(getattr(protocol, method))["return"])
    value = get_args(hit)[0]
    return get_origin(value) or value


METHODS: dict[str, Method] = {
    name: Method(name, capability, _kind(protocol, name), _BELONGS.get(name), safe=is_safe(protocol, name))
    for protocol in PROTOCOLS.values()
    for name, capability in capabilities_of(protocol).items()
}
"""Every method of the contract that an office may be asked."""
