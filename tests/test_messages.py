"""The messages are complete, and their braces are those that the code fills."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
import yaml
from pydantic import ValidationError

from prompts.messages import MESSAGES, load_messages

FILLED = {
    *("field", "name", "count", "candidates", "place", "own", "applies", "date", "start", "end", "hotline", "days"),
    *("day", "title", "page", "first", "last", "left", "n", "quote", "source", "seconds", "size"),
}


def sentences(value: object) -> list[str]:
    """Every string below a value."""
    if isinstance(value, dict):
        return [sentence for each in value.values() for sentence in sentences(each)]
    if isinstance(value, list | tuple):
        return [sentence for each in value for sentence in sentences(each)]
    return [str(value)]


def test_every_sentence_has_words_and_known_braces() -> None:
    for sentence in sentences(load_messages().model_dump()):
        assert sentence.strip()
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name is not None} <= FILLED


def test_a_missing_and_an_unknown_key_are_named(tmp_path: Path) -> None:
    content = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    content["page"].pop("send")
    content["errors"]["surplus"] = "x"
    file = tmp_path / "messages.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"(?s)surplus.*page\.send"):
        load_messages(file)


def test_an_error_code_without_a_sentence_says_where_to_write_it() -> None:
    with pytest.raises(KeyError, match=r"messages\.yml"):
        load_messages().errors["no_such_code"]
