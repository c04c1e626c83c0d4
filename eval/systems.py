"""Huiwen as a system under evaluation: in this process, or a service by its URL."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from bot.app import Huiwen, open_huiwen
from bot.contract import AskRequest, AskResponse, Citation, Considered, Turn
from eval.cases import Case
from eval.errors import EvaluationError
from eval.outcome import BEHAVIOURS, ERROR, Description, Outcome, Retrieved, rank
from ingest.errors import HuiwenError
from ingest.settings import Settings

_PATIENCE = 60.0  # seconds that a service may take for one answer
_PROBE = "个体工商户有什么扶持政策？"  # what support is there: asked once, to see that a service answers


class InProcess:
    """Huiwen without HTTP."""

    def __init__(self, huiwen: Huiwen) -> None:
        self._huiwen = huiwen

    @classmethod
    def open(cls, settings: Settings) -> InProcess:
        """Open the index that the settings name."""
        return cls(open_huiwen(settings))

    @property
    def description(self) -> Description:
        """The encoder and the corpus of its index."""
        info = self._huiwen.resources().index.info
        return Description("huiwen", f"{info.encoder} {info.encoder_digest}", info.corpus)

    def answer(self, case: Case) -> Outcome:
        """Answer one case's question."""
        started = time.perf_counter()
        try:
            response = self._huiwen.ask(request_of(case))
        except (HuiwenError, ValidationError) as error:
            return Outcome(ERROR, ms=_since(started), error=str(error))
        elapsed = _since(started)
        return outcome_of(response, [self._retrieved(one) for one in response.considered or ()], elapsed)

    def _retrieved(self, considered: Considered) -> Retrieved:
        clause = self._huiwen.clause(considered.clause_id)
        if clause is None:  # a new index came into service between the answer and this look
            return _retrieved(considered, "", (), "")
        return _retrieved(considered, clause.document_id, clause.path, clause.text)


class ByUrl:
    """A service that speaks the contract of bot/contract.py."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._clauses: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._encoder = self._probe()

    @classmethod
    def open(cls, url: str) -> ByUrl:
        """Connect to a service.

        Raises:
            EvaluationError: nothing there answers.
        """
        return cls(httpx.Client(base_url=url, timeout=_PATIENCE))

    @property
    def description(self) -> Description:
        """The service's address and encoder; what its corpus is, it does not tell."""
        return Description("huiwen", self._encoder, None, url=str(self._client.base_url))

    def answer(self, case: Case) -> Outcome:
        """Answer one case's question; the time is that of the whole exchange."""
        started = time.perf_counter()
        try:
            response = self._ask(request_of(case))
            elapsed = _since(started)
            considered = response.considered
            found = None if considered is None else [self._retrieved(one) for one in considered]
        except (httpx.HTTPError, ValidationError) as error:
            return Outcome(ERROR, ms=_since(started), error=_tell(error))
        return outcome_of(response, found, elapsed)

    def _ask(self, request: AskRequest) -> AskResponse:
        answer = self._client.post("/api/ask", json=request.model_dump(mode="json"))
        return AskResponse.model_validate_json(answer.raise_for_status().content)

    def _retrieved(self, considered: Considered) -> Retrieved:
        with self._lock:
            known = self._clauses.get(considered.clause_id)
        if known is None:
            answer = self._client.get(f"/api/clauses/{quote(considered.clause_id)}")
            known = answer.raise_for_status().json()["clause"]
            with self._lock:
                self._clauses[considered.clause_id] = known
        return _retrieved(considered, known["document_id"], known["path"], known["text"])

    def _probe(self) -> str:
        try:
            return self._ask(AskRequest(question=_PROBE)).engine.encoder
        except (httpx.HTTPError, ValidationError) as error:
            where = self._client.base_url
            raise EvaluationError(f"--url {where}: {_tell(error)}; start the service, or mend the address") from error


def request_of(case: Case) -> AskRequest:
    """A case's question as it goes to the assistant; earlier turns are the asker's."""
    return AskRequest(
        question=case.question,
        jurisdiction=case.jurisdiction,
        history=[Turn(role="user", content=turn) for turn in case.history],
        as_of=case.as_of,
        explain=True,
    )


def outcome_of(response: AskResponse, found: list[Retrieved] | None, ms: float) -> Outcome:
    """An answer as an outcome. Clauses of an answer that the search did not bring up stand first in the ranking too."""
    cited = response.citations if BEHAVIOURS[response.status] == "answer" else []
    if found is not None:
        known = {one.clause_id for one in found}
        found += [_of_citation(citation) for citation in cited if citation.clause_id not in known]
    return Outcome(
        status=response.status,
        answer=response.answer,
        citations=tuple(response.citations),
        notices=tuple(response.notices),
        jurisdiction=response.jurisdiction,
        considered=None if found is None else rank(found, [one.clause_id for one in cited]),
        confidence=response.confidence,
        ms=ms,
    )


def _retrieved(considered: Considered, document_id: str, path: Sequence[str], text: str) -> Retrieved:
    return Retrieved(**dict(considered), document_id=document_id, path=list(path), text=text)


def _of_citation(citation: Citation) -> Retrieved:
    """A clause that the answer took from elsewhere than the search: a title, a signature."""
    return Retrieved(
        clause_id=citation.clause_id, score=0, similarity=0, words=0, topic=0, outcome="cited",
        document_id=citation.document_id, path=citation.clause_path, text=citation.text,
    )  # fmt: skip


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _tell(error: httpx.HTTPError | ValidationError) -> str:
    """One line: what a service answered instead, or why it did not."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"{error.response.status_code} {error.response.text[:200]}"
    return f"{type(error).__name__}: {error}".splitlines()[0]
