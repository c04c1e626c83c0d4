"""Load `eval_messages.yml`: every label that evaluators read on their page and in a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

MESSAGES = Path(__file__).with_name("eval_messages.yml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportMessages(_Section):
    """A report, and the parts of it that the page shows."""

    title: str
    made_of: str
    joint: str
    comma: str
    gate_passed: str
    gate_missed: str
    gate_partly: str
    gate_none: str
    gate_held: str
    gate_foreign: str
    gate_left_out: str
    gate_which: str
    gate_least: str
    gate_most: str
    gate_unmeasured: str
    interval_note: str
    worst: str
    worst_of: str
    by_type: str
    by_type_note: str
    by_set: str
    matrix: str
    matrix_note: str
    recall: str
    recall_note: str
    steps: str
    latency: str
    latency_note: str
    latency_median: str
    latency_p95: str
    risk: str
    risk_note: str
    threshold: str
    threshold_note: str
    reliability: str
    reliability_note: str
    confidence: str
    by_topic: str
    by_topic_note: str
    cases: str
    judged: str
    judged_note: str
    judged_unnamed: str
    judged_count: str
    compared: str
    compared_note: str
    measure: str
    all_measures: str
    changed: str
    better: str
    worse: str
    unpaired: str
    tested: str
    significant: str
    by_chance: str
    differences: str
    difference: str
    none_changed: str
    failing: str
    none_failing: str
    count: str
    config: str
    question: str
    history: str
    asked_in: str
    as_of: str
    should: str
    evidence: str
    must: str
    any_of: str
    must_not: str
    flags: str
    reference: str
    is_: str
    behaviour: str
    understood_place: str
    no_answer: str
    error: str
    citations: str
    no_citations: str
    whole_clause: str
    open_source: str
    notices: str
    considered: str
    not_recorded: str
    nothing_found: str
    clause: str
    score: str
    similarity: str
    words: str
    topic: str
    outcome: str
    gold: str
    yes: str
    no: str
    scores: str
    passed: str
    failed: str


class PageMessages(_Section):
    """The evaluators' page."""

    title: str
    subtitle: str
    tab_results: str
    tab_run: str
    tab_feedback: str
    run_label: str
    against_label: str
    against_none: str
    no_runs: str
    run_unknown: str
    run_broken: str
    download_report: str
    download_sheet: str
    download_rows: str
    cases_title: str
    which_label: str
    which_failed: str
    which_better: str
    which_worse: str
    which_all: str
    type_label: str
    type_all: str
    search_label: str
    search_hint: str
    cases_shown: str
    cases_all: str
    sets_label: str
    set_count: str
    books_label: str
    book_name: str
    upload_label: str
    name_label: str
    name_hint: str
    start: str
    no_cases: str
    bad_name: str
    name_taken: str
    bad_file: str
    running: str
    finished: str
    failed: str
    feedback_note: str
    feedback_none: str
    feedback_off: str
    feedback_broken: str
    feedback_no_place: str
    feedback_reason: str
    feedback_no_reason: str
    feedback_before: str
    feedback_citations: str
    feedback_more: str
    draft: str
    drafted: str
    draft_failed: str
    drafts_none: str
    drafts_count: str
    drafts_note: str
    download_drafts_sheet: str
    download_drafts: str


class EvalMessages(_Section):
    """All sections of the file. What a mapping does not name is shown by its own name."""

    systems: Mapping[str, str]
    sets: Mapping[str, str]
    types: Mapping[str, str]
    behaviours: Mapping[str, str]
    statuses: Mapping[str, str]
    outcomes: Mapping[str, str]
    notices: Mapping[str, str]
    headline: tuple[str, ...]
    units: Mapping[str, str]
    measures: Mapping[str, str]
    topic_measures: tuple[str, ...]
    judged: Mapping[str, str]
    rows_columns: tuple[str, ...]
    report: ReportMessages
    page: PageMessages


def load_eval_messages(path: Path = MESSAGES) -> EvalMessages:
    """Read and check the labels; raises pydantic's ValidationError that names the missing or unknown key."""
    return EvalMessages.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
