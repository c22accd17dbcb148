"""A manager: whom a portal belongs to, and everything an operator has decided about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.records import Licence, Record


class MatchOn(StrEnum):
    """By what an office that is not an account's home recognises the account."""

    KEY = "KEY"
    NUMBER = "NUMBER"
    UNIT = "UNIT"
    DOCUMENT = "DOCUMENT"


class SignInWay(StrEnum):
    """How people may sign in at a portal."""

    PASSWORD = "PASSWORD"  # noqa: S105  the name of a way, not a secret


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


class Theme(Record):
    """Colours as ``#rrggbb``; each pair has a contrast of at least 4.5 : 1."""

    primary: str = "#1f4e79"
    on_primary: str = "#ffffff"
    background: str = "#ffffff"
    text: str = "#1b1b1b"
    accent: str = "#8a4b08"
    logo_url: str | None = None


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


class Contact(Record):
    """How people reach the manager."""

    email: str
    phone: str | None = None
    website: str | None = None


class Presentation(Record):
    """What a manager's own staff decide: seeded from the file once, theirs afterwards."""

    theme: Theme = Theme()
    password_policy: PasswordPolicy = PasswordPolicy()
    texts: dict[str, dict[str, str]] = {}
    """Text key → language → text."""


class Manager(Record):
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
    documents: DocumentMode = DocumentMode.ANY
    contact: Contact
    presentation: Presentation = Presentation()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that due dates and windows are local to."""
        return ZoneInfo(self.time_zone)

    def licences_of(self, office: str) -> frozenset[Licence]:
        """The licences that `office` serves for this manager."""
        return frozenset(licence for licence, name in self.licences.items() if name == office)

    def text(self, key: str, language: str) -> str | None:
        """The text in `language`, else in the manager's first language that has it, else None."""
        by_language = self.presentation.texts.get(key, {})
        return next((by_language[code] for code in (language, *self.languages) if code in by_language), None)
