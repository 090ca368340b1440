"""What the API document says of the routes of networks."""

from __future__ import annotations

from typing import Any

from eventkg.export.network import KINDS
from eventkg.kg.networkfiles import FORMS
from eventkg.serve.parameterdoc import parameter
from eventkg.serve.problemdoc import problem

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_NAMES: Json = {"type": "array", "maxItems": 100, "items": _TEXT}
_SOURCES: Json = {**_NAMES, "items": {"type": "string", "pattern": "^[A-Za-z0-9_.~%/:#-]{0,200}$"}}
_DAY: Json = {"type": "string", "pattern": "^([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})?$"}


_PARAMETERS = [
    parameter("kind", "Who is tied to whom.", {"type": "string", "enum": [*KINDS, ""]}, "actor-actor"),
    parameter("since", "Events on or after this day.", _DAY, "2017-01-21"),
    parameter("until", "Events on or before this day.", _DAY),
    parameter("place", "Events there or within it: names or IRIs.", _NAMES, ["al-bab"]),
    parameter("actor", "Events that one of them has a part in: names or IRIs.", _NAMES),
    parameter("source", "Events of these graphs, by their short names.", _SOURCES, ["seed"]),
    parameter("view", "Whose world.", {**_TEXT, "pattern": "^(default|corroborated|all)?$"}, "default"),
]
_MEMBERS = {
    "view": _TEXT, "kind": _TEXT, "chosen": _TEXT, "state": _TEXT, "nodes": {"type": "integer"},
    "ties": {"type": "integer"}, "credits": {"type": "array", "items": {"type": "object"}},
    "covered": {"type": "array", "items": _TEXT}, "empty": _TEXT,
}  # fmt: skip
_MORE: dict[str, Json] = {
    "json": {"network": {"type": "object"}},
    "ties": {"unit": _TEXT, "strongest": {"type": "array", "items": {"type": "object"}}},
}
_WORDS = {
    "json": "Columns of nodes with their places, of events, and of ties with the events behind each.",
    "ties": "The strongest ties with labels, number of events, contested ones and status.",
}


def doc(form: str) -> Json:
    """Of one form of a network."""
    media_type = FORMS[form].media_type.partition(";")[0]
    schema: Json = {"type": "string", "format": "binary"}
    if form in _MORE:
        members = {**_MEMBERS, **_MORE[form]}
        schema = {"type": "object", "required": list(members), "properties": members}
    return {
        "parameters": _PARAMETERS,
        "responses": {
            "200": {
                "description": _WORDS.get(form, "A file, without what may not be passed on."),
                "content": {media_type: {"schema": schema}},
            },
            "304": {"description": "The client has it already."},
            "400": problem("A wrong choice, no such view, or more nodes than this form can show."),
            "503": problem("Too many are waiting; Retry-After says how long to wait."),
            "504": problem("Longer than the time limit."),
            "507": problem("More than the memory limit."),
        },
    }
