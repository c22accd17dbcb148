import pytest

from ventanilla.gateway.negotiation import MediaType, Stream, accepted, media_type

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
        ("," * 900 + "application/graphql-response+json", GRAPHQL),
        ("," * 32_000 + "application/graphql-response+json", JSON),
        (";" * 32_000 + ", application/graphql-response+json", JSON),
        ("text/html", JSON),
    ],
)
def test_the_first_range_that_is_ours_decides(accept: str | None, expected: MediaType) -> None:
    assert media_type(accept) is expected


EVENTS, PARTS, SUBSCRIPTIONS = Stream.EVENTS, Stream.PARTS, Stream.SUBSCRIPTION_PARTS


@pytest.mark.parametrize(
    ("accept", "streams", "media", "prefers_events"),
    [
        (None, (), JSON, False),
        ("application/json", (), JSON, False),
        ("text/event-stream", (EVENTS,), GRAPHQL, True),
        ("Text/Event-Stream; charset=utf-8, application/json", (EVENTS,), JSON, True),
        ("application/json, text/event-stream", (EVENTS,), JSON, False),
        ("multipart/mixed, text/event-stream", (PARTS, EVENTS), GRAPHQL, False),
        ("text/event-stream;q=0, application/json", (), JSON, False),
        ("text/html, text/event-stream", (EVENTS,), GRAPHQL, True),
        ("multipart/mixed", (PARTS,), GRAPHQL, False),
        ("multipart/mixed;boundary=x, application/graphql-response+json", (PARTS,), GRAPHQL, False),
        ("multipart/mixed;incrementalSpec=v0.2", (PARTS,), GRAPHQL, False),
        ("multipart/mixed;deferSpec=20220824, application/json", (), JSON, False),
        ('multipart/mixed;subscriptionSpec="1.0"', (SUBSCRIPTIONS,), GRAPHQL, False),
        ('multipart/mixed; boundary="graphql"; subscriptionSpec=1.0, application/json', (SUBSCRIPTIONS,), JSON, False),
        ('multipart/mixed;subscriptionSpec="2.0"', (), JSON, False),
        ("multipart/*", (), JSON, False),
    ],
)
def test_streams_are_taken_where_they_are_named(
    accept: str | None, streams: tuple[Stream, ...], media: MediaType, prefers_events: bool
) -> None:
    found = accepted(accept)

    assert (found.streams, found.media, found.prefers_events) == (streams, media, prefers_events)
