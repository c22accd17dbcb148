"""What must be true of the identity providers in a manager's settings. Each problem names its key and its mend."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from ventanilla.backoffice_adapters.secrets import is_reference
from ventanilla.store.manager import IdentityMatch, IdentityProvider, Manager, SignInWay

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*(:[1-9][0-9]{{0,4}})?")
_DOMAIN: Final = re.compile(rf"{_LABEL}(\.{_LABEL})+")
_SCOPE: Final = re.compile(r"[!#-\[\]-~]+")
_LONGEST: Final = 40


def provider_problems(manager: Manager) -> Iterator[str]:
    """Every problem of the identity providers of `manager`, as ``key: what is wrong; what to do``."""
    offered = SignInWay.PROVIDER in manager.sign_in_ways
    if offered and not manager.identity_providers:
        yield "sign_in_ways: PROVIDER is named and there is none; add [[identity_providers]], or remove it"
    if manager.identity_providers and not offered:
        yield "identity_providers: nobody may sign in there; add PROVIDER to sign_in_ways, or remove them"
    for name, times in Counter(each.name for each in manager.identity_providers).items():
        if times > 1:
            yield f"identity_providers.{name}: stands there {times} times; give each a name of its own"
    for provider in manager.identity_providers:
        yield from _provider(f"identity_providers.{provider.name}", provider, manager)


def _provider(path: str, provider: IdentityProvider, manager: Manager) -> Iterator[str]:
    if len(provider.name) > _LONGEST or not _NAME.fullmatch(provider.name):
        yield f"{path}.name: is not a short name; use lower-case letters, digits and hyphens, at most {_LONGEST}"
    yield from _title(path, provider, manager)
    if not is_safe(provider.issuer) or urlsplit(provider.issuer).query:
        yield f"{path}.issuer: {provider.issuer!r} cannot be used; write the provider's https:// address as it does"
    if not provider.client_id.strip():
        yield f"{path}.client_id: is empty; write the id that the provider gave you"
    if provider.client_secret is not None and not is_reference(provider.client_secret):
        yield (
            f"{path}.client_secret: a secret must not stand in the file; put it in the environment and write env:NAME "
            "here, or in a file and write file:PATH"
        )
    yield from _scopes(path, provider)
    yield from _matching(path, provider)
    for host in provider.endpoint_hosts:
        if not _HOST.fullmatch(host):
            yield f"{path}.endpoint_hosts: {host!r} is not a host name; write it as oauth2.example.com, without https://"


def _title(path: str, provider: IdentityProvider, manager: Manager) -> Iterator[str]:
    if not provider.title or not all(text.strip() for text in provider.title.values()):
        yield f'{path}.title: is empty; write what people call it, such as title.en = "Example"'
    for language in provider.title:
        if language not in manager.languages:
            yield f"{path}.title.{language}: is not among languages; add {language!r} there or remove the text"


def _scopes(path: str, provider: IdentityProvider) -> Iterator[str]:
    if "openid" not in provider.scopes:
        yield f"{path}.scopes: lacks openid, without which nobody can be told apart; add it"
    for scope in provider.scopes:
        if not _SCOPE.fullmatch(scope):
            yield f"{path}.scopes: {scope!r} is not a scope; name one in each text, without white space"


def _matching(path: str, provider: IdentityProvider) -> Iterator[str]:
    by_email = provider.match is IdentityMatch.VERIFIED_EMAIL
    if by_email and "email" not in provider.scopes:
        yield f"{path}.scopes: lacks email, which VERIFIED_EMAIL goes by; add it"
    if provider.register and not by_email:
        yield f"{path}.register: people are registered by their e-mail; set match to VERIFIED_EMAIL, or leave it out"
    if provider.domains and not by_email:
        yield f"{path}.domains: e-mails count for VERIFIED_EMAIL only; set match to it, or leave domains out"
    for domain in provider.domains:
        if not _DOMAIN.fullmatch(domain):
            yield f"{path}.domains: {domain!r} is not a domain; write it in lower case as example.com"


def is_safe(address: str) -> bool:
    """Whether an address may be asked at all: https, and http only within this machine; nobody's name in it."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return False
    if not host or parts.netloc != parts.netloc.lower() or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
