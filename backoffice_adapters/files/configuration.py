"""The settings of a file drop: how its program writes, and which heading means what."""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from ventanilla.backoffice_adapters.contract import Configuration, Setting
from ventanilla.backoffice_adapters.files.cells import TEXT, Formats, Kind, names, word
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.outbox_layout import ANSWERS, CHOICES, OUTBOX
from ventanilla.backoffice_adapters.files.table import Field, Table

_NUMBERED = re.compile("#+")
_MOMENT = datetime(2026, 12, 31, 13, 45, 59)  # noqa: DTZ001  only its digits count: no two parts are alike


class TableMapping(Configuration):
    """One table of the export. A field stands in a column, or is the same in every row, or is left out."""

    file: str
    """The file's name in the folder."""
    columns: dict[str, str]
    """Field → heading in the file."""
    values: dict[str, dict[str, str]] = {}
    """Field → the program's word → our name for it (YES and NO where it is so or not so); without it our names are the
    words."""
    texts: dict[str, str] = {}
    """Field → what it is in every row, written as we write it: ``licence = "RENT"``."""


class Tables(Configuration):
    """The tables of the export; a program without one of the optional tables has none of its rows."""

    accounts: TableMapping
    invoices: TableMapping
    lines: TableMapping | None = None
    payments: TableMapping | None = None
    allocations: TableMapping | None = None
    charges: TableMapping | None = None
    accruals: TableMapping | None = None
    plans: TableMapping | None = None
    plan_invoices: TableMapping | None = None
    instalments: TableMapping | None = None
    rates: TableMapping | None = None
    enrolments: TableMapping | None = None
    meters: TableMapping | None = None
    registers: TableMapping | None = None
    readings: TableMapping | None = None
    settlements: TableMapping | None = None
    settlement_lines: TableMapping | None = None
    buildings: TableMapping | None = None
    parties: TableMapping | None = None
    standings: TableMapping | None = None
    supplier_invoices: TableMapping | None = None

    @property
    def mapped(self) -> dict[str, TableMapping]:
        """The tables that are there, by name."""
        every: dict[str, TableMapping | None] = {name: getattr(self, name) for name in TABLES}
        return {name: mapping for name, mapping in every.items() if mapping}


Sign = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]


class OutboxConfiguration(Configuration):
    """How payments are told to the program, and how it answers; what is None is as in the export."""

    folder: str = "outbox"
    """Where whole files are put for the program: absolute, or inside the office's own folder."""
    acknowledgements: str = "acknowledgements"
    """Where the program puts its answers: likewise."""
    encoding: str | None = None
    delimiter: Sign | None = None
    decimal: Sign | None = None
    grouping: str | None = None
    dates: str | None = None
    times: str | None = None
    trailer: Annotated[str, msgspec.Meta(min_length=1)] = "END"
    """The first cell of a file's last row, before the number of its rows and the sum of their amounts."""
    rows: TableMapping
    """What we write. `file` holds ``#`` signs in one place: the file's own number stands there, as wide as they."""
    answers: TableMapping
    """What the program writes. `file` may hold ``*`` and ``?``, for any letters and any letter."""

    def __post_init__(self) -> None:
        """Refuse what cannot work, in words; msgspec adds the path."""
        problems = [*_mapped(OUTBOX, self.rows), *_mapped(ANSWERS, self.answers), *self._names()]
        if problems:
            raise ValueError("; ".join(problems))

    def file(self, sequence: int) -> str:
        """The name of the outbox file with this number."""
        return _NUMBERED.sub(lambda signs: f"{sequence:0{len(signs[0])}}", self.rows.file)

    def _names(self) -> list[str]:
        names = (self.rows.file, self.answers.file)
        places = len(_NUMBERED.findall(self.rows.file))
        return [
            *(f"file {name!r} must be a plain file name, without a folder" for name in names if not _plain(name)),
            *([] if places == 1 else [f"file {self.rows.file!r} needs one place of # signs for its number"]),
            *([f"answers {self.answers.file!r} also names files that we write"] if self._meets_itself() else []),
        ]

    def _meets_itself(self) -> bool:
        return self.folder == self.acknowledgements and fnmatchcase(self.file(1), self.answers.file)


class FilesConfiguration(Configuration):
    """What the `files` adapter is configured with."""

    folder: str = "export"
    """Where the program puts its files: absolute, or inside the office's own folder."""
    encoding: str
    """Python's name of it, such as cp1250. A byte order mark in a file goes before it."""
    expected_letters: str = ""
    """The language's letters outside ASCII, small ones: a text with others in their place is in another encoding."""
    delimiter: Sign = ";"
    decimal: Sign = ","
    grouping: str = " \u00a0"
    """The characters that may part thousands; the first is the one that is written."""
    dates: str = "%d.%m.%Y"
    """As for ``strptime``."""
    times: str = "%d.%m.%Y %H:%M:%S"
    """As for ``strptime``, local to the manager unless it has %z; a plain date means midnight."""
    months: str = "%m.%Y"
    """As for ``strptime``; a program that writes a day of the month is read too."""
    settle_s: Annotated[float, msgspec.Meta(gt=0, le=3_600)] = 1.0
    """Seconds. Files are read when nothing changed for so long; they are looked at twice in that time."""
    control: str | None = None
    """A file with a line ``name;rows;sha256`` for each file: the set is complete when it is there and agrees."""
    min_rows_ratio: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """A set with fewer accounts than this share of the last good one is refused as cut off."""
    balance_sign: Literal["debt", "credit"] = "debt"
    """What a positive balance in the file means: that the customer owes, or is owed."""
    tables: Tables
    outbox: OutboxConfiguration | None = None
    """Where payments are posted to; None: this office's payments cannot be posted."""

    def __post_init__(self) -> None:
        """Refuse what cannot work, in words; msgspec adds the path."""
        if problems := [*self._problems(), *_wiring(self.tables)] or self._outbox_problems():
            raise ValueError("; ".join(problems))

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the set's files, without the control file."""
        return tuple(mapping.file for mapping in self.tables.mapped.values())

    @property
    def of_outbox(self) -> FilesConfiguration:
        """The same program as it writes and reads the files of the outbox."""
        names = ("encoding", "delimiter", "decimal", "grouping", "dates", "times")
        own = {name: getattr(self.outbox, name, None) for name in names}
        changes = {name: value for name, value in own.items() if value is not None}
        return msgspec.structs.replace(self, outbox=None, control=None, **changes)

    def formats(self, setting: Setting) -> Formats:
        """How this program writes, for this manager."""
        return Formats(
            decimal=self.decimal,
            grouping=self.grouping,
            dates=self.dates,
            times=self.times,
            months=self.months,
            positive_is_debt=self.balance_sign == "debt",
            zone=ZoneInfo(setting.time_zone),
            currency=setting.currency,
        )

    def _problems(self) -> list[str]:
        names = [*self.files, *([self.control] if self.control else [])]
        return [
            *(f"file {name!r} must be a plain file name, without a folder" for name in names if not _plain(name)),
            *(["two tables, or a table and `control`, share a file"] if len(set(names)) < len(names) else []),
            *([] if _known(self.encoding) else [f"encoding {self.encoding!r} is not known; try cp1250 or utf-8"]),
            *([f"decimal {self.decimal!r} also stands in `grouping`"] if self.decimal in self.grouping else []),
            *_unreadable("dates", self.dates, _MOMENT.replace(hour=0, minute=0, second=0)),
            *_unreadable("times", self.times, _MOMENT),
            *_unreadable("months", self.months, _MOMENT.replace(day=1, hour=0, minute=0, second=0)),
        ]

    def _outbox_problems(self) -> list[str]:
        if not self.outbox:
            return []
        if not self.tables.payments:
            return ["outbox needs table payments: only an export with payments shows what the program took"]
        try:
            self.of_outbox  # noqa: B018  making it is the check
        except ValueError as error:
            return [f"outbox: {error}"]
        return []


def _plain(name: str) -> bool:
    return PurePath(name).name == name and "\\" not in name


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _unreadable(setting: str, form: str, moment: datetime) -> list[str]:
    # Newer Pythons only warn of a form without a year, so that is asked first.
    yearless = moment.strftime(form) == moment.replace(year=moment.year + 1).strftime(form)
    try:
        exact = not yearless and datetime.strptime(moment.strftime(form), form).replace(tzinfo=None) == moment  # noqa: DTZ007  digits only
    except ValueError:
        exact = False
    return [] if exact else [f"{setting} = {form!r} does not tell every part of a moment such as {moment}"]


# -- tables ------------------------------------------------------------------------------------------------------


def _wiring(tables: Tables) -> list[str]:
    mapped = tables.mapped
    wrong = [f"table {name}: {text}" for name, mapping in mapped.items() for text in _table(TABLES[name], mapping)]
    needs = {(name, other): None for name, mapping in mapped.items() for other in _needed(TABLES[name], mapping)}
    return [*wrong, *(f"table {name} needs table {other}" for name, other in needs if other not in mapped)]


def _needed(table: Table, mapping: TableMapping) -> list[str]:
    """The tables without which `table` cannot be read."""
    named = [field.refers for field in table.fields if field.name in {*mapping.columns, *mapping.texts}]
    return [name for name in (*named, table.parts) if name]


def _mapped(table: Table, mapping: TableMapping) -> list[str]:
    """What is wrong with a table of the outbox."""
    lacking = [group for group in CHOICES[table.name] if not {*group} & {*mapping.columns}]
    return [
        *(f"{table.name}: {text}" for text in _table(table, mapping)),
        *(f"{table.name}: field {' or '.join(map(repr, group))} is missing in columns" for group in lacking),
    ]


def _table(table: Table, mapping: TableMapping) -> list[str]:
    fields = table.by_name
    given = {*mapping.columns, *mapping.texts}
    return [
        *(f"{field!r} is no field; known: {', '.join(fields)}" for field in (given | {*mapping.values}) - {*fields}),
        *(f"{field!r} stands in columns and in texts; keep one" for field in {*mapping.columns} & {*mapping.texts}),
        *(f"field {needed!r} is missing in columns" for needed in table.required(given) if needed not in given),
        *(text for field, words in mapping.values.items() if field in fields for text in _words(fields[field], words)),
        *(text for field, told in mapping.texts.items() if field in fields for text in _constant(fields[field], told)),
    ]


def _words(field: Field, words: dict[str, str]) -> list[str]:
    if isinstance(field.kind, Kind):
        return [f"values.{field.name}: only fields with a fixed set of values have words"]
    known = names(field.kind)
    return [
        f"values.{field.name}: {text!r} means {value!r}, which is none of {', '.join(known)}"
        for text, value in words.items()
        if value not in known
    ]


def _constant(field: Field, told: str) -> list[str]:
    if isinstance(field.kind, Kind):
        return [] if field.kind is TEXT else [f"texts.{field.name}: only texts and fixed values can be constant"]
    known = names(field.kind)
    return [] if told in known else [f"texts.{field.name}: {told!r} is none of {', '.join(known)}"]


def kind_of(field: Field, mapping: TableMapping) -> Kind:
    """How the cells of `field` are read and written under `mapping`."""
    return field.kind if isinstance(field.kind, Kind) else word(field.kind, mapping.values.get(field.name, {}))


def constants(table: Table, mapping: TableMapping) -> dict[str, Any]:
    """What every row of a table says."""
    fields = table.by_name
    return {name: _value(fields[name], text) for name, text in mapping.texts.items()}


def _value(field: Field, text: str) -> Any:
    return text if isinstance(field.kind, Kind) else names(field.kind)[text]
