"""The manager's own people at a browser, for the tests of their side of the portal."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Dialog, Page

from tests.browser.conftest import Pages, Portals, sign_in

ADMINS = {
    "aguas": ("gustavo@aguasdelceibo.example", "es-AR"),
    "inmobiliaria": ("hernan@guayacan.example", "es-CO"),
    "osiedle": ("lukasz@nadbrda.example", "pl-PL"),
}
REFUSED = ("422",)
"""What the browser says of a form that was refused."""


@contextmanager
def at_work(
    demo: Portals,
    browser_page: Pages,
    slug: str,
    *,
    email: str | None = None,
    width: int = 390,
    tolerated: tuple[str, ...] = (),
) -> Generator[tuple[Page, str]]:
    """Somebody of the staff (who administers access, unless said), and the address of their side of the portal."""
    admin, locale = ADMINS[slug]
    with browser_page(width, locale=locale, tolerated=tolerated) as page:
        sign_in(page, demo, slug, email or admin)
        yield page, f"{demo.portal(slug)}/staff"


def sure(page: Page) -> list[str]:
    """From now on whatever is asked is answered with yes; what was asked."""
    asked: list[str] = []

    def yes(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", yes)
    return asked
