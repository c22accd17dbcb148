"""The `files` adapter: an office behind the nightly CSV export of a desktop program."""

from ventanilla.backoffice_adapters.files.adapter import FilesAdapter

adapter = FilesAdapter()
"""What the entry point names."""
