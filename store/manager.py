"""A manager: whom a portal belongs to, and everything an operator has decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.plan import OfficePlan, Patience
from ventanilla.backoffice_adapters.records import AccountRole, Licence, Record
from ventanilla.store.theme import Theme


class MatchOn(StrEnum):
    """By what an office that is not an account's home recognises the account."""

    KEY = "KEY"
    NUMBER = "NUMBER"
    UNIT = "UNIT"
    DOCUMENT = "DOCUMENT"


class SignInWay(StrEnum):
    """How people may sign in at a portal."""

    PASSWORD = "PASSWORD"  # noqa: S105  the name of a way, not a secret
    EMAIL_CODE = "EMAIL_CODE"
    PASSKEY = "PASSKEY"
    PROVIDER = "PROVIDER"
    """At an identity provider (`IdentityProvider`)."""


class LinkProof(StrEnum):
    """What somebody must know of an account, besides its number, to reach it from their sign-in."""

    NONE = "NONE"
    LAST_INVOICE_AMOUNT = "LAST_INVOICE_AMOUNT"
    """The amount of one of its two newest invoices."""
    HOLDER_DOCUMENT = "HOLDER_DOCUMENT"
    """The number of the holder's identity document. Who knows it is the holder."""
    UNIT = "UNIT"
    """What stands on the door, or in the register, of its premises."""


class IdentityMatch(StrEnum):
    """Whom an identity provider lets in."""

    SUBJECT = "SUBJECT"
    """People who linked their account there while they were signed in."""
    VERIFIED_EMAIL = "VERIFIED_EMAIL"
    """Those, and the person with the e-mail that the provider vouches for."""


class DocumentMode(StrEnum):
    """Which GraphQL documents a manager's portal serves."""

    ANY = "ANY"
    """Whatever a client sends, within the limits."""
    STORED = "STORED"
    """Those that were stored for this manager, and nothing else."""


class OfficeChoice(Record):
    """Which adapter stands behind one of a manager's offices, how it is configured and how patient the guard is."""

    adapter: str
    configuration: dict[str, Any] = {}
    """The adapter's own settings; secrets still as ``env:NAME`` or ``file:PATH``."""
    match: MatchOn = MatchOn.KEY
    deadline_s: float = 5
    """How long one call may take."""
    concurrency: int = 16
    """How many calls may be under way at once."""
    stale_s: float | None = None
    """How old an answer may be that is served, marked stale, while the office does not answer; 0 for never, None for
    what the adapter takes for sensible."""


class Linking(Record):
    """How people reach accounts by themselves: they type the number, see whose it is, masked, and confirm."""

    proof: LinkProof = LinkProof.LAST_INVOICE_AMOUNT
    role: AccountRole = AccountRole.RESIDENT
    """As what they then stand to it. Other than a holder or an owner, they do not see the holder's own data."""
    people: int = 5
    """How many people may reach one account."""


class Credential(StrEnum):
    """What people who are invited come in with."""

    ACTIVATION_LINK = "ACTIVATION_LINK"
    """A link that is good once: they choose their own password behind it."""
    MAILED_PASSWORD = "MAILED_PASSWORD"  # noqa: S105  the name of a credential, not a secret
    """A random password, good for a while, that has to be changed at once."""


class UserName(StrEnum):
    """What people who are invited sign in with."""

    EMAIL = "EMAIL"
    DOCUMENT = "DOCUMENT"
    """The number of their identity document, as the office knows it; their e-mail as well."""


class MassAccess(Record):
    """How many people at once are given access: what they come in with, and how fast the letters leave."""

    credential: Credential = Credential.ACTIVATION_LINK
    user_name: UserName = UserName.EMAIL
    batch_size: int = 50
    """How many letters leave together."""
    interval_s: int = 60
    """Seconds from one such lot to the next."""
    valid_hours: int = 14 * 24
    """How long the link, or the mailed password, is good."""
    manual_url: str | None = None
    """A manual of the portal, for people to be sent and the portal to show."""


class StaffRules(Record):
    """What holds for people who work for the manager."""

    second_factor: bool = True
    """Whether they need one (an authenticator, or a passkey) for anything that only staff may do."""
    sees_minutes: int = 15
    """How long one of them may see the portal as a customer before they have to say so anew."""


class IdentityProvider(Record):
    """Where people may sign in instead of here, by OpenID Connect."""

    name: str
    """Short name for addresses and links: it stays, or who is linked is linked no more."""
    title: dict[str, str]
    """Language → what people call it."""
    issuer: str
    """Its address, exactly as its documents write it."""
    client_id: str
    client_secret: str | None = None
    """Still as ``env:NAME`` or ``file:PATH``; None for a client that has none."""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    match: IdentityMatch = IdentityMatch.SUBJECT
    domains: tuple[str, ...] = ()
    """Domains of e-mails that VERIFIED_EMAIL and `register` take; empty for all."""
    register: bool = False
    """Whether somebody whom nobody here is becomes a person by what the provider vouches for."""
    endpoint_hosts: tuple[str, ...] = ()
    """Hosts, with their port if it is another than 443, where it has endpoints beside its issuer's and those below."""

    def titled(self, language: str) -> str:
        """What people call it, in the language or the nearest that there is."""
        return self.title.get(language) or next(iter(self.title.values()), self.name)


class PasswordPolicy(Record):
    """What a password must have. Portals show it while one types; the server enforces it."""

    min_length: int = 10
    require_digit: bool = False
    require_symbol: bool = False
    require_upper: bool = False
    require_lower: bool = False
    max_age_days: int | None = None
    history: int = 0
    """How many former passwords may not come back."""


class Terms(Record):
    """The terms of use that people accept when they register. Their words are the text ``terms``."""

    version: str
    """What is kept as evidence of who accepted what; another one after each change of the words."""
    url: str | None = None
    """Where they stand in full."""


class Contact(Record):
    """How people reach the manager."""

    email: str
    phone: str | None = None
    website: str | None = None


class MailSecurity(StrEnum):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "STARTTLS"
    """From the first command on, as port 587 asks for; without it nothing is sent."""
    TLS = "TLS"
    """From the first byte, as on port 465."""
    NONE = "NONE"
    """Not at all: only within this machine."""


class MailChoice(Record):
    """The mail server that a manager's letters leave by."""

    host: str
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str | None = None
    password: str | None = None
    """Still as ``env:NAME`` or ``file:PATH``."""
    sender: str | None = None
    """The address that letters come from; None for ``no-reply@`` and the manager's first host."""
    bounces: str | None = None
    """The address that mail servers return letters to; None for the sender."""
    letters_per_minute: int = 60
    """How many letters the server takes from us."""


class FeeBearer(StrEnum):
    """Who bears what a payment platform costs."""

    PAYER = "PAYER"
    """It comes on top of what is paid."""
    MANAGER = "MANAGER"
    """The platform keeps it of what it hands on."""


class PaymentFee(Record):
    """What the platform costs for each checkout, and who bears it."""

    bearer: FeeBearer = FeeBearer.MANAGER
    fixed: str = "0"
    """A plain decimal of the manager's currency: ``"1.20"``."""
    percent: str = "0"
    """Of what is paid, a plain decimal: ``"0.9"``."""

    def of(self, paid: Money) -> Money:
        """What it comes to for `paid`, which is of the manager's currency; rounded once, half up."""
        exact = Money.parse(self.fixed, paid.currency).minor + paid.minor * Decimal(self.percent) / 100
        return Money(int(exact.to_integral_value(ROUND_HALF_UP)), paid.currency)


class PaymentChoice(Record):
    """Where people pay, and on what terms."""

    platform: str
    """A platform of the entry-point group ``ventanilla.payments``."""
    configuration: dict[str, Any] = {}
    """The platform's own settings; secrets still as ``env:NAME`` or ``file:PATH``."""
    fee: PaymentFee = PaymentFee()
    quote_minutes: int = 15
    """How long a quote is good."""
    checkout_minutes: int = 60
    """How long a checkout may be paid."""
    return_paths: tuple[str, ...] = ("/",)
    """The portal's paths that people may be sent back to."""


class Presentation(Record):
    """What a manager's own staff decide: seeded from the file once, theirs afterwards."""

    theme: Theme = Theme()
    password_policy: PasswordPolicy = PasswordPolicy()
    terms: Terms | None = None
    """None where nothing is to be accepted."""
    texts: dict[str, dict[str, str]] = {}
    """Text key → language → text."""


class Manager(Record, dict=True):  # for what is made of it once
    """One manager as the gateway knows it. Operator keys come from its TOML file; `presentation` is staff's."""

    slug: str
    """Short name for files, logs and keys: lower-case letters, digits, hyphens."""
    name: str
    hosts: tuple[str, ...]
    """Host names that are this manager's portal; with a port where the port tells managers apart."""
    country: str
    locale: str
    """BCP 47, such as ``es-AR``."""
    languages: tuple[str, ...]
    currency: str
    time_zone: str
    licences: dict[Licence, str]
    """Licence held → the office that serves it."""
    offices: dict[str, OfficeChoice]
    routing: dict[str, str] = {}
    """Capability → the office that serves it instead of the account's home office."""
    sign_in_ways: tuple[SignInWay, ...] = (SignInWay.PASSWORD,)
    identity_providers: tuple[IdentityProvider, ...] = ()
    documents: DocumentMode = DocumentMode.ANY
    linking: Linking = Linking()
    mass_access: MassAccess = MassAccess()
    staff: StaffRules = StaffRules()
    contact: Contact
    mail: MailChoice | None = None
    """Its own mail server; None for the one of the process."""
    payments: PaymentChoice | None = None
    """None where nobody pays through the portal."""
    presentation: Presentation = Presentation()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that due dates and windows are local to."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def plans(self) -> Mapping[str, OfficePlan]:
        """How each of its offices is to be opened and asked, by name."""
        return {name: self._plan(name, choice) for name, choice in self.offices.items()}

    def licences_of(self, office: str) -> frozenset[Licence]:
        """The licences that `office` serves for this manager."""
        return frozenset(licence for licence, name in self.licences.items() if name == office)

    def _plan(self, name: str, choice: OfficeChoice) -> OfficePlan:
        return OfficePlan(
            manager=self.slug,
            office=name,
            adapter=choice.adapter,
            licences=self.licences_of(name),
            currency=self.currency,
            time_zone=self.time_zone,
            configuration=choice.configuration,
            patience=Patience(deadline_s=choice.deadline_s, concurrency=choice.concurrency, stale_s=choice.stale_s),
        )

    def provider(self, name: str) -> IdentityProvider | None:
        """The identity provider of that name, if people may sign in there."""
        offered = self.identity_providers if SignInWay.PROVIDER in self.sign_in_ways else ()
        return next((each for each in offered if each.name == name), None)

    def text(self, key: str, language: str) -> str | None:
        """The text in `language`, else in the manager's first language that has it, else None."""
        by_language = self.presentation.texts.get(key, {})
        return next((by_language[code] for code in (language, *self.languages) if code in by_language), None)
