"""The theme: how the portal looks, and what those who administer access make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from ventanilla.auth import theme_change
from ventanilla.auth.theme_change import ThemeChange, ThemeFlaw, ThemeProblem, drafted
from ventanilla.auth.told_changes import spelt
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.resolvers.staff import Desk
from ventanilla.store import theme
from ventanilla.store.theme import Contrast, ContrastPair, Scheme, Theme, ThemeColours


class UpdatePortalThemeReason(StrEnum):
    """Why a theme stays as it is."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    COLOUR_MALFORMED = "COLOUR_MALFORMED"
    LOGO_URL_NOT_ALLOWED = "LOGO_URL_NOT_ALLOWED"
    CONTRAST_TOO_LOW = "CONTRAST_TOO_LOW"


_WORDS: Final[Mapping[ThemeFlaw, Mapping[str, str]]] = {
    ThemeFlaw.FIELD_REQUIRED: {
        "en": "Say what it is to be, or leave it out: then it stays as it is.",
        "es": "Indique cómo debe ser o no lo envíe: así queda como está.",
        "pl": "Prosimy podać wartość albo pominąć to pole: wtedy pozostanie bez zmian.",
    },
    ThemeFlaw.COLOUR_MALFORMED: {
        "en": "Write a colour as # and six hexadecimal digits, such as #1f4e79.",
        "es": "Escriba el color como # y seis dígitos hexadecimales, por ejemplo #1f4e79.",
        "pl": "Prosimy zapisać kolor jako # i sześć cyfr szesnastkowych, na przykład #1f4e79.",
    },
    ThemeFlaw.LOGO_URL_NOT_ALLOWED: {
        "en": "The logo's address has to begin with https://, or be a path of this portal, such as /logo.svg.",
        "es": "La dirección del logotipo debe comenzar con https:// o ser una ruta de este portal, como /logo.svg.",
        "pl": "Adres logo musi zaczynać się od https:// albo być ścieżką tego portalu, na przykład /logo.svg.",
    },
}
_LOW: Final[Mapping[Scheme, Mapping[str, str]]] = {
    Scheme.LIGHT: {
        "en": "Hard to read: {what}. The contrast is {ratio}, and at least {needed} is needed: {suggestion} would do.",
        "es": "Se lee mal: {what}. El contraste es {ratio} y hace falta al menos {needed}: {suggestion} serviría.",
        "pl": "Mało czytelne: {what}. Kontrast wynosi {ratio}, a potrzeba {needed}: wystarczy {suggestion}.",
    },
    Scheme.DARK: {
        "en": "Hard to read in the dark: {what}. The contrast is {ratio}, and at least {needed} is needed: {suggestion}"
        " would do.",
        "es": "Se lee mal en modo oscuro: {what}. El contraste es {ratio} y hace falta al menos {needed}: {suggestion}"
        " serviría.",
        "pl": "Mało czytelne w trybie ciemnym: {what}. Kontrast wynosi {ratio}, a potrzeba co najmniej {needed}:"
        " wystarczy {suggestion}.",
    },
}
_WHAT: Final[Mapping[ContrastPair, Mapping[str, str]]] = {
    ContrastPair.TEXT_BACKGROUND: {
        "en": "text on the background",
        "es": "el texto sobre el fondo",
        "pl": "tekst na tle",
    },
    ContrastPair.ON_PRIMARY_PRIMARY: {
        "en": "text on the main colour",
        "es": "el texto sobre el color principal",
        "pl": "tekst na kolorze głównym",
    },
    ContrastPair.PRIMARY_BACKGROUND: {
        "en": "the main colour on the background",
        "es": "el color principal sobre el fondo",
        "pl": "kolor główny na tle",
    },
    ContrastPair.ACCENT_BACKGROUND: {
        "en": "the accent on the background",
        "es": "el color de acento sobre el fondo",
        "pl": "kolor akcentu na tle",
    },
    ContrastPair.ON_PRIMARY_ACCENT: {
        "en": "text on the accent",
        "es": "el texto sobre el color de acento",
        "pl": "tekst na kolorze akcentu",
    },
}


class UpdatedTheme(Record):
    """What came of it: the theme as it is now."""

    theme: Theme | None = None
    user_errors: Sequence[Refusal] = ()


class ThemePreview(Record):
    """What a change would come to, if it were saved."""

    dark: ThemeColours
    contrasts: Sequence[Contrast]
    user_errors: Sequence[Refusal]


def dark_colours(_context: Context, themes: Sequence[Theme]) -> list[ThemeColours]:
    """The colours of each theme on a dark background."""
    return [theme.dark_colours(each) for each in themes]


def paths(_context: Context, found: Sequence[Contrast]) -> list[list[str]]:
    """Which field of the input the suggestion of each contrast is for."""
    return [spelt(each.mends).split(".") for each in found]


@batch(scope=Scope.STAFF_ADMIN)
async def previews(context: Context, desks: Sequence[Desk], *, change: ThemeChange) -> list[ThemePreview]:
    """What `change` would come to now. Nothing is saved."""
    draft = drafted(context.manager.presentation.theme, change)
    errors = [_refusal(context, problem) for problem in draft.problems]
    dark = theme.dark_colours(draft.theme)
    return [ThemePreview(dark=dark, contrasts=draft.contrasts, user_errors=errors)] * len(desks)


@call(scope=Scope.STAFF_ADMIN)
async def update(context: Context, *, change: ThemeChange) -> UpdatedTheme:
    """Let the portal look otherwise from the next request on, or later in this one."""
    outcome = await theme_change.update(
        context.services.store,
        context.manager.slug,
        change,
        person_id=context.person_id,
        caller=context.caller,
        now=context.now,
    )
    if not isinstance(outcome, Theme):
        return UpdatedTheme(user_errors=[_refusal(context, problem) for problem in outcome])
    presentation = replace(context.manager.presentation, theme=outcome)
    context.manager = replace(context.manager, presentation=presentation)
    return UpdatedTheme(theme=outcome)


def _refusal(context: Context, problem: ThemeProblem) -> Refusal:
    reason, field = UpdatePortalThemeReason(problem.flaw.value), spelt(problem.name)
    if problem.contrast is None:
        return refused(reason, _WORDS[problem.flaw], context.language, field)
    params = _params(problem.contrast)
    what = _WHAT[problem.contrast.pair]
    texts = {
        language: text.format(what=what[language], **params) for language, text in _LOW[problem.contrast.scheme].items()
    }
    return refused(reason, texts, context.language, field, params=params)


def _params(found: Contrast) -> dict[str, str]:
    return {
        "scheme": found.scheme.value,
        "pair": found.pair.value,
        "ratio": f"{found.ratio:.2f}",
        "needed": f"{found.needed}",
        "suggestion": found.suggestion or "",
    }
