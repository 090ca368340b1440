"""What the API document says of the ledger's routes; its examples run."""

from __future__ import annotations

from typing import Any

from eventkg.serve.parameterdoc import parameter
from eventkg.serve.problemdoc import problem

_NAME = {"type": "object", "properties": {"iri": {"type": "string"}, "label": {"type": "string"}}}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 0}
_EVENT = "2017-01-21-al-bab-strike"
_BASE = "https://w3id.org/eventkg"
_STRUCK = {
    "predicate": {"iri": f"{_BASE}/ontology#targetsStruck", "label": "targets struck"},
    "value": "22",
}
_STANDS = {"status": "Uncontested", "fact": True, "independent": 1}
_SAID = {"stance": "Asserts", "quotation": "22 Daesh targets have been struck", "start": 2425}
_ROW = {"point": _STRUCK, "judgement": _STANDS, "claims": [_SAID]}
_COALITION = {
    "predicate": {"iri": f"{_BASE}/ontology#performedBy", "label": "performed by"},
    "object": {"iri": f"{_BASE}/id/actor/us-led-coalition", "label": "US-led coalition"},
}


_SUBJECT = parameter(
    "event", "An event's name, or the IRI of anything that claims are about.", _TEXT, _EVENT, required=True
)
_VIEW = parameter(
    "view",
    "Whose world: default, corroborated, all, claimant/ACTOR.",
    _TEXT,
    "claimant/russian-defence-ministry",
)
_WHOLE = {"type": "integer", "minimum": 0}
_PAGE = [
    parameter(
        "limit", "How many items of the list at most.", {**_WHOLE, "maximum": 10_000, "default": 1_000}
    ),
    parameter(
        "offset",
        "How many items to leave out before; the order is always the same.",
        {**_WHOLE, "default": 0},
    ),
]


def _doc(
    parameters: list[dict[str, Any]], description: str, properties: dict[str, Any], example: dict[str, Any]
) -> dict[str, Any]:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    content = {"application/json": {"schema": schema, "example": example}}
    return {
        "parameters": parameters,
        "responses": {
            "200": {"description": description, "content": content},
            "400": problem("A parameter missing, given twice, unknown or malformed; no such view."),
            "404": problem("Nothing of this name is in the graph."),
            "504": problem("Longer than the time limit."),
        },
    }


DOCS: dict[str, dict[str, Any]] = {
    "claims": _doc(
        [_SUBJECT, _VIEW],
        "Each point with its judgement and its claims, as `eventkg claims --json`.",
        {"subject": _NAME, "view": _TEXT, "rows": _OBJECTS, "agreement": _OBJECTS},
        {
            "subject": {
                "iri": f"{_BASE}/id/event/{_EVENT}",
                "label": "Russian-Turkish strike near Al-Bab, 21 January 2017",
            },
            "view": f"{_BASE}/view/claimant/russian-defence-ministry",
            "rows": [_ROW],
            "agreement": [],
        },
    ),
    "why": _doc(
        [
            _SUBJECT,
            parameter(
                "fact",
                "An attribute, a value or number, or both: performedBy, 22, performedBy turkey.",
                _TEXT,
                "22",
                required=True,
            ),
            _VIEW,
        ],
        "For each statement that is meant: whether it is a fact in the view, why, and the claims behind it.",
        {"view": _TEXT, "reasons": _OBJECTS},
        {
            "view": f"{_BASE}/view/claimant/russian-defence-ministry",
            "reasons": [
                {
                    "fact": True,
                    "reason": "a fact in claimant/russian-defence-ministry: nobody contests it",
                    "rows": [_ROW],
                }
            ],
        },
    ),
    "disputed": _doc(
        [parameter("view", "Whose world.", _TEXT, "default"), *_PAGE],
        "Each contested point with who asserts, denies and doubts it, and what contradicts it.",
        {"view": _TEXT, "total": _NUMBER, "offset": _NUMBER, "disputes": _OBJECTS},
        {
            "view": f"{_BASE}/view/default",
            "total": 7,
            "offset": 0,
            "disputes": [{"point": _COALITION, "judgement": {"status": "Contested", "fact": False}}],
        },
    ),
    "compare": _doc(
        [
            parameter("a", "One view.", _TEXT, "default", required=True),
            parameter("b", "The other.", _TEXT, "claimant/russian-defence-ministry", required=True),
            {**_SUBJECT, "required": False, "example": "2017-01-22-al-bab-strike"},
            *_PAGE,
        ],
        "What is a fact in one world only (only-in-a, only-in-b), or has another status there (changed).",
        {
            "a": _TEXT,
            "b": _TEXT,
            "left_out": _NUMBER,
            "total": _NUMBER,
            "offset": _NUMBER,
            "differences": _OBJECTS,
        },
        {
            "a": f"{_BASE}/view/default",
            "b": f"{_BASE}/view/claimant/russian-defence-ministry",
            "left_out": 0,
            "total": 3,
            "offset": 0,
            "differences": [{"kind": "only-in-b", "point": _COALITION, "a": {"status": "Contested"}}],
        },
    ),
}


def view_document(description: str) -> dict[str, Any]:
    """Of a route that takes a view and nothing else."""
    return _doc([_VIEW], description, {"view": _TEXT}, {"view": f"{_BASE}/view/default"})


def _in_path(name: str, description: str, example: str) -> dict[str, Any]:
    return {**parameter(name, description, _TEXT, example, required=True), "in": "path"}


THING = _doc(
    [
        _in_path("kind", "actor, equipment or place.", "actor"),
        _in_path("slug", "The rest of its IRI.", "us-led-coalition"),
        _VIEW,
        parameter("counts", "all: count also where there are very many events.", _TEXT, "all"),
    ],
    "Names, statements, its events by month, role, partner, opponent and place, what is contested.",
    {"kind": _TEXT, "description": {"type": "object"}, "timeline": _OBJECTS, "tables": _OBJECTS},
    {
        "kind": "actor",
        "description": {"thing": {"iri": f"{_BASE}/id/actor/us-led-coalition", "label": "US-led coalition"}},
        "timeline": [{"start": "2016-08", "events": 1, "contested": 0}],
        "tables": [],
    },
)
