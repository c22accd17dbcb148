"""How the portal looks, and how those who administer access change it."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from ventanilla.auth.theme_change import ColoursChange, ThemeChange
from ventanilla.resolvers import theme
from ventanilla.schema.enums import ContrastPair, Corners, Scheme, Typeface, UpdatePortalThemeReason
from ventanilla.schema.fields import column, given, prop
from ventanilla.schema.problems import UserError
from ventanilla.schema.scalars import Colour, Url

_ACCENT = "Highlights: text on `background`, or a ground for `onPrimary`."
_CORNERS = "How buttons, fields and cards end."
_ON_PRIMARY = "Text on `primary`, and on `accent`."
_PRIMARY = "Headers, main buttons and links."
_TYPEFACE = "Which of the portal's own fonts it is written in."


@strawberry.type(
    description="The colours on one background. A contrast of at least 4.5 : 1 have `text`, `primary` and `accent` with"
    " `background`, and `onPrimary` with `primary` and `accent`."
)
class ThemeColours:
    """One set of colours."""

    primary: Colour = prop(_PRIMARY)
    on_primary: Colour = prop(_ON_PRIMARY)
    background: Colour = prop("The page.")
    text: Colour = prop("Text on `background`.")
    accent: Colour = prop(_ACCENT)


@strawberry.type(
    description="How the portal looks: its colours on a light background, here, and on a dark one; its letters, corners"
    " and logo. Pairs of colours have the contrast that `ThemeColours` tells."
)
class Theme:
    """A manager's theme."""

    primary: Colour = prop(_PRIMARY)
    on_primary: Colour = prop(_ON_PRIMARY)
    background: Colour = prop("The page.")
    text: Colour = prop("Text on `background`.")
    accent: Colour = prop(_ACCENT)
    logo_url: Url | None = prop("The logo: an https address, or a path of the portal.")
    typeface: Typeface = prop(_TYPEFACE)
    corners: Corners = prop(_CORNERS)
    dark: ThemeColours = column(
        theme.dark_colours, "For who prefers a dark page: what the manager chose, the rest derived in the same hues."
    )


@strawberry.type(description="How well one colour of a theme can be read on another.")
class ThemeContrast:
    """A pair of colours."""

    scheme: Scheme = prop("On which background.")
    pair: ContrastPair = prop("Which colour on which.")
    ratio: float = prop("The contrast as WCAG 2 counts it, from 1 to 21; two digits, rounded down.")
    needed: float = prop("The least that it may be.")
    passes: bool = prop("Whether it is as much.")
    suggestion: Colour | None = prop(
        "The nearest colour of the same hue that would do; null where nothing is to be done. A pair that passes has one"
        " where its first colour has to follow another suggestion: whoever takes all has a theme that passes."
    )
    path: list[str] = column(theme.paths, "Which field of the input `suggestion` is for: `dark`, `accent`.")


@strawberry.input(
    description="What colours on a dark background are to be, as `#rrggbb`. What is left out stays as it is; null"
    " derives a colour from the light one."
)
class ThemeColoursInput:
    """Colours of `updatePortalTheme`."""

    primary: str | None = strawberry.field(default=UNSET, description=_PRIMARY)
    on_primary: str | None = strawberry.field(default=UNSET, description=_ON_PRIMARY)
    background: str | None = strawberry.field(default=UNSET, description="The page.")
    text: str | None = strawberry.field(default=UNSET, description="Text on `background`.")
    accent: str | None = strawberry.field(default=UNSET, description=_ACCENT)

    def record(self) -> ColoursChange:
        """The input as the resolver takes it."""
        return ColoursChange(
            primary=given(self.primary),
            on_primary=given(self.on_primary),
            background=given(self.background),
            text=given(self.text),
            accent=given(self.accent),
        )


@strawberry.input(
    description="How the portal is to look; colours as `#rrggbb`. What is left out stays as it is, and null serves"
    " `logoUrl` and `dark` alone."
)
class UpdatePortalThemeInput:
    """Input of `updatePortalTheme` and of `themePreview`."""

    primary: str | None = strawberry.field(default=UNSET, description=_PRIMARY)
    on_primary: str | None = strawberry.field(default=UNSET, description=_ON_PRIMARY)
    background: str | None = strawberry.field(default=UNSET, description="The page.")
    text: str | None = strawberry.field(default=UNSET, description="Text on `background`.")
    accent: str | None = strawberry.field(default=UNSET, description=_ACCENT)
    logo_url: str | None = strawberry.field(
        default=UNSET, description="The logo: an https address, or a path of the portal; null for none."
    )
    typeface: Typeface | None = strawberry.field(default=UNSET, description=_TYPEFACE)
    corners: Corners | None = strawberry.field(default=UNSET, description=_CORNERS)
    dark: ThemeColoursInput | None = strawberry.field(
        default=UNSET, description="Colours for who prefers a dark page; null derives all of them."
    )

    def record(self) -> ThemeChange:
        """The input as the resolver takes it."""
        return ThemeChange(
            light=ThemeColoursInput.record(self),  # pyright: ignore[reportArgumentType]  the same five fields
            logo_url=given(self.logo_url),
            typeface=given(self.typeface),
            corners=given(self.corners),
            dark=given(self.dark),  # pyright: ignore[reportArgumentType]  it is a record by then
        )


@strawberry.type(description="Why a theme stays as it is.")
class UpdatePortalThemeError(UserError):
    """Refusal of `updatePortalTheme`."""

    reason: UpdatePortalThemeReason = prop("The reason.")


@strawberry.type(description="What came of `updatePortalTheme`.")
class UpdatePortalThemePayload:
    """Payload of `updatePortalTheme`."""

    theme: Theme | None = prop("The theme as it is now; null on refusal.")
    user_errors: list[UpdatePortalThemeError] = prop("Why nothing was changed; empty on success.")


@strawberry.type(
    description="What a change of the theme would come to; fields that are wrong by themselves are left as they were."
)
class ThemePreview:
    """A theme that is not saved."""

    dark: ThemeColours = prop("What `theme.dark` would be.")
    contrasts: list[ThemeContrast] = prop("Everything that a portal draws with it, on light and on dark.")
    user_errors: list[UpdatePortalThemeError] = prop("What `updatePortalTheme` would refuse; empty if it would not.")
