"""The pages, found by their modules: each module in these folders that has a ``PAGE``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

from ventanilla_portal.page import Page


def _found() -> tuple[Page, ...]:
    modules = sorted(Path(__file__).parent.glob("*/*.py"))
    names = [f"{__name__}.{module.parent.name}.{module.stem}" for module in modules if module.stem != "__init__"]
    return tuple(import_module(name).PAGE for name in names)


PAGES: Final = _found()
"""Every page of the portal."""
