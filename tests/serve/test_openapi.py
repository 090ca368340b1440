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

if TYPE_CHECKING:
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
    ("GET", "/api/v1/claims"),
    ("GET", "/api/v1/why"),
    ("GET", "/api/v1/disputed"),
    ("GET", "/api/v1/compare"),
    ("GET", "/api/v1/ties"),
    ("GET", "/api/v1/validation"),
]
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

    @hypothesis.settings(
        max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )
    @hypothesis.given(document[path][method].as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, timeout=60)

    ask()
