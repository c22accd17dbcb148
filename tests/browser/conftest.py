"""A real browser at a running demo: what people see, press and read.

Tests here are skipped where there is no Chromium, or the packages that drive it are not installed, unless
``VENTANILLA_REQUIRE`` names chromium. Screenshots go to the folder of ``VENTANILLA_SCREENSHOTS``, if it is set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.gateway.demo.process import Demo, free_ports, running
from tests.gateway.demo.walking import PORTALS
from tests.gateway.stock import demo_data
from ventanilla.gateway.demo.people import PASSWORD

AXE = Path(__file__).parents[2] / ".cache" / "audits" / "node_modules" / "axe-core" / "axe.min.js"
"""Where `.ci/run` puts the accessibility checks."""
ASK_AXE = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.map(({ id, impact, tags, help, nodes }) =>
    ({ id, impact, tags, help, where: nodes.slice(0, 3).map((node) => node.html) }));
}"""
expect.set_options(timeout=20_000)  # how long a page takes says how busy the machine is
HEIGHTS = {390: 844, 1280: 900}
Pages = Callable[..., AbstractContextManager[Page]]


class Portals:
    """The portals of a demo that runs for all tests of this process."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo

    def portal(self, slug: str) -> str:
        """The address of a manager's portal."""
        return f"http://127.0.0.1:{self.demo.port + PORTALS[slug]}"


def missing(what: str) -> None:
    """Skip, or fail where CI says that it has what is needed."""
    if "chromium" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def demo(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portals]:
    data = tmp_path_factory.mktemp("browsed") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as process:
        yield Portals(process)


@pytest.fixture(scope="module")  # its driver holds this thread's event loop, which tests elsewhere want for themselves
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        missing("no Chromium is installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser) -> Pages:
    """Opens a window of its own; fails the test if a page complains of scripts, policies or what was not loaded."""

    @contextmanager
    def opened(
        width: int = 390,
        scheme: Literal["light", "dark"] = "light",
        *,
        locale: str = "es-AR",
        scripts: bool = True,
        tolerated: tuple[str, ...] = (),
    ) -> Generator[Page]:
        window = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=scheme,
            locale=locale,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        page = window.new_page()
        page.set_default_timeout(30_000)
        complaints: list[str] = []

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(each in message.text for each in tolerated):
                complaints.append(f"{page.url}: {message.text}")

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        yield page
        window.close()
        assert not complaints, complaints

    return opened


def sign_in(page: Page, demo: Portals, slug: str, email: str, password: str = PASSWORD) -> None:
    """Come in by e-mail and password, to wherever one is led."""
    page.goto(f"{demo.portal(slug)}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("button[value=password]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def axe(page: Page) -> None:
    """Assert that the page breaks no rule of WCAG 2.1 AA that can be checked, and none that matters otherwise."""
    if not AXE.is_file():
        missing("the accessibility checks are not installed; .ci/run does that")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(ASK_AXE)
    serious = [each for each in found if each["impact"] != "minor" or "best-practice" not in each["tags"]]
    assert not serious, serious


def wide(page: Page) -> None:
    """Assert that nobody has to scroll the page sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px wider than its window"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody asked for pictures."""
    folder = os.environ.get("VENTANILLA_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def checked(page: Page, name: str) -> None:
    """What every screen is held to; its picture is kept under `name`."""
    page.wait_for_load_state("networkidle")
    shot(page, name)
    wide(page)
    axe(page)
