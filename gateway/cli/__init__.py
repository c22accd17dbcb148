"""The command line. Commands import what they need when they run, so that ``--help`` answers at once."""

from __future__ import annotations

import sys

from ventanilla.gateway.cli.commands import app
from ventanilla.gateway.mistake import MistakeError


def main() -> None:
    """Run the command line: status 0 done, 1 an expected mistake told in a line, 2 wrong usage."""
    try:
        app()
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        for line in str(error).splitlines():
            sys.stderr.write(f"ventanilla: {line}\n")
        sys.exit(1)


def _expected() -> tuple[type[Exception], ...]:
    """Mistakes of whoever gave the command; anything else is a bug, whose traceback is wanted."""
    from ventanilla.auth.keys import WeakSecretError  # noqa: PLC0415  only once something failed
    from ventanilla.backoffice_adapters.plugins import RegistryError  # noqa: PLC0415  only once something failed
    from ventanilla.backoffice_adapters.secrets import SecretError  # noqa: PLC0415  only once something failed
    from ventanilla.store.engine import StoreError  # noqa: PLC0415  only once something failed
    from ventanilla.store.manager_file import ManagerFileError  # noqa: PLC0415  only once something failed
    from ventanilla.store.managers import HostTakenError, UnknownManagerError  # noqa: PLC0415  only once something failed

    return (
        MistakeError, WeakSecretError, RegistryError, SecretError, StoreError, ManagerFileError, HostTakenError,
        UnknownManagerError,
    )  # fmt: skip
