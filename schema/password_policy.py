"""What a password must have, and how those who administer access change it."""

from __future__ import annotations

from typing import Final

import strawberry
from strawberry import UNSET

from ventanilla.auth.policy_change import PolicyChange
from ventanilla.schema.enums import UpdatePasswordPolicyReason
from ventanilla.schema.fields import given, prop
from ventanilla.schema.problems import UserError
from ventanilla.store.password_policy import BOUNDS

_RANGE: Final = {name: f"from {bounds[0]} to {bounds[-1]}" for name, bounds in BOUNDS.items()}


@strawberry.type(
    description="What a password must have. Show it while one types; the server enforces it. Whatever it says, one"
    " that everybody tries first is refused, and one that contains the person's name or the first part of their e-mail."
)
class PasswordPolicy:
    """The manager's password policy."""

    min_length: int = prop("The least number of characters.")
    require_digit: bool = prop("At least one digit.")
    require_symbol: bool = prop("At least one character that is neither letter nor digit.")
    require_upper: bool = prop("At least one capital letter.")
    require_lower: bool = prop("At least one small letter.")
    max_age_days: int | None = prop("After how many days it must be changed; null for never.")
    history: int = prop("How many former passwords may not come back.")


@strawberry.input(description="What a password must have that is chosen from then on. What is left out stays as it is.")
class UpdatePasswordPolicyInput:
    """Input of `updatePasswordPolicy`."""

    min_length: int | None = strawberry.field(
        default=UNSET, description=f"The least number of characters, {_RANGE['min_length']}; never null."
    )
    require_digit: bool | None = strawberry.field(default=UNSET, description="At least one digit; never null.")
    require_symbol: bool | None = strawberry.field(
        default=UNSET, description="At least one character that is neither letter nor digit; never null."
    )
    require_upper: bool | None = strawberry.field(default=UNSET, description="At least one capital letter; never null.")
    require_lower: bool | None = strawberry.field(default=UNSET, description="At least one small letter; never null.")
    max_age_days: int | None = strawberry.field(
        default=UNSET,
        description=f"After how many days a password must be changed, {_RANGE['max_age_days']}; null for never. This"
        " holds for those that people have as well.",
    )
    history: int | None = strawberry.field(
        default=UNSET, description=f"How many former passwords may not come back, {_RANGE['history']}; never null."
    )

    def record(self) -> PolicyChange:
        """The input as the resolver takes it."""
        return PolicyChange(
            min_length=given(self.min_length),
            require_digit=given(self.require_digit),
            require_symbol=given(self.require_symbol),
            require_upper=given(self.require_upper),
            require_lower=given(self.require_lower),
            max_age_days=given(self.max_age_days),
            history=given(self.history),
        )


@strawberry.type(description="Why a password policy stays as it is.")
class UpdatePasswordPolicyError(UserError):
    """Refusal of `updatePasswordPolicy`."""

    reason: UpdatePasswordPolicyReason = prop("The reason.")


@strawberry.type(description="What came of `updatePasswordPolicy`.")
class UpdatePasswordPolicyPayload:
    """Payload of `updatePasswordPolicy`."""

    password_policy: PasswordPolicy | None = prop("The policy as it is now; null on refusal.")
    user_errors: list[UpdatePasswordPolicyError] = prop("Why nothing was changed; empty on success.")
