"""What an editor of queries completes: prefixes, classes and properties, with what they mean."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.kg.vocabulary import vocabulary as read
from eventkg.serve import service
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from fastapi import FastAPI

Json = dict[str, Any]


def add_routes(app: FastAPI) -> None:
    """The words of the current state, below /api/v1."""
    app.state.vocabulary = ("", {})
    app.get("/api/v1/vocabulary", summary="What a query can be written with", openapi_extra=DOC)(vocabulary)


async def vocabulary(request: Request) -> JSONResponse:
    """Read once for each state of the graph."""
    state, graph = request.app.state, service.of(request).graph
    version, known = state.vocabulary
    if version != (current := graph.engine.version()):
        known = asdict(await in_turn(request, partial(read, graph)))
        state.vocabulary = (current, known)
    return JSONResponse(known, headers={"Cache-Control": "no-cache"})


_TEXT: Json = {"type": "string"}
_WORD: Json = {
    "type": "object",
    "properties": dict.fromkeys(("iri", "name", "kind", "label", "definition"), _TEXT),
}
_MEMBERS: Json = {
    "prefixes": {"type": "object", "additionalProperties": _TEXT},
    "words": {"type": "array", "items": _WORD},
}
_EXAMPLE: Json = {
    "prefixes": {"ekg": "https://w3id.org/eventkg/ontology#"},
    "words": [
        {
            "iri": "https://w3id.org/eventkg/ontology#AirStrike",
            "name": "ekg:AirStrike",
            "kind": "class",
            "label": "air strike",
            "definition": "A military action in which aircraft, crewed or not, attack targets.",
        }
    ],
}
DOC: Json = {
    "responses": {
        "200": {
            "description": "Our prefixes, which need no declaration, and what the graph declares.",
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": list(_MEMBERS), "properties": _MEMBERS},
                    "example": _EXAMPLE,
                }
            },
        },
        "503": {"description": "Too many are asking."},
        "504": {"description": "Longer than the time limit."},
    }
}
