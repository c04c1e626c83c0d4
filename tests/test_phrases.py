"""The phrases are complete, and every brace of theirs is filled in where they are used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml
from pydantic import ValidationError

import bot
from prompts.phrases import PHRASES, load_phrases
from tests.test_messages import sentences

CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(str(bot.__file__)).parent.glob("*.py")))
PLACEHOLDERS = {
    "notices": {
        *("subject", "ends", "begins", "contact", "places", "asked", "title", "basis"),
        *("newer", "words", "markers", "day"),
    },
    "answer": {
        "place",
        "departments",
        "markers",
        "name",
        "role",
        "ends",
        "basis",
        "state",
        "as_of",
        "contact",
        "title",
        "issued_on",
        "number",
        "part",
        "places",
        "text",
        "word",
    },
    "no_basis": {"place", "count", "asked", "places", "markers", "department"},
    "premises": {"figure", "place", "other", "words", "markers"},
    "ambiguous_place": {"name", "candidates"},
    "status_lines": {"place"},
}


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def leaves(value: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    return [(path, str(value))]


ALL = leaves(load_phrases().model_dump())


@pytest.mark.parametrize(("path", "text"), ALL, ids=[".".join(path) for path, _ in ALL])
def test_a_phrase_has_words_and_known_braces(path: tuple[str, ...], text: str) -> None:
    assert text.strip()
    assert braces(text) <= PLACEHOLDERS.get(path[0], set())


@pytest.mark.parametrize(("path", "text"), ALL, ids=[".".join(path) for path, _ in ALL])
def test_the_code_uses_it_and_fills_its_braces_in(path: tuple[str, ...], text: str) -> None:
    assert re.search(rf"\.{path[-1]}\b", CODE)
    assert all(re.search(rf"\b{name}=", CODE) for name in braces(text))


def test_none_promises_what_no_clause_says() -> None:
    assert not [
        text for text in sentences(load_phrases().model_dump()) if re.search("一定能|保证(?:您|能)|肯定能|包您", text)
    ]


def test_a_missing_and_an_unknown_key_are_named(tmp_path: Path) -> None:
    content = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    content["answer"].pop("which_place")
    content["notices"]["surplus"] = "x"
    file = tmp_path / "phrases.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"(?s)surplus.*answer\.which_place"):
        load_phrases(file)
