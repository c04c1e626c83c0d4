"""The ablation: what each signal of the fusion is worth, as one table in Markdown.

    python -m eval.ablation [--out docs/ablation.md]

Each row is the whole retrieval with other weights: a signal alone, all, and all but one. Measured is what score.py
measures with --retrieval: the gold clauses among the first clauses of a search, each question in its place.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

from bot.app import Huiwen, open_huiwen
from bot.ports import SearchQuery
from bot.resources import Resources
from bot.retrieve import Signals
from bot.search import search
from eval.cases import Case, read_cases
from eval.score import gold_in
from ingest.dates import today
from ingest.settings import Settings, read_settings

CASES = Path(__file__).with_name("cases")
DEPTHS = (1, 3, 5)
EVERYDAY = ("colloquial", "everyday")  # types of cases in everyday words

_HEAD = """\
# What each signal of the search is worth

Made by `python -m eval.ablation --out docs/ablation.md`: the share of the gold clauses among the first one, three and
five of a search, each question in its place, on the sets of `eval/cases`. A row is the whole search with other
weights (`HUIWEN_WEIGHT_…`); "everyday words" are the cases of all sets that avoid the words of texts. The weights were
chosen on core alone; the other sets are the check. What the signals are stands in `bot/retrieve.py` (`Signals`).

"""
_SIGNALS = tuple(one.name for one in fields(Signals))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every variant and write the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablation", description="What each signal is worth.")
    parser.add_argument("--out", type=Path, default=None, help="file to write; standard output if none")
    given = parser.parse_args(arguments)
    settings = read_settings()
    table = _HEAD + "\n".join(_table(open_huiwen(settings), settings)) + "\n"
    if given.out:
        given.out.write_text(table, encoding="utf-8")
    else:
        print(table, end="")


def variants(settings: Settings) -> Iterator[tuple[str, Settings]]:
    """Settings by name: a signal alone, all, all but one."""
    yield "all", settings
    for signal in _SIGNALS:
        alone = {f"weight_{other}": float(other == signal) for other in _SIGNALS}
        yield f"{signal} alone", settings.model_copy(update=alone)
    for signal in _SIGNALS:
        yield f"all but {signal}", settings.model_copy(update={f"weight_{signal}": 0.0})


def recall(cases: Sequence[Case], resources: Resources, depths: Sequence[int] = DEPTHS) -> list[float]:
    """The mean share of a case's gold quotes among the first clauses, at each depth."""
    rows = [_ranks(case, resources, max(depths)) for case in cases if case.evidence]
    return [statistics.mean(sum(rank < depth for rank in ranks) / len(ranks) for ranks in rows) for depth in depths]


def _ranks(case: Case, resources: Resources, depth: int) -> list[int]:
    """Where each gold quote stands; behind everything if it was not found."""
    text = " ".join([*case.history[-1:], case.question])
    found = search(SearchQuery(text, jurisdiction=case.jurisdiction, limit=depth), resources, today()).results
    held = [gold_in(case, one.document_id, one.text) for one in found]
    return [
        next((rank for rank, quotes in enumerate(held) if gold in quotes), depth) for gold in range(len(case.evidence))
    ]


def _table(huiwen: Huiwen, settings: Settings) -> Iterator[str]:
    resources = huiwen.resources()
    sets = {file.stem: read_cases(file) for file in sorted(CASES.glob("*.jsonl"))}
    groups = {
        **sets,
        "everyday words": [case for cases in sets.values() for case in cases if case.type in EVERYDAY],
    }
    heads = [f"{name} @{depth}" for name in groups for depth in DEPTHS]
    yield "| what ranks | " + " | ".join(heads) + " |"
    yield "|" + "---|" * (len(heads) + 1)
    for name, changed in variants(settings):
        varied = replace(resources, settings=changed, finder=resources.finder.with_settings(changed))
        figures = [figure for cases in groups.values() for figure in recall(cases, varied)]
        yield f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |"


if __name__ == "__main__":
    main()
