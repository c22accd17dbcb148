"""A small office in plain Python: it keeps a book in memory and answers by going through it row by row.

It is slow and meant to be obviously right. The kit runs beside it and compares; it passes the kit itself. It shares no
line with the ledger. One noun a file, each a part of the office that `office.py` puts together.
"""

from ventanilla.backoffice_adapters.conformance.twin.office import CAPABILITIES, TwinAdapter, TwinOffice

__all__ = ["CAPABILITIES", "TwinAdapter", "TwinOffice"]
