"""The HTTP interface against its own description: what it allows and forbids is sent, nothing fails or surprises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from bot.answer_log import AnswerLog
from bot.api import create_api
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
# Those that can be called wrongly: anything can be a part of a path.
FORBIDDING = [
    ("POST", "/api/ask"),
    ("POST", "/api/feedback"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/api/search"),
    ("GET", "/api/jurisdictions"),
]
OPERATIONS = [
    *FORBIDDING,
    ("GET", "/api/documents"),
    ("GET", "/api/documents/{document_id}"),
    ("GET", "/api/clauses/{clause_id}"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{name}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]
TRIED = [
    *((*one, GenerationMode.POSITIVE) for one in OPERATIONS),
    *((*one, GenerationMode.NEGATIVE) for one in FORBIDDING),
]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    log = AnswerLog(f"sqlite:///{tmp_path_factory.mktemp('log')}/answers.db", 180)
    app = create_api(FakeAssistant(), FakeLibrary(), FakePlaces(), ready=lambda: True, page=None, log=log)
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
    log.close()


def test_every_operation_is_tried(schema: BaseSchema) -> None:
    paths = schema.raw_schema["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), TRIED)
@settings(
    max_examples=12,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(data=st.data())
def test_it_does_what_it_says(
    schema: BaseSchema, method: str, path: str, mode: GenerationMode, data: st.DataObject
) -> None:
    operation = schema[path][method]
    case = data.draw(operation.as_strategy(mode))
    # A search takes an empty filter for none, as forms send it; the description calls it no value of the list.
    case.call_and_validate(checks=CHECKS[:-1] if path == "/api/search" else CHECKS)
