"""What no file of the house may hold."""

from collections.abc import Callable, Iterable

import pytest

from tests.house import lints, tree


def offences(texts: Iterable[tuple[str, str]], find: Callable[[str], list[int]]) -> list[str]:
    """``file:line`` of everything that `find` objects to."""
    return [f"{name}:{line}" for name, text in texts for line in find(text)]


@pytest.mark.parametrize("rule", ["MACHINE_PATH", "REGISTRY", "LEFT_OVER"])
def test_no_file_holds(rule: str) -> None:
    pattern = getattr(lints, rule)
    assert offences(tree.our_texts(), lambda text: lints.lines_with(pattern, text)) == []


def test_every_silenced_checker_has_a_reason() -> None:
    assert offences(tree.python_texts(), lints.unexplained_suppressions) == []


def test_modules_are_imported_by_their_full_name() -> None:
    assert offences(tree.python_texts(), lints.relative_imports) == []


def test_secrets_are_compared_in_constant_time() -> None:
    product = ((name, text) for name, text in tree.python_texts() if not name.startswith("tests/"))
    assert offences(product, lints.secret_comparisons) == [], "use hmac.compare_digest"
