"""``ventanilla adapter check``: the table that it prints, and the mistakes that it tells."""

from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.plugins import UnknownPluginError
from ventanilla.gateway.cli.trial import try_adapter
from ventanilla.gateway.mistake import MistakeError


def written(folder: Path, text: str) -> Path:
    path = folder / "own.conformance.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_office_is_not_filled_unless_it_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_adapter("embedded", None, "", scratch=False)
    printed = capsys.readouterr().out
    assert "Its office is well\n" in printed
    assert "passed          the_manifest_is_honest\n" in printed
    assert "the office does not hold the reference book" in printed
    assert printed.splitlines()[-1].startswith("If this office may be overwritten, ask for the rest with --scratch")


def test_a_scratch_office_is_asked_for_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_adapter("embedded", None, "", scratch=True)
    printed = capsys.readouterr().out
    assert "passed          balances_add_up\n" in printed
    assert "the office does not hold the reference book" not in printed


def test_an_adapter_that_is_not_installed_is_told() -> None:
    with pytest.raises(UnknownPluginError, match="embeded"):
        try_adapter("embeded", None, "", scratch=False)


def test_a_trial_of_another_adapter_is_told(tmp_path: Path) -> None:
    with pytest.raises(MistakeError, match="is a trial of adapter 'files', not of 'embedded'"):
        try_adapter("embedded", written(tmp_path, 'adapter = "files"'), "", scratch=False)


def test_an_office_that_does_not_open_is_told(tmp_path: Path) -> None:
    trial = written(tmp_path, '[configuration]\ndatabase = "env:NOT_SET_ANYWHERE"')
    with pytest.raises(MistakeError, match=r"cannot be opened: .*NOT_SET_ANYWHERE"):
        try_adapter("embedded", trial, "", scratch=False)


def test_a_fill_that_fails_is_told() -> None:
    with pytest.raises(MistakeError, match="could not be filled \\(TypeError: "):
        try_adapter("embedded", None, "json:dumps", scratch=True)
