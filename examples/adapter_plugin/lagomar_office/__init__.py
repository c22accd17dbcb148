"""Ventanilla adapter for the water cooperative Lagomar."""

from lagomar_office.adapter import LagomarAdapter

adapter = LagomarAdapter()
"""What the entry point names."""
