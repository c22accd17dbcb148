"""Enums of what is held of a person."""

from __future__ import annotations

from ventanilla.resolvers.personal_data import DataCategory, ErasureOutcome, ErasureReason
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        DataCategory,
        "A kind of personal data.",
        PROFILE="Name, e-mail, telephone, identity document.",
        SIGN_IN="Password, sessions, devices, passkeys, identities, programs' tokens, what was agreed to.",
        ACCOUNT_LINKS="Which accounts the person reaches.",
        LETTERS="Letters that were sent, or wait.",
        CHECKOUTS="What was paid through the portal.",
        EVENTS="What happened to accounts.",
        OFFICE_RECORDS="What the manager's back offices hold: accounts, invoices, payments.",
    ),
    Described(
        ErasureOutcome,
        "What became of personal data.",
        ERASED="It is gone.",
        PSEUDONYMISED="It stays, and says nothing of the person any more.",
        RETAINED="It stays; `reason` says why.",
    ),
    Described(
        ErasureReason,
        "Why nobody was erased.",
        EMAIL_DIFFERS="The e-mail is not the viewer's.",
        WORKS_HERE="The viewer works for the manager: an admin ends that first.",
        REAUTHENTICATION_REQUIRED="The viewer signed in more than fifteen minutes ago: sign in anew.",
    ),
)
