"""The people of an account."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.enums import AccountRole
from ventanilla.schema.fields import prop


@strawberry.type(description="Somebody who reaches an account.")
class AccountPerson:
    """One of an account's people."""

    name: str = prop("Their name; of others than the viewer the first name and an initial.")
    is_viewer: bool = prop("Whether it is the viewer.")
    role: AccountRole = prop("As what they stand to it.")
    since: datetime = prop("Since when they reach it.")
