"""The master secret, the keys it gives, and the rule against forged requests."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ventanilla.auth.csrf import is_forgeable
from ventanilla.auth.keys import Keys, WeakSecretError, load

GOOD = "Vq7-yT2m_Zk4R8wLx0sBnC5dFgHj1aEu9oPiQ3"


def test_a_key_is_its_managers_and_purposes_own() -> None:
    keys = Keys(GOOD)
    pairs = [("sur", "ids"), ("sur", "cursors"), ("norte", "ids"), ("su", "rids"), ("suri", "ds")]
    found = [keys.of(*pair) for pair in pairs]
    assert len({*found, Keys(GOOD + "x").of("sur", "ids")}) == 6
    assert found == [Keys(GOOD).of(*pair) for pair in pairs]
    assert [len(keys.of("sur", "ids", length)) for length in (16, 32, 64)] == [16, 32, 64]


def test_no_secret_is_in_a_repr() -> None:
    assert GOOD not in repr(Keys(GOOD)) + str(Keys(GOOD))


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("Vq7-yT2m_Zk4R8wLx0sBnC5dFgHj1a", "shorter than 32 bytes"),
        ("a" * 64, "repeats itself"),
        ("abcabcabcabcabcabcabcabcabcabcabcabc", "repeats itself"),
        ("Vq7-yT2m_Zk4R8wL" * 3, "repeats itself"),
        ("please-CHANGEME-before-you-go-to-production", "default secrets"),
    ],
)
def test_a_weak_secret_is_refused_with_how_to_make_one(secret: str, why: str) -> None:
    with pytest.raises(WeakSecretError, match=why) as caught:
        Keys(secret)
    assert "token_urlsafe" in str(caught.value)
    assert secret not in str(caught.value)


def test_the_setting_comes_before_the_file(tmp_path: Path) -> None:
    assert load(f" {GOOD}\n", tmp_path).of("sur", "ids") == Keys(GOOD).of("sur", "ids")
    assert list(tmp_path.iterdir()) == []


def test_the_first_run_makes_a_file_and_the_second_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = load(None, folder).of("sur", "ids")
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(None, folder).of("sur", "ids") == first


def test_first_runs_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: load(None, tmp_path).of("sur", "ids"), range(32)))
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load(None, tmp_path)
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(WeakSecretError, match="chmod 600"):
        load(None, tmp_path)


def test_an_emptied_file_is_refused(tmp_path: Path) -> None:
    load(None, tmp_path)
    (tmp_path / "secret").write_text("")
    with pytest.raises(WeakSecretError, match="shorter"):
        load(None, tmp_path)


@pytest.mark.parametrize(
    ("headers", "by_cookie", "forgeable"),
    [
        ({}, True, True),
        ({"X-Ventanilla-Request": ""}, True, True),
        ({"x-ventanilla-request": "1"}, True, False),
        ({"X-Ventanilla-Request": "portal"}, True, False),
        ({"X-Requested-With": "1"}, True, True),
        ({}, False, False),
    ],
)
def test_a_cookie_needs_the_header(headers: dict[str, str], by_cookie: bool, forgeable: bool) -> None:
    assert is_forgeable(headers, by_cookie=by_cookie) is forgeable
