"""Whatever is sent is read, or refused by the one error that is expected."""

from base64 import b64encode
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ventanilla.auth.oauth.asked import MOST_PARAMETERS, Credentials, MalformedError, basic_of, parameters_of

PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126))


@given(st.dictionaries(PLAIN, PLAIN, max_size=MOST_PARAMETERS))
def test_what_a_program_may_send_is_read_as_it_was_meant(sent: dict[str, str]) -> None:
    assert parameters_of(urlencode(sent)) == {name: value for name, value in sent.items() if value}


@given(st.text())
@example("a=%00")
@example("a=1&a=")
@example("%FF=1&b=%FF")
@example("&" * 100)
def test_anything_else_is_malformed_and_no_more(sent: str) -> None:
    with suppress(MalformedError):
        assert all(value.isascii() and value.isprintable() for value in parameters_of(sent).values())


@given(PLAIN, PLAIN.filter(bool))
def test_credentials_are_read_as_they_were_written(name: str, secret: str) -> None:
    written = urlencode({name: secret}).replace("=", ":", 1)
    found = basic_of(f"Basic {b64encode(written.encode()).decode()}")

    assert found == Credentials(client_id=name, secret=secret)


@given(st.text() | st.binary().map(lambda raw: f"Basic {b64encode(raw).decode()}"))
def test_credentials_that_are_none_are_none(sent: str) -> None:
    found = basic_of(sent)
    assert found is None or (found.client_id.isascii() and found.client_id.isprintable() and found.secret)


@pytest.mark.parametrize("doubled", ["a=1&a=1", "a=1&a=2", "a=&a="])
def test_what_comes_twice_is_refused(doubled: str) -> None:
    with pytest.raises(MalformedError, match="twice"):
        parameters_of(doubled)


def test_credentials_show_no_secret() -> None:
    assert "hidden" not in repr(Credentials(client_id="a", secret="hidden"))
