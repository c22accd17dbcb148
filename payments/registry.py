"""The payment platforms that are installed."""

from __future__ import annotations

from ventanilla.backoffice_adapters.plugins import PluginKind, Plugins
from ventanilla.payments.contract import CONTRACT, GROUP, PlatformManifest, PlatformPlugin


class PlatformRegistry(Plugins[PlatformPlugin, PlatformManifest]):
    """The platforms of this installation by name."""

    kind = PluginKind("platform", GROUP, CONTRACT, PlatformManifest, "platform")
