"""A trial file: what the kit must know of a platform, as TOML, for ``ventanilla platform check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ventanilla.backoffice_adapters.conformance.trial import TrialError, named, read_as
from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.payments.conformance.harness import Harness
from ventanilla.payments.registry import PlatformRegistry


class PlatformTrial(Configuration):
    """The keys of a trial file."""

    configuration: dict[str, Any] = {}
    """As under ``[payments.configuration]`` in a manager's file: secrets are ``env:NAME`` or ``file:PATH``."""
    forge: str = ""
    """``module:function``: makes the platform's other side (`harness.Forge`), called with the configuration."""

    def harness(self, name: str, registry: PlatformRegistry) -> Harness:
        """What the kit works with; raise `RegistryError`, `SecretError` or `TrialError` if that cannot be had."""
        plugin = registry.get(name)
        registry.configure(name, self.configuration)
        if not self.forge:
            raise TrialError("forge: is missing; write module:function that makes the platform's other side")
        return Harness(plugin=plugin, configuration=self.configuration, forge=named("forge", self.forge))


def read_platform_trial(path: Path) -> PlatformTrial:
    """Read a trial file; raise `TrialError` if it is none."""
    return read_as(PlatformTrial, path)
