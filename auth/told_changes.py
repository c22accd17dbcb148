"""What is written down of a change of what the staff decide: what was, and what is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


def told_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """What was changed of values by name, ``from`` and ``to``, each as ``name=value`` in a row; nothing where nothing
    was."""
    changed = [name for name in after if before[name] != after[name]]
    return {when: _written(values, changed) for when, values in (("from", before), ("to", after)) if changed}


def _written(values: Mapping[str, Any], names: list[str]) -> str:
    return " ".join(f"{spelt(name)}={_plain(values[name])}" for name in names)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def spelt(name: str) -> str:
    """A name as clients know it: ``min_length`` is ``minLength``."""
    first, *more = name.split("_")
    return first + "".join(map(str.title, more))
