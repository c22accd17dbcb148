from ipaddress import ip_network

import pytest

from ventanilla.gateway.mistake import MistakeError
from ventanilla.gateway.settings import Settings, load

STRONG = "0f3b5d7799aabbccddeeff1234567890"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VENTANILLA_{name.upper()}", raising=False)


def test_development_needs_nothing() -> None:
    settings = load()

    assert settings.shows_console
    assert settings.allows_introspection
    assert settings.sends_secure_cookies is None
    assert settings.database.startswith("sqlite:////")


def test_production_closes_what_is_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_ENVIRONMENT", "production")
    monkeypatch.setenv("VENTANILLA_SECRET", STRONG)
    settings = load()

    assert not settings.shows_console
    assert not settings.allows_introspection
    assert settings.sends_secure_cookies is True


@pytest.mark.parametrize("secret", [None, "", "brief", "x" * 64, "changeme" * 5])
def test_production_refuses_weak_secrets(monkeypatch: pytest.MonkeyPatch, secret: str | None) -> None:
    monkeypatch.setenv("VENTANILLA_ENVIRONMENT", "production")
    if secret is not None:
        monkeypatch.setenv("VENTANILLA_SECRET", secret)

    with pytest.raises(MistakeError, match=r"VENTANILLA_SECRET: .*make one with") as mistake:
        load()

    assert not secret or secret not in str(mistake.value)


def test_the_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_SECRET", STRONG)

    assert STRONG not in repr(load())


def test_letters_go_to_a_folder_only_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().mailbox == load().data / "mailbox"

    monkeypatch.setenv("VENTANILLA_SMTP", "smtp://ana:hunter2@mail.example.com:2587")
    settings = load()
    assert settings.mailbox is None
    assert "hunter2" not in repr(settings)

    monkeypatch.delenv("VENTANILLA_SMTP")
    monkeypatch.setenv("VENTANILLA_ENVIRONMENT", "production")
    monkeypatch.setenv("VENTANILLA_SECRET", STRONG)
    assert load().mailbox is None


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    monkeypatch.setenv("VENTANILLA_ADAPTERS", "embedded,files")
    settings = load()

    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.adapters == ("embedded", "files")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BODY_LIMIT", "many"),
        ("BODY_LIMIT", "0"),
        ("MOST_PAGE", "10001"),
        ("ENVIRONMENT", "staging"),
        ("REFUSED_PASSWORDS", "no/such/file"),
        ("WORKER", "perhaps"),
        ("SMTP", "imap://mail.example.com"),
        ("SENDER", "Casa <casa@example.com>"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"VENTANILLA_{name}", value)

    with pytest.raises(MistakeError, match=f"VENTANILLA_{name}: "):
        load()
