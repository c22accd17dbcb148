"""Our platforms, each with settings that fit its other side."""

from __future__ import annotations

from tests.payments import autopay_forge, mercado_pago_forge, wompi_forge
from ventanilla.payments.autopay import platform as autopay
from ventanilla.payments.conformance.harness import Harness
from ventanilla.payments.mercado_pago import platform as mercado_pago
from ventanilla.payments.wompi import platform as wompi

SECRETS = {
    "AUTOPAY_KEY": autopay_forge.KEY,
    "MERCADO_PAGO_TOKEN": mercado_pago_forge.TOKEN,
    "MERCADO_PAGO_SECRET": mercado_pago_forge.SECRET,
    "WOMPI_PRIVATE": wompi_forge.PRIVATE,
    "WOMPI_INTEGRITY": wompi_forge.INTEGRITY,
    "WOMPI_EVENTS": wompi_forge.EVENTS,
}
"""What the settings' references lead to."""
AUTOPAY = Harness(
    plugin=autopay,
    configuration={
        "service_id": autopay_forge.SERVICE,
        "shared_key": "env:AUTOPAY_KEY",
        "start_url": "https://testpay.autopay.eu/payment",
        "service_url": "https://testpay.autopay.eu",
    },
    forge=lambda _: autopay_forge.AutopayForge(),
)
MERCADO_PAGO = Harness(
    plugin=mercado_pago,
    configuration={"access_token": "env:MERCADO_PAGO_TOKEN", "webhook_secret": "env:MERCADO_PAGO_SECRET"},
    forge=lambda _: mercado_pago_forge.MercadoPagoForge(),
)


def wompi_forge_of(_configuration: object) -> wompi_forge.WompiForge:
    """As a trial file names it."""
    return wompi_forge.WompiForge()


WOMPI = Harness(
    plugin=wompi,
    configuration={
        "public_key": wompi_forge.PUBLIC,
        "private_key": "env:WOMPI_PRIVATE",
        "integrity_secret": "env:WOMPI_INTEGRITY",
        "events_secret": "env:WOMPI_EVENTS",
        "api_url": "https://sandbox.wompi.co/v1",
    },
    forge=wompi_forge_of,
)
HARNESSES = {"autopay": AUTOPAY, "mercado_pago": MERCADO_PAGO, "wompi": WOMPI}
