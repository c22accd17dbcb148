"""A trial file: what the kit must know of an adapter, as TOML, for ``ventanilla adapter check`` and for pytest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ventanilla.backoffice_adapters.conformance.bench import Harness, as_it_is, fill_directly
from ventanilla.backoffice_adapters.contract import Configuration
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.backoffice_adapters.registry import Registry

T = TypeVar("T", bound=Configuration)


class TrialError(Exception):
    """A trial cannot be made of what was given; the message says where and what to do."""


class Trial(Configuration):
    """The keys of a trial file. All may be left out, where the office needs no configuration."""

    adapter: str = ""
    """The entry point's name. pytest needs it here; the command is told it."""
    licence: Licence | None = None
    """What the reference accounts are written for; None: the first that the manifest serves."""
    currency: str = "PLN"
    configuration: dict[str, Any] = {}
    """As under ``[offices.NAME.configuration]`` in a manager's file: secrets are ``env:NAME`` or ``file:PATH``."""
    other_configuration: dict[str, Any] | None = None
    """The second manager's, where two offices of one configuration would share their data."""
    broken: dict[str, Any] | None = None
    """A configuration that must not open."""
    fill: str = ""
    """``module:function``, for an office without a `fill` of its own; called with the open office and a `Book`."""
    adapt: str = ""
    """``module:function``: what is left of a `Book` where the office cannot express all of it."""
    writable: bool = True
    """Whether an office that is filled may be written to besides: payments are posted, and the book is put back."""
    scratch: bool = False
    """For pytest: this office holds nothing of worth and may be overwritten."""

    def harness(self, registry: Registry) -> Harness:
        """What the kit works with; raise `RegistryError`, `SecretError` or `TrialError` if that cannot be had."""
        if not self.adapter:
            raise TrialError("adapter: is missing; name the adapter as `ventanilla adapter list` shows it")
        adapter = registry.get(self.adapter)
        for settings in (self.configuration, self.other_configuration):
            if settings is not None:
                registry.check(self.adapter, settings)
        fill = named("fill", self.fill) if self.fill else fill_directly
        return Harness(
            adapter=adapter,
            configuration=self.configuration,
            other_configuration=self.other_configuration,
            licence=self._licence(adapter.manifest.licences),
            currency=self.currency,
            fill=fill,
            insert=fill,
            adapt=named("adapt", self.adapt) if self.adapt else as_it_is,
            writable=self.writable,
            broken=self.broken,
        )

    def _licence(self, served: frozenset[Licence]) -> Licence:
        licence = self.licence or min(served, default=None)
        if licence is None or licence not in served:
            names = ", ".join(sorted(served)) or "none"
            raise TrialError(f"licence: adapter {self.adapter!r} does not serve {licence}; its manifest says: {names}")
        return licence


def read_trial(path: Path) -> Trial:
    """Read a trial file; raise `TrialError` if it is none."""
    return read_as(Trial, path)


def read_as(kind: type[T], path: Path) -> T:
    """Read a trial file of some kind; raise `TrialError` if it is none."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), kind)
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); check the path and who may read it"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
    except msgspec.ValidationError as error:
        problem = f"{error}; known keys are {', '.join(kind.__struct_fields__)}"
    raise TrialError(f"{path}: {problem}")


def named(key: str, name: str) -> Callable[..., Any]:
    """The function that ``module:function`` names."""
    module, _, function = name.partition(":")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        problem = f"{key}: {name!r} cannot be imported ({error}); write module:function and install what holds it"
        raise TrialError(problem) from error
    if not callable(found):
        raise TrialError(f"{key}: {name!r} is a {type(found).__name__}; name a function")
    return found
