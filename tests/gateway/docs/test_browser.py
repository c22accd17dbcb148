"""The manual in a browser: what its script adds, and the way into the console."""

from pathlib import Path

import pytest

from tests.gateway.demo.process import Demo
from tests.gateway.demo.test_walk import rendered
from ventanilla.gateway.docs.markup import console_link
from ventanilla.gateway.docs.ready import Ready


@pytest.mark.parametrize("path", ["types/Invoice", "guides/sign-in"])
def test_the_script_adds_search_and_languages(demo: Demo, tmp_path: Path, path: str) -> None:
    page = rendered(f"http://127.0.0.1:{demo.port + 1}/docs/{path}", tmp_path)
    assert '<search class="search" id="docs-search">' in page
    assert ('aria-pressed="true">curl</button>' in page) == path.startswith("guides")


def test_a_document_of_the_manual_opens_in_the_console(demo: Demo, tmp_path: Path) -> None:
    ready = Ready(query="query Borrowed($first: Int) {\n  viewer {\n    name\n  }\n}", variables={"first": 7})
    page = rendered(f"http://127.0.0.1:{demo.port + 1}{console_link(ready)}", tmp_path)
    assert 'cm-def">Borrowed<' in page
    assert 'cm-number">7<' in page


def test_the_start_page_and_the_console_lead_to_it(demo: Demo) -> None:
    assert demo.get(f"localhost:{demo.port}").text.count('/docs">Manual</a>') == 3
    assert '<a href="/docs">Manual</a>' in demo.get(f"127.0.0.1:{demo.port + 1}", "/graphiql").text
