import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from ventanilla.gateway.parameters import GraphQLRequest, parse_address, parse_request
from ventanilla.gateway.refusal import RefusalError

HASH = "d421f7c2a921cd3eced014df42329d8dfd363f42912f07e1965a6ad9dfe1cc46"


def test_reads_all_parameters() -> None:
    request = parse_request(b'{"query":"{a}","operationName":"A","variables":{"x":[1]},"extensions":{}}')

    assert (request.query, request.operation_name, request.variables) == ("{a}", "A", {"x": [1]})


def test_absent_and_null_parameters_are_alike() -> None:
    assert parse_request(b'{"query":"{a}"}') == parse_request(
        b'{"query":"{a}","operationName":null,"variables":null,"extensions":null}'
    )


BAD_BODIES = {
    "empty": b"",
    "blank": b" \n",
    "null": b"null",
    "number": b"42",
    "string": b'"{a}"',
    "batch": b'[{"query":"{a}"}]',
    "no json": b"{query",
    "invalid utf-8": b'{"query":"\xff\xfe"}',
    "utf-16": '{"query":"{a}"}'.encode("utf-16"),
    "compressed": b"\x1f\x8b\x08\x00",
    "too deep for the parser": b'{"query":"{a}","variables":{"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    "too deep for us": b'{"query":"{a}","variables":{"x":' + b"[" * 70 + b"]" * 70 + b"}}",
    "integer too long": b'{"query":"{a}","variables":{"x":' + b"9" * 5_000 + b"}}",
    "lone surrogate in operationName": b'{"query":"{a}","operationName":"\\ud800"}',
    "no query": b"{}",
    "empty query": b'{"query":""}',
    "query null": b'{"query":null}',
    "query list": b'{"query":["{a}"]}',
    "operationName number": b'{"query":"{a}","operationName":7}',
    "variables text": b'{"query":"{a}","variables":"{}"}',
    "variables list": b'{"query":"{a}","variables":[]}',
    "extensions text": b'{"query":"{a}","extensions":"x"}',
    "not a number": b'{"query":"{a}","variables":{"x":NaN}}',
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_request(body)

    assert refusal.value.status == 400


def test_values_have_a_bound() -> None:
    def read(values: object) -> GraphQLRequest:
        return parse_request(json.dumps({"query": "{ a }", "variables": {"v": values}}).encode())

    for values in ([1] * 9_000, "," * 20_000, [[1] * 90] * 90):
        assert read(values).variables == {"v": values}
    for values in ([1] * 11_000, [{"a": [1] * 99}] * 200, {str(number): 1 for number in range(11_000)}):
        with pytest.raises(RefusalError, match="more than 10000 values"):
            read(values)


def test_wide_variables_are_no_deep_ones() -> None:
    body = b'{"query":"{a}","variables":{"x":[' + b",".join([b"[{}]"] * 500) + b"]}}"

    assert parse_request(body).variables is not None


def test_a_document_may_be_named() -> None:
    by_id = parse_request(json.dumps({"documentId": f"sha256:{HASH}"}).encode())
    by_hash = parse_request(persisted({"version": 1, "sha256Hash": HASH}))

    assert (by_id.query, by_id.document_id, by_id.query_hash) == (None, f"sha256:{HASH}", None)
    assert (by_hash.query, by_hash.document_id, by_hash.query_hash) == (None, None, HASH)


def persisted(told: Any, **more: Any) -> bytes:
    return json.dumps({"extensions": {"persistedQuery": told}, **more}).encode()


@pytest.mark.parametrize("found", [7, "", "a b", "x" * 129, ["a"], "sha256:é"])
def test_identifiers_that_cannot_be(found: Any) -> None:
    refused(json.dumps({"documentId": found}).encode(), "documentId")


@pytest.mark.parametrize(
    "told",
    [
        1,
        [],
        {},
        {"version": 2, "sha256Hash": HASH},
        {"version": 1},
        {"version": 1, "sha256Hash": HASH[1:]},
        {"version": 1, "sha256Hash": HASH.upper()},
        {"version": 1, "sha256Hash": [HASH]},
    ],
)
def test_hashes_that_cannot_be(told: Any) -> None:
    refused(persisted(told, query="{a}"), "persistedQuery")


@pytest.mark.parametrize(
    "beside", [{"query": "{a}"}, {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}]
)
def test_a_document_is_named_in_one_way(beside: dict[str, Any]) -> None:
    refused(json.dumps({"documentId": f"sha256:{HASH}", **beside}).encode(), "one way")


def refused(body: bytes, word: str) -> None:
    with pytest.raises(RefusalError, match=word) as refusal:
        parse_request(body)
    assert refusal.value.status == 400


def test_an_address_says_the_same_as_a_body() -> None:
    told = {"query": "query A($x: Int) { a } # ñ+&", "operationName": "A", "variables": {"x": [1]}, "extensions": {}}
    written = {key: value if isinstance(value, str) else json.dumps(value) for key, value in told.items()}

    assert parse_address(urlencode(written).encode()) == parse_request(json.dumps(told).encode())


def test_what_is_empty_or_null_in_an_address_is_absent() -> None:
    bare = parse_address(b"query={a}")

    assert parse_address(b"query={a}&operationName=&variables=null&extensions=null&other=1") == bare
    assert bare.operation_name is None


BAD_ADDRESSES = {
    "empty": "",
    "no query": "operationName=A",
    "blank query": "query=%20",
    "query twice": "query={a}&query={b}",
    "invalid utf-8": "query=%ff",
    "bare bytes": "query=\xe9",
    "surrogate": "query={a}&operationName=%ed%a0%80",
    "many parameters": "&".join(f"a{number}=1" for number in range(40)),
    "variables empty": "query={a}&variables=",
    "variables no json": "query={a}&variables={x",
    "variables text": 'query={a}&variables="x"',
    "variables list": "query={a}&variables=[]",
    "variables number": "query={a}&variables=7",
    "variables too deep for the parser": f"query={{a}}&variables={quote('[' * 5_000 + ']' * 5_000)}",
    "variables too deep for us": 'query={a}&variables={"x":' + "[" * 70 + "]" * 70 + "}",
    "integer too long": 'query={a}&variables={"x":' + "9" * 5_000 + "}",
    "extensions text": 'query={a}&extensions="x"',
    "hash malformed": 'extensions={"persistedQuery":{"version":1,"sha256Hash":"x"}}',
    "identifier empty": "documentId=",
}


@pytest.mark.parametrize("address", BAD_ADDRESSES.values(), ids=BAD_ADDRESSES.keys())
def test_bad_addresses_are_refused(address: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_address(address.encode("latin-1"))

    assert refusal.value.status == 400


def test_an_address_out_of_all_proportion_is_refused() -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_address(b"query={a}#" + b"x" * 40_000)

    assert refusal.value.status == 414
