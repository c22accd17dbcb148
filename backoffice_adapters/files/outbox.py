"""The outbox: whole, numbered files that tell the program what was posted."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration, OutboxConfiguration
from ventanilla.backoffice_adapters.files.drop import own_folder, secure_folder
from ventanilla.backoffice_adapters.files.journal import Entry, Line, Sent
from ventanilla.backoffice_adapters.files.outbox_layout import OUTBOX
from ventanilla.backoffice_adapters.files.rows import Row
from ventanilla.backoffice_adapters.files.writing import sheet, trailer


class Outbox:
    """The folder that the program fetches its files from."""

    def __init__(self, setting: Setting, configuration: FilesConfiguration, own: OutboxConfiguration) -> None:
        self.folder = setting.folder / own.folder
        self._home = setting.folder
        self._own = own
        self._manner = configuration.of_outbox
        self._formats = self._manner.formats(setting)

    def prepare(self) -> None:
        """Make the folder where it is our own; raise `OSError` if there is none."""
        own_folder(self.folder, self._home)
        if not self.folder.is_dir():
            raise FileNotFoundError(f"the outbox folder {self._own.folder} is not there; make or mount it")

    def put(self, sequence: int, entries: Iterable[Entry]) -> None:
        """Write one file, the same for the same number whenever it is written; raise `OSError` and leave none.

        It bears its name once all of it is on the disk.
        """
        sent = [entry.sent for entry in entries if entry.sent.sequence == sequence]
        path, content = self.folder / self._own.file(sequence), self._content(sent)
        if path.exists() and path.read_bytes() != content:
            raise FileExistsError(f"{path.name} is there already and says something else; was the journal lost?")
        fresh = path.with_name(f"{path.name}.part")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        secure_folder(self.folder)

    def _content(self, sent: Iterable[Sent]) -> bytes:
        rows = [row_of(each, line) for each in sent for line in each.lines]
        last = trailer(self._own, rows, self._formats)
        text = sheet(OUTBOX, self._own.rows, rows, self._manner, self._formats, last=last)
        # A letter that the program cannot write must not keep it from its money.
        return text.encode(self._manner.encoding, "replace")


def row_of(sent: Sent, line: Line) -> Row:
    """A row of the outbox; texts of people stand on one line."""
    payment = sent.answer.payment
    row: Row = {
        "number": line.number,
        "key": sent.key,
        "kind": sent.kind,
        "account": payment.account_key,
        "account_number": sent.account_number,
        "amount": line.amount,
        "invoice": line.invoice,
        "invoice_number": line.invoice_number,
        "paid_at": sent.reversal.at if sent.reversal else payment.paid_at,
        "method": " ".join(payment.method.split()),
        "reference": " ".join((payment.reference or "").split()) or None,
        "payment": sent.program_key,
        "payment_posted": sent.posted_as,
    }
    return {name: value for name, value in row.items() if value is not None}
