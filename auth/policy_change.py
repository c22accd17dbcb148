"""Another password policy: what the staff's admins ask of the passwords that are chosen from then on.

Nobody is thrown out by it: a weaker password that somebody has stays good until it is changed, or too old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ventanilla.auth.applicant import Flaw
from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
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
        told = _told(before.password_policy, after.password_policy)
        if told:
            await note_own(work, AuditKind.PASSWORD_POLICY_CHANGED, person_id, now, caller=caller, **told)
    return after.password_policy


def _flaws(values: Mapping[str, int | None]) -> Iterator[tuple[str, Flaw]]:
    for name, value in values.items():
        if value is None and name not in _CLEARABLE:
            yield name, Flaw.FIELD_REQUIRED
        elif value is not None and name in BOUNDS and value not in BOUNDS[name]:
            yield name, Flaw.FIELD_INVALID


def _told(before: PasswordPolicy, after: PasswordPolicy) -> dict[str, str]:
    """What was changed, ``from`` and ``to``; nothing where nothing was."""
    changed = [name for name in after.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    return {when: _written(policy, changed) for when, policy in (("from", before), ("to", after)) if changed}


def _written(policy: PasswordPolicy, names: list[str]) -> str:
    return " ".join(f"{spelt(name)}={msgspec.json.encode(getattr(policy, name)).decode()}" for name in names)


def spelt(name: str) -> str:
    """A field of the policy as clients know it: ``min_length`` is ``minLength``."""
    first, *more = name.split("_")
    return first + "".join(map(str.title, more))
