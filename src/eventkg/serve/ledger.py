"""The ledger over HTTP: who says what about one event."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.errors import EventkgError
from eventkg.kg.dossier import UnknownSubjectError
from eventkg.serve import problems
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from eventkg.kg.ledger import Ledger

_AT_ONCE = CapacityLimiter(8)  # threads of its own: those that read answers must not be used up by it
_NAME = {"type": "object", "properties": {"iri": {"type": "string"}, "label": {"type": "string"}}}
_EVENT = "2017-01-21-al-bab-strike"
_EXAMPLE = {
    "subject": {
        "iri": f"https://w3id.org/eventkg/id/event/{_EVENT}",
        "label": "Russian-Turkish strike near Al-Bab, 21 January 2017",
    },
    "view": "https://w3id.org/eventkg/view/default",
    "rows": [
        {
            "point": {
                "predicate": {
                    "iri": "https://w3id.org/eventkg/ontology#targetsStruck",
                    "label": "targets struck",
                },
                "value": "22",
            },
            "judgement": {"status": "Uncontested", "fact": True, "independent": 1},
            "claims": [
                {"stance": "Asserts", "quotation": "22 Daesh targets have been struck", "start": 2425}
            ],
        }
    ],
    "agreement": [],
}
DOC = {
    "parameters": [
        {
            "name": "event",
            "in": "query",
            "required": True,
            "schema": {"type": "string"},
            "description": "An event's name, or the IRI of anything that claims are about.",
            "example": _EVENT,
        },
        {
            "name": "view",
            "in": "query",
            "schema": {"type": "string"},
            "description": "Whose world: default, corroborated, all, claimant/ACTOR.",
            "example": "claimant/russian-defence-ministry",
        },
    ],
    "responses": {
        "200": {
            "description": "Each point with its judgement and its claims, as `eventkg claims --json`.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["subject", "view", "rows", "agreement"],
                        "properties": {
                            "subject": _NAME,
                            "view": {"type": "string"},
                            "rows": {"type": "array", "items": {"type": "object"}},
                            "agreement": {"type": "array", "items": {"type": "object"}},
                        },
                    },
                    "example": _EXAMPLE,
                }
            },
        },
        "400": {"description": "No event, two of them, or no such view."},
        "404": {"description": "Nothing of this name is in the graph."},
    },
}


async def claims(request: Request) -> JSONResponse:
    """The ledger of one event in one view."""
    event, view = _one(request, "event"), _one(request, "view")
    if not event:
        raise HttpError(HTTPStatus.BAD_REQUEST, "event: nothing found, an event's name or an IRI expected")
    try:
        ledger: Ledger = await to_thread.run_sync(
            partial(request.app.state.graph.claims, event, view or None), limiter=_AT_ONCE
        )
    except UnknownSubjectError as error:
        raise HttpError(HTTPStatus.NOT_FOUND, str(error)) from error
    except EventkgError as error:
        raise problems.of_error(error) from error
    return JSONResponse(asdict(ledger), headers={"eventkg-view": ledger.view})


def _one(request: Request, name: str) -> str:
    found = request.query_params.getlist(name)
    if len(found) > 1:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: {len(found)} parameters found, 1 expected")
    return found[0] if found else ""
