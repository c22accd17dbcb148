"""House rules that no shared linter knows, as plain functions: a source text in, the offending lines out."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

MACHINE_PATH = re.compile(r"(?<![\w.}-])/(?:home|root|work)/\w")
REGISTRY = re.compile(
    r"pypi\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|yarn[p]kg\.com|un[p]kg\.com|js[d]elivr|cd[n]js"
)
LEFT_OVER = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b")
SUPPRESSION = re.compile(
    r"noqa(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?|(?:type|pyright):\s*ignore(?:\[[^\]]*\])?|pragma:\s*no\s*\w+"
)
REASON = re.compile(r"[^\W\d_]{4,}")
SECRET_WORDS = frozenset(
    {"token", "secret", "signature", "digest", "password", "passphrase", "mac", "hmac", "nonce", "otp", "credential"}
)
PUBLIC = "not a secret"
"""What a comment on the line says of a value that only sounds like a secret."""


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    """The numbers of the lines in which `pattern` occurs."""
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def unexplained_suppressions(source: str) -> list[int]:
    """The lines that silence a checker without saying why; a reason also serves the like lines directly below it."""
    explained: dict[int, str] = {}
    unexplained: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = SUPPRESSION.search(token.string) if token.type == tokenize.COMMENT else None
        if not found:
            continue
        line = token.start[0]
        if REASON.search(SUPPRESSION.sub("", token.string)) or explained.get(line - 1) == found[0]:
            explained[line] = found[0]
        else:
            unexplained.append(line)
    return unexplained


def _last_word(node: ast.expr) -> str:
    """The last word of the name that `node` reads: ``token`` of ``request.csrf_token``."""
    if isinstance(node, ast.Attribute):
        return node.attr.lower().rpartition("_")[2]
    return node.id.lower().rpartition("_")[2] if isinstance(node, ast.Name) else ""


def _compares_secret(node: ast.Compare) -> bool:
    """Whether a secret stands on one side of ``==`` or ``!=`` and something that is no literal on the other."""
    sides = [node.left, *node.comparators]
    pairs = zip(sides, node.ops, sides[1:], strict=False)
    return any(
        isinstance(operator, ast.Eq | ast.NotEq)
        and SECRET_WORDS & {_last_word(left), _last_word(right)}
        and not isinstance(left, ast.Constant)
        and not isinstance(right, ast.Constant)
        for left, operator, right in pairs
    )


def secret_comparisons(source: str) -> list[int]:
    """The lines that compare secrets with ``==``, whose time tells how much was right; use hmac.compare_digest."""
    lines = source.splitlines()
    compared = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare) and _compares_secret(node)
    )
    return [node.lineno for node in compared if PUBLIC not in lines[node.lineno - 1]]


def relative_imports(source: str) -> list[int]:
    """The lines that import by dots."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.level]


def imported_modules(source: str) -> Iterator[str]:
    """The full name of every module that `source` imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
