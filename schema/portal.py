"""The portal."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from ventanilla.resolvers import capabilities, checkouts, identities, portal
from ventanilla.schema.enums import CapabilityReason, Licence, SignInWay, Support
from ventanilla.schema.fields import arg, batch, column, prop
from ventanilla.schema.identity import IdentityProvider
from ventanilla.schema.password_policy import PasswordPolicy
from ventanilla.schema.scalars import CurrencyCode, TimeZone, Url
from ventanilla.schema.theme import Theme


@strawberry.type(description="The terms of use that people accept when they register.")
class Terms:
    """Terms of use."""

    version: str = prop("Which words they are; `register` takes it as `acceptedTermsVersion`.")
    url: Url | None = prop("Where they stand in full.")
    body: str | None = column(portal.terms_bodies, "Their words, in the answer's language or the nearest there is.")


@strawberry.type(description="How people reach the manager.")
class Contact:
    """Contact data."""

    email: str = prop("E-mail address.")
    phone: str | None = prop("Telephone number.")
    website: Url | None = prop("The manager's own web site.")


@strawberry.type(description="A text of the manager.")
class Text:
    """A named text."""

    key: str = prop("Its name.")
    body: str = prop("Plain text, lines broken by a line feed; in the language asked for or the nearest that there is.")


@strawberry.type(description="A licence that the manager holds.")
class LicenceHeld:
    """Licence and office."""

    licence: Licence = prop("The licence.")
    source: str = prop("The back office that serves it, as `source.name` names it.")


@strawberry.type(description="Whether one thing can be done under one licence.")
class Capability:
    """A capability with its reason."""

    key: str = prop("What it is about, `noun.verb`; field descriptions name it.")
    licence: Licence = prop("Under which licence.")
    support: Support = prop("Whether it can be done.")
    source: str | None = prop("The back office that does it; null without the licence.")
    reason: CapabilityReason | None = prop("Why it cannot be done; null when it can.")


@strawberry.type(description="What a front end needs before anybody has signed in: the manager whose host was asked.")
class Portal:
    """A manager's portal."""

    name: str = prop("The manager's name.")
    slug: str = prop("The manager's short name, for style sheets and files.")
    country: str = prop("ISO 3166-1 alpha-2 code.")
    locale: str = prop("How to write numbers and dates, BCP 47: `es-AR`.")
    languages: list[str] = prop("Languages that there are texts in, BCP 47 (`es`), the manager's own first.")
    language: str = column(portal.languages_in_use, "The language that this answer is in, by `Accept-Language`.")
    currency: CurrencyCode = prop("The currency that the manager bills in.")
    time_zone: TimeZone = prop("The zone that due dates are local to.")
    theme: Theme = prop("How the portal looks.", of="presentation.theme")
    password_policy: PasswordPolicy = prop("What a password must have.", of="presentation.password_policy")
    terms: Terms | None = prop("What people accept when they register; null for nothing.", of="presentation.terms")
    sign_in_ways: list[SignInWay] = prop("How people may sign in.")
    identity_providers: list[IdentityProvider] = column(
        identities.providers_of_portals, "Identity providers to sign in at; empty where there are none."
    )
    payment_platform: str | None = column(
        checkouts.platforms_of_portals,
        "What people call the platform that they pay at; null where nobody pays through the portal.",
    )
    manual_url: Url | None = prop("A manual of the portal, for its people.", of="mass_access.manual_url")
    contact: Contact = prop("How people reach the manager.")
    licences: list[LicenceHeld] = column(capabilities.licences, "What the manager is licensed for.")
    capabilities: list[Capability] = column(
        capabilities.capabilities, "What can be done, and what cannot and why: build the menu from it."
    )

    @batch(portal.texts, "The manager's texts.")
    def texts(
        self,
        keys: Annotated[
            list[str] | None, arg("Only these, at most 100; all unless said. Unknown keys are left out.")
        ] = UNSET,
        language: Annotated[str | None, arg("Another language than that of the answer, such as `en`.")] = UNSET,
    ) -> list[Text]: ...
