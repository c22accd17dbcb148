import json
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.gateway.demo.process import PORTS, PROGRAM, Demo, free_ports, running
from tests.gateway.stock import demo_data


@pytest.fixture(scope="module")
def data(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(demo_data(shared_folder), copied)
    return copied


@pytest.fixture(scope="module")
def demo(data: Path) -> Iterator[Demo]:
    with running(data, free_ports()) as running_demo:
        yield running_demo


def test_says_where_and_as_whom_and_then_that_it_is_ready(demo: Demo) -> None:
    assert demo.printed.splitlines()[-1].startswith("ready")
    for told in (f"http://aguas.localhost:{demo.port}", f"http://127.0.0.1:{demo.port + 3}", "marta@", str(demo.data)):
        assert told in demo.printed


def test_every_portal_answers_by_name_and_by_port(demo: Demo) -> None:
    names = [demo.ask(demo.port + index, "{ portal { name } }") for index in (1, 2, 3)]
    by_name = [
        demo.ask(demo.port, "{ portal { name } }", host=f"{slug}.localhost:{demo.port}")
        for slug in ("aguas", "inmobiliaria", "osiedle")
    ]

    assert names == by_name
    assert len({str(name) for name in names}) == 3


def test_the_start_page_names_no_other_host(demo: Demo) -> None:
    for host in (f"localhost:{demo.port}", f"127.0.0.1:{demo.port}"):
        page = demo.get(host)
        assert page.status_code == 200
        assert page.text.count("<article") == 3
        assert "src=" not in page.text
        assert "Payments are simulated" in page.text
        assert f"http://localhost:{demo.port}/pay/wompi/" in page.text
    assert demo.get(f"localhost:{demo.port}", "/other").status_code == 404
    assert demo.get(f"localhost:{demo.port}", "/pay/nobody/").status_code == 404
    assert demo.get(f"aguas.localhost:{demo.port}", "/pay/mercado_pago/").status_code == 404
    assert demo.get(f"localhost:{demo.port}", "/healthz").json() == {"status": "ok"}


def test_two_hosts_in_one_request_are_refused(demo: Demo) -> None:
    with socket.create_connection(("127.0.0.1", demo.port)) as connection:
        connection.sendall(b"GET /graphiql HTTP/1.1\r\nHost: aguas.localhost\r\nHost: osiedle.localhost\r\n\r\n")
        head = connection.recv(65_536)

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nserver:" not in head.lower()


@pytest.mark.parametrize(
    "lengths", [b"Content-Length: 2\r\nContent-Length: 40\r\n", b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"]
)
def test_no_request_can_be_smuggled_in_another(demo: Demo, lengths: bytes) -> None:
    inner = b"GET /healthz HTTP/1.1\r\nHost: x.example\r\n\r\n"
    head = b"POST /graphql HTTP/1.1\r\nHost: aguas.localhost\r\nContent-Type: application/json\r\n" + lengths
    with socket.create_connection(("127.0.0.1", demo.port)) as connection:
        connection.settimeout(10)
        connection.sendall(head + b"\r\n{}" + inner)
        answered = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.startswith(b"HTTP/1.1 400 ")


def test_an_endless_body_is_refused_while_it_comes(demo: Demo) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: aguas.localhost\r\nContent-Type: application/json\r\n"
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", demo.port)) as connection:
        connection.settimeout(10)
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 17)
        answered = connection.recv(65_536)

    assert answered.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answered


def test_a_taken_port_is_told_and_changes_nothing(demo: Demo, tmp_path: Path) -> None:
    command = [PROGRAM, "demo", "--port", str(demo.port + 1), "--data", str(tmp_path / "other")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert result.returncode == 1
    assert result.stderr == (
        f"ventanilla: Port {demo.port + 1} is taken. Stop what listens there, or choose another: "
        f"--port {demo.port + 1 + PORTS}\n"
    )
    assert not (tmp_path / "other").exists()


def test_a_folder_serves_one_demo_at_a_time(demo: Demo) -> None:
    command = [PROGRAM, "demo", "--port", str(free_ports()), "--data", str(demo.data)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert result.returncode == 1
    assert "Another demo runs on" in result.stderr


def test_a_folder_that_is_somebodys_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "offices").mkdir()
    (tmp_path / "offices" / "lease.txt").write_text("mine")
    command = [PROGRAM, "demo", "--port", str(free_ports()), "--data", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert result.returncode == 1
    assert "is not the demo's" in result.stderr
    assert (tmp_path / "offices" / "lease.txt").read_text() == "mine"


def test_stops_at_once_though_clients_stay_and_starts_again_as_it_was(demo: Demo) -> None:
    idle = socket.create_connection(("127.0.0.1", demo.port))
    half = socket.create_connection(("127.0.0.1", demo.port + 1))
    with idle, half:
        half.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        assert demo.stop() == 0
    kept = json.loads((demo.data / "demo.json").read_text())

    # Another port: the managers' addresses follow it, the data stay.
    with running(demo.data, free_ports()) as again:
        assert again.ask(again.port + 1, "{ portal { name } }")
        assert f"127.0.0.1:{again.port + 1}" in again.printed
        assert again.stop(signal.SIGINT) == 0
    assert json.loads((demo.data / "demo.json").read_text()) == kept


def test_everything_lies_in_the_folder(data: Path) -> None:
    expected = {"demo.json", "demo.lock", "gateway.sqlite", "offices", "payments", "secret"}

    assert {path.name for path in data.iterdir()} - {"gateway.sqlite-wal", "gateway.sqlite-shm"} == expected


def test_an_old_demo_says_so(data: Path) -> None:
    old = (datetime.now(UTC) - timedelta(days=60)).date()
    note = json.loads((data / "demo.json").read_text())
    (data / "demo.json").write_text(json.dumps({**note, "anchor": old.isoformat()}))
    with running(data, free_ports()) as demo:
        assert "ventanilla demo --fresh" in demo.printed
        assert demo.stop() == 0


def test_a_demo_of_another_edition_is_written_anew(data: Path) -> None:
    (data / "offices" / "relic").mkdir()
    note = json.loads((data / "demo.json").read_text())
    (data / "demo.json").write_text(json.dumps({**note, "edition": "another"}))
    with running(data, free_ports()) as demo:
        assert demo.stop() == 0

    assert not (data / "offices" / "relic").exists()
    assert json.loads((data / "demo.json").read_text())["edition"] == note["edition"]
