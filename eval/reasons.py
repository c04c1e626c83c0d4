"""Why a case failed, in one short sentence: `prompts/eval_reasons.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

import prompts
from eval.cases import Case
from eval.outcome import Outcome
from eval.rows import Scores

REASONS = Path(prompts.__file__).with_name("eval_reasons.yml")


class Reasons(BaseModel):
    """The sentences."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: str
    behaviour: str
    forbidden: str
    cite_recall: str
    facts: str
    notices_missing: str
    joint: str
    codes_joint: str
    behaviours: Mapping[str, str]
    notices: Mapping[str, str]


@cache
def load_reasons() -> Reasons:
    """Read and check the sentences, once."""
    return Reasons.model_validate(yaml.safe_load(REASONS.read_text(encoding="utf-8")))


def explain(case: Case, outcome: Outcome, scores: Scores) -> str | None:
    """What failed, all of it in one sentence; None where the case succeeded."""
    words = load_reasons()
    if scores.success:
        return None
    if outcome.error is not None:
        return words.error.format(error=outcome.error)
    if not scores.behaviour:
        return words.behaviour.format(
            expected=words.behaviours[case.expect], actual=words.behaviours[outcome.behaviour]
        )
    missing = words.codes_joint.join(words.notices.get(code, code) for code in scores.notices_missing)
    failed = (
        (words.forbidden, scores.forbidden),
        (words.cite_recall, scores.cite_recall is not None and scores.cite_recall < 1),
        (words.facts, scores.facts is not None and scores.facts < 1),
        (words.notices_missing.format(codes=missing), case.expect == "answer" and bool(missing)),
    )
    return words.joint.join(sentence for sentence, applies in failed if applies)
