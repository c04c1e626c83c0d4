"""A chat model as judge of answers: faithfulness and correctness, each with a reason. Off unless asked for.

What it says is kept apart from a run's figures, in judge.json, and has no part in the gate. The prompts are the files
in prompts/judge. Each verdict is kept on disk under a digest of the model and the prompt: nothing is asked twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import fmean
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import EvaluationError
from eval.rows import Row
from eval.saved import JUDGED, Run

KINDS = ("faithfulness", "correctness")
_WORKERS = 4
_TIMEOUT = 120.0  # seconds for one verdict
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)  # models like to put the object into a fence, or words before it


class Verdict(BaseModel):
    """What the model said of one answer."""

    model_config = ConfigDict(frozen=True)

    score: int = Field(ge=1, le=5)
    reason: str


Report = Callable[[int, int], None]  # how many verdicts are there, of how many


class Judge:
    """Judges the rows of a run with one chat model."""

    def __init__(self, model: BaseChatModel, name: str, cache: Path) -> None:
        self.name = name
        self._model = model
        self._cache = cache
        self._prompts = Environment(
            loader=PackageLoader("prompts", "judge"), undefined=StrictUndefined, trim_blocks=True, autoescape=False
        )

    @classmethod
    def open(cls, name: str, cache: Path, *, base_url: str | None = None) -> Judge:
        """Make the model that LangChain's `init_chat_model` knows by this name: `openai:gpt-5`, `ollama:qwen3`.

        Raises:
            EvaluationError: the name is unknown, its package is not installed, or it has no key.
        """
        options: dict[str, Any] = {"temperature": 0, "timeout": _TIMEOUT} | ({"base_url": base_url} if base_url else {})
        try:
            model = init_chat_model(name, **options)
        # Broad, here and in _ask: every provider's package raises errors of its own.
        except Exception as error:
            raise EvaluationError(f"--judge {name}: {error}") from error
        return cls(model, f"{name} {base_url or ''}".strip(), cache)

    def judge(self, row: Row, kind: str) -> Verdict:
        """One verdict, from the cache if the same was asked before.

        Raises:
            EvaluationError: the model does not answer, or not as asked.
        """
        prompt = self._prompts.get_template(f"{kind}.md").render(_describe(row))
        digest = hashlib.sha256("\0".join((self.name, prompt)).encode()).hexdigest()
        file = self._cache / f"{digest}.json"
        if file.exists():
            return Verdict.model_validate_json(file.read_bytes())
        verdict = self._ask(prompt, row.id)
        self._cache.mkdir(parents=True, exist_ok=True)
        file.write_text(verdict.model_dump_json(), encoding="utf-8")
        return verdict

    def _ask(self, prompt: str, case: str) -> Verdict:
        try:
            reply = self._model.invoke(prompt).text
        except Exception as error:
            raise EvaluationError(f"--judge {self.name}: {case}: {type(error).__name__}: {error}") from error
        found = _OBJECT.search(reply)
        try:
            return Verdict.model_validate_json(found[0] if found else reply)
        except ValidationError as error:
            raise EvaluationError(f"--judge {self.name}: {case}: no verdict: {reply[:200]!r}; try another") from error


def judge_run(run: Run, judge: Judge, progress: Report = lambda done, total: None) -> dict[str, Any]:
    """Judge every answer of a run and write judge.json beside its summary; faithfulness only where it cites."""
    wanted = [(row, kind) for row in run.rows for kind in KINDS if row.error is None and _applies(row, kind)]
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        for verdict in pool.map(lambda one: judge.judge(*one), wanted):
            verdicts.append(verdict)
            progress(len(verdicts), len(wanted))
    told = [
        {"set": row.set, "id": row.id, "kind": kind, **verdict.model_dump()}
        for (row, kind), verdict in zip(wanted, verdicts, strict=True)
    ]
    report = {"model": judge.name, "means": {kind: _mean_of(kind, told) for kind in KINDS}, "verdicts": told}
    (run.folder / JUDGED).write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def _applies(row: Row, kind: str) -> bool:
    return kind == "correctness" or bool(row.citations)


def _mean_of(kind: str, told: Sequence[Mapping[str, Any]]) -> float | None:
    scores = [one["score"] for one in told if one["kind"] == kind]
    return round(fmean(scores), 3) if scores else None


def _describe(row: Row) -> dict[str, Any]:
    case = row.case
    return {
        "question": case["question"],
        "history": case["history"],
        "place": case["jurisdiction"],
        "as_of": case["as_of"],
        "expect": case["expect"],
        "evidence": [one["quote"] for one in case["evidence"]],
        "must": case["answer_must"],
        "must_not": case["answer_must_not"],
        "reference": case.get("reference_answer"),
        "answer": row.answer,
        "sources": [
            {"n": one.n, "title": one.document_title, "path": " › ".join(one.clause_path), "text": one.text}
            for one in row.citations
        ],
    }
