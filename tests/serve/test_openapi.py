"""What the OpenAPI document allows, and much that it does not, gets an answer that the document promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from hypothesis import Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from tests.serve.conftest import in_memory as stored
from tests.serve.stores import TOKEN, writable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy
    from schemathesis import Case
    from schemathesis.schemas import BaseSchema

pytestmark = pytest.mark.slow
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


OPERATIONS = [
    ("GET", "/sparql"),
    ("POST", "/sparql"),
    ("GET", "/store"),
    ("GET", "/api/v1/claims"),
    ("GET", "/api/v1/why"),
    ("GET", "/api/v1/disputed"),
    ("GET", "/api/v1/compare"),
    ("GET", "/api/v1/events"),
    ("GET", "/api/v1/events.csv"),
    ("GET", "/api/v1/suggest"),
    ("GET", "/api/v1/ties"),
    ("GET", "/api/v1/validation"),
]
WRITES = [("PUT", "/store"), ("POST", "/store"), ("DELETE", "/store")]
LISTS = {"/api/v1/events", "/api/v1/events.csv"}  # a value that is no list is one of one there
WITHOUT_PARAMETERS = [("GET", "/healthz"), ("GET", "/readyz")]


@pytest.fixture(scope="module")
def document(server: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [(*one, mode) for one in OPERATIONS for mode in GenerationMode]
    + [(*one, GenerationMode.POSITIVE) for one in WITHOUT_PARAMETERS],
)
def test_every_request_gets_an_answer_that_the_document_promises(
    method: str, path: str, mode: GenerationMode, document: BaseSchema
) -> None:
    """A negative case is one that the document does not allow."""
    checks = [one for one in CHECKS if path not in LISTS or one is not negative_data_rejection]
    check(document[path][method].as_strategy(generation_mode=mode), 15, checks)


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    with stored(tmp_path_factory) as folder, writable(folder, "--default-graph", "exclusive") as endpoint:
        yield schemathesis.openapi.from_url(f"{endpoint.address}/openapi.json")


@pytest.mark.parametrize(
    ("method", "path", "mode"), [(*one, mode) for one in WRITES for mode in GenerationMode]
)
def test_every_write_gets_an_answer_that_the_document_promises(
    method: str, path: str, mode: GenerationMode, writing: BaseSchema
) -> None:
    cases = writing[path][method].as_strategy(generation_mode=mode)
    check(cases, 10, CHECKS, Authorization=f"Bearer {TOKEN}")


def check(cases: SearchStrategy[Case[Any]], most: int, checks: list[Any], **headers: str) -> None:
    @hypothesis.settings(
        max_examples=most, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )
    @hypothesis.given(cases)
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=checks, timeout=60, headers=headers)

    ask()
