"""Enums of letters."""

from __future__ import annotations

from ventanilla.schema.enums.described import Described
from ventanilla.store.letter_lists import LetterOrder
from ventanilla.store.letters import LetterKind, LetterState

ENUMS = (
    Described(
        LetterKind,
        "What a letter is about.",
        VERIFY_EMAIL="Somebody registers with this address: the link proves that they read it.",
        ALREADY_REGISTERED="Somebody tried to register with the address of a person who is there already.",
        RESET_PASSWORD="The link leads to another password.",  # noqa: S106  a description
        PASSWORD_CHANGED="The password was changed.",  # noqa: S106  a description
        SIGN_IN_CODE="A code to sign in with.",
        NEW_DEVICE="Somebody signed in with a browser that is not known of this person.",
        SECOND_FACTOR_SET_UP="The person is asked for a second factor from now on.",
        SECOND_FACTOR_REMOVED="The person is asked for a second factor no more.",
        VERIFY_NEW_EMAIL="A person wants this address in place of theirs: the link proves that they read it.",
        EMAIL_IN_USE="Another person wanted the address of this one in place of theirs.",
        NEW_EMAIL_ASKED="To the address that somebody wants to replace.",
        EMAIL_CHANGED="To the address that was replaced.",
        PASSKEY_ADDED="A passkey was made.",
        IDENTITY_LINKED="An account at an identity provider was linked.",
        DATA_ERASED="The person was erased, as they wished.",
        ACCESS_LINK="An invitation: the link leads to the first password.",
        ACCESS_PASSWORD="An invitation with a password that is to be changed first.",  # noqa: S106  a description
    ),
    Described(
        LetterState,
        "What became of a letter.",
        PENDING="It waits, or is to be tried again.",
        SENDING="It is being handed over at this moment.",
        SENT="A mail server took it.",
        FAILED="It was given up.",
        CANCELLED="It does not leave any more.",
        VOID="It was for nobody; such letters are not shown.",
    ),
    Described(
        LetterOrder,
        "How letters are sorted.",
        CREATED_AT_DESC="Newest first.",
        CREATED_AT_ASC="Oldest first.",
    ),
)
