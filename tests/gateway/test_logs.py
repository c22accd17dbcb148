import asyncio
import errno
import io
import json
import logging
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import structlog

from tests.gateway.conftest import UNTOLD
from ventanilla.gateway import logs

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("loggers_as_they_were")]


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


async def test_one_line_a_request_and_nothing_the_client_wrote(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    token = await gateway.token()
    async with gateway.client(authorization=f"Bearer {token}", user_agent="secret-agent") as client:
        query = 'query Greeting($n: String) { a: hello(name: $n) hello(name: "ana@secret.example") }'
        body = {"query": query, "variables": {"n": "PL61109010140000071219812874"}, "operationName": "Greeting"}
        await client.post("/graphql?secret=yes", json=body)

    (line,) = lines(written := capsys.readouterr().err)
    assert {name: line[name] for name in ("event", "manager", "operation", "status", "method", "route")} == {
        "event": "request", "manager": "aguas", "operation": "Greeting", "status": 200, "method": "POST",
        "route": "/graphql",
    }  # fmt: skip
    assert len(str(line["document"])) == 16
    for secret in ("secret", "PL61", token, "203.0.113.9", "hello"):
        assert secret not in written


async def test_the_line_of_a_request_is_written_as_any_other(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    await gateway.ask("query Greeting { hello }")
    (straight,) = lines(capsys.readouterr().err)
    told = {name: value for name, value in straight.items() if name not in {"event", "level", "logger", "timestamp"}}
    structlog.get_logger("ventanilla.requests").info("request", **told)
    (usual,) = lines(capsys.readouterr().err)

    assert list(straight) == list(usual)
    assert {**straight, "timestamp": ""} == {**usual, "timestamp": ""}
    for line in (straight, usual):
        assert datetime.fromisoformat(str(line["timestamp"])).utcoffset() == timedelta(0)
        assert str(line["timestamp"]).endswith("Z")


async def test_a_console_is_told_of_requests(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    logs.configure(as_json=False)
    await gateway.ask("query Greeting { hello }")

    (line,) = capsys.readouterr().err.splitlines()
    assert "Greeting" in line
    assert not line.startswith("{")


async def test_requests_are_silent_above_their_level(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (True, False):
        logs.configure(as_json=as_json, level=logging.WARNING)
        await gateway.ask("{ hello }")

    assert capsys.readouterr().err == ""


async def test_a_get_leaves_no_more_in_the_log_than_a_post(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    asked = {"query": 'query Greeting { hello(name: "ana@secret.example") }', "variables": '{"n": "PL61"}'}
    async with gateway.client() as client:
        for told in (asked, {**asked, "variables": '{"secret": PL61'}, {"documentId": "secret-PL61"}):
            await client.get("/graphql", params=told)

    good, malformed, unknown = lines(written := capsys.readouterr().err)
    assert (good["method"], good["route"], good["operation"]) == ("GET", "/graphql", "Greeting")
    assert (malformed["code"], unknown["code"]) == ("BAD_REQUEST", "DOCUMENT_NOT_FOUND")
    for secret in ("secret", "PL61", "hello", "?"):
        assert secret not in written


async def test_a_bug_is_found_again_by_its_id(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    response = await gateway.ask("{ bug }")

    error, request = lines(written := capsys.readouterr().err)
    error_id = response.json()["errors"][0]["extensions"]["errorId"]
    assert (error["error_id"], request["error_id"], request["code"]) == (error_id, error_id, "INTERNAL")
    assert "Traceback" in str(error["exception"])
    assert "{ bug }" not in written


@pytest.mark.parametrize("as_json", [True, False])
async def test_what_an_exception_says_stays_out_unless_asked_for(
    gateway, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    logs.configure(as_json=as_json)
    await gateway.ask("{ bug busy }")
    silent = capsys.readouterr().err
    logs.configure(as_json=as_json, messages=True)
    await gateway.ask("{ bug }")

    assert "hunter2" not in silent
    assert "builtins.RuntimeError" in silent
    assert "in bug" in silent
    assert "hunter2" in capsys.readouterr().err


def test_what_stands_behind_an_exception_is_told_by_type(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    try:
        try:
            raise KeyError(UNTOLD)
        except KeyError as error:
            raise RuntimeError(UNTOLD) from error
    except RuntimeError:
        logging.getLogger("library").exception("failed")

    (line,) = lines(capsys.readouterr().err)
    told = str(line["exception"])
    assert told.index("builtins.RuntimeError") < told.index("caused by") < told.index("builtins.KeyError")
    assert "hunter2" not in told


async def test_a_long_operation_name_is_clipped(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    await gateway.ask("query %s { hello }" % ("A" * 10_000))

    (line,) = lines(capsys.readouterr().err)
    assert line["operation"] == "A" * 80


async def test_refusals_say_their_code(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    await gateway.ask("{", "nobody.example")

    (line,) = lines(capsys.readouterr().err)
    assert (line["status"], line["code"]) == (421, "BAD_REQUEST")


def test_libraries_that_write_documents_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    for name in ("strawberry.execution", "graphql", "uvicorn.access"):
        logging.getLogger(name).error("{ password }")
    logging.getLogger("uvicorn.error").info("chatter")
    logging.getLogger("uvicorn.error").error("trouble")

    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["trouble"]


def test_a_console_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False)
    password = "hunter" + "2"
    try:
        raise RuntimeError(str(len(password)))
    except RuntimeError as error:
        structlog.get_logger("test").error("unexpected", exc_info=error)

    written = capsys.readouterr().err
    assert "RuntimeError" in written
    assert "hunter2" not in written


def test_no_line_can_be_broken_or_obeyed_by_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    told = "one\nand \u2028 \u0085 \x1b[2J \x9b2J \x7f"
    structlog.get_logger("test").warning("odd", told=told)
    logging.getLogger("library").warning(told)
    logs.requests.tell({"told": told})
    logs.requests.tell({"told": "\x7f"})
    logs.requests.tell({"told": "\ud800", "much": 2**70, "when": date.min})

    written = capsys.readouterr().err
    assert written.isascii()
    assert written.replace("\n", "").isprintable()
    own, foreign, request, deleted, half = lines(written)
    assert (request["told"], request["logger"], request["level"]) == (told, "ventanilla.requests", "info")
    assert (deleted["told"], half["told"], half["much"]) == ("\x7f", "\ud800", 2**70)
    assert half["when"] == "datetime.date(1, 1, 1)"
    assert (own["told"], own["logger"], own["level"]) == (told, "test", "warning")
    assert (foreign["event"], foreign["logger"], foreign["level"]) == (told, "library", "warning")


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True, level=logging.WARNING)
    structlog.get_logger("test").info("chatter")
    logging.getLogger("library").info("chatter")
    structlog.get_logger("test").warning("trouble")

    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["trouble"]


class Full(io.StringIO):
    """A stream on a disk that is full."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[str] = []

    def write(self, text: str) -> int:
        self.tried.append(text)
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_log_that_cannot_be_written_fails_no_request(gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Full()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", full)
        logs.configure(as_json=True)
    answer = await gateway.ask("{ hello bug }")
    assert (answer.status_code, answer.json()["data"]["hello"]) == (200, "Hello, you")
    assert len(full.tried) == 2


async def test_lines_of_requests_wait_for_each_other(gateway, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True, patience_s=3)
    await gateway.ask("query First { hello }")
    await gateway.ask("query Second { hello }")

    assert capsys.readouterr().err == ""
    while not (written := capsys.readouterr().err):  # noqa: ASYNC110  nobody tells of what is written
        await asyncio.sleep(0.1)
    assert [line["operation"] for line in lines(written)] == ["First", "Second"]


@pytest.mark.parametrize("logger_of", [structlog.get_logger, logging.getLogger], ids=["ours", "standard"])
async def test_no_other_line_waits_or_comes_before(gateway, capsys: pytest.CaptureFixture[str], logger_of: Any) -> None:
    logs.configure(as_json=True, patience_s=60)
    await gateway.ask("query First { hello }")
    logger_of("ventanilla.lobby").warning("database unavailable")

    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["request", "database unavailable"]


async def test_a_line_that_cannot_be_formatted_is_told_and_fails_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    logging.getLogger("library").warning("%d of them", "some")

    assert "--- Logging error ---" in capsys.readouterr().err


async def test_what_waits_is_written_at_the_end_of_the_process(tmp_path: Path) -> None:
    program = """
        import asyncio, sys
        from ventanilla.gateway import logs
        async def main():
            logs.configure(as_json=True, patience_s=60)
            logs.requests.tell({"operation": "Last"})
        asyncio.run(main())
    """
    ended = await asyncio.create_subprocess_exec(
        sys.executable, "-c", dedent(program), stderr=asyncio.subprocess.PIPE, cwd=tmp_path
    )

    (line,) = lines((await ended.communicate())[1].decode())
    assert line["operation"] == "Last"
