"""A manager's settings with Autopay."""

from __future__ import annotations

import re
from enum import StrEnum

from ventanilla.backoffice_adapters.manifest import Configuration, Secret
from ventanilla.payments.wire import refuse_unsafe_setting


class HashName(StrEnum):
    """What values are hashed with, as agreed for the service."""

    SHA256 = "SHA256"
    SHA512 = "SHA512"


class AutopayConfiguration(Configuration):
    """What Autopay gave the manager when the service was set up."""

    service_id: str
    """The service's number, at most ten digits."""
    shared_key: Secret
    """What hashes end with."""
    hash: HashName = HashName.SHA256
    start_url: str = "https://pay.autopay.eu/payment"
    """Where payments begin; its path is told to each service when it is set up. For tests ``testpay.autopay.eu``."""
    service_url: str = "https://pay.autopay.eu"
    """The host that statuses, cancellations and refunds are asked of."""
    gateway_id: str | None = None
    """The payment channel that is chosen beforehand; None: the payer chooses at Autopay."""
    payer_commission: bool = False
    """Whether Autopay adds its commission for the payer to what is ordered. It has to be asked for `startAmount` then:
    without it every payment is another amount than was ordered, and waits for staff."""
    time_zone: str = "Europe/Warsaw"
    """Whose local time its dates are in. The documentation says CET of summer dates as well."""

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]{1,10}", self.service_id):
            msg = "service_id is at most ten digits"
            raise ValueError(msg)
        if self.gateway_id is not None and not re.fullmatch("[0-9]{1,5}", self.gateway_id):
            msg = "gateway_id is at most five digits"
            raise ValueError(msg)
        refuse_unsafe_setting("start_url", self.start_url)
        refuse_unsafe_setting("service_url", self.service_url)
