"""Strawberry as people write it, to measure the gateway against; `app.py` starts it."""
