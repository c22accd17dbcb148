"""What happened is told in words: every kind, every way of signing in, every detail, in every language."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, build_schema

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples" / "portal"))

from ventanilla_portal import words  # noqa: E402  the portal is a project of its own

SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text("utf-8"))
TOLD = ("number", "subject", "client", "name", "provider", "program", "version", "from", "to")
PERSON_FIELDS = ("given_name", "family_name", "phone", "language")


def values(name: str) -> list[str]:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    return list(kind.values)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("kind", values("AuditKind"))
def test_every_kind_is_told_with_its_details_put_in_and_escaped(kind: str, language: str) -> None:
    said = words.Words(language, *words.shared())
    whole = said.filled(f"AuditKind.{kind}", [{"key": key, "value": "<b>"} for key in TOLD])
    assert "–" not in whole, "a detail that no event has"
    assert "<b>" not in whole
    assert "{" not in said.filled(f"AuditKind.{kind}", []), "without them it can be read too"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_ways_roles_and_fields_have_words(language: str) -> None:
    said = words.Words(language, *words.shared())
    ways = [*values("SignInWay"), "PROVIDER"]
    for key in [f"detail.way.{way}" for way in ways] + [f"detail.field.{name}" for name in PERSON_FIELDS]:
        assert said(key)
    for role in values("MandateRole"):
        assert said(f"Role.{role}")
