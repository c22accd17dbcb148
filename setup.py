"""Map the rooms at the top of the tree to ``ventanilla.*``; everything else stands in pyproject.toml.

The folders keep the names people look for (``schema``, ``auth`` …) while nothing is installed under
those names, which belong to other packages on PyPI and may be needed by somebody's adapter.
"""

from setuptools import find_packages, setup

ROOMS = (
    "gateway",
    "schema",
    "jobs",
    "resolvers",
    "auth",
    "pdf",
    "mail",
    "payments",
    "store",
    "backoffice_adapters",
    "execution",
)
COOKBOOK = "ventanilla.gateway.docs.cookbook"
"""The documents of examples/queries, which the manual shows with their prices: they are edited there, as examples."""


def packages_of(room: str) -> list[str]:
    """Name the room and every package inside it, as they are imported."""
    return [f"ventanilla.{name}" for name in (room, *(f"{room}.{inner}" for inner in find_packages(room)))]


setup(
    packages=[*(package for room in ROOMS for package in packages_of(room)), COOKBOOK],
    package_dir={**{f"ventanilla.{room}": room for room in ROOMS}, COOKBOOK: "examples/queries"},
    package_data={"": ["**/*"]},  # templates, managers, the console: whatever stands in a room belongs to it
    exclude_package_data={"": ["*.pyc"]},
    include_package_data=False,
)
