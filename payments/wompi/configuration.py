"""A manager's settings with Wompi."""

from __future__ import annotations

from ventanilla.backoffice_adapters.manifest import Configuration, Secret
from ventanilla.payments.wire import refuse_unsafe_setting


class WompiConfiguration(Configuration):
    """The merchant's keys; those for tests and for money are different ones, and so are the addresses."""

    public_key: str
    """``pub_prod_…`` or ``pub_test_…``."""
    private_key: Secret
    """``prv_…``: what transactions are looked for with."""
    integrity_secret: Secret
    """What orders are signed with."""
    events_secret: Secret
    """What events are signed with."""
    checkout_url: str = "https://checkout.wompi.co/p/"
    api_url: str = "https://production.wompi.co/v1"
    """For tests ``https://sandbox.wompi.co/v1``."""

    def __post_init__(self) -> None:
        refuse_unsafe_setting("checkout_url", self.checkout_url)
        refuse_unsafe_setting("api_url", self.api_url)
