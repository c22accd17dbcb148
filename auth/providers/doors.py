"""What a visit goes through at one portal."""

from __future__ import annotations

from ventanilla.auth.caller import Caller
from ventanilla.auth.providers.metadata import Providers
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import IdentityProvider, Manager
from ventanilla.store.store import Store


class Doors(Record):
    """The portal on the one side, the provider on the other, and who goes from here to there."""

    store: Store
    manager: Manager
    providers: Providers
    provider: IdentityProvider
    caller: Caller
    language: str
    """One of the manager's."""

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the browser back to: another address for each provider, so none is mistaken."""
        scheme = "https" if self.caller.secure else "http"
        return f"{scheme}://{self.caller.host}/sign-in/{self.provider.name}/callback"
