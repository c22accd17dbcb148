"""Charges: what an account will be asked to pay that is not invoiced yet."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import ChargeFilter, ChargeOrder
from ventanilla.resolvers import connections

of_accounts = connections.of_accounts("charges", ChargeFilter(), ChargeOrder.CHARGED_ON_DESC)
"""A part of each account's charges."""
