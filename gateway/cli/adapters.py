"""``ventanilla adapter``: list the back-office adapters and put one on trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

adapters = typer.Typer(help="Look at the back-office adapters of this installation, and try one.", no_args_is_help=True)


@adapters.command("list")
def list_adapters() -> None:
    """List the adapters that are installed, and why one cannot be used."""
    from ventanilla.backoffice_adapters.registry import Registry  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.settings import load  # noqa: PLC0415  only when it runs

    for each in Registry.discover(load().adapters).listings():
        if each.manifest is None:
            typer.echo(f"{each.name}: cannot be used: {each.reason}")
            continue
        licences = ", ".join(sorted(each.manifest.licences))
        typer.echo(f"{each.name} {each.manifest.version}: {each.manifest.title} ({licences})")


@adapters.command()
def check(
    name: Annotated[str, typer.Argument(help="The adapter, as `adapter list` shows it.", show_default=False)],
    config: Annotated[
        Path | None,
        typer.Option(help="Trial file: TOML with a table `configuration`. May be left out."),
    ] = None,
    fill: Annotated[
        str, typer.Option(help="module:function that puts a book into an office without a `fill` of its own.")
    ] = "",
    scratch: Annotated[
        bool, typer.Option("--scratch", help="The office may be OVERWRITTEN: fill it, and ask for every promise.")
    ] = False,
) -> None:
    """Open an office and ask it for the contract's promises; status 1 if one is broken."""
    from ventanilla.gateway.cli.trial import try_adapter  # noqa: PLC0415  only when it runs

    if not try_adapter(name, config, fill, scratch=scratch):
        raise typer.Exit(1)
