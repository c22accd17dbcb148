"""What providers say of themselves: where their endpoints are, and which keys they sign with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

import msgspec

from ventanilla.auth.providers.fetching import fetched, is_own
from ventanilla.auth.providers.kept import Kept, Ticks
from ventanilla.auth.providers.signing_keys import KeySet, SigningKeys, read_keys
from ventanilla.auth.providers.trouble import ProviderError, Trouble
from ventanilla.store.manager import IdentityProvider

_DISCOVERY: Final = "/.well-known/openid-configuration"


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's discovery document, as far as we need it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Source:
    """What one provider publishes, kept."""

    def __init__(self, provider: IdentityProvider, ticks: Ticks) -> None:
        self._provider = provider
        self.metadata: Kept[Metadata] = Kept(self._discover, ticks)
        self.keys: Kept[SigningKeys] = Kept(self._fetch_keys, ticks)

    async def _discover(self) -> Metadata:
        found = await fetched(self._provider, self._provider.issuer.rstrip("/") + _DISCOVERY, Metadata)
        if found.issuer != self._provider.issuer:
            raise ProviderError(Trouble.BAD_ANSWER, "its document is another issuer's")
        endpoints = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.userinfo_endpoint)
        for address in filter(None, endpoints):
            if not is_own(address, self._provider):
                raise ProviderError(Trouble.FOREIGN_ADDRESS, "an endpoint; list its host under endpoint_hosts")
        return found

    async def _fetch_keys(self) -> SigningKeys:
        metadata = await self.metadata.get()
        return read_keys(await fetched(self._provider, metadata.jwks_uri, KeySet))


class Providers:
    """The providers that this process speaks to. Nothing in here is a manager's: it is what anybody may read."""

    def __init__(self, ticks: Ticks = time.monotonic) -> None:
        self._ticks = ticks
        self._sources: dict[tuple[str, tuple[str, ...]], Source] = {}

    def of(self, provider: IdentityProvider) -> Source:
        """What that provider publishes."""
        name = (provider.issuer, provider.endpoint_hosts)
        if name not in self._sources:
            self._sources[name] = Source(provider, self._ticks)
        return self._sources[name]

    def warm(self, providers: Iterable[IdentityProvider]) -> None:
        """Somebody will want these soon: begin to fetch what they publish."""
        for provider in providers:
            source = self.of(provider)
            source.metadata.warm()
            source.keys.warm()

    async def close(self) -> None:
        """Fetch nothing any more."""
        for source in self._sources.values():
            await source.keys.close()
            await source.metadata.close()
