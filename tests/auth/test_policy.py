"""The policy: which passwords nobody may choose, and which one person may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ventanilla.auth.passwords import MAX_LENGTH, hashed
from ventanilla.auth.policy import Holder, Violation, violations
from ventanilla.auth.refused import RefusedListError, RefusedPasswords
from ventanilla.store.manager import PasswordPolicy

pytestmark = pytest.mark.anyio

LAX = PasswordPolicy(min_length=8)
STRICT = PasswordPolicy(min_length=8, require_digit=True, require_symbol=True, require_upper=True, require_lower=True)
ANA = Holder(email="ana.lewandowska@example.com", given_name="Ana María", family_name="Łuczak-Ruiz")
COMMON = RefusedPasswords()
OF_FORM = tuple(each for each in Violation if each.value.startswith(("TOO_SHORT", "NO_")))


@pytest.mark.parametrize(
    ("policy", "password", "broken"),
    [
        (PasswordPolicy(), "diez letras", ()),
        (PasswordPolicy(), "nueve let", (Violation.TOO_SHORT,)),
        (PasswordPolicy(), "x" * (MAX_LENGTH + 1), (Violation.TOO_LONG,)),
        (PasswordPolicy(), "\u1f82" * MAX_LENGTH, ()),
        (PasswordPolicy(), "\u1f82" * MAX_LENGTH + "x", (Violation.TOO_LONG,)),
        (PasswordPolicy(), "a" + "\u0300\u0323" * 10_000, (Violation.TOO_LONG,)),
        (PasswordPolicy(), "x" * MAX_LENGTH, ()),
        (STRICT, "Łódź-1930", ()),
        (STRICT, "łódź-1930", (Violation.NO_UPPER,)),
        (STRICT, "ŁÓDŹ-1930", (Violation.NO_LOWER,)),
        (STRICT, "Łódź1930", (Violation.NO_SYMBOL,)),
        (STRICT, "Łódź-Wrocław", (Violation.NO_DIGIT,)),
        (STRICT, "", OF_FORM),
        # What everybody tries first, whatever its case and however its letters are composed.
        (LAX, "password123", (Violation.REFUSED,)),
        (LAX, "PassWord123", (Violation.REFUSED,)),
        (LAX, "Contraseña1", (Violation.REFUSED,)),
        (LAX, "Contrasen\u0303a1", (Violation.REFUSED,)),
        (LAX, "HASŁO123", (Violation.REFUSED,)),
        (LAX, "zaq12wsx", (Violation.REFUSED,)),
        (LAX, "password123 y algo", ()),
        (STRICT, "qwerty123", (Violation.NO_SYMBOL, Violation.NO_UPPER, Violation.REFUSED)),
        # Whatever can be read off the person.
        (LAX, "soy ANA.Lewandowska!", (Violation.PERSONAL,)),
        (LAX, "lewandowska abierta", ()),
        (LAX, "x1-María-x1", (Violation.PERSONAL,)),
        (LAX, "x1-mari\u0301a-x1", (Violation.PERSONAL,)),
        (LAX, "łuczak w oknie", (Violation.PERSONAL,)),
        (LAX, "luczak-maria", (Violation.PERSONAL,)),
        (LAX, "RUIZ9999", (Violation.PERSONAL,)),
        (LAX, "una manzana", ()),
    ],
)
async def test_every_broken_rule_is_told(policy: PasswordPolicy, password: str, broken: tuple[Violation, ...]) -> None:
    assert await violations(policy, password, ANA, COMMON) == broken


async def test_short_parts_of_a_name_stand_in_too_many_words_to_count() -> None:
    short = Holder(email="li@example.com", given_name="Ana", family_name="Paz")
    assert await violations(LAX, "la paz de ana li", short, COMMON) == ()


async def test_the_passwords_that_somebody_had_do_not_come_back() -> None:
    known = tuple([await hashed(password) for password in ("la de hoy", "la de ayer")])
    again = Holder(email="ana@example.com", given_name="Ana", family_name="Ruiz", hashes=known)
    for password, broken in (("la de hoy", True), ("la de ayer", True), ("la de mañana", False)):
        assert await violations(LAX, password, again, COMMON) == ((Violation.REUSED,) if broken else ())
    assert "argon2" not in repr(again)


async def test_an_operators_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "refused.txt"
    path.write_text("\ufeffVentanilla2026\r\n\n  Łódka na wodzie  \nshort\n", encoding="utf-8")
    refused = RefusedPasswords.load(path)
    assert len(refused) == len(COMMON) + 2
    for password in ("ventanilla2026", "ŁÓDKA NA WODZIE", "password123"):
        assert await violations(LAX, password, ANA, refused) == (Violation.REFUSED,)
    assert len(RefusedPasswords.load(None)) == len(COMMON) > 200


def test_a_hundred_thousand_lines_take_little(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text("".join(f"contraseña {number}\n" for number in range(100_000)), encoding="utf-8")
    refused = RefusedPasswords.load(path)
    assert len(refused) == len(COMMON) + 100_000
    assert refused.size < 1_000_000
    assert "contraseña 99999" in refused
    assert "contraseña 100000" not in refused


def test_a_list_that_cannot_be_read_says_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedListError, match=r"missing\.txt cannot be read .*: check the path"):
        RefusedPasswords.load(tmp_path / "missing.txt")
    with pytest.raises(RefusedListError, match="cannot be read"):
        RefusedPasswords.load(tmp_path)
    (tmp_path / "latin.txt").write_bytes("contraseña".encode("latin-1"))
    with pytest.raises(RefusedListError, match=r"latin\.txt is not UTF-8: save it as UTF-8"):
        RefusedPasswords.load(tmp_path / "latin.txt")


def test_the_common_ones_are_long_enough_to_matter_and_named_once() -> None:
    text = (Path(__file__).parents[2] / "auth" / "common_passwords.txt").read_text("utf-8")
    lines = text.splitlines()
    assert len(lines) == len(set(lines)) == len(text.split()) == len(COMMON)
    assert all(len(line) >= 8 and line == line.casefold() for line in lines)
