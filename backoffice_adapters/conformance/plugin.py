"""The kit as a pytest plug-in: a file called ``….conformance.toml`` is collected, and each promise is one test.

It is found by its entry point wherever ventanilla and pytest are installed, so it imports nothing of the kit before
such a file is there. Those who would rather write Python subclass `Conformance` (`suite.py`), which needs no plug-in.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SUFFIX = ".conformance.toml"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a trial file (`trial.py`); every other file is somebody else's."""
    if not file_path.name.endswith(SUFFIX):
        return None
    # Only those who use the kit load it.
    from ventanilla.backoffice_adapters.conformance.collecting import TrialFile  # noqa: PLC0415  see above

    return TrialFile.from_parent(parent, path=file_path)  # pyright: ignore[reportUnknownMemberType]  pytest: bare **kw
