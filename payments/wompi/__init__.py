"""Wompi, Colombia: an address with a signature to start, events with a checksum to tell."""

from ventanilla.payments.wompi.plugin import WompiPlugin

platform = WompiPlugin()
"""What the entry point names."""
