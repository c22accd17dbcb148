"""The manager's people, as the staff sees them."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from ventanilla.execution.fields import Listing
from ventanilla.resolvers import people
from ventanilla.schema.enums import AccountRole, MandateRole, StaffRole
from ventanilla.schema.fields import batch, column, prop


@strawberry.type(description="An account that somebody reaches.")
class PersonAccount:
    """An account of a person."""

    office: str = prop("The manager's own name of the office that keeps it.")
    number: str = prop("The number printed on its papers.")
    role: AccountRole = prop("As what they stand to it.")
    since: datetime = prop("Since when they reach it.")


@strawberry.type(description="As what somebody may act for a while, and for whom. Both days are among its own.")
class Mandate:
    """A mandate."""

    id: strawberry.ID = prop("For `endMandate` alone: mandates are no nodes.")
    role: MandateRole = prop("As what.")
    office: str = prop("The manager's own name of the office that knows for whom.")
    subject_key: str = prop("The community's key there, of a board member; the party's, of a supplier.")
    subject_name: str = prop("What that is called.")
    starts_on: date = prop("The first day.")
    ends_on: date | None = prop("The last day; null while no end is known.")
    in_force: bool = column(people.in_force, "Whether it holds today.")


@strawberry.type(description="Somebody who may sign in at this portal, as the staff sees them.")
class Person:
    """One of the manager's people."""

    id: strawberry.ID = prop("What the staff's mutations name them by: people are no nodes.")
    name: str = prop("Given name, then family name.")
    email: str = prop("The e-mail address that they sign in with.")
    user_name: str | None = prop("The identity document that they may sign in with beside it; null for none.")
    email_verified_at: datetime | None = prop("When they proved that they read that address; null if they never did.")
    document_type: str | None = prop("What kind of identity document it is, as they say: `DNI`, `CC`, `PESEL`.")
    document_number: str | None = prop("Its number, as they say: nobody has proved it.")
    phone: str | None = prop("Their telephone, as they say.")
    language: str | None = prop("What letters are written in; null for the portal's first language.")
    staff_role: StaffRole | None = prop("As what they work for the manager; null for customers.")
    created_at: datetime = prop("When they were added, or registered.")
    disabled_at: datetime | None = prop("Since when they are not let in; null if they are.")
    second_factor_at: datetime | None = prop("Since when they are asked for a second factor; null if they are not.")
    last_seen_at: datetime | None = batch(
        people.last_seen, "When they were last here, as far as a session or a known browser remembers it."
    )
    accounts: list[PersonAccount] = batch(
        people.accounts, "The accounts that they reach, oldest link first.", listing=Listing((), assumed=3)
    )
    mandates: list[Mandate] = batch(
        people.mandates_of, "What they act as, in force or not, oldest first.", listing=Listing((), assumed=1)
    )
