"""Enums of the portal and of the person: licences, capabilities, sessions, notices."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import NoticeOrder, Support
from ventanilla.backoffice_adapters.records import Licence, NoticeScope
from ventanilla.resolvers.capabilities import CapabilityReason
from ventanilla.resolvers.sessions import SessionDelivery, SignInReason
from ventanilla.resolvers.viewer import OnboardingState
from ventanilla.schema.enums.described import Described
from ventanilla.store.manager import SignInWay
from ventanilla.store.theme import ContrastPair, Corners, Scheme, Typeface

ENUMS = (
    Described(
        Licence,
        "What a manager is licensed for. Each licence held is served by one back office.",
        RENT="Rented premises, residential and commercial.",
        COMMUNITY="Communities of owners and their shares in the costs.",
        UTILITY="Supplies such as water, heat, electricity and gas, with meters and settlements.",
        MAINTENANCE="Failure reports and work orders.",
    ),
    Described(
        Support,
        "Whether something can be done.",
        YES="The office does it itself.",
        NO="It cannot be done; `reason` says why.",
        EMULATED="It is done with the gateway's or another office's help.",
    ),
    Described(
        CapabilityReason,
        "Why something cannot be done.",
        LICENCE_MISSING="The manager does not hold the licence.",
        ADAPTER_CANNOT="The back office that serves the licence has no such thing.",
    ),
    Described(
        SignInWay,
        "How people may sign in.",
        PASSWORD="With e-mail and password: `signIn`.",  # noqa: S106  a description
        EMAIL_CODE="With a code that a letter tells: `requestSignInCode`, then `signInWithCode`.",
        PASSKEY="With a key that a device keeps, by face or PIN: `startPasskeySignIn`, then `finishPasskeySignIn`.",
        PROVIDER="At an identity provider: `portal.identityProviders` tells where.",
    ),
    Described(
        Typeface,
        "Which of the portal's own fonts it is written in.",
        SANS="Letters without serifs: plain and calm.",
        SERIF="Letters with serifs, as in books.",
        ROUNDED="Letters without serifs whose ends are round.",
    ),
    Described(
        Corners,
        "How buttons, fields and cards end.",
        SHARP="In right angles.",
        SOFT="A little rounded.",
        ROUND="Well rounded; buttons are half circles at their ends.",
    ),
    Described(
        Scheme,
        "Which of a theme's two sets of colours.",
        LIGHT="For a light background: `Theme` itself.",
        DARK="For a dark background: `Theme.dark`.",
    ),
    Described(
        ContrastPair,
        "Two colours of which the first is drawn on the second.",
        TEXT_BACKGROUND="What is read on the page.",
        ON_PRIMARY_PRIMARY="What is written on headers and main buttons.",
        PRIMARY_BACKGROUND="Links and headings on the page.",
        ACCENT_BACKGROUND="Highlighted words on the page.",
        ON_PRIMARY_ACCENT="What is written on badges and highlighted buttons.",
    ),
    Described(
        OnboardingState,
        "How far a person has come.",
        NEEDS_SECOND_FACTOR="`viewer.secondFactor.due`: show it, `showSecondFactor`. Else they work for the manager,"
        " who wants one of them: set it up, `startSecondFactor`, or sign in with a passkey.",
        NEEDS_PASSWORD="The password is to be changed first: `changePassword`.",  # noqa: S106  a description
        NEEDS_ACCOUNT="No account is linked yet: link one to see anything.",
        READY="At least one account is linked.",
    ),
    Described(
        SessionDelivery,
        "How the session is handed over.",
        COOKIE="As a cookie that scripts cannot read: for portals on the manager's own host.",
        BEARER="As `accessToken` in the answer, to be sent as `Authorization: Bearer …`: for scripts and apps.",
    ),
    Described(
        SignInReason,
        "Why nobody was signed in.",
        INVALID_CREDENTIALS="E-mail or password are wrong; which of them is not told.",
        EMAIL_NOT_VERIFIED="The e-mail address was never verified.",
        TOO_MANY_ATTEMPTS="Too many tries for this account or from this address; `params` say when to try again.",
        ACCOUNT_DISABLED="The manager has disabled this sign-in.",
        WAY_NOT_OFFERED="Nobody signs in with a password here; `portal.signInWays` tells how.",
    ),
    Described(
        NoticeScope,
        "Who speaks.",
        MANAGER="The manager.",
        COMMUNITY="A community; `communityName` tells which.",
    ),
    Described(
        NoticeOrder,
        "How notices are sorted; those of one moment are sorted by back office and its key.",
        PUBLISHED_FROM_DESC="Newest first.",
        PUBLISHED_FROM_ASC="Oldest first.",
    ),
)
