"""How people pay, in a manager's file: what is read, and what is told of what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.store.fresh import manager_named
from tests.store.test_provider_rules import GOOD
from ventanilla.store.manager import FeeBearer, PaymentChoice, PaymentFee
from ventanilla.store.manager_file import ManagerFileError, read_manager
from ventanilla.store.payment_rules import is_portal_path, payment_problems

PAYMENTS = """
[payments]
platform = "mercado_pago"
return_paths = ["/", "/mi-cuenta/pagos"]

[payments.fee]
bearer = "PAYER"
fixed = "1.20"
percent = "0.9"

[payments.configuration]
access_token = "env:SUR_TOKEN"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sur.toml"
    path.write_text(GOOD + text, encoding="utf-8")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_manager(written(tmp_path, PAYMENTS)).payments == PaymentChoice(
        platform="mercado_pago",
        configuration={"access_token": "env:SUR_TOKEN"},
        fee=PaymentFee(bearer=FeeBearer.PAYER, fixed="1.20", percent="0.9"),
        return_paths=("/", "/mi-cuenta/pagos"),
    )
    assert read_manager(written(tmp_path, "")).payments is None


@pytest.mark.parametrize(
    ("line", "other", "told"),
    [
        ('"mercado_pago"', '"Mercado Pago"', "payments.platform: 'Mercado Pago' is no platform's name"),
        ('"mercado_pago"', f'"{"a" * 41}"', "is no platform's name; write one such as mercado_pago"),
        ('"1.20"', '"1.205"', "payments.fee.fixed: '1.205' is no amount of ARS; write a plain decimal with at most 2"),
        ('"1.20"', '"-1"', "payments.fee.fixed: '-1' is no amount of ARS"),
        ('"1.20"', '"1,20"', "payments.fee.fixed: '1,20' is no amount of ARS"),
        ('"1.20"', "1.20", "payments.fee.fixed: "),
        ('"0.9"', '"100.1"', "payments.fee.percent: '100.1' is no percentage; write a plain decimal from 0 to 100"),
        ('"0.9"', '"-1"', "payments.fee.percent: '-1' is no percentage"),
        ('"0.9"', '"0.9 %"', "payments.fee.percent: '0.9 %' is no percentage"),
        ('"0.9"', '"0.12345"', "payments.fee.percent: '0.12345' is no percentage"),
        ('"PAYER"', '"NOBODY"', "payments.fee.bearer: "),
        ('["/", "/mi-cuenta/pagos"]', "[]", "payments.return_paths: is empty; name at least one path of the portal"),
        ('"/mi-cuenta/pagos"', '"/"', "payments.return_paths: '/' stands there 2 times; name it once"),
        ('"/mi-cuenta/pagos"', '"//evil.example"', "payments.return_paths: '//evil.example' is no path of the portal"),
        ('"/mi-cuenta/pagos"', '"https://sur.example/"', "payments.return_paths: 'https://sur.example/' is no path"),
        (
            "return_paths",
            "return_path",
            "payments.return_path: unknown key 'return_path'; did you mean 'return_paths'?",
        ),
        ("return_paths", "quote_minutes = 0\nreturn_paths", "payments.quote_minutes: 0 is out of range; give minutes"),
        ("return_paths", "quote_minutes = 121\nreturn_paths", "give minutes from 1 to 120"),
        ("return_paths", "checkout_minutes = 4\nreturn_paths", "payments.checkout_minutes: 4 is out of range"),
        ("return_paths", "checkout_minutes = 10081\nreturn_paths", "give minutes from 5 to 10080"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_mend(tmp_path: Path, line: str, other: str, told: str) -> None:
    with pytest.raises(ManagerFileError) as error:
        read_manager(written(tmp_path, PAYMENTS.replace(line, other, 1)))
    (problem,) = error.value.problems
    assert told in problem


def test_the_least_is_enough() -> None:
    paid = replace(manager_named("sur"), payments=PaymentChoice(platform="till"))
    assert [*payment_problems(paid)] == []
    assert [*payment_problems(manager_named("sur"))] == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//",
        "/a//b",
        "/a?b",
        "/a#b",
        "/a b",
        "/a\\b",
        "/..",
        "/a/../b",
        "/./a",
        "/%2e",
        "/á",
        "/a\n",
        "/" + "a" * 400,
    ],
)
def test_what_is_no_one_place_of_a_portal(path: str) -> None:
    assert not is_portal_path(path)
