"""``ventanilla platform check``: the table that it prints, and the mistakes that it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payments.sides import SECRETS
from ventanilla.backoffice_adapters.plugins import ConfigurationError, UnknownPluginError
from ventanilla.gateway.cli.platform_trial import try_platform
from ventanilla.gateway.mistake import MistakeError

WOMPI = """
forge = "tests.payments.sides:wompi_forge_of"
[configuration]
public_key = "pub_test_wompi_public_1"
private_key = "env:WOMPI_PRIVATE"
integrity_secret = "env:WOMPI_INTEGRITY"
events_secret = "env:WOMPI_EVENTS"
api_url = "https://sandbox.wompi.co/v1"
"""


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def written(folder: Path, text: str) -> Path:
    path = folder / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_promise_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert try_platform("wompi", written(tmp_path, WOMPI))
    lines = capsys.readouterr().out.splitlines()
    assert "passed          nothing_altered_is_heard" in lines
    assert "not applicable  a_key_gives_back_once  the manifest does not name REFUND" in lines
    assert lines[-1].endswith(" 0 failed, 6 not applicable")


def test_a_broken_promise_is_told_with_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = WOMPI.replace("pub_test_wompi_public_1", "pub_test_of_somebody_else")
    assert not try_platform("wompi", written(tmp_path, other))
    printed = capsys.readouterr().out
    assert "FAILED          people_are_sent_to_a_safe_address\n" in printed
    assert "Promised: The redirect leads to an https address" in printed
    assert "1 passed" not in printed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WOMPI.partition("[")[2].join(("[", "")), "forge: is missing"),
        (WOMPI.replace("wompi_forge_of", "nothing"), "forge: .* cannot be imported"),
        ("forge = 3", "known keys are configuration, forge"),
        ("forge = ", "is not TOML"),
    ],
)
def test_a_trial_that_cannot_be_made_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(MistakeError, match=words):
        try_platform("wompi", written(tmp_path, text))


def test_a_platform_or_setting_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownPluginError, match="payu"):
        try_platform("payu", written(tmp_path, WOMPI))
    with pytest.raises(ConfigurationError, match="public_kex"):
        try_platform("wompi", written(tmp_path, WOMPI.replace("public_key", "public_kex")))
    with pytest.raises(MistakeError, match="cannot be read"):
        try_platform("wompi", tmp_path / "nowhere.toml")
