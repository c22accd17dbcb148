"""Secrets in an office's settings: references in the manager's file, values only once the office is opened.

A reference is a whole string, ``env:NAME`` (an environment variable) or ``file:PATH`` (a file's content without the
white space around it). No message of this module ever holds a value.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec.inspect as types

from ventanilla.backoffice_adapters.manifest import is_marked

_MEND = "put it in the environment and write env:NAME here, or in a file and write file:PATH"


class SecretError(ValueError):
    """A secret cannot be used; `field` is the dotted path of the setting that is meant."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"setting {field!r}: {problem}")
        self.field = field


class SecretMissingError(SecretError):
    """A reference names nothing that could be read."""


class SecretLiteralError(SecretError):
    """A secret stands in the manager's file itself."""


def is_reference(value: object) -> bool:
    """Whether `value` stands for a secret that is kept elsewhere."""
    return isinstance(value, str) and value.startswith(("env:", "file:"))


def resolve(settings: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Give back `settings` with each reference replaced by what it names; raise `SecretMissingError`."""
    return {key: _resolved(value, key, environ) for key, value in settings.items()}


def refuse_literals(settings: Mapping[str, Any], kind: type) -> None:
    """Raise `SecretLiteralError` if a field of `kind` that is a `Secret` holds anything but a reference."""
    for field in _literals(settings, types.type_info(kind), ""):
        raise SecretLiteralError(field, f"a secret must not stand in the file; {_MEND}")


def _resolved(value: object, field: str, environ: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return _read(value, field, environ) if is_reference(value) else value
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, object]", value)
        return {key: _resolved(item, f"{field}.{key}", environ) for key, item in inner.items()}
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return [_resolved(item, f"{field}[{index}]", environ) for index, item in enumerate(items)]
    return value


def _read(reference: str, field: str, environ: Mapping[str, str]) -> str:
    scheme, _, name = reference.partition(":")
    value = _from_environment(name, field, environ) if scheme == "env" else _from_file(name, field)
    if not value:
        raise SecretMissingError(field, f"{reference} is empty; give it a value")
    return value


def _from_environment(name: str, field: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        problem = f"env:{name} is not set; set the environment variable {name!r} and start again"
        raise SecretMissingError(field, problem)
    return environ[name]


def _from_file(name: str, field: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a text file in UTF-8"
        problem = f"file:{name} cannot be read ({why}); check the path and who may read it"
        raise SecretMissingError(field, problem) from None


def _literals(value: object, kind: types.Type, field: str) -> Iterator[str]:
    """Walk value and type side by side; yield the path of each secret that stands there in clear."""
    if isinstance(kind, types.Metadata):
        if is_marked(kind) and value is not None and not is_reference(value):
            yield field
        yield from _literals(value, kind.type, field)
    elif isinstance(kind, types.UnionType):
        for member in kind.types:
            yield from _literals(value, member, field)
    elif isinstance(value, Mapping):
        yield from _literals_in_mapping(cast("Mapping[str, object]", value), kind, field)
    elif isinstance(value, list | tuple) and isinstance(kind, types.ListType | types.VarTupleType):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _literals(item, kind.item_type, f"{field}[{index}]")


def _literals_in_mapping(value: Mapping[str, object], kind: types.Type, field: str) -> Iterator[str]:
    prefix = f"{field}." if field else ""
    if isinstance(kind, types.StructType):
        for member in kind.fields:
            if member.encode_name in value:
                yield from _literals(value[member.encode_name], member.type, f"{prefix}{member.encode_name}")
    elif isinstance(kind, types.DictType):
        for key, item in value.items():
            yield from _literals(item, kind.value_type, f"{prefix}{key}")
