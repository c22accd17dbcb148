"""The identity providers of a manager's file: what is read, and what is told of those that cannot be used."""

# ruff: noqa: E501  a table of cases reads best with one case a line

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ventanilla.store.manager import IdentityMatch, IdentityProvider, SignInWay
from ventanilla.store.manager_file import ManagerFileError, read_manager
from ventanilla.store.provider_rules import is_safe

GOOD = """
slug = "sur"
name = "Sur"
hosts = ["sur.example"]
country = "AR"
locale = "es-AR"
languages = ["es", "en"]
currency = "ARS"
time_zone = "America/Argentina/Buenos_Aires"
sign_in_ways = ["PASSWORD", "PROVIDER"]

[licences]
RENT = "rents"

[offices.rents]
adapter = "embedded"

[contact]
email = "hola@sur.example"

[[identity_providers]]
name = "acme"
title = { es = "Acme", en = "Acme" }
issuer = "https://login.acme.example"
client_id = "sur"
client_secret = "env:ACME_SECRET"
match = "VERIFIED_EMAIL"
"""
SECOND = """
[[identity_providers]]
name = "zeta"
title = { es = "Zeta" }
issuer = "https://zeta.example/realm"
client_id = "sur"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "sur.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_providers_are_read_with_their_defaults(write: Callable[[str], Path]) -> None:
    manager = read_manager(write(GOOD + SECOND))
    acme, zeta = manager.identity_providers
    assert (acme.name, acme.match, acme.register) == ("acme", IdentityMatch.VERIFIED_EMAIL, False)
    assert zeta == IdentityProvider(
        name="zeta", title={"es": "Zeta"}, issuer="https://zeta.example/realm", client_id="sur"
    )
    assert (zeta.scopes, zeta.match) == (("openid", "email", "profile"), IdentityMatch.SUBJECT)
    assert (zeta.titled("en"), acme.titled("en")) == ("Zeta", "Acme")
    assert manager.provider("zeta") == zeta
    assert manager.provider("other") is None
    without = msgspec.structs.replace(manager, sign_in_ways=(SignInWay.PASSWORD,))
    assert without.provider("zeta") is None


CHANGED = {
    "none": (GOOD[GOOD.index("[[") :], "", "sign_in_ways: PROVIDER is named and there is none; add [[identity_providers]]"),
    "not offered": (', "PROVIDER"', "", "identity_providers: nobody may sign in there; add PROVIDER to sign_in_ways"),
    "name": ('"acme"', '"Acme Ltd"', "identity_providers.Acme Ltd.name: is not a short name; use lower-case letters"),
    "title": ('{ es = "Acme", en = "Acme" }', '{ es = " " }', "identity_providers.acme.title: is empty; write what people"),
    "no title": ('{ es = "Acme", en = "Acme" }', "{}", "identity_providers.acme.title: is empty; write what people"),
    "language": ('en = "Acme"', 'fr = "Acme"', "identity_providers.acme.title.fr: is not among languages; add 'fr' there"),
    "http": ("https://login.acme", "http://login.acme", "identity_providers.acme.issuer: 'http://login.acme.example' cannot be used"),
    "query": ("acme.example", "acme.example?a=b", "identity_providers.acme.issuer: 'https://login.acme.example?a=b' cannot be used"),
    "client": ('client_id = "sur"', 'client_id = " "', "identity_providers.acme.client_id: is empty; write the id"),
    "no client": ('client_id = "sur"', "", "identity_providers[0].client_id: is missing; a text is needed here"),
    "secret": ("env:ACME_SECRET", "hunter2", "identity_providers.acme.client_secret: a secret must not stand in the file; put it"),
    "match": ("VERIFIED_EMAIL", "EMAIL", "identity_providers[0].match: 'EMAIL' does not fit; one of SUBJECT, VERIFIED_EMAIL is needed here"),
    "unknown key": ("client_id", "client", "identity_providers[0].client: unknown key 'client'; did you mean 'client_id'?"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_wrong_value_is_told_with_its_mend(write: Callable[[str], Path], name: str) -> None:
    former, value, words = CHANGED[name]
    with pytest.raises(ManagerFileError) as refused:
        read_manager(write(GOOD.replace(former, value)))
    assert any(words in problem for problem in refused.value.problems), refused.value.problems
    assert "hunter2" not in str(refused.value)


ADDED = {
    "scopes": ("scopes = ['email']", "identity_providers.acme.scopes: lacks openid, without which nobody can be told apart"),
    "scopes without e-mail": ("scopes = ['openid']", "identity_providers.acme.scopes: lacks email, which VERIFIED_EMAIL goes by"),
    "scopes in one": ("scopes = ['openid', 'email', 'a b']", "identity_providers.acme.scopes: 'a b' is not a scope; name one in each text"),
    "domain": ("domains = ['@acme.example']", "identity_providers.acme.domains: '@acme.example' is not a domain; write it in lower case"),
    "host": ("endpoint_hosts = ['https://t.example']", "identity_providers.acme.endpoint_hosts: 'https://t.example' is not a host name"),
    "twice": (SECOND.replace("zeta", "acme"), "identity_providers.acme: stands there 2 times; give each a name of its own"),
    "register by subject": (f"{SECOND}register = true", "identity_providers.zeta.register: people are registered by their e-mail; set match"),
    "domains by subject": (f"{SECOND}domains = ['a.example']", "identity_providers.zeta.domains: e-mails count for VERIFIED_EMAIL only"),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_a_wrong_addition_is_told_with_its_mend(write: Callable[[str], Path], name: str) -> None:
    addition, words = ADDED[name]
    with pytest.raises(ManagerFileError) as refused:
        read_manager(write(GOOD + addition))
    (problem,) = refused.value.problems
    assert words in problem


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example", True),
        ("https://a.example:8443/realm", True),
        ("http://localhost:8080/realm", True),
        ("http://login.localhost", True),
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://a.example", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.a.example", False),
        ("https://user@a.example", False),
        ("https://A.example", False),
        ("https://a.example#b", False),
        ("https://a.example\\@b.example", False),
        ("https://a.example/\n", False),
        ("https://ä.example", False),
        ("https://", False),
        ("https://a.example:99999", False),
        ("https://[::1", False),
        ("ftp://a.example", False),
        ("a.example", False),
        ("", False),
    ],
)
def test_which_addresses_may_be_asked(address: str, safe: bool) -> None:
    assert is_safe(address) is safe
