"""Codes of an authenticator, against the vectors of RFC 4226 and RFC 6238, and one written from them."""

from __future__ import annotations

from base64 import b32decode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authenticator_app import App, hotp
from ventanilla.auth import totp

SECRET = b"12345678901234567890"
"""Of both RFCs."""
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = int(AT.timestamp()) // 30
OF_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
OF_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


def test_the_codes_of_rfc_4226() -> None:
    assert [totp.code_at(SECRET, counter) for counter in range(10)] == OF_4226
    assert [hotp(SECRET, counter) for counter in range(10)] == OF_4226


@pytest.mark.parametrize("seconds", OF_6238)
def test_the_codes_of_rfc_6238(seconds: int) -> None:
    assert hotp(SECRET, seconds // totp.STEP_S, 8) == OF_6238[seconds]
    code = OF_6238[seconds][-totp.DIGITS :]
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // totp.STEP_S


@given(st.binary(min_size=20, max_size=20), st.integers(0, 2**40))
def test_an_authenticator_shows_what_we_reckon(secret: bytes, step: int) -> None:
    assert totp.code_at(secret, step) == hotp(secret, step)


@pytest.mark.parametrize("steps", range(-4, 5))
def test_a_clock_may_be_a_step_ahead_or_behind(steps: int) -> None:
    code = totp.code_at(SECRET, HERE + steps)
    assert totp.step_of(SECRET, code, AT) == (HERE + steps if abs(steps) <= 1 else None)


@pytest.mark.parametrize("seconds", [0, 29.999999])
def test_a_step_lasts_thirty_seconds(seconds: float) -> None:
    assert totp.step_of(SECRET, totp.code_at(SECRET, HERE), AT + timedelta(seconds=seconds)) == HERE


@pytest.mark.parametrize("code", ["", "0", "0000000", "abcdef", "１２３４５６", "\x00", "\ud800", "1" * 100_000])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert totp.step_of(SECRET, code, AT) is None


def test_of_two_steps_with_one_code_the_newer_is_told() -> None:
    step = 910_737  # one in a million
    code = totp.code_at(SECRET, step)
    assert code == totp.code_at(SECRET, step + 1)
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(step * 30, UTC)) == step + 1


def test_secrets_have_160_bits_and_none_comes_twice() -> None:
    made = {totp.made() for _ in range(100)}
    assert (len(made), {len(each) for each in made}) == (100, {20})


@pytest.mark.parametrize(
    ("issuer", "read", "account"),
    [
        ("Sur", "Sur", "ana@example.com"),
        ("Aguas: Paraná & Cía. 100%", "Aguas Paraná & Cía. 100%", "o'brien+portal@example.com"),
        ("Osiedle „Słoneczne” / Łódź", "Osiedle „Słoneczne” / Łódź", "a:ż@ż.example"),
    ],
)
def test_an_authenticator_reads_the_address(issuer: str, read: str, account: str) -> None:
    app = App.scan(totp.address(SECRET, issuer=issuer, account=account))
    assert (app.issuer, app.account, app.secret) == (read, account, SECRET)
    assert b32decode(totp.base32(SECRET)) == SECRET
    assert "=" not in totp.base32(totp.made())
