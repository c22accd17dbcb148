"""Every example of every guide does what its guide says."""

import re

import pytest
from graphql import parse, validate

from tests.gateway.demo.process import Demo
from tests.gateway.docs.reader import LANGUAGES, examples, fences, needed, run, session
from ventanilla.gateway.docs.guides import FOLDER, guides
from ventanilla.schema.schema import build

GUIDES = [path.stem for path in sorted(FOLDER.glob("*.md"))]


def test_every_guide_is_in_the_order_of_reading() -> None:
    assert sorted(guides()) == GUIDES


@pytest.mark.parametrize("guide", GUIDES)
def test_each_example_is_there_in_every_language(guide: str) -> None:
    first, *others = [[each.name for each in examples(guide, language)] for language in LANGUAGES]
    assert first
    assert others == [first, first]


@pytest.mark.parametrize("guide", GUIDES)
def test_no_block_goes_unchecked(guide: str) -> None:
    for info, code in fences(guide):
        language = info.split()[0]
        assert language in {*LANGUAGES, "graphql"}
        if language == "graphql":
            assert validate(build(), parse(code)) == []
        else:
            assert re.fullmatch(r'\w+ name=\S+ expect="[^"]+"', info), info


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", GUIDES)
def test_examples_run_one_after_the_other(demo: Demo, guide: str, language: str) -> None:
    needed(language)
    printed = run(demo, guide, language)
    chosen = session(guide, language)
    assert [each.name for each in chosen] == list(printed)
    wrong = {each.name: printed[each.name] for each in chosen if each.expected not in printed[each.name]}
    assert wrong == {}
