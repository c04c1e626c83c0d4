"""What the commands print: tables for people, JSON for programs."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass

from dotenv import dotenv_values
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from bot.contract import AskResponse, Citation, SearchResponse
from ingest.report import print_json
from ingest.settings import Settings, variable_of


@dataclass(frozen=True, slots=True)
class SettingSource:
    """One setting: its variable, its value, where the value comes from, what it means."""

    variable: str
    value: str
    source: str
    meaning: str


def print_answer(response: AskResponse, as_json: bool) -> None:
    """The answer with its sources."""
    if as_json:
        print_json(response.model_dump(mode="json", by_alias=True))
        return
    console = Console()
    console.print(Markdown(response.answer))
    for citation in response.citations:
        console.print(f"[{citation.n}] {_source(citation)}", style="dim", markup=False, highlight=False)


def print_results(response: SearchResponse, as_json: bool) -> None:
    """Clauses, best first."""
    if as_json:
        print_json(response.model_dump(mode="json", by_alias=True))
        return
    console = Console()
    for result in response.results:
        console.print(f"{result.n}. {_source(result)}  {result.score:.2f}", style="bold", markup=False, highlight=False)
        console.print(result.text, markup=False, highlight=False)
    console.print(f"{response.total} clauses")


def print_settings(sources: list[SettingSource], as_json: bool) -> None:
    """Every setting with its source."""
    if as_json:
        print_json([asdict(source) for source in sources])
        return
    table = Table("variable", "value", "from", "meaning", box=None, header_style="bold")
    for one in sources:
        table.add_row(one.variable, one.value, one.source, one.meaning)
    Console().print(table)


def read_sources(settings: Settings) -> list[SettingSource]:
    """Where each setting's value comes from: the environment, the file .env, or the default."""
    path = settings.model_config.get("env_file")
    in_file = {name.upper() for name in dotenv_values(path if isinstance(path, str) else None)} if path else set()
    in_environment = {name.upper() for name in os.environ}
    values = settings.model_dump()  # without passwords, which the attributes hold
    sources = []
    for name, field in Settings.model_fields.items():
        names = {variable_of(name), f"HUIWEN_{name.upper()}"}
        source = "environment" if names & in_environment else ".env" if names & in_file else "default"
        sources.append(SettingSource(variable_of(name), str(values[name]), source, field.description or ""))
    return sources


def _source(citation: Citation) -> str:
    place = citation.jurisdiction.name if citation.jurisdiction else "-"
    path = [*citation.clause_path, *([f"p. {citation.page}"] if citation.page else [])]
    return " · ".join([place, citation.document_title, " › ".join(path), citation.validity.state])
