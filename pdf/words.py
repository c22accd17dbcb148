"""Our own words on papers: one table a language, and in it what a country says differently."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("es", "pl", "en")
_OTHERWISE: Final = "en"


@cache
def words(language: str, country: str) -> Mapping[str, str]:
    """Every word by its key, in `language` (BCP 47) as `country` says it; English where we have no table."""
    spoken = language.partition("-")[0].lower()
    table = _table(spoken if spoken in LANGUAGES else _OTHERWISE)
    general = {key: word for key, word in table.items() if isinstance(word, str)}
    return {**general, **table.get(country, {})}


@cache
def _table(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
