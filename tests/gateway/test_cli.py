import re
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.gateway.demo.process import PROGRAM
from tests.gateway.stock import MANAGER, gateway_data

ROLES = Path(__file__).parents[2] / "schema" / "ROLES.md"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def begin(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"VENTANILLA_DATA": str(tmp_path / "data"), "PATH": "/usr/bin:/bin", **environment}
        return subprocess.run(
            [PROGRAM, *arguments], env=variables, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
        )

    return begin


@pytest.fixture
def with_manager(shared_folder: Path, tmp_path: Path) -> None:
    """There are tables and the manager `aguas`."""
    shutil.copytree(gateway_data(shared_folder), tmp_path / "data")


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    return line


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")

    assert result.returncode == 0
    for command in ("demo", "serve", "migrate", "schema", "roles", "manager", "adapter", "platform"):
        assert command in result.stdout


def test_the_role_table_is_printed(run: Run) -> None:
    result = run("roles")

    assert result.returncode == 0
    assert result.stdout == ROLES.read_text("utf-8")


def test_wrong_usage_is_status_2(run: Run) -> None:
    assert run("serve", "--port", "0").returncode == 2


def test_serving_before_migrating_says_what_to_do(run: Run) -> None:
    assert "ventanilla migrate" in one_line(run("serve", "--port", "1"))


def test_a_manager_comes_in_by_its_file(run: Run) -> None:
    assert run("migrate").returncode == 0
    assert run("migrate").returncode == 0
    assert "is in order" in run("manager", "check", MANAGER).stdout
    assert run("manager", "list").stdout == ""
    assert "aguas.localhost" in run("manager", "add", MANAGER).stdout
    assert run("manager", "list").stdout.startswith("aguas: ")


def paying(folder: Path, tables: str) -> Path:
    """The manager's file with other tables of payments."""
    parts = re.split(r"(?m)^(?=\[)", MANAGER.read_text("utf-8"))
    file = folder / "paying.toml"
    file.write_text("".join([part for part in parts if not part.startswith("[payments")]) + tables, encoding="utf-8")
    return file


PAYING = """
[payments]
platform = "mercado_pago"
[payments.configuration]
access_token = "env:NOT_READ_BY_CHECK"
webhook_secret = "env:NOT_READ_BY_CHECK"
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("", ""), ""),
        (("mercado_pago", "payu"), "no platform is called 'payu'; install its package or choose one of: autopay"),
        (("access_token", "acces_token"), "did you mean 'access_token'?"),
        (("env:NOT_READ_BY_CHECK", "hush"), "a secret must not stand in the file"),
        (('"mercado_pago"', '"wompi"'), "'access_token'"),
    ],
)
def test_where_people_pay_is_checked(run: Run, tmp_path: Path, change: tuple[str, str], told: str) -> None:
    result = run("manager", "check", paying(tmp_path, PAYING.replace(*change)))
    assert "is in order" in result.stdout if not told else told in one_line(result)


def test_a_platform_takes_the_managers_currency(run: Run, tmp_path: Path) -> None:
    keys = ("private_key", "integrity_secret", "events_secret")
    settings = "".join(f'{key} = "env:X"\n' for key in keys)
    choice = f'\n[payments]\nplatform = "wompi"\n[payments.configuration]\npublic_key = "p"\n{settings}'
    told = one_line(run("manager", "check", paying(tmp_path, choice)))
    assert "'wompi' takes no ARS, only COP; choose another" in told


def test_platforms_are_listed(run: Run) -> None:
    lines = run("platform", "list").stdout.splitlines()
    assert "wompi 1.0: Wompi (COP; STATUS)" in lines
    assert [line.split()[0] for line in lines] == ["autopay", "mercado_pago", "wompi"]


def test_a_wrong_file_is_told_line_by_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(MANAGER.read_text("utf-8").replace('currency = "ARS"', 'curency = "ARS"'), encoding="utf-8")
    result = run("manager", "check", file)

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert all(line.startswith("ventanilla: ") for line in result.stderr.splitlines())
    assert "currency" in result.stderr


QUERIES = Path(__file__).parents[2] / "examples" / "queries"


@pytest.mark.usefixtures("with_manager")
def test_documents_are_stored_listed_and_removed(run: Run, tmp_path: Path) -> None:
    assert "manager documents add" in run("manager", "documents", "list", "aguas").stderr
    windows = tmp_path / "windows.graphql"
    windows.write_bytes(b"{ portal { name } }\r\n")
    files = sorted([*QUERIES.glob("*.graphql"), windows], key=lambda file: file.name)

    added = run("manager", "documents", "add", "aguas", *files)
    *told, summary = added.stdout.splitlines()
    assert told == [f"sha256:{sha256(file.read_bytes()).hexdigest()} {file.name}" for file in files]
    assert summary.endswith(f"{len(files)} of them new.")
    assert run("manager", "documents", "add", "aguas", windows).stdout.endswith("0 of them new.\n")
    assert run("manager", "documents", "list", "aguas").stdout.splitlines() == told

    assert run("manager", "documents", "remove", "aguas", told[0].split()[0]).stdout.startswith("1 of 1")
    assert run("manager", "documents", "list", "aguas").stdout.splitlines() == told[1:]
    assert "'nobody'" in one_line(run("manager", "documents", "list", "nobody"))


WRONG_DOCUMENTS = {
    "syntax": ("{ portal {", ":1:11: Syntax Error"),
    "unknown field": ("{\n  portal { nam } }", ":2:12: Cannot query field 'nam'"),
    "limits": (
        "{ " + " ".join(f"a{number}: portal {{ name }}" for number in range(40)) + " }",
        ": The document has 40",
    ),
    "cost": (
        (
            "query Dear { viewer { accounts(first: 100) { nodes { invoices(first: 100) { nodes { id } } "
            "payments(first: 100) { nodes { allocations { payment { id } } } } } } } }"
        ),
        ": Dear costs",
    ),
    "encoding": (b"{ \xff }", "is not UTF-8"),
    "no file": (None, "No such file"),
}


@pytest.mark.usefixtures("with_manager")
@pytest.mark.parametrize(("text", "words"), WRONG_DOCUMENTS.values(), ids=WRONG_DOCUMENTS.keys())
def test_a_document_that_could_not_be_run_is_not_stored(
    run: Run, tmp_path: Path, text: str | bytes | None, words: str
) -> None:
    wrong = tmp_path / "wrong.graphql"
    if text is not None:
        wrong.write_bytes(text.encode() if isinstance(text, str) else text)
    result = run("manager", "documents", "add", "aguas", QUERIES / "portal.graphql", wrong)

    assert result.returncode == 1
    assert f"{wrong}" in result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert run("manager", "documents", "list", "aguas").stdout == ""


def test_an_office_without_an_adapter_is_told(run: Run) -> None:
    assert "embedded" in one_line(run("manager", "check", MANAGER, VENTANILLA_ADAPTERS="files"))


def test_a_wrong_setting_is_told(run: Run) -> None:
    assert "VENTANILLA_BODY_LIMIT" in one_line(run("migrate", VENTANILLA_BODY_LIMIT="some"))


def test_a_wrong_database_is_told(run: Run) -> None:
    assert "sqlite" in one_line(run("migrate", VENTANILLA_DATABASE_URL="oracle://x"))


def test_a_data_folder_that_cannot_be_used_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert "VENTANILLA_DATA" in one_line(run("migrate", VENTANILLA_DATA=str(tmp_path / "file")))


def test_a_secret_that_others_may_read_is_told_before_anything_listens(run: Run, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    secret = tmp_path / "data" / "secret"
    secret.write_text("9f8e7d6c5b4a39281706f5e4d3c2b1a0\n", encoding="utf-8")
    secret.chmod(0o644)

    assert "chmod 600" in one_line(run("serve", "--port", "1"))


def test_adapters_are_listed(run: Run) -> None:
    result = run("adapter", "list")

    assert {line.split()[0] for line in result.stdout.splitlines()} >= {"embedded", "files"}


def test_the_schema_is_printed_and_compared(run: Run, tmp_path: Path) -> None:
    printed = run("schema").stdout
    file = tmp_path / "schema.graphql"
    file.write_text(printed, encoding="utf-8")
    assert run("schema", "--check", file).returncode == 0

    file.write_text(printed.replace("type Query", "type Inquiry"), encoding="utf-8")
    result = run("schema", "--check", file)
    assert result.returncode == 1
    assert "-type Inquiry" in result.stdout
    assert "No such file" in one_line(run("schema", "--check", tmp_path / "none.graphql"))
