"""The actor: who is asking, and what they reach."""

from __future__ import annotations

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

    @property
    def signed_in(self) -> bool:
        """Whether a valid credential was shown."""
        return self.person_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held here and now."""
        return frozenset({Role.CUSTOMER if self.signed_in else Role.GUEST})

    def reaches(self, office: str, account_key: str) -> bool:
        """Whether that account is within reach."""
        return any(link.account_key == account_key and link.office == office for link in self.links)


GUEST = Actor()
"""Nobody in particular."""
