"""Invented runs of an evaluation, a runner that writes them, and a log of answers that were of no use."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.answer_log import AnswerLog
from bot.contract import AskRequest, Turn
from eval.measures import summarise
from eval.rows import Row
from tests.fakes import GRANT_QUOTE, FakeAssistant, cite, clause_by_anchor

TYPES = {"故意写错的地方": 0.5, "数字精度": 0.8, "大白话": 0.9, "两地比较": 0.95, "查部门": 1.0}
NASTY = '<script>window.stolen = 1</script><img src="https://elsewhere.example/x.png" onerror="window.stolen = 2">'
_STATUS = {"answer": "answered", "abstain": "no_basis", "refuse": "refused"}


def make_row(
    number: int, kind: str, expect: str = "answer", good: bool = True, words: str = "", ms: float = 12.0
) -> Row:
    """One invented row; a bad one says that nothing was found, or answers where it should not."""
    behaviour = expect if good else "abstain" if expect == "answer" else "answer"
    answered = behaviour == "answer"
    citation = cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE)
    found = [
        {
            "clause_id": citation.clause_id if not rank else f"dalate-2023#四-五-{15 + rank}",
            "score": 0.9 / (rank + 1), "similarity": 0.7 / (rank + 1), "words": 3.2 / (rank + 1), "topic": 0.5,
            "outcome": "no_basis" if not answered else "weaker" if rank else "cited",
            "document_id": "dalate-2023", "path": ["四、工作举措", str(15 + rank)], "text": GRANT_QUOTE,
            "gold": not rank,
        }
        for rank in range(10)
    ]  # fmt: skip
    return Row.model_validate(
        {
            "id": f"t-{number:03d}",
            "type": kind,
            "set": "hard" if number % 3 else "core",
            "case": {
                "id": f"t-{number:03d}", "type": kind, "asker": "owner", "jurisdiction": "达拉特旗",
                "as_of": "2026-11-20", "question": f"第 {number} 个店转成公司，旗里给钱不？{words}",
                "history": ["我在达旗开店"], "expect": expect,
                "evidence": [{"doc": "dalate-2023", "quote": GRANT_QUOTE + words}],
                "answer_must": [["10万", "十万"], ["2年"]], "answer_must_not": ["100万"], "flags": ["expired"],
                **({"reference_answer": f"给，十万。{words}"} if words else {}),
            },
            "status": _STATUS[behaviour],
            "answer": f"给，一次性10万元补助。[1]\n要稳定经营2年以上。{words}" if answered else "没有找到依据。",
            "citations": [citation.model_dump(mode="json", by_alias=True)] if answered else [],
            "notices": [{"code": "expired", "message": f"规划期已届满。{words}", "citations": [1]}] if answered else [],
            "jurisdiction": {"name": "达拉特旗", "code": "150621", "path": ["达拉特旗"], "source": "request"},
            "considered": found, "confidence": (0.9 if answered else 0.3) - number % 7 / 20,
            "topic": f"主题{number % 3}" if expect == "answer" else None,
            "ms": ms,
            "error": None,
            "scores": {
                "success": good, "behaviour": good, "cite_recall": float(good), "cite_precision": float(good),
                "cite_first": good, "facts": float(good), "forbidden": False,
                "notices_missing": [] if good else ["expired"],
                "notices_extra": [], "ungrounded": [], "quotes_verified": True, "place": True, "chars": 30,
                "recall_at": {"1": float(good), "3": 1.0, "5": 1.0, "10": 1.0}, "rr": 1.0 if good else 0.5,
                "ndcg_at_10": 0.9,
            },
            "why": None if good else f"应当作答，却说没有依据{words}",
        }
    )  # fmt: skip


def make_rows(n: int, seed: int = 1, strength: float = 1.0, words: str = "") -> list[Row]:
    """`n` rows over all types, each type as good as `TYPES` says, times `strength`."""
    random = Random(seed)
    kinds = list(TYPES)
    return [
        make_row(
            number,
            kind := kinds[number % len(kinds)],
            ("answer", "answer", "answer", "abstain", "refuse")[number // len(kinds) % 5],
            random.random() < TYPES[kind] * strength,
            words if not number else "",
            random.lognormvariate(2.6, 0.5),
        )
        for number in range(n)
    ]


def write_run(folder: Path, rows: Sequence[Row], system: str = "huiwen") -> Path:
    """A run's folder as the runner leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"name": folder.name, "system": system, "encoder": "static", "git": "abc1234", "settings": {"results": 10}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    lines = [row.model_dump_json(by_alias=True) + "\n" for row in rows]
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "summary.json").write_text(json.dumps(summarise(folder.name, system, rows)), encoding="utf-8")
    return folder


def write_verdicts(folder: Path, rows: Sequence[Row], words: str = "") -> None:
    """What a judge left in a run's folder."""
    told = [
        {"set": row.set, "id": row.id, "kind": kind, "score": score, "reason": f"差一个条件{words}"}
        for row in rows
        for kind, score in (("faithfulness", 5), ("correctness", 2 + row.scores.success))
    ]
    report = {"model": "openai:some-model", "means": {"faithfulness": 5, "correctness": 2.5}, "verdicts": told}
    (folder / "judge.json").write_text(json.dumps(report), encoding="utf-8")


def fill_log(file: Path, n: int, words: str = "") -> AnswerLog:
    """A log of `n` answers that their askers found useless, and one that was liked; ids are answer000 and so on."""
    log, assistant = AnswerLog(f"sqlite:///{file}", 30), FakeAssistant()
    for number in range(n + 1):
        request = AskRequest(
            question=f"第 {number} 家店转成公司，补助多少？{words}",
            jurisdiction="150621" if number % 2 else None,
            history=[Turn(role="user", content=f"我在达旗开店{words}"), Turn(role="assistant", content="您说。")],
        )
        answer_id = f"{number:08d}answer"
        log.add(request, assistant.ask(request).model_copy(update={"id": answer_id}))
        log.vote(answer_id, "down" if number < n else "up", f"没说找谁{words}" if number % 2 else None)
    return log


@dataclass(slots=True)
class FakeRunner:
    """Writes an invented run; remembers what it was asked for."""

    runs: Path
    n: int = 10
    pause: float = 0.0  # seconds a case
    error: Exception | None = None
    asked: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    def run(self, cases: Sequence[Path], name: str, progress: Callable[[int, int], None]) -> Path:
        """Tell how far it has come, then write the run."""
        self.asked.append((tuple(file.name for file in cases), name))
        for done in range(self.n):
            progress(done, self.n)
            time.sleep(self.pause)
        if self.error is not None:
            raise self.error
        return write_run(self.runs / name, make_rows(self.n))
