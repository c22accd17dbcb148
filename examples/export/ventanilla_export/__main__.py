"""``python -m ventanilla_export``."""

from ventanilla_export.cli import main

main()
