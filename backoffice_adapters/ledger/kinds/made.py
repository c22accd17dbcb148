"""How one attribute is made of columns: code for the reader of a kind, ``{0}``, ``{1}`` … for what the columns hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from ventanilla.backoffice_adapters.money import Money, written
from ventanilla.backoffice_adapters.records import Record

E = TypeVar("E", bound=StrEnum)
Leaf = tuple[str, str]
"""Code of what is answered, and what proves it, as `Shape.leaf` has them."""


class Made(Record):
    """What an attribute is made of, and how."""

    columns: tuple[str, ...]
    code: str = "{0}"
    names: Mapping[str, Any] = {}
    """What the code takes from outside."""
    leaves: Mapping[str, Leaf] = {}
    """What is answered for the attribute, under an empty text, or for parts of it, if it always has them."""


def as_it_is(column: str, proof: str = "") -> Made:
    """What the column holds; `proof` is what its declaration says of it."""
    return Made(columns=(column,), leaves={"": ("{0}", proof)} if proof else {})


def day_in(column: str) -> Made:
    """A day, which there always is."""
    return Made(columns=(column,), code="day({0})", names=_DAY, leaves={"": ("{0}", "iso")})


def day_or_none(column: str) -> Made:
    """A day, where there is one."""
    return Made(columns=(column,), code="day({0}) if {0} else None", names=_DAY, leaves={"": ("{0}", "iso?")})


def moment_in(column: str) -> Made:
    """A moment, which there always is."""
    return Made(columns=(column,), code="moment({0})", names=_MOMENT)


def moment_or_none(column: str) -> Made:
    """A moment, where there is one."""
    return Made(columns=(column,), code="moment({0}) if {0} else None", names=_MOMENT)


def flag_in(column: str) -> Made:
    """Whether it is so; the column holds 0 or 1."""
    return Made(columns=(column,), code="{0} == 1")


def member_in(column: str, enum: type[StrEnum]) -> Made:
    """The member of `enum` with the column's value."""
    known = f"{enum.__name__}_of"
    return Made(columns=(column,), code=known + "[{0}]", names={known: by_value(enum)})


def money_in(column: str) -> Made:
    """The column's minor units of the row's currency."""
    return Made(columns=(column, "currency"), code="Money({0}, {1})", names=_MONEY, leaves=_MONEY_LEAVES)


def json_in(column: str, kind: Any) -> Made:
    """What the column's JSON text says, a `kind`."""
    read = f"read_{column}"
    return Made(columns=(column,), code=read + "({0})", names={read: msgspec.json.Decoder(kind).decode})


def by(function: Callable[..., Any], *columns: str) -> Made:
    """What `function` makes of the columns' values."""
    places = ", ".join(f"{{{number}}}" for number in range(len(columns)))
    return Made(columns=columns, code=f"{function.__name__}({places})", names={function.__name__: function})


def money_by_today(function: Callable[..., int], *columns: str) -> Made:
    """The minor units that `function` makes of today's date, as ISO text, and the columns' values."""
    made = by(function, *columns)
    minor, currency = made.code.replace("(", "(today, ", 1), f"{{{len(columns)}}}"
    return Made(
        columns=(*columns, "currency"),
        code=f"Money({minor}, {currency})",
        names={**made.names, **_MONEY},
        leaves={"amount": (f"written({minor}, {currency})", "str"), "currency": (currency, "str")},
    )


def by_value(enum: type[E]) -> dict[str, E]:
    """Value → member: a look-up is several times quicker than calling the enum."""
    return {member.value: member for member in enum}


def day_of(text: str | None) -> date | None:
    """A day, where there is one."""
    return date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> datetime | None:
    """A moment, where there is one."""
    return datetime.fromisoformat(text) if text else None


_DAY: Mapping[str, Any] = {"day": date.fromisoformat}
_MONEY: Mapping[str, Any] = {"Money": Money, "written": written}
_MONEY_LEAVES: Mapping[str, Leaf] = {"amount": ("written({0}, {1})", "str"), "currency": ("{1}", "str")}
_MOMENT: Mapping[str, Any] = {"moment": datetime.fromisoformat}
