"""The two legs of a visit: the address that a browser is sent to, and whom the code stands for that it brings back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from authlib.integrations import httpx_client
from authlib.integrations.base_client import OAuthError
from authlib.oauth2 import rfc7636
from authlib.oauth2.rfc6749 import parameters

from ventanilla.auth.providers.fetching import asking, fetched, options
from ventanilla.auth.providers.id_token import Expected, Known, UnknownKeyError, verified
from ventanilla.auth.providers.metadata import Metadata, Source
from ventanilla.auth.providers.trouble import ProviderError, Trouble
from ventanilla.auth.providers.visits import Secrets
from ventanilla.backoffice_adapters import secrets
from ventanilla.store.manager import IdentityMatch, IdentityProvider

# Authlib annotates nothing here.
_clients: Final[Any] = httpx_client
_parameters: Final[Any] = parameters
_pkce: Final[Any] = rfc7636
_CODE: Final = "code"
_BASIC: Final = "client_secret_basic"
_POST: Final = "client_secret_post"
_LONGEST_CODE: Final = 4_096
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})


def address_of(
    metadata: Metadata, provider: IdentityProvider, shown: Secrets, *, redirect_uri: str, language: str
) -> str:
    """Where the browser is sent."""
    return _parameters.prepare_grant_uri(
        metadata.authorization_endpoint,
        client_id=provider.client_id,
        response_type=_CODE,
        redirect_uri=redirect_uri,
        scope=" ".join(provider.scopes),
        state=shown.state,
        nonce=shown.nonce,
        code_challenge=_pkce.create_s256_code_challenge(shown.verifier),
        code_challenge_method="S256",
        ui_locales=language,
    )


async def known_by(
    source: Source,
    provider: IdentityProvider,
    shown: Secrets,
    answer: Mapping[str, str],
    *,
    redirect_uri: str,
    now: datetime,
) -> Known:
    """Whom the provider's `answer`, the parameters that the browser came back with, stands for.

    Raises `ProviderError`.
    """
    metadata = await source.metadata.get()
    _check_issuer(metadata, answer)
    code = answer.get(_CODE, "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise ProviderError(Trouble.BAD_ANSWER, "it sent no code")
    tokens = await _traded(metadata, provider, code, shown.verifier, redirect_uri)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str | None):
        raise ProviderError(Trouble.BAD_ANSWER, "it sent no id token")
    expected = Expected(
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=shown.nonce,
        access_token=access_token,
        algorithms=metadata.id_token_signing_alg_values_supported,
    )
    known = await _believed(source, id_token, expected, now)
    return await _completed(metadata, provider, known, access_token)


def _check_issuer(metadata: Metadata, answer: Mapping[str, str]) -> None:
    """Whether it is this provider that answers, as far as it says so (RFC 9207); errors are told by it as well."""
    told = answer.get("iss")
    if told is None and not metadata.authorization_response_iss_parameter_supported:
        return
    if told != metadata.issuer:
        raise ProviderError(Trouble.BAD_ANSWER, "the answer is another issuer's")


async def _traded(
    metadata: Metadata, provider: IdentityProvider, code: str, verifier: str, redirect_uri: str
) -> Mapping[str, Any]:
    """The tokens that the code is traded in for."""
    secret = _secret_of(provider)
    method = None if secret is None else _method(metadata)
    async with asking():
        try:
            async with _clients.AsyncOAuth2Client(
                provider.client_id, secret, token_endpoint_auth_method=method, **options(provider)
            ) as client:
                return await client.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    code_verifier=verifier,
                )
        except OAuthError as error:
            ours = error.error in _OUR_FAULT
            detail = "it does not take our client" if ours else "it does not take the code"
            raise ProviderError(Trouble.MISCONFIGURED if ours else Trouble.BAD_ANSWER, detail) from None


def _secret_of(provider: IdentityProvider) -> str | None:
    """The client's secret, read anew each time, so that it may be changed while we run."""
    if provider.client_secret is None:
        return None
    try:
        return secrets.resolve({"client_secret": provider.client_secret})["client_secret"]
    except secrets.SecretError as error:
        raise ProviderError(Trouble.MISCONFIGURED, str(error)) from None


def _method(metadata: Metadata) -> str:
    offered = metadata.token_endpoint_auth_methods_supported
    return _POST if _POST in offered and _BASIC not in offered else _BASIC


async def _believed(source: Source, id_token: str, expected: Expected, now: datetime) -> Known:
    """Whom the id token is of; keys that were not there when keys were last fetched are fetched once more."""
    try:
        return verified(id_token, await source.keys.get(), expected, now)
    except UnknownKeyError:
        return verified(id_token, await source.keys.anew(), expected, now)


async def _completed(metadata: Metadata, provider: IdentityProvider, known: Known, access_token: str | None) -> Known:
    """Whom the provider knows, with what it tells apart from the token; asked only where the e-mail is needed."""
    wanted = provider.match is IdentityMatch.VERIFIED_EMAIL and (known.email is None or known.email_verified is None)
    if not wanted or metadata.userinfo_endpoint is None or access_token is None:
        return known
    told = await fetched(
        provider, metadata.userinfo_endpoint, Known, headers={"authorization": f"Bearer {access_token}"}
    )
    if told.subject != known.subject:
        raise ProviderError(Trouble.BAD_ANSWER, "it tells of somebody else")
    return told
