"""The twin as a whole: an office of every licence, and its adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.twin.account import Accounts
from ventanilla.backoffice_adapters.conformance.twin.accrual import Accruals
from ventanilla.backoffice_adapters.conformance.twin.changes import Journals
from ventanilla.backoffice_adapters.conformance.twin.charge import Charges
from ventanilla.backoffice_adapters.conformance.twin.community import Communities
from ventanilla.backoffice_adapters.conformance.twin.enrolment import Enrolments
from ventanilla.backoffice_adapters.conformance.twin.interest import Interest
from ventanilla.backoffice_adapters.conformance.twin.meter import Meters
from ventanilla.backoffice_adapters.conformance.twin.notice import Notices
from ventanilla.backoffice_adapters.conformance.twin.party import Parties
from ventanilla.backoffice_adapters.conformance.twin.payment_plan import PaymentPlans
from ventanilla.backoffice_adapters.conformance.twin.posting import Postings
from ventanilla.backoffice_adapters.conformance.twin.supplier_invoice import SupplierInvoices
from ventanilla.backoffice_adapters.conformance.twin.utility_settlement import UtilitySettlements
from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    PROTOCOLS,
    CommunityOffice,
    Configuration,
    Manifest,
    Setting,
    Support,
    UtilityOffice,
    capabilities_of,
)
from ventanilla.backoffice_adapters.records import Licence


class TwinOffice(
    Journals,
    Communities,
    Accounts,
    Accruals,
    Charges,
    Enrolments,
    Interest,
    Meters,
    Notices,
    Parties,
    PaymentPlans,
    Postings,
    SupplierInvoices,
    UtilitySettlements,
    CommunityOffice,
    UtilityOffice,
):
    """The reference office. `fill` gives it its book."""


CAPABILITIES: Mapping[str, Support] = {
    name: Support.YES for protocol in PROTOCOLS.values() for name in capabilities_of(protocol).values()
}
"""Everything that the contract knows."""


_MANIFEST = Manifest(
    name="twin",
    title="Reference office in memory",
    version="1",
    contract=CONTRACT,
    licences=frozenset(Licence),
    capabilities=CAPABILITIES,
    configuration=Configuration,
    max_batch=7,
    max_page=9,
)


class TwinAdapter:
    """The reference adapter; `office_type` lets tests break it on purpose."""

    def __init__(self, office_type: type[TwinOffice] = TwinOffice, **changes: Any) -> None:
        """`changes` are fields of the manifest that differ from the default."""
        self._office_type = office_type
        self.manifest = replace(_MANIFEST, **changes)

    def office(self, setting: Setting) -> TwinOffice:
        """Make an office without a book."""
        return self._office_type(setting)
