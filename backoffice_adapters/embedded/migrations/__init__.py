"""The embedded office's tables, step by step."""
