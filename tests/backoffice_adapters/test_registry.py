from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest

from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter
from ventanilla.backoffice_adapters.contract import CONTRACT, Configuration, Secret
from ventanilla.backoffice_adapters.plugins import (
    AmbiguousPluginError,
    ConfigurationError,
    ContractMismatchError,
    PluginImportError,
    PluginNotAllowedError,
    UnknownPluginError,
)
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.backoffice_adapters.secrets import SecretLiteralError, SecretMissingError


class Table(Configuration):
    file: str
    rows: int = 0


class Settings(Configuration):
    url: str
    token: Secret | None = None
    tables: dict[str, Table] = {}
    retries: int = 3


TWIN = TwinAdapter(configuration=Settings)


def registry(adapter: Any = TWIN, allow: list[str] | None = None) -> Registry:
    return Registry({"twin": lambda: adapter}, allow)


def test_finds_the_adapters_that_are_installed() -> None:
    found = Registry.discover()
    assert found.get("embedded").manifest.name == "embedded"
    assert {"embedded", "files"} <= {listing.name for listing in found.listings() if listing.manifest}


def test_imports_only_what_is_asked_for_and_only_once() -> None:
    loaded: list[str] = []

    def load(name: str) -> Any:
        loaded.append(name)
        return TWIN

    both = Registry({"a": lambda: load("a"), "b": lambda: load("b")})
    assert both.get("a") is both.get("a") is TWIN
    assert loaded == ["a"]


def test_an_unknown_adapter_is_told_with_those_that_exist() -> None:
    with pytest.raises(UnknownPluginError, match=r"'tryton'.*choose one of: twin"):
        registry().get("tryton")


def test_what_is_not_allowed_is_not_imported() -> None:
    shut = Registry({"twin": lambda: pytest.fail("imported")}, ["embedded"])
    with pytest.raises(PluginNotAllowedError, match=r"add it to the allow-list \(embedded\)"):
        shut.get("twin")


@pytest.mark.parametrize(
    ("contract", "mend"),
    [
        ((CONTRACT[0] + 1, 0), "update the gateway"),
        ((CONTRACT[0], CONTRACT[1] + 1), "update the gateway"),
        ((CONTRACT[0] - 1, 9), "update adapter 'twin'"),
    ],
)
def test_another_contract_is_refused_with_who_must_update(contract: tuple[int, int], mend: str) -> None:
    with pytest.raises(ContractMismatchError, match=mend):
        registry(TwinAdapter(contract=contract)).get("twin")


def test_an_adapter_that_cannot_be_imported_says_why() -> None:
    def load() -> Any:
        msg = "No module named 'cx_Oracle'"
        raise ImportError(msg)

    broken = Registry({"oracle": load, "twin": lambda: TWIN})
    with pytest.raises(PluginImportError, match=r"'oracle' cannot be imported \(ImportError: No module"):
        broken.get("oracle")
    by_name = {listing.name: listing for listing in broken.listings()}
    assert by_name["twin"].manifest == TWIN.manifest
    assert "cx_Oracle" in by_name["oracle"].reason


@pytest.mark.parametrize("found", [TwinAdapter, "adapter", TWIN.manifest, None])
def test_an_entry_point_must_name_an_adapter(found: Any) -> None:
    with pytest.raises(PluginImportError, match="it must have `manifest` and `office"):
        registry(found).get("twin")


def test_an_adapter_that_is_allowed_and_missing_is_listed() -> None:
    (listing, _) = registry(allow=["http", "twin"]).listings()
    assert listing.name == "http"
    assert "no adapter is called 'http'" in listing.reason


def test_one_name_from_two_packages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("x", value, "ventanilla.adapters") for value in ("one:adapter", "two:adapter")]
    monkeypatch.setattr("ventanilla.backoffice_adapters.plugins.entry_points", lambda group: points)
    with pytest.raises(AmbiguousPluginError, match="offered twice, as one:adapter and two:adapter"):
        Registry.discover().get("x")


# -- settings ----------------------------------------------------------------------------------------------------


def test_settings_become_the_adapters_own_with_secrets_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_TOKEN", "t0ken")
    found = registry().configure("twin", {"url": "http://x", "token": "env:OFFICE_TOKEN"})
    assert found == Settings(url="http://x", token="t0ken")


def test_checking_reads_no_secret() -> None:
    settings = {"url": "http://x", "token": "env:OFFICE_TOKEN_NOWHERE"}
    registry().check("twin", settings)
    with pytest.raises(SecretMissingError):
        registry().configure("twin", settings)


def test_a_literal_secret_is_refused_before_anything_else() -> None:
    with pytest.raises(SecretLiteralError):
        registry().check("twin", {"token": "hush", "url": 1})


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"url": 3}, "url", "found int, expected str"),
        ({}, "url", "is missing; it has no default"),
        ({"url": "x", "tokn": "env:A"}, "tokn", "did you mean 'token'? known are: retries, tables, token, url"),
        ({"url": "x", "retries": "many"}, "retries", "found str, expected int"),
        ({"url": "x", "tables": {"a": {"file": 1}}}, "tables[...].file", "found int, expected str"),
        ({"url": "x", "tables": {"a": {"fil": "x"}}}, "tables[...].fil", "did you mean 'file'? known are: file, rows"),
        ({"url": "x", "tables": {"a": {}}}, "tables[...].file", "is missing"),
        ({"url": "x", "tables": []}, "tables", "found array, expected object"),
    ],
)
def test_settings_that_do_not_fit_say_where_and_what(settings: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        registry().check("twin", settings)
    assert caught.value.field == field
    assert f"adapter 'twin', setting '{field}': " in str(caught.value)
    assert words in str(caught.value)
