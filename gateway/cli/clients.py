"""``ventanilla client``: the programs that may ask for tokens at a manager."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from ventanilla.auth.clients import Client, Keyed
    from ventanilla.store.tenancy import Work

T = TypeVar("T")

clients = typer.Typer(help="Add, list, rotate and revoke programs that ask for tokens.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The manager's short name.", show_default=False)]
Id = Annotated[str, typer.Argument(help="The client's id, as `list` tells it.", show_default=False)]


@clients.command()
def add(
    slug: Slug,
    name: Annotated[str, typer.Argument(help="What people are told that it is called.", show_default=False)],
    scope: Annotated[
        list[str],
        typer.Option(
            help="What it may ask for; once for each scope. Those of `:export` are for programs of the manager's own.",
            show_default=False,
        ),
    ],
    redirect: Annotated[
        list[str] | None,
        typer.Option(help="Where people are sent back to, to the letter; none for a program of the manager's own."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="It runs on people's machines and can keep no secret.")
    ] = False,
) -> None:
    """Add a program; prints its id, and its secret this once."""
    from ventanilla.auth.clients import add as add_client  # noqa: PLC0415  only when it runs

    _tell(
        _within(
            slug,
            lambda work, now: add_client(
                work, name=name, scopes=scope, redirect_uris=redirect or (), public=public, now=now
            ),
        )
    )


@clients.command("list")
def list_clients(slug: Slug) -> None:
    """List a manager's programs, those that were revoked too."""
    from ventanilla.auth.clients import listing  # noqa: PLC0415  only when it runs

    found = _within(slug, lambda work, _now: listing(work))
    for client in found:
        typer.echo(_line(client))
    if not found:
        typer.echo(f"{slug} has none. Add one with: ventanilla client add {slug} NAME --scope …", err=True)


@clients.command()
def rotate(
    slug: Slug,
    client_id: Id,
    now: Annotated[bool, typer.Option("--now", help="End the former secret at once.")] = False,
) -> None:
    """Give a program another secret, printed this once; the former one is good for 24 hours more."""
    from ventanilla.auth.clients import rotate as rotate_client  # noqa: PLC0415  only when it runs

    _tell(_within(slug, lambda work, moment: rotate_client(work, client_id, now=moment, at_once=now)))


@clients.command()
def revoke(slug: Slug, client_id: Id) -> None:
    """End a program and all its tokens, at once and for good."""
    from ventanilla.auth.clients import revoke as revoke_client  # noqa: PLC0415  only when it runs

    _within(slug, lambda work, now: revoke_client(work, client_id, now=now))
    typer.echo(f"{client_id} is revoked: its tokens are good no longer.")


def _within(slug: str, act: Callable[[Work, datetime], Awaitable[T]]) -> T:
    """Do `act` in a unit of work of the manager; `MistakeError` for what cannot be done."""
    from ventanilla.auth.clients import ClientError  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.cli.working import within  # noqa: PLC0415  only when it runs

    return within(slug, act, ClientError)


def _tell(made: Keyed) -> None:
    typer.echo(f"client_id     {made.client.id}")
    if made.secret:
        typer.echo(f"client_secret {made.secret}")
        typer.echo("Keep the secret now: it is told this once.", err=True)


def _line(client: Client) -> str:
    kind = "revoked" if client.disabled_at else "public" if client.public else "secret"
    used = client.used_at.isoformat(timespec="minutes") if client.used_at else "never"
    told = (client.name, " ".join(client.scopes), " ".join(client.redirect_uris))
    return f"{client.id} {kind:<7} used {used}: {'; '.join(filter(None, told))}"
