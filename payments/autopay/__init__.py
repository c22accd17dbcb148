"""Autopay, Poland: a form with a hash to start, signed XML to tell, signed XML to answer."""

from ventanilla.payments.autopay.plugin import AutopayPlugin

platform = AutopayPlugin()
"""What the entry point names."""
