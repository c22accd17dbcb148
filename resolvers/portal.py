"""The portal: what a front end needs before anybody has signed in."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.store.manager import Manager, Terms

MOST_KEYS = 100


class Text(Record):
    """A text of the manager in the language that was found for it."""

    key: str
    body: str


@call(scope=Scope.PUBLIC)
async def portal(context: Context) -> Manager:
    """The manager whose host was asked."""
    return context.manager


@batch(scope=Scope.PUBLIC)
async def texts(
    context: Context,
    portals: Sequence[Manager],
    *,
    keys: Sequence[str] | None = None,
    language: str | None = None,
) -> list[list[Text]]:
    """The manager's texts, all or those asked for, each in `language` or the nearest that there is."""
    if keys is not None and len(keys) > MOST_KEYS:
        raise invalid_argument(f"`keys` takes at most {MOST_KEYS} keys at once; there were {len(keys)}.")
    spoken = language or context.language
    return [
        [
            Text(key=key, body=body)
            for key in (keys if keys is not None else manager.presentation.texts)
            if (body := manager.text(key, spoken)) is not None
        ]
        for manager in portals
    ]


def terms_bodies(context: Context, terms: Sequence[Terms]) -> list[str | None]:
    """The words of the manager's terms: its text ``terms``."""
    return [context.manager.text("terms", context.language)] * len(terms)


def languages_in_use(context: Context, portals: Sequence[Manager]) -> list[str]:
    """The language that this request is answered in."""
    return [context.language] * len(portals)
