"""What is changed of the manager's people."""

from __future__ import annotations

import strawberry

from ventanilla.resolvers import person_changes
from ventanilla.schema.enums import PersonReason, StaffRole
from ventanilla.schema.fields import prop
from ventanilla.schema.person import Person
from ventanilla.schema.problems import UserError


@strawberry.type(description="Why nothing was changed of a person.")
class PersonError(UserError):
    """Refusal of `disablePerson`, `enablePerson` and `setStaffRole`."""

    reason: PersonReason = prop("The reason.")


@strawberry.input(description="Who is not to come in any more.")
class DisablePersonInput:
    """Input of `disablePerson`."""

    id: strawberry.ID = strawberry.field(description="The person's id.")

    def record(self) -> person_changes.ChosenPerson:
        """The input as the resolver takes it."""
        return person_changes.ChosenPerson(id=self.id)


@strawberry.type(description="What came of `disablePerson`.")
class DisablePersonPayload:
    """Payload of `disablePerson`."""

    person: Person | None = prop("The person as they are now; null when refused.")
    user_errors: list[PersonError] = prop("Why nothing was changed; empty on success.")


@strawberry.input(description="Who is to come in again.")
class EnablePersonInput:
    """Input of `enablePerson`."""

    id: strawberry.ID = strawberry.field(description="The person's id.")

    def record(self) -> person_changes.ChosenPerson:
        """The input as the resolver takes it."""
        return person_changes.ChosenPerson(id=self.id)


@strawberry.type(description="What came of `enablePerson`.")
class EnablePersonPayload:
    """Payload of `enablePerson`."""

    person: Person | None = prop("The person as they are now; null when refused.")
    user_errors: list[PersonError] = prop("Why nothing was changed; empty on success.")


@strawberry.input(description="As what somebody is to work for the manager.")
class SetStaffRoleInput:
    """Input of `setStaffRole`."""

    id: strawberry.ID = strawberry.field(description="The person's id.")
    role: StaffRole | None = strawberry.field(default=None, description="As what; null for not at all.")

    def record(self) -> person_changes.NewRole:
        """The input as the resolver takes it."""
        return person_changes.NewRole(id=self.id, role=self.role)


@strawberry.type(description="What came of `setStaffRole`.")
class SetStaffRolePayload:
    """Payload of `setStaffRole`."""

    person: Person | None = prop("The person as they are now; null when refused.")
    user_errors: list[PersonError] = prop("Why nothing was changed; empty on success.")
