from __future__ import annotations

from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.contract import Configuration, Secret
from ventanilla.backoffice_adapters.secrets import (
    SecretLiteralError,
    SecretMissingError,
    refuse_literals,
    resolve,
)


class Inner(Configuration):
    token: Secret
    label: str = ""


class Outer(Configuration):
    database: Secret | None = None
    inner: Inner | None = None
    by_name: dict[str, Inner] = {}
    several: list[Inner] = []


def test_references_are_replaced_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(" p4ss \n", encoding="utf-8")
    settings = {"url": "env:URL", "inner": {"token": f"file:{file}"}, "list": ["env:URL", 3], "plain": "environment"}
    assert resolve(settings, {"URL": "http://x"}) == {
        "url": "http://x",
        "inner": {"token": "p4ss"},
        "list": ["http://x", 3],
        "plain": "environment",
    }
    assert settings["inner"] == {"token": f"file:{file}"}


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("env:NOWHERE", "env:NOWHERE is not set; set the environment variable"),
        ("env:EMPTY", "env:EMPTY is empty"),
        ("env:", "env: is not set"),
        ("file:/nowhere/at/all", "cannot be read (No such file or directory)"),
    ],
)
def test_missing_secrets_name_the_setting_and_the_reference(reference: str, words: str) -> None:
    with pytest.raises(SecretMissingError) as caught:
        resolve({"tables": {"a": [{"token": reference}]}}, {"EMPTY": "", "OTHER": "hush"})
    assert caught.value.field == "tables.a[0].token"
    assert words in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused_without_showing_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff\xfehush")
    with pytest.raises(SecretMissingError, match="not a text file in UTF-8") as caught:
        resolve({"token": f"file:{file}"})
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"database": "postgresql://hush@db"}, "database"),
        ({"inner": {"token": "hush"}}, "inner.token"),
        ({"by_name": {"first": {"token": "hush"}}}, "by_name.first.token"),
        ({"several": [{"token": "env:A"}, {"token": "hush"}]}, "several[1].token"),
        ({"database": 123}, "database"),
    ],
)
def test_a_literal_secret_is_refused_with_the_mend(settings: dict[str, object], field: str) -> None:
    with pytest.raises(SecretLiteralError, match="write env:NAME") as caught:
        refuse_literals(settings, Outer)
    assert caught.value.field == field
    assert "hush" not in str(caught.value)


def test_references_and_open_settings_pass() -> None:
    refuse_literals({"database": None, "inner": {"token": "env:A", "label": "plain"}, "unknown": "x"}, Outer)


def test_a_configuration_shows_all_but_its_secrets() -> None:
    class Inner(Configuration):
        password: Secret
        user: str = "u"

    class Settings(Configuration):
        token: Secret | None = None
        keys: tuple[Secret, ...] = ()
        inner: Inner
        url: str

    shown = repr(Settings(token="hush", keys=("hush",), inner=Inner(password="hush"), url="https://x"))
    assert shown == "Settings(token=…, keys=…, inner=Inner(password=…, user='u'), url='https://x')"
