"""The command line: ``ventanilla-export csv | parquet | sync``."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer

from ventanilla_export.access import Access, access_of
from ventanilla_export.csv_files import write_csv
from ventanilla_export.files import Output, Write, export_files, since_of
from ventanilla_export.filters import where_of
from ventanilla_export.nouns import NOUNS, Noun, NounName
from ventanilla_export.parquet_files import arrow, write_parquet
from ventanilla_export.patience import Patience
from ventanilla_export.portal import Portal
from ventanilla_export.pulling import Wish
from ventanilla_export.syncing import sync
from ventanilla_export.telling import Telling, telling_of
from ventanilla_export.troubles import ExportError, NotSupportedError

STOPPED: Final = 130
"""The exit status of who was stopped by Ctrl-C or SIGTERM."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Export what a Ventanilla portal knows: to CSV, to Parquet, or into a SQLite database kept up to date."
    " An export that was stopped goes on with the same command. Exit status: 0 done, 1 come again later, 2 mend"
    " something first, 130 stopped.",
)

Url = Annotated[str, typer.Option(envvar="VENTANILLA_EXPORT_URL", help="The portal's address.", show_default=False)]
Client = Annotated[
    str, typer.Option(envvar="VENTANILLA_EXPORT_CLIENT", help="The program's client id.", show_default=False)
]
SecretFile = Annotated[
    Path,
    typer.Option(envvar="VENTANILLA_EXPORT_SECRET_FILE", help="A file with the program's secret.", show_default=False),
]
Out = Annotated[Path, typer.Argument(help="The file to write.", show_default=False)]
What = Annotated[NounName, typer.Argument(help="What to export.", show_default=False)]
Where = Annotated[
    list[str] | None,
    typer.Option("--filter", help="Only some: status=OPEN,OVERDUE or issuedFrom=2026-01-01; may be repeated."),
]
Offices = Annotated[
    list[str] | None, typer.Option("--office", help="Only what this back office keeps; may be repeated.")
]
Bare = Annotated[bool, typer.Option("--without-parts", help="Leave out lines, allocations and values.")]
Since = Annotated[
    str | None,
    typer.Option(help="Only what changed since: the .cursor file of an earlier export, or the cursor itself."),
]
PageSize = Annotated[int, typer.Option(min=1, max=1_000, help="How many changes are asked for at once.")]
Wait = Annotated[
    float, typer.Option("--patience", min=0, help="Seconds that pauses in a row may take while the portal fails.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Begin anew, whatever an export that was stopped has left.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell nothing but mistakes.")]
Delimiter = Annotated[str, typer.Option(help="What separates cells: a comma, a semicolon or a tab.")]

_PATIENCE_S = 600.0


@app.command()
def csv(
    noun: What,
    out: Out,
    *,
    url: Url,
    client: Client,
    secret_file: SecretFile,
    where: Where = None,
    offices: Offices = None,
    bare: Bare = False,
    since: Since = None,
    delimiter: Delimiter = ",",
    page_size: PageSize = 1_000,
    patience: Wait = _PATIENCE_S,
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Write CSV files that spreadsheets can open; lines, allocations and values go into a second file."""
    if delimiter not in {",", ";", "\t"}:
        raise typer.BadParameter("it is a comma, a semicolon or a tab", param_hint="--delimiter")
    output = Output(out)
    with _told(f"What came is kept in {output.work}"):
        kept = where_of(NOUNS[noun], where or [])
        wish = Wish(_noun(noun, bare=bare), kept, tuple(offices or ()), since_of(since), page_size)
        asker = Asker(access_of(url, client, secret_file), patience, telling_of(quiet=quiet))
        _export(asker, wish, output, partial(write_csv, delimiter=delimiter), fresh=fresh, quiet=quiet)


@app.command()
def parquet(
    noun: What,
    out: Out,
    *,
    url: Url,
    client: Client,
    secret_file: SecretFile,
    where: Where = None,
    offices: Offices = None,
    bare: Bare = False,
    since: Since = None,
    page_size: PageSize = 1_000,
    patience: Wait = _PATIENCE_S,
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Write Parquet files with exact types; lines, allocations and values go into a second file."""
    output = Output(out)
    with _told(f"What came is kept in {output.work}"):
        arrow()
        kept = where_of(NOUNS[noun], where or [])
        wish = Wish(_noun(noun, bare=bare), kept, tuple(offices or ()), since_of(since), page_size)
        asker = Asker(access_of(url, client, secret_file), patience, telling_of(quiet=quiet))
        _export(asker, wish, output, write_parquet, fresh=fresh, quiet=quiet)


@app.command(name="sync")
def sync_command(
    database: Annotated[Path, typer.Argument(help="The SQLite file; made if it is not there.", show_default=False)],
    nouns: Annotated[
        list[NounName] | None, typer.Argument(help="What to keep; everything that the manager has, unless said.")
    ] = None,
    *,
    url: Url,
    client: Client,
    secret_file: SecretFile,
    offices: Offices = None,
    bare: Bare = False,
    page_size: PageSize = 1_000,
    patience: Wait = _PATIENCE_S,
    quiet: Quiet = False,
) -> None:
    """Bring a SQLite database up to date: run it every night, and only what changed is asked for."""
    with _told(f"What came is kept in {database}"):
        asker = Asker(access_of(url, client, secret_file), patience, telling_of(quiet=quiet))
        lacking: list[str] = []
        with asker.portal() as portal:
            for name in dict.fromkeys(nouns or NOUNS):
                wish = Wish(_noun(name, bare=bare), {}, tuple(offices or ()), page_size=page_size)
                try:
                    _say(sync(portal, database, wish, asker.telling, optional=not nouns).text, quiet=quiet)
                except NotSupportedError as error:
                    # The others are brought up to date all the same; a gap is told at the end, never passed over.
                    lacking.append(str(error))
        if lacking:
            raise NotSupportedError("\n".join([*lacking, "Name the nouns that are wanted, to be told of no others"]))


@dataclass(frozen=True)
class Asker:
    """How the portal is asked."""

    access: Access
    patience_s: float
    telling: Telling

    def portal(self) -> Portal:
        """A connection, to be opened by ``with``."""
        return Portal(self.access, Patience(self.patience_s, self.telling))


def _noun(name: NounName, *, bare: bool) -> Noun:
    return NOUNS[name].without_parts() if bare else NOUNS[name]


def _export(asker: Asker, wish: Wish, output: Output, write: Write, *, fresh: bool, quiet: bool) -> None:
    output.check()
    if fresh:
        output.forget()
    with asker.portal() as portal:
        done = export_files(portal, wish, output, write, asker.telling)
    for path, rows in done.files.items():
        _say(f"{path}: {rows:,} rows", quiet=quiet)


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(text)


@contextmanager
def _told(kept: str) -> Generator[None]:
    """Tell what went wrong in one sentence, and go with the status that says what to do."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except ExportError as error:
        typer.echo(f"{str(error).rstrip('.')}.", err=True)
        raise typer.Exit(error.status) from error
    except (OSError, sqlite3.Error) as error:
        typer.echo(f"This machine cannot go on: {error}.", err=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        typer.echo(f"Stopped. {kept}: the same command goes on from there.", err=True)
        raise typer.Exit(STOPPED) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Take SIGTERM for Ctrl-C: both end in order."""
    raise KeyboardInterrupt


def main() -> None:
    """Run the program."""
    sys.exit(app())
