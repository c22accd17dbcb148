"""The schema as text, its difference from a file, and who is answered what."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from ventanilla.gateway.mistake import MistakeError
from ventanilla.schema import roles, schema


def sdl() -> str:
    """The schema of this code in GraphQL's schema language, ending in a line break."""
    return schema.sdl(schema.build())


def role_table() -> str:
    """Who is answered what, in Markdown."""
    return roles.table(schema.build())


def difference(path: Path) -> str:
    """What separates the file at `path` from the schema, as a unified diff; empty if nothing does."""
    try:
        written = path.read_text("utf-8")
    except OSError as error:
        raise MistakeError(f"{path}: {error.strerror}. Name a file that holds a schema.") from None
    except UnicodeDecodeError:
        raise MistakeError(f"{path} is not UTF-8 text. Name a file that holds a schema.") from None
    lines = unified_diff(written.splitlines(True), sdl().splitlines(True), str(path), "the schema of this code")
    return "".join(lines)
