import pytest

from ventanilla.gateway.negotiation import MediaType, media_type

GRAPHQL, JSON = MediaType.GRAPHQL, MediaType.JSON


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json, application/graphql-response+json", JSON),
        ("text/html, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json;q=0, application/json", JSON),
        ("application/graphql-response+json;q=0.000", JSON),
        ("application/graphql-response+json;q=0.1", GRAPHQL),
        ("application/graphql-response+json;q=", GRAPHQL),
        (";;;,,,q=\x00", JSON),
        ("text/html", JSON),
    ],
)
def test_the_first_range_that_is_ours_decides(accept: str | None, expected: MediaType) -> None:
    assert media_type(accept) is expected
