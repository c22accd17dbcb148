"""Which addresses letters can be sent to."""

from __future__ import annotations

import pytest

from ventanilla.mail.address import address_of
from ventanilla.mail.transport import Failure, NotSentError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("marta@vecinos.example", "marta@vecinos.example"),
        (" Marta.G+agua@Vecinos.Example ", "Marta.G+agua@vecinos.example"),
        ("o'brien_1!#$%&*/=?^`{|}~-@a-b.c.example", "o'brien_1!#$%&*/=?^`{|}~-@a-b.c.example"),
        ("marta@ñandú.example", "marta@xn--and-6ma2c.example"),
        ("marta@ŻÓŁW.example", "marta@xn--w-uga1v8h.example"),
        ("marta@straße.example", "marta@xn--strae-oqa.example"),
        ("żółw@poczta.example", "żółw@poczta.example"),
        ("a" * 64 + "@b.example", "a" * 64 + "@b.example"),
    ],
)
def test_an_address_is_written_as_mail_servers_take_it(text: str, address: str) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "marta",
        "@vecinos.example",
        "marta@",
        "marta@localhost",
        "marta@vecinos..example",
        "marta@-vecinos.example",
        "marta@vecinos.example.",
        "marta@[127.0.0.1]",
        "marta@xn--\udcff.example",
        "marta@" + "a" * 64 + ".example",
        "marta@" + ".".join(["a" * 60] * 5),
        "a" * 65 + "@b.example",
        "ż" * 33 + "@b.example",
        ".marta@b.example",
        "marta.@b.example",
        "mar..ta@b.example",
        "mar ta@b.example",
        '"mar ta"@b.example',
        "marta,jose@b.example",
        "marta@a.example@b.example",
        "marta@a.example, jose@b.example",
        "Marta <marta@b.example>",
        "marta@b.example\n",
        "marta@b.example\r\nRCPT TO:<jose@c.example>",
        "marta\x00@b.example",
        "marta\u202e@b.example",
        "marta\udcff@b.example",
    ],
)
def test_what_is_no_address_is_refused_for_good(text: str) -> None:
    with pytest.raises(NotSentError) as caught:
        address_of(text)
    assert (caught.value.failure, caught.value.permanent) == (Failure.BAD_ADDRESS, True)
