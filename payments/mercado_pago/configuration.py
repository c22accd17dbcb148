"""A manager's settings with Mercado Pago."""

from __future__ import annotations

from ventanilla.backoffice_adapters.manifest import Configuration, Secret
from ventanilla.payments.wire import refuse_unsafe_setting


class MercadoPagoConfiguration(Configuration):
    """What the manager's application at Mercado Pago has."""

    access_token: Secret
    """What its servers are asked with."""
    webhook_secret: Secret
    """The application's secret signature, which notifications are signed with."""
    api_url: str = "https://api.mercadopago.com"
    statement_descriptor: str = ""
    """What stands on the payer's card statement; at most 13 characters. Empty: the account's own."""
    unsigned_hints: bool = False
    """Whether a notification without a signature, as QR codes' are, may make us ask; it is never more than a hint."""

    def __post_init__(self) -> None:
        refuse_unsafe_setting("api_url", self.api_url)
        if len(self.statement_descriptor) > 13:
            msg = "statement_descriptor has at most 13 characters"
            raise ValueError(msg)
