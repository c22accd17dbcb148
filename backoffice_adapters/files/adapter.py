"""What the `files` adapter says of itself."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    CommunityOffice,
    Fault,
    FaultCode,
    Manifest,
    OfficeError,
    Setting,
    Support,
    UtilityOffice,
    capabilities_of,
)
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.records import Licence

_DAY_S = 86_400
_ELSEWHERE = (
    "communities.read", "communities.buildings", "communities.finances", "communities.arrears",
    "communities.supplier_invoices", "shares.read", "notices.list", "notices.read",
)  # fmt: skip
"""What a rent program knows nothing of; the manager routes it to another office."""


def _capabilities() -> dict[str, Support]:
    served = {*capabilities_of(CommunityOffice).values(), *capabilities_of(UtilityOffice).values()}
    return {name: Support.NO if name in _ELSEWHERE else Support.YES for name in sorted(served)}


class FilesAdapter:
    """Makes offices of file drops."""

    manifest = Manifest(
        name="files",
        title="Nightly CSV export of a desktop program",
        version="1.4.0",
        contract=CONTRACT,
        licences=frozenset({Licence.RENT, Licence.COMMUNITY, Licence.UTILITY}),
        capabilities=_capabilities(),
        configuration=FilesConfiguration,
        freshness_s=_DAY_S,
        stale_s=0,
    )

    def office(self, setting: Setting) -> FilesOffice:
        """Make an office; no file is touched before its `open`."""
        if not isinstance(setting.configuration, FilesConfiguration):
            detail = f"configuration is a {type(setting.configuration).__name__}, not a FilesConfiguration"
            raise OfficeError(Fault(code=FaultCode.INVALID, detail=detail))
        return FilesOffice(setting, setting.configuration, self.manifest.version)
