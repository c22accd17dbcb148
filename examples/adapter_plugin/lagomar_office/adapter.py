"""What the adapter says of itself, and how it is configured."""

from __future__ import annotations

from lagomar_office.office import LagomarOffice
from ventanilla.backoffice_adapters.contract import Configuration, Manifest, Setting, Support
from ventanilla.backoffice_adapters.records import Licence


class LagomarConfiguration(Configuration):
    """Where the program's documents are."""

    folder: str = "suministros"
    """Absolute, or inside the office's own folder."""


class LagomarAdapter:
    """Makes offices of document folders."""

    manifest = Manifest(
        name="lagomar",
        title="Cooperativa de agua Lagomar (JSON documents)",
        version="1.0.0",
        contract=(1, 0),
        licences=frozenset({Licence.UTILITY}),
        capabilities={
            "accounts.read": Support.YES,
            "accounts.find": Support.YES,
            "balances.read": Support.YES,
            "invoices.list": Support.YES,
            "invoices.read": Support.YES,
            "invoices.lines": Support.YES,
            # The program keeps how much of a bill is paid, and not by which payments.
            "invoices.allocations": Support.NO,
            "payments.list": Support.NO,
            "payments.read": Support.NO,
            "payments.allocations": Support.NO,
            # Money is booked at the cooperative's own counter.
            "payments.post": Support.NO,
            "payments.reverse": Support.NO,
            # It knows of nothing that is not billed yet.
            "charges.list": Support.NO,
            "charges.read": Support.NO,
        },
        configuration=LagomarConfiguration,
    )

    def office(self, setting: Setting) -> LagomarOffice:
        """Make an office; no document is touched before its `open`."""
        configuration: LagomarConfiguration = setting.configuration
        return LagomarOffice(setting, configuration.folder)
