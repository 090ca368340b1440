"""What the API document says of /store: the Graph Store Protocol's parameters, bodies and statuses."""

from __future__ import annotations

from typing import Any

from eventkg.query.job import DATASETS, GRAPHS
from eventkg.serve.problemdoc import problem

_TEXT = {"type": "string"}
_GRAPH = {
    "name": "graph",
    "in": "query",
    "schema": {"type": "string", "format": "iri"},
    "description": "The graph's IRI, absolute. Either this or `default`.",
    "example": "https://w3id.org/eventkg/graph/user",
}
_DEFAULT = {
    "name": "default",
    "in": "query",
    "schema": _TEXT,
    "allowEmptyValue": True,
    "description": "The default graph: the union of all graphs, which is only read, or the store's own.",
}
_FORMAT = {
    "name": "format",
    "in": "query",
    "schema": {"type": "string", "enum": [*GRAPHS, *DATASETS]},
    "description": "Instead of an Accept header; nq and trig are of the whole data set.",
}
_FORMATS = {**GRAPHS, **DATASETS}
_CONTENT = {one.media_type: {} if name == "jsonld" else {"schema": _TEXT} for name, one in _FORMATS.items()}
_FILES = {"schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}}
_BODY = {
    "required": True,
    "description": "A document, or a form of several; gzip where Content-Encoding says so.",
    "content": {
        **{one.media_type: {"schema": _TEXT} for one in _FORMATS.values()},
        GRAPHS["jsonld"].media_type: {"schema": {"type": ["object", "array"]}},
        "multipart/form-data": _FILES,
    },
}
_RESPONSES = {
    "400": problem("No graph or several named, no absolute IRI, or a document with a mistake."),
    "404": problem("No such graph in the store."),
    "503": problem("Too many are asking or writing; Retry-After says how long to wait."),
    "507": problem("More than the memory limit, or than the disk has room for."),
}
_READ = {
    "200": {"description": "The graph; its ETag names this state of it.", "content": _CONTENT},
    "304": {"description": "The client has this state already."},
    "406": problem("None of the formats accepted is one of a graph; `offers` lists them."),
    "504": problem("Longer than the time limit."),
}
_WRITTEN = {
    "204": {"description": "Done, and on disk."},
    "401": problem("Not the token that writers have."),
    "403": problem("Nothing is written here."),
    "409": problem("A graph that eventkg alone writes."),
}
_OF_A_BODY = {
    "201": {"description": "The graph is new; `Location` names it where the server did."},
    "408": problem("The body came too slowly."),
    "413": problem("A body past its limit."),
    "415": problem("A body of another media type, or packed otherwise than by gzip."),
    "504": problem("A document that its parser did not come to an end of."),
}
READ: dict[str, Any] = {"parameters": [_GRAPH, _DEFAULT, _FORMAT], "responses": _RESPONSES | _READ}
LOAD: dict[str, Any] = {
    "parameters": [_GRAPH, _DEFAULT],
    "requestBody": _BODY,
    "responses": _RESPONSES | _WRITTEN | _OF_A_BODY,
}
DELETE: dict[str, Any] = {"parameters": [_GRAPH, _DEFAULT], "responses": _RESPONSES | _WRITTEN}
