"""Enums of access for many people at once."""

from __future__ import annotations

from ventanilla.auth.access_audiences import AccessAudience, FilterMode
from ventanilla.auth.access_batches import AccessBatchState
from ventanilla.auth.access_invitations import InvitationState
from ventanilla.auth.access_invitees import InvitationProblem
from ventanilla.backoffice_adapters.records import PartyRole
from ventanilla.resolvers.access_activation import ActivateAccessReason
from ventanilla.resolvers.access_requests import GenerateAccessReason
from ventanilla.resolvers.access_sending import CancelAccessReason, RetryAccessReason, SendAccessReason
from ventanilla.schema.enums.described import Described
from ventanilla.store.manager import Credential

_NOT_FOUND = "The manager has no batch of that id."
_RUNNING = "Another batch is being generated, or has letters that wait: ask again later, or cancel it."
_POLICY = "The manager's policy refuses the password. Each rule it breaks is a param `violation`, as in `register`."

ENUMS = (
    Described(
        PartyRole,
        "As what an office knows somebody.",
        TENANT="Rents what an account is for.",
        OWNER="Owns what an account is for.",
        RESIDENT="Lives in what an account is for.",
        HOLDER="The papers of an account are made out to them.",
        SUPPLIER="Supplies the manager, or a community.",
        BOARD_MEMBER="Acts for the owners of a community.",
    ),
    Described(
        AccessAudience,
        "Who is given access, by what they are to the manager now.",
        TENANTS_AND_OWNERS="Tenants, owners, residents and holders.",
        TENANTS_ONLY="Tenants and residents.",
        OWNERS_ONLY="Owners and holders.",
        SUPPLIERS="Suppliers; they act as such from then on.",
        BOARD_MEMBERS="Members of boards, for as long as their mandates last.",
    ),
    Described(
        FilterMode,
        "Whether people were picked by hand.",
        NONE="The whole audience.",
        ONLY="None but those who were picked.",
        EXCEPT="All but those who were picked.",
    ),
    Described(
        Credential,
        "What people who are invited come in with.",
        ACTIVATION_LINK="A link that is good once: they choose their own password behind it.",
        MAILED_PASSWORD="A random password, which has to be changed at once.",  # noqa: S106  a description
    ),
    Described(
        AccessBatchState,
        "How far a batch has come.",
        GENERATING="Its people are being read from the offices.",
        GENERATED="It is ready to be sent: `sendAccessInvitations`.",
        FAILED="It could not be generated, `problem` says why, and nothing of it is left. Ask anew, with another key.",
        SENDING="Its letters leave, lot by lot.",
        SENT="None of its letters waits any more.",
        CANCELLED="What had not left does not leave any more.",
    ),
    Described(
        InvitationState,
        "How one person of a batch fares.",
        PENDING="Their letter waits, or is not written yet.",
        SENDING="Their letter is being handed over at this moment.",
        SENT="A mail server took their letter.",
        FAILED="Their letter was given up; `failure` says why.",
        CANCELLED="Their letter does not leave any more.",
        SKIPPED="They are sent nothing; `problem` says why.",
        ACCEPTED="They have come in.",
    ),
    Described(
        InvitationProblem,
        "Why somebody is sent nothing.",
        NO_EMAIL="The office knows no e-mail address of them.",
        EMAIL_INVALID="What the office has is no e-mail address.",
        NO_DOCUMENT="People sign in with their document here, and the office knows none of them.",
        DUPLICATE_DOCUMENT="Somebody before them in the batch has the same document, or somebody who is here already.",
        SHARED_EMAIL="Somebody before them in the batch has the same e-mail address.",
        HAS_ACCESS="Somebody with that e-mail address reaches all of it already.",
        SHUT_OUT="Somebody with that e-mail address may not sign in any more.",
    ),
    Described(
        GenerateAccessReason,
        "Why no batch was asked for.",
        SELECTION_EMPTY="Nobody was picked.",
        PERSON_NOT_IN_AUDIENCE="Of those who were picked so many as the param `count` says are none of the audience.",
        AUDIENCE_EMPTY="Nobody is left.",
        ALREADY_RUNNING=_RUNNING,
        IDEMPOTENCY_CONFLICT="The key was used for something else.",
    ),
    Described(
        SendAccessReason,
        "Why nothing was let leave.",
        NOT_FOUND=_NOT_FOUND,
        NOT_GENERATED="It is not generated yet, or could not be.",
        ALREADY_SENT="It was let leave already.",
        CANCELLED="It was cancelled.",
        NOBODY_INVITED="Nobody of it can be sent anything.",
        ALREADY_RUNNING=_RUNNING,
    ),
    Described(
        CancelAccessReason,
        "Why nothing was cancelled.",
        NOT_FOUND=_NOT_FOUND,
        NOTHING_PENDING="Nothing of it waits.",
    ),
    Described(
        RetryAccessReason,
        "Why nothing is tried once more.",
        NOT_FOUND=_NOT_FOUND,
        NOTHING_FAILED="None of its letters was given up.",
        CANCELLED="It was cancelled.",
        ALREADY_RUNNING=_RUNNING,
    ),
    Described(
        ActivateAccessReason,
        "Why nothing was activated.",
        TOKEN_INVALID="The token is not one of this portal's links: it was cut off or altered.",  # noqa: S106  a description
        TOKEN_EXPIRED="The link's time is over, or a newer letter took its place.",  # noqa: S106  a description
        TOKEN_USED="The link was used already.",  # noqa: S106  a description
        PASSWORD_REQUIRED="The person is new here, and chooses a password.",  # noqa: S106  a description
        PASSWORD_POLICY=_POLICY,
        TERMS_NOT_ACCEPTED="The terms of use were not accepted; the param `version` names those in force.",
        TERMS_VERSION_STALE="Other terms were accepted than those in force; the param `version` names them.",
        TOO_MANY_ATTEMPTS="Too many tries from this address; the param `retryAfterSeconds` says when to try again.",
    ),
)
