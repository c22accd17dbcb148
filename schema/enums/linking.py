"""Enums of reaching accounts, and of what happened to them."""

from __future__ import annotations

from ventanilla.auth.audit import AuditKind
from ventanilla.resolvers.account_links import UnlinkReason
from ventanilla.resolvers.audit import AuditOrder
from ventanilla.resolvers.linking import LinkReason
from ventanilla.schema.enums.described import Described
from ventanilla.store.manager import LinkProof

ENUMS = (
    Described(
        LinkProof,
        "What somebody must know of an account, besides its number, to reach it.",
        NONE="Nothing more.",
        LAST_INVOICE_AMOUNT="The amount of one of its two newest invoices.",
        HOLDER_DOCUMENT="The number of the holder's identity document.",
        UNIT="What stands on the door, or in the register, of its premises.",
    ),
    Described(
        LinkReason,
        "Why no account was found or linked.",
        ACCOUNT_NOT_FOUND="No account that runs has this number here.",
        ALREADY_LINKED="The viewer reaches it already.",
        PREVIEW_EXPIRED="The preview is over, or the account is not any more as it was shown: look it up again.",
        LINK_LIMIT_REACHED="As many people as may reach it do so.",
        PROOF_REQUIRED="The preview's `proof` has to be given.",
        PROOF_WRONG="What was given does not match the account.",
        PROOF_IMPOSSIBLE="The manager's books hold nothing that would prove this account.",
        RATE_LIMITED="Too many tries; the parameter `retryAfterSeconds` says when to come back.",
    ),
    Described(
        UnlinkReason,
        "Why nothing was changed.",
        NOT_LINKED="The viewer does not reach such an account.",
    ),
    Described(
        AuditKind,
        "What happened.",
        ACCOUNT_LINKED="Somebody began to reach the account `number`, as `role`.",
        ACCOUNT_UNLINKED="Somebody gave the account `number` up.",
        PAYMENT_CONFIRMED="Money for the account has come: `amount` in `currency`, paid under `reference`.",
        REFUND_ASKED="The staff let `amount` in `currency`, paid under `reference`, go back.",
        STRAY_BOOKED="Money that did not fit, `kind`, was let be booked: `amount` in `currency`, under `reference`.",
        STRAY_REFUNDED="Money that did not fit, `kind`, was let go back: `amount` in `currency`, under `reference`.",
        STRAY_DISMISSED="Money that did not fit, `kind`, was dealt with elsewhere: `amount`, `currency`, `reference`.",
        SIGNED_IN="The person signed in by `way`, at `provider` where it was one's.",
        SIGNED_OUT="The person signed out; so many `sessions` ended with it.",
        SESSION_ENDED="The person ended one of their sessions.",
        PASSWORD_CHANGED="The person changed their password. Other sessions ended.",  # noqa: S106  a description
        PASSWORD_RESET="The person chose another password by a letter. All sessions ended.",  # noqa: S106  a description
        EMAIL_CHANGED="The person's e-mail address was replaced: `from` one `to` another, both masked.",
        PROFILE_CHANGED="The person changed what is known of them: `fields`.",
        PASSKEY_ADDED="The passkey `name` was made.",
        PASSKEY_REMOVED="The passkey `name` was given up.",
        IDENTITY_LINKED="An account at `provider` was linked.",
        IDENTITY_UNLINKED="The account at `provider` was unlinked.",
        PROGRAM_ALLOWED="The person let `program` read on their behalf, within `scopes`.",
        PROGRAM_WITHDRAWN="The person lets `program` do so no more.",
        TERMS_ACCEPTED="The person accepted `version` of the terms.",
        ERASED="Somebody was erased, as they wished.",
        PERSON_DISABLED="The person was let in no more.",
        PERSON_ENABLED="The person was let in again.",
        STAFF_ROLE_SET="The person works for the manager as `role` from then on; without one, no more.",
        MANDATE_GRANTED="The person may act as `role` for `subject`, from `startsOn` to `endsOn`.",
        MANDATE_ENDED="The mandate as `role` for `subject` ends with `endsOn`.",
        ACCESS_GENERATED="Access for many people was asked for: the run `batch`.",
        ACCESS_SENT="The invitations of the run `batch` were let leave, to so many `people`.",
        ACCESS_CANCELLED="What waited of the run `batch` was `cancelled`; so many letters were `inFlight`.",
        ACCESS_GIVEN="The person followed an invitation, and was given so many `accounts` and `mandates`.",
        CLIENT_CREATED="The program `client` was registered.",
        CLIENT_SECRET_ROTATED="The program `client` got another secret.",  # noqa: S106  a description
        CLIENT_REVOKED="The program `client` was ended.",
        LETTERS_RETRIED="So many `letters` that had failed were sent again.",
        LETTERS_CANCELLED="So many `letters` that waited leave no more.",
        PASSWORD_POLICY_CHANGED="What a password must have was changed `from` one thing `to` another:"  # noqa: S106  a description
        " `minLength=10 maxAgeDays=null`.",
        THEME_CHANGED="How the portal looks was changed `from` one thing `to` another:"
        " `primary=#1f4e79 dark.text=null`.",
        SECOND_FACTOR_SET_UP="The person set a second factor up.",
        SECOND_FACTOR_REMOVED="The person's second factor was taken away, by themselves or by the staff.",
        RECOVERY_CODE_USED="The person used a recovery code up.",
        SEEN_AS="Somebody of the staff saw the portal as the person, at most until `until`; `reason` says why.",
        SEEING_ENDED="They saw as themselves again.",
    ),
    Described(
        AuditOrder,
        "How what happened is sorted.",
        AT_DESC="Newest first.",
        AT_ASC="Oldest first.",
    ),
)
