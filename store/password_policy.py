"""What a password policy may ask for, whoever sets it: the operator by the manager's file, or the staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ventanilla.store.manager import Manager

BOUNDS: Final[Mapping[str, range]] = {
    "min_length": range(8, 65),
    "max_age_days": range(1, 3_651),
    "history": range(25),
}
"""Each number of a policy → what it may be."""
_COUNTED: Final[Mapping[str, str]] = {"max_age_days": "days"}


def password_policy_problems(manager: Manager) -> Iterator[str]:
    """Every problem of the password policy of `manager`, as ``key: what is wrong; what to do``."""
    for key, bounds in BOUNDS.items():
        value: int | None = getattr(manager.presentation.password_policy, key)
        if value is not None and value not in bounds:
            given = f"{_COUNTED.get(key, 'a number')} from {bounds[0]} to {bounds[-1]}"
            yield f"password_policy.{key}: {value} is out of range; give {given}"
