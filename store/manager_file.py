"""Reads a manager's TOML file. Whatever is wrong with it is told at once, each with its key and its mend.

This module reads shapes: which keys there are and of what type. What the values mean is judged in `manager_rules`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from ventanilla.store.manager import Manager, Presentation
from ventanilla.store.manager_rules import problems_of

R = TypeVar("R", bound=msgspec.Struct)
_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
# Rules about the first lean on the second: where that is broken, they say nothing true.
_LEANS_ON = {
    "offices": ("licences", "routing"),
    "licences": ("offices",),
    "routing": ("offices",),
    "texts": ("languages",),
}


class ManagerFileError(ValueError):
    """A manager's file cannot be used. The message has a line for each of `problems`: file, key, what to do."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems


def read_manager(path: Path) -> Manager:
    """Read and check the manager in the TOML file at `path`; raise `ManagerFileError` with every problem of it."""
    shape = _Shape()
    manager = shape.manager(_parsed(path))
    problems = [*shape.problems, *filter(shape.is_news, problems_of(manager))]
    if problems:
        raise ManagerFileError(path, problems)
    return manager


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); check the path and who may read it"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}; mend that place first, the rest is read afterwards"
    raise ManagerFileError(path, [problem])


class _Shape:
    """Reads tables into records key by key. Where a value does not fit, another stands in for it, so that one problem
    does not hide the next."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._broken: set[str] = set()  # keys whose values stood in
        self._unsure: set[str] = set()  # tables that lack entries they were meant to have

    def manager(self, table: dict[str, Any]) -> Manager:
        """Make a manager of the whole file, where the keys of `presentation` stand at top level."""
        inner = Presentation.__struct_fields__
        fields = [field for field in msgspec.structs.fields(Manager) if field.name != "presentation"]
        self._refuse_unknown(table, (*(field.name for field in fields), *inner), "")
        shown = self._read({key: value for key, value in table.items() if key in inner}, Presentation, "")
        return Manager(**{field.name: self._field(table, field, "") for field in fields}, presentation=shown)

    def is_news(self, problem: str) -> bool:
        """Whether a rule's `problem` is the file's own, and does not come from a value that stood in."""
        key = problem.partition(": ")[0]
        if any(key == broken or key.startswith(f"{broken}.") for broken in self._broken):
            return False
        top, _, inner = key.partition(".")
        own = top == "offices" and "." in inner  # one office's own settings lean on nothing
        return own or self._unsure.isdisjoint(_LEANS_ON.get(top, ()))

    def _read(self, table: Mapping[str, Any], kind: type[R], path: str) -> R:
        fields = msgspec.structs.fields(kind)
        if path:
            self._refuse_unknown(table, [field.name for field in fields], path)
        return kind(**{field.name: self._field(table, field, path) for field in fields})

    def _refuse_unknown(self, table: Mapping[str, Any], known: Sequence[str], path: str) -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                mend = f"did you mean {near[0]!r}?" if near else f"known keys are {', '.join(sorted(known))}"
                self.problems.append(f"{path}{key}: unknown key {key!r}; {mend}")

    def _field(self, table: Mapping[str, Any], field: FieldInfo, path: str) -> Any:
        if field.name in table:
            return self._value(table[field.name], field.type, path + field.name)
        if field.required:
            return self._stand_in(field.type, path + field.name, f"is missing; {_wanted(field.type)} is needed here")
        return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()

    def _value(self, value: Any, kind: Any, path: str) -> Any:
        kind = _told(kind)
        origin = get_origin(kind)
        if _is(kind, msgspec.Struct) and isinstance(value, dict):
            return self._read(cast("dict[str, Any]", value), kind, f"{path}.")
        if origin is dict and isinstance(value, dict):
            return dict(self._entries(cast("dict[str, Any]", value), get_args(kind), path))
        if origin is tuple and isinstance(value, list):
            items = enumerate(cast("list[Any]", value))
            return tuple(self._value(item, get_args(kind)[0], f"{path}[{place}]") for place, item in items)
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return self._stand_in(kind, path, f"{value!r} does not fit; {_wanted(kind)} is needed here")

    def _entries(self, table: dict[str, Any], kinds: tuple[Any, ...], path: str) -> Iterator[tuple[Any, Any]]:
        names, values = kinds
        for key, value in table.items():
            inner = f"{path}.{key}"
            if _is(names, StrEnum) and key not in set(names):
                self._refuse(inner, f"{key!r} does not fit; {_wanted(names)} is needed here")
                self._unsure.add(path)
                continue
            yield msgspec.convert(key, names), value if values is Any else self._value(value, values, inner)

    def _stand_in(self, kind: Any, path: str, problem: str) -> Any:
        listed, _, inner = path.partition("[")
        self._refuse(path if "." in inner else listed, problem)
        self._broken.add(listed)  # rules name what is in a list of tables by its name, which may be what is broken
        return _anything(kind)

    def _refuse(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")
        self._broken.add(path)
        self._unsure.add(path)


def _anything(kind: Any) -> Any:
    """A value of type `kind` that stands in for one that did not fit."""
    if _is(kind, msgspec.Struct):
        return kind(**{field.name: _anything(field.type) for field in msgspec.structs.fields(kind) if field.required})
    if _is(kind, StrEnum):
        return next(iter(kind))
    plain: Any = get_origin(kind) or kind
    return cast("Any", plain()) if plain in (*_KINDS, tuple) else None


def _told(kind: Any) -> Any:
    """What a key holds if it is there: ``X`` of ``X | None``, for TOML has no null."""
    kinds = [each for each in get_args(kind) if each is not NoneType]
    return kinds[0] if NoneType in get_args(kind) else kind


def _is(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _wanted(kind: Any) -> str:
    """Name a type in the file's words."""
    if _is(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    if get_origin(kind) is tuple:
        return "a list"
    if get_origin(kind) is dict or _is(kind, msgspec.Struct):
        return "a table"
    return next((words for plain, words in _KINDS.items() if kind is plain), "another value")
