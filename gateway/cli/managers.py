"""``ventanilla manager``: check, add and list managers, and store documents for them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventanilla.gateway.cli.stored_documents import stored_documents

if TYPE_CHECKING:
    from ventanilla.store.manager import Manager, PaymentChoice

managers = typer.Typer(help="Check, add and list managers.", no_args_is_help=True)
managers.add_typer(stored_documents, name="documents")
File = Annotated[Path, typer.Argument(help="The manager's TOML file.", show_default=False)]


@managers.command()
def check(file: File) -> None:
    """Check a manager's file without touching anything; status 1 if something is wrong with it."""
    manager = _checked(file)
    typer.echo(f"{file}: {manager.name} ({manager.slug}) is in order.")


@managers.command()
def add(file: File) -> None:
    """Add a manager from its file, or bring a known one to what the file says now."""
    from ventanilla.gateway.cli.serving import with_store  # noqa: PLC0415  only when it runs
    from ventanilla.store.managers import add as add_manager  # noqa: PLC0415  only when it runs

    manager = _checked(file)
    asyncio.run(with_store(lambda store: add_manager(store, manager, source=file.name)))
    typer.echo(f"{manager.name} ({manager.slug}) is served at {', '.join(manager.hosts)}.")


@managers.command("list")
def list_managers() -> None:
    """List the managers that are served, with their hosts and offices."""
    from ventanilla.gateway.cli.serving import all_managers, with_store  # noqa: PLC0415  only when it runs

    found = asyncio.run(with_store(all_managers))
    for manager in found:
        offices = ", ".join(f"{name} ({choice.adapter})" for name, choice in manager.offices.items())
        typer.echo(f"{manager.slug}: {manager.name}; hosts {', '.join(manager.hosts)}; offices {offices}")
    if not found:
        typer.echo("No manager is served yet. Add one with: ventanilla manager add FILE", err=True)


def _checked(file: Path) -> Manager:
    from ventanilla.backoffice_adapters.registry import Registry  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.settings import load  # noqa: PLC0415  only when it runs
    from ventanilla.store.manager_file import read_manager  # noqa: PLC0415  only when it runs

    manager = read_manager(file)
    registry = Registry.discover(load().adapters)
    for choice in manager.offices.values():
        registry.check(choice.adapter, choice.configuration)
    if manager.payments:
        _check_payments(manager.payments, manager.currency)
    return manager


def _check_payments(choice: PaymentChoice, currency: str) -> None:
    """Raise what is wrong with where people pay."""
    from ventanilla.gateway.mistake import MistakeError  # noqa: PLC0415  only when it runs
    from ventanilla.payments.registry import PlatformRegistry  # noqa: PLC0415  only when it runs

    registry = PlatformRegistry.discover()
    registry.check(choice.platform, choice.configuration)
    taken = registry.manifest(choice.platform).limits
    if currency not in taken:
        names = ", ".join(sorted(taken))
        raise MistakeError(f"payments.platform: {choice.platform!r} takes no {currency}, only {names}; choose another")
