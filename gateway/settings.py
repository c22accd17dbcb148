"""Settings of the process: variables that begin with ``VENTANILLA_``, each with a default for development."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ventanilla.auth.keys import Keys
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.gateway.mistake import MistakeError
from ventanilla.mail.address import address_of
from ventanilla.mail.server_url import transport_of_url
from ventanilla.mail.transport import NotSentError
from ventanilla.pdf.papers import WORKERS
from ventanilla.resolvers.context import MOST_PAGE, OPERATION_DEADLINE_S
from ventanilla.resolvers.watching import INTERVAL_S


class Environment(StrEnum):
    """How strict the gateway is with its own set-up."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _listed(value: object) -> object:
    """Split a comma-separated text, the form lists have in the environment."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Settings(BaseSettings):
    """What one process is started with. Nothing in here depends on a manager."""

    model_config = SettingsConfigDict(env_prefix="VENTANILLA_", frozen=True, extra="forbid")

    environment: Environment = Environment.DEVELOPMENT
    data: Path = Path("data")
    """Folder of everything that is not in a database server: SQLite files, offices' own files, the secret."""
    database_url: str | None = None
    """The gateway's database, ``sqlite:////…`` or ``postgresql://…``; without it ``gateway.sqlite`` in the folder."""
    secret: SecretStr = SecretStr("")
    """What ids, links and codes are keyed with; without it, in development, a file in the data folder."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Peers whose forwarded headers are believed: networks such as ``10.0.0.0/8``, separated by commas."""
    adapters: Annotated[tuple[str, ...], NoDecode] | None = None
    """Adapters that may be loaded, separated by commas; without it every installed one."""
    cookie_secure: bool | None = None
    """Whether the session cookie travels over https only; without it: in production, else as the request came."""
    introspection: bool | None = None
    """Whether clients may read the schema; without it: everywhere but in production."""
    console: bool | None = None
    """Whether portals show the query console at ``/graphiql``; without it: everywhere but in production."""
    docs: bool | None = None
    """Whether portals show the manual at ``/docs``, the schema included; without it: where the console is on."""
    compiles: bool = True
    """Whether operations are compiled. Off: graphql-core executes everything, to compare."""
    most_page: int = Field(default=MOST_PAGE, ge=1, le=10_000)
    """The most rows that one list may be asked for at once."""
    points_per_caller: int = Field(default=60_000, ge=1)
    """Points that one signed-in person, or one address of people who are not, may spend in a minute."""
    points_per_export: int = Field(default=2_000_000, ge=1)
    """Points that one program of a manager's own may spend in a minute: more than a hundred pages of a thousand
    invoices with lines, allocations and accounts, which take the gateway a tenth of that time."""
    points_per_manager: int = Field(default=3_000_000, ge=1)
    """Points that everybody at one manager together may spend in a minute, in one process; as many again, apart from
    that, all programs of the manager's own."""
    body_limit: int = Field(default=256 * 1024, ge=1024, le=16 * 1024 * 1024)
    """Most bytes that a request's body, or a message of a WebSocket, may have."""
    sockets_per_caller: int = Field(default=50, ge=1)
    """Sockets and streams that one signed-in person, or one address of people who are not, may hold in one process."""
    sockets_per_manager: int = Field(default=5_000, ge=1)
    """Sockets and streams that everybody at one manager together may hold in one process."""
    operation_deadline_s: float = Field(default=OPERATION_DEADLINE_S, ge=0.1, le=600)
    """Seconds that one operation, part of an answer or event of a subscription may take before it is cut off."""
    watch_interval_s: float = Field(default=INTERVAL_S, ge=0.1, le=3_600)
    """Seconds between two questions to an office about the accounts that subscriptions watch there."""
    refused_passwords: Path | None = None
    """A file of passwords that nobody may have, one a line, beside the most common ones."""
    worker: bool = True
    """Whether this server sends letters as well; off where `ventanilla worker` does, in processes of its own."""
    smtp: SecretStr = SecretStr("")
    """The mail server of managers without one of their own, ``smtp://user:password@host:587``; without it letters are
    kept in the data folder, in development, and wait in production."""
    sender: str | None = None
    """The address that letters to that server come from; without it ``no-reply@`` and the manager's first host."""
    paper_workers: int = Field(default=WORKERS, ge=1, le=64)
    """How many papers are made at once, each in a process of its own; half of them for one manager."""

    @field_validator("trusted_proxies", "adapters", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _listed(value)

    @field_validator("refused_passwords")
    @classmethod
    def _refuse_unreadable_list(cls, value: Path | None) -> Path | None:
        RefusedPasswords.load(value)
        return value

    @field_validator("smtp")
    @classmethod
    def _refuse_wrong_server(cls, value: SecretStr) -> SecretStr:
        if value:
            transport_of_url(value.get_secret_value())
        return value

    @field_validator("sender")
    @classmethod
    def _refuse_wrong_sender(cls, value: str | None) -> str | None:
        try:
            return address_of(value) if value else None
        except NotSentError:
            msg = "this is no address that letters can come from; write one such as no-reply@example.com"
            raise ValueError(msg) from None

    @model_validator(mode="after")
    def _refuse_weak_secret(self) -> Self:
        secret = self.secret.get_secret_value()
        if self.production and not secret:
            msg = "production needs a secret of its own; make one with: openssl rand -hex 32"
            raise ValueError(msg)
        if secret:
            Keys(secret)
        return self

    @property
    def production(self) -> bool:
        """Whether this is the real thing."""
        return self.environment is Environment.PRODUCTION

    @property
    def shows_console(self) -> bool:
        """Whether the console is on."""
        return not self.production if self.console is None else self.console

    @property
    def shows_docs(self) -> bool:
        """Whether the manual is on."""
        return self.shows_console if self.docs is None else self.docs

    @property
    def allows_introspection(self) -> bool:
        """Whether introspection is on."""
        return not self.production if self.introspection is None else self.introspection

    @property
    def sends_secure_cookies(self) -> bool | None:
        """Whether cookies are for https only; None if the request decides."""
        return True if self.cookie_secure is None and self.production else self.cookie_secure

    @property
    def mailbox(self) -> Path | None:
        """The folder that keeps letters, by manager, where there is no mail server; never in production."""
        return None if self.smtp or self.production else self.data / "mailbox"

    @property
    def database(self) -> str:
        """Address of the gateway's database."""
        return self.database_url or f"sqlite:///{(self.data / 'gateway.sqlite').absolute()}"


def load() -> Settings:
    """Read the settings from the environment; `MistakeError` names the variable and what is wrong with it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "secret"
        raise MistakeError(f"VENTANILLA_{name.upper()}: {first['msg'].removeprefix('Value error, ')}") from None
