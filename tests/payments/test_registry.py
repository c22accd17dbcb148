from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.payments.sides import WOMPI
from ventanilla.backoffice_adapters.plugins import (
    ConfigurationError,
    ContractMismatchError,
    PluginImportError,
    PluginNotAllowedError,
    UnknownPluginError,
)
from ventanilla.backoffice_adapters.secrets import SecretLiteralError
from ventanilla.payments.contract import CONTRACT
from ventanilla.payments.registry import PlatformRegistry


class Other:
    """A platform whose manifest says otherwise."""

    def __init__(self, **said: Any) -> None:
        self.manifest = replace(WOMPI.plugin.manifest, **said)

    def platform(self, setting: Any) -> Any:
        raise AssertionError(setting)


def test_finds_the_platforms_that_are_installed() -> None:
    found = {each.name: each.manifest for each in PlatformRegistry.discover().listings()}
    assert {"autopay", "mercado_pago", "wompi"} <= found.keys()
    for name, manifest in found.items():
        assert manifest is not None
        assert manifest.name == name


def test_an_unknown_platform_is_told_with_those_that_exist() -> None:
    with pytest.raises(
        UnknownPluginError, match=r"no platform is called 'payu'; .*choose one of: autopay, mercado_pago"
    ):
        PlatformRegistry.discover().get("payu")


def test_a_platform_that_is_not_allowed_is_not_had() -> None:
    with pytest.raises(PluginNotAllowedError, match="platform 'wompi' is not allowed here"):
        PlatformRegistry.discover(["autopay"]).get("wompi")


def test_an_adapter_is_no_platform() -> None:
    with pytest.raises(
        PluginImportError, match=r"platform 'x' is a str; it must have `manifest` and `platform\(setting"
    ):
        PlatformRegistry({"x": lambda: "adapter"}).get("x")


def test_another_contract_is_refused() -> None:
    with pytest.raises(ContractMismatchError, match="platform 'x' speaks contract"):
        PlatformRegistry({"x": lambda: Other(contract=(CONTRACT[0], CONTRACT[1] + 1))}).get("x")


@pytest.mark.parametrize(
    ("platform", "settings", "words"),
    [
        ("autopay", {"shared_key": "env:AUTOPAY_KEY"}, "service_id': is missing"),
        ("autopay", {"service_id": "12a", "shared_key": "env:A"}, "service_id is at most ten digits"),
        ("autopay", {"service_id": "1", "shared_key": "env:A", "hash": "MD5"}, "MD5"),
        ("autopay", {"service_id": "1", "shared_key": "env:A", "gateway_id": "blik"}, "at most five digits"),
        (
            "autopay",
            {"service_id": "1", "shared_key": "env:A", "start_url": "http://pay.example"},
            "start_url must be an",
        ),
        ("wompi", {**WOMPI.configuration, "api_url": "ftp://x"}, "api_url must be an https address"),
        ("wompi", {**WOMPI.configuration, "api_uri": "https://x"}, "did you mean 'api_url'"),
        ("mercado_pago", {"access_token": "env:A", "webhook_secret": "env:A", "api_url": "https://["}, "api_url must"),
        (
            "mercado_pago",
            {"access_token": "env:A", "webhook_secret": "env:A", "statement_descriptor": "x" * 14},
            "13 char",
        ),
    ],
)
def test_settings_that_do_not_fit_say_what(platform: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        PlatformRegistry.discover().check(platform, settings)


def test_a_secret_does_not_stand_in_the_file() -> None:
    with pytest.raises(SecretLiteralError, match="shared_key"):
        PlatformRegistry.discover().check("autopay", {"service_id": "1", "shared_key": "hush"})
