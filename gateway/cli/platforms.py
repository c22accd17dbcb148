"""``ventanilla platform``: list the payment platforms and put one on trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

platforms = typer.Typer(help="Look at the payment platforms of this installation, and try one.", no_args_is_help=True)


@platforms.command("list")
def list_platforms() -> None:
    """List the platforms that are installed, and why one cannot be used."""
    from ventanilla.payments.registry import PlatformRegistry  # noqa: PLC0415  only when it runs

    for each in PlatformRegistry.discover().listings():
        if each.manifest is None:
            typer.echo(f"{each.name}: cannot be used: {each.reason}")
            continue
        currencies, able = ", ".join(sorted(each.manifest.limits)), ", ".join(sorted(each.manifest.capabilities))
        typer.echo(f"{each.name} {each.manifest.version}: {each.manifest.title} ({currencies}; {able})")


@platforms.command()
def check(
    name: Annotated[str, typer.Argument(help="The platform, as `platform list` shows it.", show_default=False)],
    config: Annotated[
        Path, typer.Argument(help="Trial file: TOML with `forge` and a table `configuration`.", show_default=False)
    ],
) -> None:
    """Ask a platform for the contract's promises, against its other side; status 1 if one is broken."""
    from ventanilla.gateway.cli.platform_trial import try_platform  # noqa: PLC0415  only when it runs

    if not try_platform(name, config):
        raise typer.Exit(1)
