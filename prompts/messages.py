"""Load `messages.yml`: every sentence and label that a person reads."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

MESSAGES = Path(__file__).with_name("messages.yml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorMessages(_Section):
    """What callers are told with a 4xx or 5xx; the keys are the error codes."""

    question_empty: str
    question_too_long: str
    control_characters: str
    query_empty: str
    history_too_long: str
    comment_too_long: str
    date_malformed: str
    page_out_of_range: str
    status_unknown: str
    state_unknown: str
    field_unknown: str
    field_malformed: str
    body_malformed: str
    place_unknown: str
    place_ambiguous: str
    document_not_found: str
    clause_not_found: str
    answer_not_found: str
    feedback_off: str
    feedback_unavailable: str
    not_found: str
    method_not_allowed: str
    login_required: str
    login_locked: str
    desk_closed: str
    desk_stale: str
    correction_malformed: str
    request_refused: str
    not_ready: str
    too_often: str
    busy: str
    request_too_large: str
    other_site: str
    internal: str
    model_not_found: str
    no_user_message: str
    part_unsupported: str
    one_choice_only: str

    def __getitem__(self, code: str) -> str:
        """The sentence of a code that is known only when it happens."""
        if code not in type(self).model_fields:
            raise KeyError(f"prompts/messages.yml: no sentence for the error code {code!r} under `errors`")
        return str(getattr(self, code))


class StateLabels(_Section):
    """Labels of validity states, and of documents that were repealed."""

    in_force: str
    expired: str
    not_yet: str
    draft: str
    unknown: str
    repealed: str


class RelationLabels(_Section):
    """Labels of how a cited document's place relates to the asker's."""

    own: str
    ancestor: str
    descendant: str
    other: str


class RoleLabels(_Section):
    """Labels of what a department has to do with a clause."""

    responsible: str
    lead: str


class PageMessages(_Section):
    """The owners' chat page."""

    title: str
    subtitle: str
    about: str
    hotline: str
    call: str
    place_label: str
    place_hint: str
    place_has_own: str
    place_none: str
    place_covered: str
    place_above_only: str
    place_uncovered: str
    place_unknown: str
    place_ambiguous: str
    question_label: str
    question_hint: str
    send: str
    restart: str
    examples_title: str
    follow_ups_title: str
    working: str
    asked: str
    answered: str
    sources: str
    references: str
    marker: str
    open_source: str
    whole_clause: str
    copy_one: str
    copy_answer: str
    copied: str
    copy_failed: str
    copied_quote: str
    departments: str
    issued: str
    drafted: str
    page: str
    holds: str
    holds_from_to: str
    holds_to: str
    holds_from: str
    warning: str
    kept: str
    kept_here: str
    offline: str
    slow: str
    lost: str
    room_left: str
    room_none: str
    vote_title: str
    vote_up: str
    vote_down: str
    vote_reasons_title: str
    vote_reasons: tuple[str, ...]
    vote_more: str
    vote_send: str
    vote_thanks: str
    vote_thanks_more: str
    vote_failed: str
    examples: tuple[str, ...]


class DemoMessages(_Section):
    """The example of a page that has the widget."""

    site: str
    title: str
    paragraphs: tuple[str, ...]
    next: str
    how: str
    notes: tuple[str, ...]


class WidgetMessages(_Section):
    """The widget on other pages."""

    title: str
    close: str
    opening: str
    failed: str
    new_window: str
    demo: DemoMessages


class DocumentMessages(_Section):
    """The readable page of a document."""

    back: str
    issuer: str
    number: str
    date: str
    place: str
    period: str
    contents: str
    attachments: str
    not_stated: str
    page: str
    pages: str
    expired_note: str
    draft_note: str
    repealed_note: str
    not_yet_note: str
    repeals: str
    repealed_by: str
    supersedes: str
    superseded_by: str
    original_words: str
    source_note: str


class Messages(_Section):
    """All sections of the file."""

    errors: ErrorMessages
    states: StateLabels
    relations: RelationLabels
    roles: RoleLabels
    page: PageMessages
    widget: WidgetMessages
    document: DocumentMessages


def load_messages(path: Path = MESSAGES) -> Messages:
    """Read and check the messages; raises pydantic's ValidationError that names the missing or unknown key."""
    return Messages.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
