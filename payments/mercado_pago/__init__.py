"""Mercado Pago: a preference to start with, signed hints to tell, and the payment itself asked for."""

from ventanilla.payments.mercado_pago.plugin import MercadoPagoPlugin

platform = MercadoPagoPlugin()
"""What the entry point names."""
