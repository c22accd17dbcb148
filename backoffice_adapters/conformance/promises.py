"""How a promise is written down, and how a broken one is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from inspect import getdoc
from typing import Any

from msgspec import structs

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.contract import Fault, PartyFilter, Support
from ventanilla.backoffice_adapters.records import Changes, Origin, Reader, Record, Rows, Slice, Sourced

Check = Callable[[Bench], Awaitable[None]]
_SHOWN = 60
"""How much of a key a message shows."""


class BrokenPromiseError(AssertionError):
    """The office does not keep the contract; the message says which promise, and shows what was found."""


class Promise(Record):
    """One promise of the contract: what it says, what it is asked of, and the check that finds it broken."""

    name: str
    text: str
    capabilities: tuple[str, ...]
    """All of these must be declared, YES or EMULATED, or the promise is not asked for."""
    needs_book: bool
    """Whether it compares with the reference book; else any office can be asked, whatever it holds."""
    needs_insert: bool
    needs_broken: bool
    writes: bool
    """Whether it writes to the office, which then gets its book again."""
    check: Check

    @property
    def place(self) -> str:
        """Where the check can be read: module and function."""
        return f"{self.check.__module__}.{self.name}"

    def not_asked(self, bench: Bench) -> str:
        """Why this office owes nothing here; empty if it does."""
        refused = [name for name in self.capabilities if bench.mine.guard.supports(name) is Support.NO]
        if refused:
            return f"the manifest says NO to {', '.join(refused)}"
        if self.needs_book and not bench.filled:
            return "the office does not hold the reference book"
        if self.needs_insert and bench.harness.insert is None:
            return "nothing adds rows to a filled office (`insert`)"
        if self.needs_broken and bench.harness.broken is None:
            return "no configuration that must not open is named (`broken`)"
        return _unwritable(bench) if self.writes else ""


def _unwritable(bench: Bench) -> str:
    """Why nothing is written to a filled office; empty if something may be."""
    if not bench.harness.writable:
        return "nothing may be written to the office but its book (`writable`)"
    if bench.harness.insert is None:
        return "nothing gives the office its book again once something was written to it (`insert`)"
    return ""


PROMISES: list[Promise] = []
"""All promises, in the order they are written down."""


def promise(
    *capabilities: str, book: bool = True, insert: bool = False, broken: bool = False, writes: bool = False
) -> Callable[[Check], Check]:
    """Enter a check into `PROMISES`."""

    def enter(check: Check) -> Check:
        entry = Promise(
            name=check.__name__,
            text=getdoc(check) or "",
            capabilities=capabilities,
            needs_book=book,
            needs_insert=insert,
            needs_broken=broken,
            writes=writes,
            check=check,
        )
        PROMISES.append(entry)
        return check

    return enter


def expect(kept: object, broken: str) -> None:
    """Raise `BrokenPromiseError` unless `kept`."""
    if not kept:
        raise BrokenPromiseError(broken)


def same(what: str, found: Any, wanted: Any) -> None:
    """Raise unless `found` equals `wanted` in everything but its origin; point at the first difference."""
    place = difference(found, wanted)
    expect(place is None, f"{what}: {place}")


def aligned(what: str, subjects: Sequence[Any], found: Any, wanted: Sequence[Any]) -> None:
    """Raise unless each subject has the answer that is wanted; name the first that has not."""
    expect(type(found) is list, f"{what}: answered a {type(found).__name__}, expected a list")
    expect(len(found) == len(wanted), f"{what}: answered {len(found)} positions for {len(wanted)} subjects")
    for subject, hit, other in zip(subjects, found, wanted, strict=True):
        if place := difference(hit, other):
            raise BrokenPromiseError(f"{what} of {_named(subject)}: {place}")


def _named(subject: Any) -> str:
    """A subject as people find it again; keys may be endless."""
    if isinstance(subject, Reader):
        return "the reader of " + ", ".join(f"{_named(one.account)} as {one.role}" for one in subject.standings)
    if isinstance(subject, PartyFilter):
        roles = " or ".join(subject.roles) or "anybody"
        return roles if subject.text is None else f"{roles} by {_named(subject.text)}"
    key = getattr(subject, "key", subject)
    shown = ascii(key) if len(key) <= _SHOWN else f"{key[:_SHOWN]!a}… ({len(key)} characters)"
    return shown if isinstance(subject, str) else f"account {shown}"


def difference(found: Any, wanted: Any, path: str = "answer") -> str | None:
    """Tell where two answers differ, as a path and both values; None if they do not."""
    found, wanted = _settled(found), _settled(wanted)
    if type(found) is not type(wanted):
        return f"{path} is {_shown(found)}, expected {_shown(wanted)}"
    if isinstance(found, list | tuple):
        return _sequences(found, wanted, path)  # pyright: ignore[reportUnknownArgumentType]  items of any kind
    if isinstance(found, Record):
        fields = (name for name in found.__struct_fields__ if name != "origin")
        inner = (difference(getattr(found, name), getattr(wanted, name), f"{path}.{name}") for name in fields)
        return next((place for place in inner if place), None)
    return None if found == wanted else f"{path} is {_shown(found)}, expected {_shown(wanted)}"


def _settled(value: Any) -> Any:
    """`value`, as records if it is rows of records."""
    return tuple(value) if isinstance(value, Rows) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  records of any kind


def _sequences(found: Any, wanted: Any, path: str) -> str | None:
    if len(found) != len(wanted):
        return f"{path} has {len(found)} items {_keys(found)}, expected {len(wanted)} {_keys(wanted)}"
    pairs = enumerate(zip(found, wanted, strict=True))
    inner = (difference(one, other, f"{path}[{at}]") for at, (one, other) in pairs)
    return next((place for place in inner if place), None)


def _keys(items: Any) -> str:
    return "[" + ", ".join(getattr(item, "key", type(item).__name__) for item in items) + "]"


def _shown(value: Any) -> str:
    if isinstance(value, Fault):
        return f"the fault {value.code} ({value.detail})"
    if isinstance(value, Slice | Changes):
        return f"a slice {_keys(value.items)}"  # pyright: ignore[reportUnknownMemberType]  items of any kind
    return f"{type(value).__name__} {value.key!r}" if isinstance(value, Sourced) else repr(value)


def origins(value: Any) -> list[Origin]:
    """Every origin inside an answer."""
    if isinstance(value, list | tuple | Rows):
        return [origin for item in value for origin in origins(item)]  # pyright: ignore[reportUnknownVariableType]  items of any kind
    if isinstance(value, Slice | Changes):
        return origins(value.items)  # pyright: ignore[reportUnknownMemberType]  items of any kind
    return [value.origin] if isinstance(value, Sourced) else []


def leaves(value: Any, path: str = "answer") -> list[tuple[str, Any]]:
    """Every plain value inside an answer with its path."""
    if isinstance(value, list | tuple | Rows):
        return [leaf for at, item in enumerate(value) for leaf in leaves(item, f"{path}[{at}]")]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  items of any kind
    if hasattr(value, "__struct_fields__"):
        fields = structs.asdict(value).items()
        return [leaf for name, item in fields for leaf in leaves(item, f"{path}.{name}")]
    return [(path, value)]
