"""The embedded adapter: a ledger on SQLite in the office's folder, or on a PostgreSQL that many managers share."""

from __future__ import annotations

from importlib.metadata import version
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    PROTOCOLS,
    Clock,
    Configuration,
    Fault,
    FaultCode,
    Health,
    Manifest,
    OfficeError,
    Secret,
    Setting,
    Support,
    capabilities_of,
)
from ventanilla.backoffice_adapters.database import Database, DatabaseUnavailableError
from ventanilla.backoffice_adapters.embedded.schema import OutdatedProgramError, bring_up_to_date
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import Licence


class EmbeddedConfiguration(Configuration):
    """Where the office keeps its books."""

    database: Secret | None = None
    """``postgresql://user:password@host:port/name`` or ``sqlite:///absolute/path.sqlite``; None for a SQLite file in
    the office's own folder."""


class EmbeddedOffice(Ledger):
    """An office whose truth is its own ledger: live, fillable, one book per manager and office."""

    def __init__(self, database: Database, book: str, source: str, clock: Clock, zone: ZoneInfo) -> None:
        super().__init__(database, book, source, clock, zone)
        self._clock = clock
        self._opened = False

    async def open(self) -> None:
        """Connect and bring the tables up to date; raise `OfficeError` if that cannot be."""
        try:
            await self._database.open()
            self._opened = True
            await bring_up_to_date(self._database)
        except DatabaseUnavailableError as error:
            raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=str(error))) from error
        except (OutdatedProgramError, ValueError) as error:
            raise OfficeError(Fault(code=FaultCode.INVALID, detail=str(error))) from error

    async def close(self) -> None:
        """Let go of the database, which stays open while other offices use it."""
        if self._opened:
            self._opened = False
            await self._database.close()

    async def health(self) -> Health:
        """Tell whether the database answers."""
        try:
            await self._database.rows("SELECT 1")
        except Exception as error:  # noqa: BLE001  health tells whatever is wrong and never raises
            return Health(ok=False, detail=f"{type(error).__name__}: {error}")
        return Health(ok=True, as_of=self._clock())


class EmbeddedAdapter:
    """Makes embedded offices; those of one URL share one database."""

    def __init__(self) -> None:
        self.manifest = Manifest(
            name="embedded",
            title="Embedded office",
            version=version("ventanilla"),
            contract=CONTRACT,
            licences=frozenset(Licence),
            capabilities={
                name: Support.YES for protocol in PROTOCOLS.values() for name in capabilities_of(protocol).values()
            },
            configuration=EmbeddedConfiguration,
            stale_s=0,
        )
        self._databases: WeakValueDictionary[str, Database] = WeakValueDictionary()

    def office(self, setting: Setting) -> EmbeddedOffice:
        """Make an office; `OfficeError` when its configuration names no database that is known."""
        configuration: EmbeddedConfiguration = setting.configuration
        database = self._shared(configuration.database or f"sqlite://{setting.folder.resolve()}/ledger.sqlite")
        book = f"{setting.manager}/{setting.office}"
        return EmbeddedOffice(database, book, setting.office, setting.clock, ZoneInfo(setting.time_zone))

    def _shared(self, url: str) -> Database:
        try:
            return self._databases.setdefault(url, Database(url))
        except ValueError as error:
            raise OfficeError(Fault(code=FaultCode.INVALID, detail=f"embedded, setting `database`: {error}")) from error


adapter = EmbeddedAdapter()
"""What the entry point names."""
