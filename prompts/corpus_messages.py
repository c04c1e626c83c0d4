"""Load `corpus_messages.yml`: what corpus keepers read, and how the parser's remarks are told in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

MESSAGES = Path(__file__).with_name("corpus_messages.yml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListWords(_Section):
    """The list of documents."""

    title: str
    note: str
    total: str
    document: str
    place: str
    state: str
    validity: str
    clauses: str
    facts: str
    remarks: str
    blanks: str
    no_place: str
    undated: str
    until: str
    since: str
    span: str
    open: str
    none: str
    read_only: str


class UploadWords(_Section):
    """The form for a new file."""

    title: str
    file: str
    hint: str
    send: str
    missing: str
    malformed: str
    too_large: str


class BuildWords(_Section):
    """What the index is doing."""

    title: str
    start: str
    wait: str
    parse: str
    encode: str
    done: str
    left_out: str
    failed: str
    reload: str


class DocumentWords(_Section):
    """A document beside its file."""

    outline: str
    original: str
    back: str
    read: str
    file: str
    number: str
    issuer: str
    issued_on: str
    effects: str
    repeals: str
    repealed_by: str
    supersedes: str
    superseded_by: str
    remarks: str
    no_remarks: str
    odd: str
    lost: str
    stale: str
    no_original: str
    line: str
    unknown: str
    remove: str
    remove_note: str
    remove_now: str
    kinds: Mapping[str, str]


class DraftWords(_Section):
    """A file that waits to be confirmed."""

    title: str
    note: str
    replaces: str
    publish: str
    discard: str
    refused: str
    refused_note: str
    gone: str


class AuditWords(_Section):
    """Who changed what."""

    title: str
    none: str
    when: str
    staff: str
    act: str
    file: str
    digest: str
    added: str
    replaced: str
    removed: str


class CorpusMessages(_Section):
    """All sections of the file."""

    list: ListWords
    upload: UploadWords
    build: BuildWords
    document: DocumentWords
    draft: DraftWords
    audit: AuditWords
    unrecorded: str
    notes: tuple[tuple[str, str], ...]  # a pattern of the parser's words, and theirs in Chinese


def load_corpus_messages(path: Path = MESSAGES) -> CorpusMessages:
    """Read and check the messages; raises pydantic's ValidationError that names the missing or unknown key."""
    return CorpusMessages.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def tell_note(messages: CorpusMessages, note: str) -> str:
    """A remark of the parser's in Chinese; as it is where no pattern knows it, so that nothing is kept back."""
    for pattern, told in messages.notes:
        if match := re.search(pattern, note, re.DOTALL):
            return match.expand(told)
    return note
