"""What the page's search looks through: every type, field, value, mutation, code and text, with its address."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLNamedType

from ventanilla.gateway.docs.atlas import Atlas
from ventanilla.gateway.docs.codes import CODES
from ventanilla.gateway.docs.cookbook import recipes
from ventanilla.gateway.docs.guides import guides

Entry = tuple[str, str, str, str]
"""What it is called, what it is, its address below ``/docs``, and its first sentence."""


def entries(atlas: Atlas) -> list[Entry]:
    """Everything that can be looked for, whole things before their parts."""
    return [*_texts(), *_mutations(atlas), *_types(atlas), *_parts(atlas)]


def _texts() -> Iterator[Entry]:
    for guide in guides().values():
        yield guide.title, "guide", f"guides/{guide.name}", guide.lead
        for heading in guide.headings:
            yield heading.words, "guide", f"guides/{guide.name}#{heading.anchor}", guide.title
    for recipe in recipes().values():
        yield recipe.name, "cookbook", f"cookbook/{recipe.name}", _first(recipe.about)
    for code in CODES:
        yield code.code, "error", f"errors#{code.code}", _first(code.meaning)


def _mutations(atlas: Atlas) -> Iterator[Entry]:
    for name, field in atlas.mutations.items():
        yield name, "mutation", f"mutations/{name}", _first(field.description)


def _types(atlas: Atlas) -> Iterator[Entry]:
    for kind in atlas.types.values():
        yield kind.name, atlas.kind_of(kind), f"types/{kind.name}", _first(kind.description)


def _parts(atlas: Atlas) -> Iterator[Entry]:
    for kind in atlas.types.values():
        if kind is not atlas.schema.mutation_type:
            for word, name, description in _of(atlas, kind):
                yield f"{kind.name}.{name}", word, f"types/{kind.name}#{name}", _first(description)


def _of(atlas: Atlas, kind: GraphQLNamedType) -> Iterator[tuple[str, str, str | None]]:
    for name, field in atlas.fields(kind).items():
        yield "field", name, field.description
    for name, given in atlas.inputs(kind).items():
        yield "input field", name, given.description
    for name, value in atlas.values(kind).items():
        yield "value", name, value.description


def _first(text: str | None) -> str:
    """The first sentence of a description."""
    return (text or "").partition("\n")[0].partition(". ")[0].replace("`", "").rstrip(".")
