"""The pages by their paths, and the files beside them. What a page shows is gathered here; templates lay it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLScalarType, GraphQLSchema, introspection_from_schema
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ventanilla.auth.scopes import SCOPES
from ventanilla.backoffice_adapters.records import Record
from ventanilla.execution.cost import ASSUMED
from ventanilla.execution.limits import Limits
from ventanilla.gateway.budget import WINDOW_S
from ventanilla.gateway.docs import markup
from ventanilla.gateway.docs.atlas import ERRORS, ROOTS, Atlas, named
from ventanilla.gateway.docs.codes import CODES
from ventanilla.gateway.docs.cookbook import Price, Recipe, prices, recipes
from ventanilla.gateway.docs.guides import guides
from ventanilla.gateway.docs.needs import PEOPLE
from ventanilla.gateway.docs.ready import Ready
from ventanilla.gateway.docs.searching import entries
from ventanilla.gateway.docs.views import Desk, Views, given
from ventanilla.schema.schema import sdl

_FOLDER: Final = Path(__file__).parent
_HTML: Final = "text/html"
_PAGES: Final = {"": "index", "mutations": "mutations", "cookbook": "cookbook", "errors": "errors", "costs": "costs",
                 "access": "access"}  # fmt: skip
"""Pages that there is one of, and what they are called."""


class Made(Record):
    """A page, or a file, as text."""

    text: str
    media: str = _HTML


class Pages:
    """Makes the pages of one schema. `console` says whether there is one to lead to."""

    def __init__(self, schema: GraphQLSchema, *, console: bool) -> None:
        self._schema = schema
        self._console = console
        self._atlas = Atlas(schema)
        self._views = Views(self._atlas)
        self._templates = _templates()
        self._single: Mapping[str, Callable[[Desk], Made]] = {
            "theme.css": self._theme,
            "search.json": self._search,
            "schema.graphql": self._sdl,
            "schema.json": self._introspection,
            **{path: self._plain(name) for path, name in _PAGES.items()},
        }
        self._several: Mapping[str, Callable[[str, Desk], Made | None]] = {
            "types": self._type,
            "mutations": self._mutation,
            "guides": self._guide,
            "cookbook": self._recipe,
        }

    def paths(self) -> list[str]:
        """Every path that there is a page at."""
        found = {
            "types": self._atlas.types,
            "mutations": self._atlas.mutations,
            "guides": guides(),
            "cookbook": recipes(),
        }
        return [*self._single, *(f"{folder}/{name}" for folder, names in found.items() for name in names)]

    def make(self, desk: Desk, path: str) -> Made | None:
        """The page at `path` below ``/docs``; None where there is none."""
        if path in self._single:
            return self._single[path](desk)
        folder, _, name = path.partition("/")
        making = self._several.get(folder)
        return making(name, desk) if making and name else None

    def _page(self, template: str, desk: Desk, title: str, **shown: Any) -> Made:
        page = self._templates.get_template(f"{template}.html")
        frame = {"desk": desk, "atlas": self._atlas, "console": self._console, "guides": guides(), "recipes": recipes()}
        return Made(text=page.render(**frame, title=title, **shown))

    def _plain(self, name: str) -> Callable[[Desk], Made]:
        gather: Mapping[str, Callable[[Desk], dict[str, Any]]] = {
            "errors": lambda _desk: {"codes": CODES},
            "costs": self._costs,
            "access": self._access,
            "cookbook": lambda _desk: {"prices": self._prices},
            "mutations": lambda _desk: {},
            "index": lambda _desk: {},
        }
        return lambda desk: self._page(name, desk, _TITLES[name], **gather[name](desk))

    def _costs(self, desk: Desk) -> dict[str, Any]:
        asked = [
            (f"{kind.name}.{shown.name}", shown.points)
            for kind in self._atlas.types.values()
            if kind.name not in ROOTS
            for shown in self._views.fields(kind, desk)
            if shown.points.least
        ]
        return {"asked": asked, "assumed": ASSUMED, "window": WINDOW_S, "limits": Limits(), "prices": self._prices}

    def _access(self, _desk: Desk) -> dict[str, Any]:
        words = {name: scope["en"] for name, scope in SCOPES.items()}
        return {
            "people": PEOPLE,
            "scopes": words,
            "supports": self._values("Support"),
            "reasons": self._values("CapabilityReason"),
        }

    def _values(self, name: str) -> dict[str, str]:
        """The values of an enum, with their descriptions."""
        kind = self._atlas.types.get(name)
        return {key: each.description or "" for key, each in self._atlas.values(kind).items()} if kind else {}

    @cached_property
    def _prices(self) -> list[tuple[Recipe, list[Price]]]:
        """Each document of the cookbook with what it costs."""
        return [(recipe, prices(self._schema, recipe)) for recipe in recipes().values()]

    def _type(self, name: str, desk: Desk) -> Made | None:
        kind = self._atlas.types.get(name)
        if kind is None:
            return None
        return self._page(
            "type",
            desk,
            name,
            kind=kind,
            word=self._atlas.kind_of(kind),
            fields=self._views.fields(kind, desk),
            inputs=self._views.inputs(kind),
            one_of=getattr(kind, "is_one_of", False),
            values=self._atlas.values(kind),
            url=kind.specified_by_url if isinstance(kind, GraphQLScalarType) else None,
            interfaces=[each.name for each in getattr(kind, "interfaces", ())],
            implementations=self._atlas.implementations(kind),
            users=self._atlas.users.get(name, []),
            failing=self._failing(name),
        )

    def _failing(self, name: str) -> list[str]:
        """The mutations whose reasons an enum lists."""
        reasons = {mutation: self._atlas.reasons(mutation) for mutation in self._atlas.mutations}
        return [mutation for mutation, reason in reasons.items() if reason and reason.name == name]

    def _mutation(self, name: str, desk: Desk) -> Made | None:
        found = self._atlas.mutations.get(name)
        if found is None or self._schema.mutation_type is None:
            return None
        payload = named(found)
        return self._page(
            "mutation",
            desk,
            name,
            shown=self._views.field(self._schema.mutation_type, name, desk),
            inputs=[
                (key, named(each), self._views.inputs(named(each)) or [given(key, each)])
                for key, each in found.args.items()
            ],
            payload=payload,
            answers=[each for each in self._views.fields(payload, desk) if each.name != ERRORS],
            reason=self._atlas.reasons(name),
            cooked=[recipe for recipe in recipes().values() if name in recipe.fields],
        )

    def _guide(self, name: str, desk: Desk) -> Made | None:
        guide = guides().get(name)
        if guide is None:
            return None
        return self._page("guide", desk, guide.title, guide=guide, body=guide.html(desk.placeholders))

    def _recipe(self, name: str, desk: Desk) -> Made | None:
        recipe = recipes().get(name)
        if recipe is None:
            return None
        ready = Ready(query=recipe.query, variables={})
        return self._page("recipe", desk, name, recipe=recipe, ready=ready, prices=prices(self._schema, recipe))

    def _theme(self, desk: Desk) -> Made:
        style = self._templates.get_template("theme.css").render(theme=desk.manager.presentation.theme)
        return Made(text=style, media="text/css")

    def _search(self, _desk: Desk) -> Made:
        return Made(text=json.dumps(entries(self._atlas), ensure_ascii=False), media="application/json")

    def _sdl(self, _desk: Desk) -> Made:
        return Made(text=sdl(self._schema), media="text/plain")

    def _introspection(self, _desk: Desk) -> Made:
        told = introspection_from_schema(self._schema)
        return Made(text=json.dumps({"data": told}, ensure_ascii=False), media="application/json")


_TITLES: Final = {
    "index": "Manual",
    "mutations": "Mutations",
    "cookbook": "Cookbook",
    "errors": "Errors",
    "costs": "Costs",
    "access": "Access",
}


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "prose": markup.prose,
        "phrase": markup.phrase,
        "linked": markup.linked,
        "coordinate": markup.coordinate_link,
        "console": markup.console_link,
        "coloured": markup.coloured,
        "readable": markup.json_of,
        "anchor": markup.anchor_of,
    }
    templates.filters.update(filters)  # pyright: ignore[reportArgumentType]  jinja2 types them as those it brings
    return templates
