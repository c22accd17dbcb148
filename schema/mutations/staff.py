"""What people do who work for the manager: for its people, its letters and its programs."""

from __future__ import annotations

from typing import Annotated

import strawberry

from ventanilla.resolvers import (
    clients,
    letters,
    mandates,
    password_policy,
    person_changes,
    second_factor,
    seeing,
    theme,
)
from ventanilla.schema.client import (
    CreateClientInput,
    CreateClientPayload,
    RevokeClientInput,
    RevokeClientPayload,
    RotateClientSecretInput,
    RotateClientSecretPayload,
)
from ventanilla.schema.fields import arg, call
from ventanilla.schema.letter import CancelLettersInput, CancelLettersPayload, RetryLettersInput, RetryLettersPayload
from ventanilla.schema.mandate import EndMandateInput, EndMandatePayload, GrantMandateInput, GrantMandatePayload
from ventanilla.schema.password_policy import UpdatePasswordPolicyInput, UpdatePasswordPolicyPayload
from ventanilla.schema.person_changes import (
    DisablePersonInput,
    DisablePersonPayload,
    EnablePersonInput,
    EnablePersonPayload,
    SetStaffRoleInput,
    SetStaffRolePayload,
)
from ventanilla.schema.second_factor import (
    ResetSecondFactorInput,
    ResetSecondFactorPayload,
)
from ventanilla.schema.seeing import SeeAsInput, SeeAsPayload, StopSeeingAsPayload
from ventanilla.schema.theme import UpdatePortalThemeInput, UpdatePortalThemePayload


@strawberry.type
class StaffSide:
    """A part of the root of mutations."""

    @call(
        seeing.see_as,
        "See the portal as a customer, who can read of it: every request of this session is answered as theirs, for as"
        " long as the manager lets its staff, and changes nothing. Sockets that are open end.",
    )
    def see_as(self, whom: Annotated[SeeAsInput, arg("As whom, and why.", "input")]) -> SeeAsPayload: ...

    @call(seeing.stop_seeing, "See the portal as oneself again, from the next request on.")
    def stop_seeing_as(self) -> StopSeeingAsPayload: ...

    @call(
        person_changes.disable,
        "Let somebody in no more: their sessions end at once, and so does what programs may do for them.",
    )
    def disable_person(self, which: Annotated[DisablePersonInput, arg("Who.", "input")]) -> DisablePersonPayload: ...

    @call(person_changes.enable, "Let somebody in again who was disabled; they sign in anew.")
    def enable_person(self, which: Annotated[EnablePersonInput, arg("Who.", "input")]) -> EnablePersonPayload: ...

    @call(person_changes.set_role, "Let somebody work for the manager, as something else, or no more.")
    def set_staff_role(
        self, what: Annotated[SetStaffRoleInput, arg("Who, and as what.", "input")]
    ) -> SetStaffRolePayload: ...

    @call(
        second_factor.reset,
        "Take the second factor away from somebody who has lost it. Their sessions end, and a letter tells them.",
    )
    def reset_second_factor(
        self, which: Annotated[ResetSecondFactorInput, arg("Who has lost it.", "input")]
    ) -> ResetSecondFactorPayload: ...

    @call(mandates.grant, "Let somebody act for a community or a party from one day to another.")
    def grant_mandate(
        self, what: Annotated[GrantMandateInput, arg("Who, as what, and for whom.", "input")]
    ) -> GrantMandatePayload: ...

    @call(mandates.end, "Let a mandate end; it is not forgotten.")
    def end_mandate(self, which: Annotated[EndMandateInput, arg("Which, and when.", "input")]) -> EndMandatePayload: ...

    @call(
        password_policy.update,
        "Ask something else of the passwords that are chosen from then on; those that people have stay good until they"
        " are too old.",
    )
    def update_password_policy(
        self, change: Annotated[UpdatePasswordPolicyInput, arg("What to ask.", "input")]
    ) -> UpdatePasswordPolicyPayload: ...

    @call(theme.update, "Let the portal look otherwise. What people could not read is refused.")
    def update_portal_theme(
        self, change: Annotated[UpdatePortalThemeInput, arg("How it is to look.", "input")]
    ) -> UpdatePortalThemePayload: ...

    @call(letters.retry, "Send letters again that failed, once the cause is mended.")
    def retry_letters(self, which: Annotated[RetryLettersInput, arg("Which.", "input")]) -> RetryLettersPayload: ...

    @call(letters.cancel, "Let letters that wait leave no more.")
    def cancel_letters(self, which: Annotated[CancelLettersInput, arg("Which.", "input")]) -> CancelLettersPayload: ...

    @call(clients.create, "Register a program that may ask for tokens.")
    def create_client(
        self, what: Annotated[CreateClientInput, arg("The program.", "input")]
    ) -> CreateClientPayload: ...

    @call(
        clients.rotate,
        "Give a program another secret; the former one is good for 24 hours more, unless said otherwise.",
    )
    def rotate_client_secret(
        self, which: Annotated[RotateClientSecretInput, arg("Which.", "input")]
    ) -> RotateClientSecretPayload: ...

    @call(clients.revoke, "End a program and all its tokens, at once and for good.")
    def revoke_client(self, which: Annotated[RevokeClientInput, arg("Which.", "input")]) -> RevokeClientPayload: ...
