"""Load `desk_messages.yml`: every label that hotline staff read at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

MESSAGES = Path(__file__).with_name("desk_messages.yml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FrameWords(_Section):
    """What stands on every page of the desk."""

    name: str
    menu: str
    search: str
    compare: str
    corrections: str
    figures: str
    corpus: str
    leave: str
    copied: str
    copy_failed: str
    failed: str
    closed: str


class LoginWords(_Section):
    """The login."""

    title: str
    name: str
    password: str
    enter: str
    wrong: str
    locked: str
    lost: str


class SearchWords(_Section):
    """The search with its filters and results."""

    title: str
    box: str
    hint: str
    place: str
    place_hint: str
    day: str
    clear: str
    filters: str
    facet_place: str
    facet_topic: str
    facet_department: str
    facet_audience: str
    facet_state: str
    any: str
    found: str
    found_first: str
    where: str
    none: str
    start: str
    start_keys: str
    meant: str
    more: str
    results: str
    place_unknown: str
    place_ambiguous: str
    query_refused: str
    keys_title: str
    keys: tuple[tuple[str, str], ...]


class PaneWords(_Section):
    """The document, or the answer, beside the list."""

    title: str
    context: str
    answer: str
    back: str
    cite: str
    cite_name: str
    open: str
    empty: str
    departments: str
    own: str
    ancestor: str
    other: str
    descendant: str
    undated: str
    unknown_place: str


class CitationWords(_Section):
    """The formal citation."""

    state: str
    until: str
    item: str
    part: str


class AnswerWords(_Section):
    """An answer to be read out, and what was rejected for it."""

    title: str
    make: str
    waiting: str
    read: str
    copy_label: str
    copy_name: str
    first: str
    row: str
    basis: str
    basis_end: str
    statuses: Mapping[str, str]
    considered: str
    considered_none: str
    right: str
    clause: str
    outcome: str
    cited: str
    weaker: str
    as_near: str
    no_basis: str
    added: str
    no_topic: str
    no_words: str
    all_cited: str


class CorrectWords(_Section):
    """Corrections."""

    title: str
    note: str
    log_in: str
    add: str
    wording: str
    save: str
    saved: str
    empty: str
    by: str
    earlier: str
    right: str
    none_right: str
    better: str
    gone: str
    drop: str
    list_title: str
    list_none: str
    export: str
    left_out: str
    asked: str
    anywhere: str


class CompareWords(_Section):
    """Places side by side."""

    title: str
    question: str
    question_hint: str
    place: str
    day: str
    go: str
    hint: str
    too_few: str
    names_place: str
    xlsx: str
    docx: str
    file: str
    told: str
    basis: str
    status: str
    state: str
    departments: str
    notices: str
    none: str
    made: str


class FigureWords(_Section):
    """What is counted."""

    title: str
    since: str
    total: str
    with_basis: str
    votes_up: str
    votes_down: str
    warned: str
    by_day: str
    by_place: str
    by_topic: str
    by_status: str
    by_notice: str
    by_vote: str
    no_basis: str
    no_basis_note: str
    question: str
    place: str
    topic: str
    count: str
    last: str
    kind: str
    name: str
    nowhere: str
    no_topic: str
    unvoted: str
    empty: str
    download: str
    file: str
    notices: Mapping[str, str]


class DeskMessages(_Section):
    """All sections of the file."""

    frame: FrameWords
    login: LoginWords
    search: SearchWords
    pane: PaneWords
    citation: CitationWords
    answer: AnswerWords
    correct: CorrectWords
    compare: CompareWords
    figures: FigureWords


def load_desk_messages(path: Path = MESSAGES) -> DeskMessages:
    """Read and check the messages; raises pydantic's ValidationError that names the missing or unknown key."""
    return DeskMessages.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
