"""The tables as SQLModel maps them: every column, so that a row is loaded as ORM objects are loaded.

Dates and moments are kept as ISO text, in UTC and of fixed width: text order is time order.
"""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Text
from sqlmodel import Field, Relationship, SQLModel

# The standing reason of the ignores below: SQLModel types `__tablename__` as a declared_attr, and its documentation
# sets it to a plain string.


class Manager(SQLModel, table=True):
    """A manager; what its file says is JSON."""

    slug: str = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)


class Person(SQLModel, table=True):
    """Somebody who may sign in at one manager's portal."""

    id: str = Field(primary_key=True)
    manager: str = Field(foreign_key="manager.slug")
    email: str
    email_verified_at: str | None
    password_hash: str | None
    password_set_at: str | None
    given_name: str
    family_name: str
    created_at: str
    disabled_at: str | None
    links: list["AccountLink"] = Relationship(sa_relationship_kwargs={"order_by": "AccountLink.id"})


class Session(SQLModel, table=True):
    """A sign-in that still holds."""

    __table_args__ = (ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"]),)

    id: str = Field(primary_key=True)
    manager: str
    person_id: str
    token_hash: str
    created_at: str
    seen_at: str
    idle_at: str
    expires_at: str
    address: str | None
    user_agent: str | None


class AccountLink(SQLModel, table=True):
    """One account that a person reaches."""

    __tablename__ = "account_link"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"]),)

    id: int = Field(primary_key=True)
    manager: str
    person_id: str
    office: str
    account_key: str
    number: str
    role: str
    is_default: bool
    created_at: str

    @property
    def book(self) -> str:
        """The book that the account stands in."""
        return f"{self.manager}/{self.office}"


class Booked(SQLModel):
    """Base of what stands in a book: one office of one manager."""

    book: str = Field(primary_key=True)


class Keyed(Booked):
    """Base of what has a key in its book."""

    key: str = Field(primary_key=True)


class Account(Keyed, table=True):
    """One supply, or one title to premises."""

    number: str
    plain_number: str
    licence: str
    status: str
    title: str
    holder_key: str
    unit_key: str | None
    place_key: str | None
    currency: str
    opened_on: str | None
    closed_on: str | None
    stated_minor: int | None = Field(sa_type=BigInteger)


class Unit(Keyed, table=True):
    """The premises of an account."""

    label: str
    kind: str
    area_m2: str | None
    building_key: str | None


class Building(Keyed, table=True):
    """What units are in."""

    name: str
    street_lines: str
    locality: str
    region: str | None
    postal_code: str | None
    country: str
    latitude: float | None
    longitude: float | None
    built_in: int | None = Field(sa_type=BigInteger)
    unit_count: int | None = Field(sa_type=BigInteger)
    community_key: str | None


class Invoice(Keyed, table=True):
    """A debt document of an account."""

    account_key: str
    number: str
    kind: str
    status: str
    title: str
    issued_on: str
    due_on: str
    later_due_on: str | None
    later_minor: int | None = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    paid_minor: int = Field(sa_type=BigInteger)
    currency: str
    period_from: str | None
    period_to: str | None
    paid_at: str | None
    reference_scheme: str | None
    reference_value: str | None
    reference_url: str | None

    def open_minor(self, today: str) -> int:
        """What settles it on `today`, in minor units."""
        if self.status not in {"ISSUED", "PARTIALLY_PAID", "IN_PLAN"}:
            return 0
        late = self.later_minor is not None and self.due_on < today
        due = self.later_minor if late else self.total_minor
        return max(0, (due or 0) - self.paid_minor)

    def overdue_on(self, today: str) -> bool:
        """Whether its first due date has passed."""
        pressing = self.status in {"ISSUED", "PARTIALLY_PAID"} and self.kind != "CREDIT_NOTE"
        return pressing and self.due_on < today


class InvoiceLine(Booked, table=True):
    """One line of an invoice."""

    __tablename__ = "invoice_line"  # pyright: ignore[reportAssignmentType]  # see above

    invoice_key: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=BigInteger)
    description: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    quantity: str | None
    unit: str | None
    unit_price: str | None
    tax_rate: str | None


class Payment(Keyed, table=True):
    """Money received for an account."""

    account_key: str
    amount_minor: int = Field(sa_type=BigInteger)
    unallocated_minor: int = Field(sa_type=BigInteger)
    currency: str
    paid_at: str
    status: str
    method: str
    reference: str | None


class PaymentPlan(Keyed, table=True):
    """An agreement to pay a debt by instalments."""

    __tablename__ = "payment_plan"  # pyright: ignore[reportAssignmentType]  # see above

    account_key: str
    number: str
    status: str
    agreed_on: str
    total_minor: int = Field(sa_type=BigInteger)
    interest_minor: int = Field(sa_type=BigInteger)
    paid_minor: int = Field(sa_type=BigInteger)
    currency: str
    instalment_count: int = Field(sa_type=BigInteger)
    invoice_keys: str


class Instalment(Keyed, table=True):
    """One payment of a plan."""

    account_key: str
    plan_key: str
    position: int = Field(sa_type=BigInteger)
    due_on: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    status: str
    paid_at: str | None


class Enrolment(Booked, table=True):
    """Whether an account is enrolled in one thing."""

    account_key: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    active: int = Field(sa_type=BigInteger)
    since: str | None
    cancelled_at: str | None
    channel: str | None


class Notice(Keyed, table=True):
    """Something that people are told."""

    title: str
    body: str
    community_key: str | None
    published_from: str
    visible_until: str | None


class NoticeAudience(Booked, table=True):
    """Whom a notice is for: a scope, and one role or any (an empty text)."""

    __tablename__ = "notice_audience"  # pyright: ignore[reportAssignmentType]  # see above

    scope: str = Field(primary_key=True)
    scope_key: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    notice_key: str = Field(primary_key=True)
