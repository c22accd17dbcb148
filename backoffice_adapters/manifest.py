"""What an adapter says of itself, and what an office is opened with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
from msgspec import inspect as types

from ventanilla.backoffice_adapters.records import Licence, Record, RecordMeta

CONTRACT = (1, 5)
"""(major, minor): majors must be equal; an adapter's minor may be older than the gateway's.

1.3: every office may tell whom it knows (`PartyOffice`). 1.4: payments may be posted and taken back. 1.5: what
changed since is told (`Changes`).
"""

Clock = Callable[[], datetime]
"""Tells the present as an aware UTC datetime. The only source of "now"."""


class Support(StrEnum):
    """Whether an office can do a thing itself, with the gateway's or another office's help, or not at all."""

    YES = "YES"
    NO = "NO"
    EMULATED = "EMULATED"


class Health(Record):
    """How an office is, told without touching anybody's data."""

    ok: bool
    detail: str = ""
    as_of: datetime | None = None


class Configuration(msgspec.Struct, metaclass=RecordMeta, forbid_unknown_fields=True):
    """Base of an adapter's own settings. A field annotated `Secret` holds the secret itself once the office is opened;
    in the manager's file it is a reference, ``env:NAME`` or ``file:PATH``. Its `repr` tells no secret."""

    def __repr__(self) -> str:
        secret = secret_fields(type(self))
        told = (f"{name}={'…' if name in secret else repr(getattr(self, name))}" for name in self.__struct_fields__)
        return f"{type(self).__name__}({', '.join(told)})"


Secret = Annotated[str, msgspec.Meta(extra_json_schema={"writeOnly": True})]
"""A setting that is never shown, logged or stored in clear."""


@cache
def secret_fields(kind: type) -> frozenset[str]:
    """The fields of a configuration that hold secrets, alone or among others."""
    described = types.type_info(kind)
    fields = described.fields if isinstance(described, types.StructType) else ()
    return frozenset(field.name for field in fields if _is_secret(field.type))


def _is_secret(kind: types.Type) -> bool:
    if isinstance(kind, types.Metadata):
        return is_marked(kind) or _is_secret(kind.type)
    if isinstance(kind, types.UnionType):
        return any(map(_is_secret, kind.types))
    if isinstance(kind, types.DictType):
        return _is_secret(kind.value_type)
    return isinstance(kind, types.ListType | types.VarTupleType) and _is_secret(kind.item_type)


def is_marked(kind: types.Metadata) -> bool:
    """Whether a type is annotated as a `Secret`."""
    extra = cast("dict[str, object]", kind.extra_json_schema or {})  # pyright: ignore[reportUnknownMemberType]  msgspec leaves the dict bare
    return "writeOnly" in extra


class Setting(Record):
    """What an office is opened with."""

    manager: str
    office: str
    """Its name in the manager's configuration; what `Origin.source` says."""
    licences: frozenset[Licence]
    currency: str
    time_zone: str
    configuration: Any
    """An instance of the manifest's configuration type."""
    folder: Path
    """Where the office may keep files of its own."""
    clock: Clock


class Manifest(Record):
    """What an adapter says of itself before anybody opens an office."""

    name: str
    title: str
    version: str
    contract: tuple[int, int]
    licences: frozenset[Licence]
    capabilities: Mapping[str, Support]
    configuration: type[Configuration]
    max_batch: int = 1_000
    """The most parents or keys one call may carry; the gateway splits longer lists."""
    max_page: int = 1_000
    freshness_s: float = 0
    """How old an answer may be when the office is well: 0 for live data."""
    stale_s: float = 86_400
    """How old an answer may be that is served, marked stale, while the office does not answer, unless the manager
    chose otherwise. 0, never, for an office beside the gateway: remembering costs a quarter of reading a long list,
    and when such a one is out of reach, so is all that would be asked of it."""
