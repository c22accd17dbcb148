"""The actor: who is asking, and what they reach."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ventanilla.backoffice_adapters.records import AccountRole, Record


class Role(StrEnum):
    """As what somebody may act at a manager."""

    GUEST = "GUEST"
    CUSTOMER = "CUSTOMER"


class Link(Record):
    """One account that a person reaches: its home office and key there, and as what they stand to it."""

    id: int
    office: str
    account_key: str
    number: str
    role: AccountRole
    is_default: bool = False


class Actor(Record):
    """Who asks at one manager, read anew at each request and remembered nowhere."""

    person_id: str | None = None
    session_id: str | None = None
    email: str | None = None
    name: str | None = None
    links: tuple[Link, ...] = ()
    must_change_password: bool = False
    """Whether the password was somebody else's to choose."""
    password_set_at: datetime | None = None
    """Since when the password is what it is; None for who has none."""
    client_id: str | None = None
    """The program that asks: on behalf of the person, or of nobody."""
    scopes: frozenset[str] = frozenset()
    """What the program may do at most (`scopes.SCOPES`)."""
    without_password: bool = False
    """Whether a passkey, or an identity provider, began the session: what is due to a password does not concern it."""

    @property
    def known(self) -> bool:
        """Whether a valid credential was shown."""
        return self.person_id is not None or self.client_id is not None

    @property
    def signed_in(self) -> bool:
        """Whether it is a person who asks, or a program on behalf of one."""
        return self.person_id is not None

    @property
    def called(self) -> str | None:
        """What is counted as one caller: a person, or one program of theirs; None for nobody in particular."""
        return " ".join(filter(None, (self.client_id, self.person_id))) or None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held here and now."""
        return frozenset({Role.CUSTOMER if self.signed_in else Role.GUEST})

    def password_change_due(self, max_age_days: int | None, now: datetime) -> bool:
        """Whether the password is to be changed before anything else: it was not the person's choice, or is too old."""
        if self.without_password:
            return False
        if self.must_change_password:
            return True
        if max_age_days is None or self.password_set_at is None:
            return False
        return self.password_set_at + timedelta(days=max_age_days) <= now

    def reaches(self, office: str, account_key: str) -> bool:
        """Whether that account is within reach."""
        return any(link.account_key == account_key and link.office == office for link in self.links)


GUEST = Actor()
"""Nobody in particular."""
