"""Whether an answer fits its question: as many positions, of the right kind, each about what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

from ventanilla.backoffice_adapters.contract import PROTOCOLS, Fault, capabilities_of, is_safe
from ventanilla.backoffice_adapters.records import Rows, column_of

Belongs = Callable[[Any, Any], bool]
"""Whether a value (second) is about the subject (first)."""


_NEVER_STALE = frozenset(
    {"find_accounts", "notices", "notices_by_key", "parties", "parties_by_key"}
    | {f"changed_{kind}" for kind in ("accounts", "invoices", "charges", "payments", "meter_readings")}
)
"""Who finds an account by its number wants to link it, and what parties are to a manager lets them in: that decides
access. Notices end with their window. Who goes on from an old page of changes misses those since."""


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
        absence = (NoneType,) if safe else ()  # a write is done or refused, and says which
        self._allowed = frozenset({kind, Fault, *absence, *((Rows,) if kind is tuple else ())})
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
        for strange in set(map(type, hits)) - self._allowed:
            msg = f"answered a {strange.__name__} instead of a {self._kind.__name__}"
            raise MisfitError(msg)
        belongs = self._belongs
        if belongs is None:
            return
        for subject, hit in zip(subjects, hits, strict=True):
            # An absence and a fault are about any subject.
            if hit is not None and type(hit) is not Fault and not belongs(subject, hit):
                msg = "answered with what belongs to another subject"
                raise MisfitError(msg)


def _same_key(key: str, record: Any) -> bool:
    return record.key == key


def _same_account(account: Any, record: Any) -> bool:
    return record.key == account.key


def _same_posting(new: Any, posted: Any) -> bool:
    payment = posted.payment
    return payment.account_key == new.account.key and payment.amount == new.amount


def _same_reversal(new: Any, posted: Any) -> bool:
    return posted.payment.key == new.payment_key


def _all(name: str) -> Belongs:
    """Whether the records of a list, or of a part of one, all hang on their subject: `name` is its key."""

    def belongs(subject: Any, found: Any) -> bool:
        key = subject if isinstance(subject, str) else subject.key
        owners = column_of(getattr(found, "items", found), name)
        return owners.count(key) == len(owners)

    return belongs


_BELONGS: dict[str, Belongs] = {
    "accounts": _same_key,
    "balances": _same_account,
    "invoices": _all("account_key"),
    "invoices_by_key": _same_key,
    "invoice_allocations": _all("invoice_key"),
    "charges": _all("account_key"),
    "charges_by_key": _same_key,
    "payments": _all("account_key"),
    "payments_by_key": _same_key,
    "post_payments": _same_posting,
    "reverse_payments": _same_reversal,
    "payment_allocations": _all("payment_key"),
    "accruals": _all("account_key"),
    "accruals_by_key": _same_key,
    "payment_plans": _all("account_key"),
    "payment_plans_by_key": _same_key,
    "plan_instalments": _all("plan_key"),
    "instalments_by_key": _same_key,
    "late_interest": _same_key,
    "notices_by_key": _same_key,
    "parties_by_key": _same_key,
    "supplier_invoices_of_parties": _all("supplier_key"),
    "communities_by_key": _same_key,
    "community_finances": _same_key,
    "community_arrears": _all("community_key"),
    "supplier_invoices": _all("community_key"),
    "meters": _all("account_key"),
    "meters_by_key": _same_key,
    "meter_readings": _all("meter_key"),
    "meter_readings_by_key": _same_key,
    "utility_settlements": _all("account_key"),
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
