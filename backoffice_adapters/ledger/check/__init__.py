"""A book is checked whole before any of it is kept. One noun a file."""

from ventanilla.backoffice_adapters.ledger.check.base import (
    BookError,
    all_well_formed,
    keepable,
    plain,
    well_formed,
)
from ventanilla.backoffice_adapters.ledger.check.whole import check

__all__ = ["BookError", "all_well_formed", "check", "keepable", "plain", "well_formed"]
