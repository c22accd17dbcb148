"""The actor: who is asking, and what they reach."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ventanilla.backoffice_adapters.records import AccountRole, Record


class Role(StrEnum):
    """As what somebody may act at a manager."""

    GUEST = "GUEST"
    CUSTOMER = "CUSTOMER"
    SUPPLIER = "SUPPLIER"
    BOARD_MEMBER = "BOARD_MEMBER"
    STAFF = "STAFF"
    STAFF_ADMIN = "STAFF_ADMIN"


class StaffRole(StrEnum):
    """As what somebody works for a manager."""

    STAFF = "STAFF"
    """Looks after the manager's people."""
    STAFF_ADMIN = "STAFF_ADMIN"
    """That, and decides who gets access, and what programs may."""


class Onlooker(Record):
    """Somebody of the staff who sees the portal as a customer, for a while, and changes nothing."""

    person_id: str
    session_id: str
    name: str
    until: datetime


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
    staff_role: StaffRole | None = None
    """As what they work for the manager; None for customers, programs and onlookers."""
    second_factor_at: datetime | None = None
    """Since when the person is asked for a second factor."""
    second_factor_shown: bool = False
    """Whether one was shown in this session."""
    seen_by: Onlooker | None = None
    """Who it is really that asks. The session is theirs, so `session_id` is None."""
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
    def of_manager(self) -> bool:
        """Whether it is a program of the manager's own, which acts for nobody."""
        return self.client_id is not None and self.person_id is None

    @property
    def held_session_id(self) -> str | None:
        """The session that the request shows, also while its person sees the portal as somebody else."""
        return self.seen_by.session_id if self.seen_by else self.session_id

    @property
    def called(self) -> str | None:
        """What is counted as one caller: a person, one program of theirs, or who sees the portal as they do; None for
        nobody in particular."""
        onlooker = self.seen_by.person_id if self.seen_by else None
        return " ".join(filter(None, (self.client_id, onlooker, self.person_id))) or None

    @property
    def second_factor_due(self) -> bool:
        """Whether a second factor is to be shown in this session before anything else."""
        return self.second_factor_at is not None and not self.second_factor_shown

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held here and now, but for those of mandates, which are read where they matter."""
        if not self.signed_in:
            return frozenset({Role.GUEST})
        if self.staff_role is None:
            return frozenset({Role.CUSTOMER})
        admin = {Role.STAFF_ADMIN} if self.staff_role is StaffRole.STAFF_ADMIN else set[Role]()
        return frozenset({Role.CUSTOMER, Role.STAFF, *admin})

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
