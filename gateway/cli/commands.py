"""The commands of ``ventanilla``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ventanilla.gateway.cli.adapters import adapters
from ventanilla.gateway.cli.clients import clients
from ventanilla.gateway.cli.managers import managers
from ventanilla.gateway.cli.payments import payments
from ventanilla.gateway.cli.people import people
from ventanilla.gateway.cli.platforms import platforms

app = typer.Typer(
    name="ventanilla",
    help="One GraphQL window in front of every back office of a property, community or utility manager.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(managers, name="manager")
app.add_typer(adapters, name="adapter")
app.add_typer(platforms, name="platform")
app.add_typer(payments, name="payments")
app.add_typer(clients, name="client")
app.add_typer(people, name="person")

Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65_000, help="First port; each manager gets one of the ports after it.")
    ] = 8000,
    data: Annotated[Path, typer.Option(help="Folder that holds everything the demo keeps.")] = Path("data"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo's data away and begin again.")] = False,
) -> None:
    """Run a complete demo: managers, people and their papers on this machine."""
    from ventanilla.gateway.demo.run import run_demo  # noqa: PLC0415  only when it runs

    run_demo(port, data, fresh=fresh)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Port = 8000,
    fd: Annotated[
        int | None, typer.Option(min=3, help="Listening socket inherited from the parent, instead of host and port.")
    ] = None,
    grace: Annotated[
        int, typer.Option(min=1, max=300, help="Seconds that requests under way may still take after SIGTERM.")
    ] = 10,
) -> None:
    """Serve every manager. Settings come from VENTANILLA_ variables of the environment."""
    from ventanilla.gateway.cli.serving import serve as serve_gateway  # noqa: PLC0415  only when it runs

    serve_gateway(host, port, descriptor=fd, grace_s=grace)


@app.command()
def worker() -> None:
    """Send letters, write invitations and see to money, beside servers with VENTANILLA_WORKER=false or on its own.

    Same settings as `serve`.
    """
    from ventanilla.gateway.cli.letters import send_letters  # noqa: PLC0415  only when it runs

    send_letters()


@app.command()
def letters(
    manager: Annotated[str, typer.Argument(help="The manager's short name.", show_default=False)],
    retry: Annotated[bool, typer.Option("--retry", help="Let the letters that were given up be sent again.")] = False,
) -> None:
    """Tell how a manager's letters fare: how many wait, were sent or failed, and why the latest did."""
    from ventanilla.gateway.cli.letters import tell_letters  # noqa: PLC0415  only when it runs

    tell_letters(manager, retry=retry)


@app.command()
def migrate() -> None:
    """Bring the database's tables to this release."""
    from ventanilla.gateway.cli.serving import migrate as migrate_store  # noqa: PLC0415  only when it runs

    migrate_store()
    typer.echo("The database has this release's tables.")


@app.command()
def roles() -> None:
    """Print who is answered what: scope, licences and capability of each field, and who is let in, in Markdown."""
    from ventanilla.gateway.cli.sdl import role_table  # noqa: PLC0415  only when it runs

    typer.echo(role_table(), nl=False)


@app.command()
def schema(
    check: Annotated[
        Path | None, typer.Option(help="Compare with this file instead of printing; status 1 if they differ.")
    ] = None,
) -> None:
    """Print the schema in GraphQL's schema language."""
    from ventanilla.gateway.cli.sdl import difference, sdl  # noqa: PLC0415  only when it runs

    if check is None:
        typer.echo(sdl(), nl=False)
        return
    lines = difference(check)
    if lines:
        typer.echo(lines, nl=False)
        typer.echo(f"{check} is not the schema of this code. Write it with: ventanilla schema > {check}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{check} is the schema of this code.")
