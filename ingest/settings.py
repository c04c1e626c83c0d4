"""Every setting of Huiwen: its default, its meaning, its variable. Written once, here.

A value comes from the environment, else from the file `.env` in the working folder, else from the default.
`HOST` and `PORT` stand for themselves; all others carry the prefix `HUIWEN_`.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, PlainSerializer, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

LogForm = Literal["warnings", "text", "json"]

ROOT = Path(__file__).resolve().parent.parent

# As a browser's frame-ancestors takes them, without anything that could end the directive: https://*.example.gov.cn:8443
_ORIGINS = r"^(https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?( |$))*$"

# IPv4 and IPv6, with or without the length of a network.
_ADDRESSES = r"^([0-9A-Fa-f.:]+(/[0-9]{1,3})?(, ?|$))*$"


def hide_password(url: str) -> str:
    """A database's address as it may be shown and written down."""
    return re.sub(r"(?<=password=)[^&]*", "***", re.sub(r"(://[^:/@]*:)[^@]*(?=@)", r"\1***", url))


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other."""
    scheme, _, path = url.partition("?")[0].partition(":///")
    return Path(path) if scheme.startswith("sqlite") and path else None


class Settings(BaseSettings):
    """The values in force, read once at start."""

    model_config = SettingsConfigDict(
        env_prefix="HUIWEN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _read_empty_as_none(cls, values: dict[str, object]) -> dict[str, object]:
        """Files of variables name what they leave open: HUIWEN_STAFF= is no folder."""
        optional = {name for name, field in cls.model_fields.items() if field.default is None}
        return {name: value for name, value in values.items() if value != "" or name not in optional}

    host: str = Field(
        "127.0.0.1", validation_alias=AliasChoices("HOST", "HUIWEN_HOST"), description="address to serve on"
    )
    port: int = Field(
        8000, ge=0, le=65535, validation_alias=AliasChoices("PORT", "HUIWEN_PORT"), description="port to serve on"
    )
    workers: int = Field(
        1, ge=1, le=64, description="processes that serve; each opens all for itself, pages are served by the first"
    )
    trusted_proxies: str = Field(
        "",
        pattern=_ADDRESSES,
        description="proxies whose X-Forwarded-For and X-Request-Id are believed: addresses or networks, with commas",
    )
    log: LogForm = Field(
        "warnings", description="the log on stderr: warnings alone, or each request too, as text or as JSON"
    )
    log_questions: bool = Field(False, description="whether a request's line has the question, personal data masked")
    request_size: int = Field(2, ge=1, le=1024, description="megabytes that the body of a request may have")
    requests_per_client: int = Field(
        12_000,
        ge=1,
        description="requests that one address may make in a minute, counted by each worker for itself, as one may "
        "stay with one of them; this machine itself is not bounded",
    )
    requests_in_all: int = Field(
        120_000, ge=1, description="requests that all together may make in a minute, counted by each worker for itself"
    )
    answers_at_once: int = Field(
        16, ge=1, le=40, description="answers that may be at work together, the page's among them; workers share them"
    )
    answers_waiting: int = Field(
        64,
        ge=0,
        le=10_000,
        description="answers that may wait for their turn, shared by workers; one address gets half of all places",
    )
    answers_wait: float = Field(10, gt=0, le=120, description="seconds that one waits, before it is told to come again")
    corpus: Path = Field(ROOT / "corpus", description="folder with documents/, manifest.csv and topics/")
    index: Path = Field(ROOT / ".index", description="folder that holds the generations of the index")
    file_size: int = Field(64, ge=1, le=1024, description="megabytes that a file of the corpus may have")
    load_seconds: float = Field(
        30, gt=0, le=600, description="seconds within which a file that is not plain text must be read"
    )
    load_memory: int = Field(
        1536, ge=256, le=65536, description="megabytes of memory that reading such a file may take"
    )
    ocr_pages: int = Field(
        50, ge=0, le=1000, description="scanned pages of a file that are read by OCR, where it is installed; 0: none"
    )
    ocr_seconds: float = Field(60, gt=0, le=600, description="seconds that OCR may take for a page, one with another")
    ocr_memory: int = Field(3072, ge=1024, le=65536, description="megabytes of memory that OCR may take")
    encoder: str = Field(
        str(ROOT / "ingest" / "static_encoder"), description="sentence-transformers model: a folder or a name"
    )
    reranker: str | None = Field(
        None, description="cross-encoder of sentence-transformers, a folder or a name, that reorders what was found"
    )
    reranked: int = Field(20, ge=1, le=200, description="clauses that the cross-encoder reorders, if one is set")
    chroma_url: str | None = Field(None, description="URL of a Chroma server; none: in process")
    candidates: int = Field(50, ge=1, le=1000, description="passages that each search by words hands to the fusion")
    candidates_vectors: int = Field(
        80, ge=1, le=1000, description="passages that the search by vectors hands to the fusion"
    )
    results: int = Field(
        10,
        ge=1,
        le=100,
        description="clauses that an answer is chosen from, and that a search returns unless asked otherwise",
    )
    weight_words: float = Field(0.19, ge=0, description="weight of the question's own words in a clause's score")
    weight_terms: float = Field(
        0.16, ge=0, description="weight of these and the terms that texts use for them, found together"
    )
    weight_passage: float = Field(0.1, ge=0, description="weight of the nearness of the clause as a whole")
    weight_sentence: float = Field(0.27, ge=0, description="weight of the nearness of its best sentence")
    weight_each_word: float = Field(
        0.25, ge=0, description="weight of each of its words by the nearest word of the clause"
    )
    weight_topic: float = Field(0.03, ge=0, description="weight of the topic that question and clause share")
    topics: int = Field(6, ge=1, le=20, description="topics that a question may have")
    widening_topics: int = Field(
        2, ge=0, le=10, description="topics of a question whose official terms widen its search"
    )
    basis_threshold: float = Field(
        0.8, ge=0, le=1, description="confidence from which a clause counts as a basis for an answer"
    )
    domain_threshold: float = Field(
        0.3, ge=0, le=1, description="confidence from which a question counts as one about policy"
    )
    company_ratio: float = Field(
        0.8, ge=0, le=1, description="share of the best clause's strength from which another is cited beside it"
    )
    fact_bonus: float = Field(0.05, ge=0, le=1, description="what a clause gains that holds the kind of fact asked for")
    figure_bonus: float = Field(0.1, ge=0, le=1, description="what a clause gains that holds the very figure asked for")
    document_bonus: float = Field(
        0.3, ge=0, le=1, description="what a document's title, number or date gains where it was asked for"
    )
    piece_threshold: float = Field(
        0.92, ge=0, le=1, description="confidence from which a part of a question gets a clause of its own"
    )
    own_topic: float = Field(0.6, ge=0, le=1, description="topic score from which a part of a question stands alone")
    clauses_per_part: int = Field(2, ge=1, le=10, description="clauses cited at most for one part of a question")
    places_listed: int = Field(5, ge=1, le=20, description="places answered for at most where none was given")
    answer_log: Annotated[str, PlainSerializer(hide_password)] = Field(
        f"sqlite:///{(ROOT / 'data' / 'answers.db').as_posix()}",
        description="database that keeps questions, answers and votes, as an SQLAlchemy URL; empty: nothing is kept",
    )
    answer_log_days: int = Field(
        180, gt=0, le=3650, description="days after which a question is deleted from it, with its answer and its vote"
    )
    drafts: Path = Field(
        ROOT / "data" / "drafts.jsonl", description="file of the draft questions that evaluators make of such answers"
    )
    staff: Path | None = Field(
        None,
        description="file with the accounts of the desk and the evaluators' page, see `huiwen staff`; none: no login",
    )
    widget_origins: str = Field(
        "",
        pattern=_ORIGINS,
        description="origins of the pages that may have the widget, separated by blanks: https://www.example.gov.cn",
    )
    model: str | None = Field(
        None, description="language model that words answers, as init_chat_model names it: openai:qwen3; none: quotes"
    )
    model_url: Annotated[str | None, PlainSerializer(lambda url: url and hide_password(url))] = Field(
        None, description="base URL of its interface, where that is not the provider's own"
    )
    model_key: SecretStr | None = Field(None, description="key for it; shown nowhere")
    model_first_token: float = Field(
        5, gt=0, le=120, description="seconds within which its first sentence must be there, retries included"
    )
    model_gap: float = Field(3, gt=0, le=120, description="seconds that may pass between two pieces of what it says")
    model_timeout: float = Field(20, gt=0, le=600, description="seconds for all that it says in one answer")
    model_rewrite: float = Field(
        2, ge=0, le=60, description="seconds that it may take to make a follow-up whole; 0: rules alone do"
    )
    model_retries: int = Field(1, ge=0, le=5, description="times that it is asked again after a 429 or a 5xx")
    model_at_once: int = Field(
        4,
        ge=1,
        le=100,
        description="calls to it that may be under way together, shared by workers; an answer that gets none "
        "in time quotes instead",
    )
    breaker_failures: int = Field(
        5, ge=1, le=100, description="failures in a row, seen by one worker, after which that worker leaves it alone"
    )
    breaker_pause: float = Field(30, gt=0, le=3600, description="seconds for which it is then left alone")
    support_threshold: float = Field(
        0.7, ge=0, le=1, description="share of the words of what it says that must stand in the cited clauses"
    )
    model_price_in: float = Field(0, ge=0, description="price of a million tokens read, for the cost in /metrics")
    model_price_out: float = Field(0, ge=0, description="price of a million tokens written")


def share_of(bound: int, workers: int) -> int:
    """What each worker gets of a bound that holds for all together; at least one where there is any."""
    return -(-bound // workers)


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a variable has a value that it does not take, or no setting has its name.
    """
    _check_names()
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = variable_of(str(problem["loc"][0]))
        raise SettingsError(
            f"{name}={problem['input']!r}: {problem['msg']}; mend it in the environment or in .env"
        ) from error


def variable_of(field: str) -> str:
    """The environment variable that sets a field."""
    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known else None
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return field if known is None else f"HUIWEN_{field.upper()}"


def _check_names() -> None:
    """A misspelt variable would be ignored in silence: HUIWEN_RESULST."""
    path = Settings.model_config.get("env_file")
    given = {*os.environ, *(dotenv_values(path) if isinstance(path, str) else ())}
    known = {name for field in Settings.model_fields for name in (variable_of(field), f"HUIWEN_{field.upper()}")}
    for name in sorted(name for name in given if name.startswith("HUIWEN_") and name.upper() not in known):
        near = difflib.get_close_matches(name, known, 1)
        advice = f"did you mean {near[0]}?" if near else "`huiwen settings` lists all"
        raise SettingsError(f"{name}: there is no such setting; {advice}")
