import pytest

from ventanilla.gateway.language import preferred

SPOKEN = ("es-AR", "en")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "es-AR"),
        ("", "es-AR"),
        ("en", "en"),
        ("en-GB,es;q=0.5", "en"),
        ("es;q=0.5, en;q=0.7", "en"),
        ("pl, en;q=0.1", "en"),
        ("pl", "es-AR"),
        ("*", "es-AR"),
        ("en;q=0", "es-AR"),
        ("en;q=x", "es-AR"),
        (";;,,=;q", "es-AR"),
        ("en;q=nan", "es-AR"),
    ],
)
def test_picks_what_is_spoken(header: str | None, expected: str) -> None:
    assert preferred(header, SPOKEN) == expected
