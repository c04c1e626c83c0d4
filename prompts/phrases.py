"""Load `phrases.yml`: what answers are worded with."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

PHRASES = Path(__file__).with_name("phrases.yml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoticePhrases(_Section):
    """Warnings, by notice code, and what stands in their braces."""

    draft: str
    expired: str
    repealed: str
    repealed_by: str
    superseded_by: str
    not_yet: str
    blank: str
    other_jurisdiction: str
    mentioned: str
    subject_document: str
    subject_again: str
    subject_places: str
    subject_clause: str
    contact: str


class VerdictPhrases(_Section):
    """Yes or no, before the clause's own words."""

    given: str
    conditional: str
    allowed: str
    only_mentioned: str


class AnswerPhrases(_Section):
    """The lines of an answer."""

    draft_lead: str
    place_lead: str
    departments: str
    department: str
    more_departments: str
    validity_until: str
    validity_in_force: str
    validity_expired: str
    validity_short: str
    validity_draft: str
    validity_unknown: str
    status_draft: str
    status_draft_dated: str
    status_issued: str
    status_issued_undated: str
    number: str
    number_missing: str
    no_amount: str
    no_figure: str
    no_department: str
    no_term: str
    no_amount_hedged: str
    verdicts: VerdictPhrases
    verdicts_draft: VerdictPhrases
    several_places: str
    places_no_amount: str
    places_no_amount_draft: str
    which_place: str
    other_place: str
    table_head: str
    table_row: str
    nothing_here: str
    part_missing: str


class PremisePhrases(_Section):
    """What a question wrongly takes for granted."""

    elsewhere: str
    elsewhere_draft: str
    nowhere: str
    instead: str
    instead_draft: str
    unsaid: str


class NoBasisPhrases(_Section):
    """What is said where no clause that applies covers the question."""

    place_unknown: str
    place_uncovered: str
    not_covered: str
    reference: str
    ask_department: str
    ask_hotline: str


class FollowUpPhrases(_Section):
    """Questions that an asker may go on with."""

    department: str
    condition: str
    validity: str
    amount: str


class StatusPhrases(_Section):
    """What is shown while an answer is made."""

    reading: str
    searching: str
    searching_all: str


class Phrases(_Section):
    """All sections of the file."""

    notices: NoticePhrases
    answer: AnswerPhrases
    premises: PremisePhrases
    no_basis: NoBasisPhrases
    ambiguous_place: str
    courtesy: str
    out_of_scope: str
    refused: str
    follow_ups: FollowUpPhrases
    status_lines: StatusPhrases


def load_phrases(path: Path = PHRASES) -> Phrases:
    """Read and check the phrases; raises pydantic's ValidationError that names the missing or unknown key."""
    return Phrases.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
