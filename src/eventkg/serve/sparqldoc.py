"""What the API document says of /sparql: its parameters, bodies and every status that may come."""

from __future__ import annotations

from typing import Any

from eventkg.serve.negotiation import GRAPH_TYPES, SOLUTION_TYPES
from eventkg.serve.problemdoc import problem

_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_QUERY = "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }"
_ANSWERS = {
    media_types[0]: {"schema": _TEXT} if name not in {"json", "jsonld"} else {}
    for types in (SOLUTION_TYPES, GRAPH_TYPES)
    for name, media_types in types.items()
}
_RESPONSES = {
    "200": {"description": "The answer; its ETag names it.", "content": _ANSWERS},
    "304": {"description": "The client has this answer already."},
    "400": problem("A query or update with a mistake (line and column), or a wrong parameter."),
    "406": problem("None of the formats accepted exists for this form of answer; `offers` lists them."),
    "503": problem("Too many are asking; Retry-After says how long to wait."),
    "504": problem("Longer than the time limit."),
    "507": problem("More than the memory limit."),
}
_OF_A_BODY = {
    "204": {"description": "The update is on disk."},
    "401": problem("An update without the token."),
    "403": problem("Updates are not taken here."),
    "408": problem("The body came too slowly."),
    "409": problem("A graph that eventkg alone writes."),
    "413": problem("A body past its limit."),
    "415": problem("A body of another media type, or a packed one."),
}
GET_DOC: dict[str, Any] = {
    "parameters": [
        {"name": "query", "in": "query", "required": True, "schema": _TEXT, "example": _QUERY},
        {"name": "default-graph-uri", "in": "query", "schema": _IRIS},
        {"name": "named-graph-uri", "in": "query", "schema": _IRIS},
        {
            "name": "view",
            "in": "query",
            "schema": {**_TEXT, "pattern": "^(default|corroborated|all)$"},
            "description": "Whose world, by name: as default-graph-uri with the IRI of the view.",
        },
        {
            "name": "format",
            "in": "query",
            "schema": _TEXT,
            "example": "csv",
            "description": "json, xml, csv, tsv; ttl, nt, jsonld, rdfxml. Instead of an Accept header.",
        },
        {"name": "download", "in": "query", "schema": _TEXT, "description": "Anything: a file to keep."},
    ],
    "responses": _RESPONSES,
}
POST_DOC: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": _TEXT, "example": "ASK { ?e a ekg:AirStrike }"},
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}
            },
        },
    },
    "responses": _RESPONSES | _OF_A_BODY,
}
READY_DOC: dict[str, Any] = {"responses": {"503": problem("No worker answers.")}}
