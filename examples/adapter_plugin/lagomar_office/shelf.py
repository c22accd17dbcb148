"""All documents of a folder, read again whenever one of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lagomar_office.documents import DocumentError, read_document
from lagomar_office.supplies import Supply, supply_of
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, OfficeError, Setting
from ventanilla.backoffice_adapters.records import Invoice, InvoiceLine, Origin

Stamps = tuple[tuple[str, int, int, int], ...]
"""Name, size, modification time in nanoseconds and inode of each document."""


@dataclass(frozen=True)
class Content:
    """What the documents say, by key; never changed once it is made."""

    as_of: datetime
    supplies: dict[str, Supply]
    by_number: dict[str, Supply]
    invoices: dict[str, Invoice]
    lines: dict[str, tuple[InvoiceLine, ...]]


class Shelf:
    """The folder that the program keeps its documents in."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self._folder = folder
        self._setting = setting
        self._kept: tuple[Stamps, Content] | None = None

    def content(self) -> Content:
        """What the documents say now. Reads files; raises `OfficeError` if one cannot be used."""
        try:
            stamps = self._stamps()
            if self._kept is None or self._kept[0] != stamps:
                self._kept = stamps, self._read(stamps)
            return self._kept[1]
        except OSError as error:
            detail = f"{self._folder} cannot be read ({error.strerror}); check the setting `folder`"
            raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=detail)) from error
        except DocumentError as error:
            raise OfficeError(Fault(code=FaultCode.PROTOCOL, detail=str(error))) from error

    def _stamps(self) -> Stamps:
        found = sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        stats = [(path.name, path.stat()) for path in found]
        return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in stats)

    def _read(self, stamps: Stamps) -> Content:
        newest = max((stamp[2] for stamp in stamps), default=0)
        as_of = datetime.fromtimestamp(newest / 1e9, UTC) if stamps else self._setting.clock()
        origin, currency = Origin(source=self._setting.office, as_of=as_of), self._setting.currency
        documents = [read_document(self._folder / stamp[0], currency) for stamp in stamps]
        supplies = [supply_of(document, currency, origin) for document in documents]
        _refuse_twins("suministro", [supply.account.key for supply in supplies])
        _refuse_twins("numero", [plain(supply.account.number) for supply in supplies])
        _refuse_twins("factura", [invoice.key for supply in supplies for invoice in supply.invoices])
        return Content(
            as_of=as_of,
            supplies={supply.account.key: supply for supply in supplies},
            by_number={plain(supply.account.number): supply for supply in supplies},
            invoices={invoice.key: invoice for supply in supplies for invoice in supply.invoices},
            lines={key: lines for supply in supplies for key, lines in supply.lines.items()},
        )


def plain(number: str) -> str:
    """A printed number without spaces and punctuation."""
    return "".join(filter(str.isalnum, number))


def _refuse_twins(what: str, keys: list[str]) -> None:
    if len(keys) != len(set(keys)):
        raise DocumentError(f"one {what} stands in two places; have the program repair its folder")
