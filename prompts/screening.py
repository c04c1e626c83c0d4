"""Load `screen.yml`: what is refused, by pattern, and the words that the model beside the patterns counts."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

SCREENING = Path(__file__).with_name("screen.yml")


class Screening(BaseModel):
    """All of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    patterns: dict[str, tuple[re.Pattern[str], ...]]  # by family of attack
    words: dict[str, tuple[str, ...]]  # by what they say


def load_screening(path: Path = SCREENING) -> Screening:
    """Read and check the file; raises pydantic's ValidationError that names the family and the pattern."""
    return Screening.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
