"""The control file: the program's own word on what a whole set is."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping

from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.problems import IncompleteError


def write_control(files: Mapping[str, bytes], configuration: FilesConfiguration) -> bytes:
    """Write a line ``name;rows;sha256`` for each file; the headings are not counted."""
    lines = [";".join((name, *_told(content, configuration))) for name, content in files.items()]
    return "".join(f"{line}\r\n" for line in lines).encode(configuration.encoding)


def check_control(control: bytes, files: Mapping[str, bytes], configuration: FilesConfiguration) -> None:
    """Raise `IncompleteError` unless the control file names every file of the set as it is."""
    lines = control.decode(configuration.encoding, "replace").lstrip("\ufeff").splitlines()
    told = {name: (rows, digest.lower()) for name, rows, digest in _triples(lines)}
    for name, content in files.items():
        rows, digest = _told(content, configuration)
        if name not in told:
            raise IncompleteError(f"control file {configuration.control} has no line {name};rows;sha256")
        if told[name] != (rows, digest):
            say = f"{told[name][0]} rows" if told[name][0] != rows else "another sha256"
            raise IncompleteError(f"control file {configuration.control} tells {say} of {name}, which has {rows} rows")


def _triples(lines: list[str]) -> list[tuple[str, str, str]]:
    parts = [line.strip().split(";") for line in lines]
    return [(part[0], part[1], part[2]) for part in parts if len(part) == 3]


def _told(content: bytes, configuration: FilesConfiguration) -> tuple[str, str]:
    text = io.StringIO(content.decode(configuration.encoding, "replace"), newline="")
    rows = sum(1 for cells in csv.reader(text, delimiter=configuration.delimiter) if cells)
    return str(max(0, rows - 1)), hashlib.sha256(content).hexdigest()
