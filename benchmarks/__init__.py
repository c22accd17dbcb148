"""Measuring the gateway: see README.md."""
