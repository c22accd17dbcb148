"""Another password policy: what the staff's admins ask of the passwords that are chosen from then on.

Nobody is thrown out by it: a weaker password that somebody has stays good until it is changed, or too old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from ventanilla.auth.applicant import Flaw
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.told_changes import told_changes
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store import managers
from ventanilla.store.manager import PasswordPolicy
from ventanilla.store.password_policy import BOUNDS
from ventanilla.store.store import Store

_Number = int | None | UnsetType
_Required = bool | None | UnsetType
_CLEARABLE: Final = frozenset({"max_age_days"})


class PolicyChange(Record):
    """What passwords are to have; UNSET stays as it is. None of `max_age_days` is for ever, of all else a mistake."""

    min_length: _Number = UNSET
    require_digit: _Required = UNSET
    require_symbol: _Required = UNSET
    require_upper: _Required = UNSET
    require_lower: _Required = UNSET
    max_age_days: _Number = UNSET
    history: _Number = UNSET


async def update(
    store: Store, manager: str, change: PolicyChange, *, person_id: str, caller: Caller, now: datetime
) -> PasswordPolicy | dict[str, Flaw]:
    """Change a manager's policy and tell what it is now; what is wrong with each field, and then nothing is changed.

    Of changes at once each is made whole, one after the other, of what the last one left.
    """
    values = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
    if flaws := dict(_flaws(values)):
        return flaws
    async with store.work(manager) as work:
        before, after = await managers.present(
            work, lambda shown: replace(shown, password_policy=replace(shown.password_policy, **values))
        )
        if told := told_changes(asdict(before.password_policy), asdict(after.password_policy)):
            await note_own(work, AuditKind.PASSWORD_POLICY_CHANGED, person_id, now, caller=caller, **told)
    return after.password_policy


def _flaws(values: Mapping[str, int | None]) -> Iterator[tuple[str, Flaw]]:
    for name, value in values.items():
        if value is None and name not in _CLEARABLE:
            yield name, Flaw.FIELD_REQUIRED
        elif value is not None and name in BOUNDS and value not in BOUNDS[name]:
            yield name, Flaw.FIELD_INVALID
