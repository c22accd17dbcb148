"""The back-office adapters that are installed."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import CONTRACT, GROUP, Adapter, Manifest
from ventanilla.backoffice_adapters.plugins import PluginKind, Plugins


class Registry(Plugins[Adapter, Manifest]):
    """The adapters of this installation by name."""

    kind = PluginKind("adapter", GROUP, CONTRACT, Manifest, "office")
