"""The platforms that managers use: each made when it is first wanted, and what it says is to be asked, asked."""

from __future__ import annotations

import logging
from typing import NamedTuple, TypeVar

from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.secrets import SecretError
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import (
    Ask,
    Platform,
    PlatformError,
    PlatformFault,
    PlatformManifest,
    PlatformSetting,
)
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store.manager import Manager, PaymentChoice

T = TypeVar("T")
_log = logging.getLogger(__name__)


class _Made(NamedTuple):
    """A platform, and what it was made of."""

    choice: PaymentChoice
    time_zone: str
    platform: Platform


class Platforms:
    """All managers' platforms in this process."""

    def __init__(self, registry: PlatformRegistry, asking: Asking) -> None:
        self._registry = registry
        self._asking = asking
        self._made: dict[str, _Made] = {}

    def manifest(self, name: str) -> PlatformManifest:
        """What the platform called `name` says of itself; raises `RegistryError`."""
        return self._registry.manifest(name)

    def of(self, manager: Manager) -> Platform | None:
        """The manager's account with their platform; None where nobody pays through the portal.

        Raises `PlatformError` (UNAUTHORIZED) where it cannot be had with the manager's settings; the log says why.
        """
        choice = manager.payments
        if choice is None:
            return None
        made = self._made.get(manager.slug)
        if made is None or made.choice != choice or made.time_zone != manager.time_zone:
            made = self._made[manager.slug] = _Made(choice, manager.time_zone, self._make(manager, choice))
        return made.platform

    def at(self, manager: Manager, name: str) -> Platform | None:
        """The manager's account with the platform called `name`; None where that is not, or no longer, their platform.

        Raises `PlatformError` as `of` does.
        """
        choice = manager.payments
        return self.of(manager) if choice is not None and choice.platform == name else None

    async def ask(self, ask: Ask[T]) -> T:
        """Ask a platform's servers; raises `PlatformError`."""
        return await self._asking.ask(ask)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._asking.close()

    def _make(self, manager: Manager, choice: PaymentChoice) -> Platform:
        try:
            configuration = self._registry.configure(choice.platform, choice.configuration)
            setting = PlatformSetting(manager=manager.slug, time_zone=manager.time_zone, configuration=configuration)
            return self._registry.get(choice.platform).platform(setting)
        except (RegistryError, SecretError) as error:
            _log.error("manager %s cannot be paid: %s", manager.slug, error)
            raise PlatformError(PlatformFault.UNAUTHORIZED, "its settings") from None
