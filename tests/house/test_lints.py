"""The house's own lints catch what they are for, and nothing else."""

import pytest

from tests.house import lints


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("token == other", True),
        ("if request.csrf_token != expected: pass", True),
        ("expected == self.webhook_signature", True),
        ("1 < age and stored_digest == given", True),
        ("hmac.compare_digest(token, other)", False),
        ('token == ""', False),
        ("Session.token_hash == hashed", False),
        ("max_tokens == limit", False),
        ("token.kind == kind", False),
        ("digest == last_digest  # not a secret: tells whether the files changed", False),
    ],
)
def test_secrets_are_not_compared_with_equals(line: str, *, bad: bool) -> None:
    assert lints.secret_comparisons(line) == ([1] if bad else [])


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S105", True),
        ("x = 1  # noqa: S105, E501", True),
        ("x = 1  # type: ignore[attr-defined]", True),
        ("x = 1  # pyright: ignore[reportPrivateUsage]  # why", True),
        ("x = 1  # noqa: S105  the name of a way", False),
        ("x = 1  # noqa: S105  public", False),
        ("x = 1  # type: ignore[attr-defined]  # the mark is read elsewhere", False),
        ('x = "# noqa"', False),
    ],
)
def test_a_silenced_checker_needs_a_reason(line: str, *, bad: bool) -> None:
    assert lints.unexplained_suppressions(line) == ([1] if bad else [])


def test_a_reason_serves_the_like_lines_below_it() -> None:
    source = "a = 1  # noqa: S105  public\nb = 2  # noqa: S105\nc = 3  # noqa: S106\n\nd = 4  # noqa: S105\n"
    assert lints.unexplained_suppressions(source) == [3, 5]


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("/" + "home/maria/ventanilla", True),
        ('path = "/' + 'root/x"', True),
        ("file:///" + "work/main", True),
        ("https://portal.example/" + "home/account", False),
        ("./data/" + "home/x", False),
        ("go home/now", False),
    ],
)
def test_a_machine_path_is_seen(line: str, *, bad: bool) -> None:
    assert lints.lines_with(lints.MACHINE_PATH, line) == ([1] if bad else [])


@pytest.mark.parametrize("line", ["files.python" + "hosted.org/x", "registry.npm" + "js.org", "cdn.js" + "delivr.net"])
def test_a_registry_is_seen(line: str) -> None:
    assert lints.lines_with(lints.REGISTRY, line) == [1]


def test_work_left_over_is_seen() -> None:
    assert lints.lines_with(lints.LEFT_OVER, "one\n# TO" + "DO: two\n") == [2]


def test_imports_are_seen_wherever_they_stand() -> None:
    source = "from . import near\ndef f():\n    import far.away\n    from up.there import x\n"
    assert lints.relative_imports(source) == [1]
    assert list(lints.imported_modules(source)) == ["far.away", "up.there"]
