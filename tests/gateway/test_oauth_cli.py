"""``ventanilla client``: what is printed once, what is listed, and what cannot be."""

import shutil
from pathlib import Path

import pytest

from tests.gateway.stock import gateway_data
from tests.gateway.test_cli import Run, one_line, run

__all__ = ["run"]


@pytest.fixture(autouse=True)
def with_manager(shared_folder: Path, tmp_path: Path) -> None:
    """There are tables and the manager `aguas`."""
    shutil.copytree(gateway_data(shared_folder), tmp_path / "data")


def test_a_client_is_added_listed_rotated_and_revoked(run: Run) -> None:
    assert "client add" in run("client", "list", "aguas").stderr
    added = run("client", "add", "aguas", "Planilla", "--scope", "invoices:read", "--scope", "accounts:read")
    assert added.returncode == 0, added.stderr
    told = dict(line.split() for line in added.stdout.splitlines())
    assert told["client_secret"].startswith("vc_")

    listed = run("client", "list", "aguas").stdout
    assert listed == f"{told['client_id']} secret  used never: Planilla; accounts:read invoices:read\n"
    rotated = dict(line.split() for line in run("client", "rotate", "aguas", told["client_id"]).stdout.splitlines())
    assert rotated["client_id"] == told["client_id"]
    assert rotated["client_secret"] != told["client_secret"]
    assert run("client", "rotate", "aguas", told["client_id"], "--now").returncode == 0

    assert "is revoked" in run("client", "revoke", "aguas", told["client_id"]).stdout
    assert " revoked used never: " in run("client", "list", "aguas").stdout
    assert "was revoked" in one_line(run("client", "rotate", "aguas", told["client_id"]))


def test_a_public_client_has_no_secret(run: Run) -> None:
    back = "https://app.example/back"
    added = run("client", "add", "aguas", "App", "--scope", "accounts:read", "--redirect", back, "--public")

    assert added.stdout.split()[0] == "client_id"
    assert "secret" not in added.stdout
    assert run("client", "list", "aguas").stdout.endswith(f"App; accounts:read; {back}\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("aguas", "X", "--scope", "all"), "scopes are accounts:read"),
        (("aguas", "X", "--scope", "accounts:read", "--public"), "name where they are sent back to"),
        (("aguas", "X", "--scope", "accounts:read", "--redirect", "http://app.example"), "is no redirect URI"),
        (
            ("aguas", "X", "--scope", "invoices:export", "--redirect", "https://app.example/back"),
            "register another program without redirect URIs for it",
        ),
        (("nobody", "X", "--scope", "accounts:read"), "nobody"),
    ],
)
def test_what_cannot_be_added_is_one_line(run: Run, arguments: tuple[str, ...], told: str) -> None:
    assert told in one_line(run("client", "add", *arguments))
