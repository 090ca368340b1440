"""What the API document says of finding events; its examples run."""

from __future__ import annotations

from typing import Any

from eventkg.search.asked import DEATHS, LONGEST, MOST_CHOSEN, MOST_ROWS, SORTS, STATUSES
from eventkg.search.suggesting import KINDS
from eventkg.serve.parameterdoc import parameter
from eventkg.serve.problemdoc import problem

Json = dict[str, Any]
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0}
_BASE = "https://w3id.org/eventkg"
_AL_BAB = {"iri": f"{_BASE}/id/place/al-bab", "label": "Al-Bab"}
_COALITION = {"iri": f"{_BASE}/id/actor/us-led-coalition", "label": "US-led coalition"}
_NAME = {"type": "object", "required": ["iri", "label"], "properties": {"iri": _TEXT, "label": _TEXT}}


def _one(name: str, description: str, example: object, **schema: object) -> Json:
    return parameter(name, description, {"type": "string", **schema}, example)


def _some(name: str, description: str, example: str, **items: object) -> Json:
    schema = {"type": "array", "items": {"type": "string", **items}, "maxItems": MOST_CHOSEN}
    return {**parameter(name, description, schema, [example]), "style": "form", "explode": True}


def _day(name: str, description: str, example: str) -> Json:
    """An empty one is as good as none: a form sends it."""
    return _one(name, description, example, pattern=r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$")


def rows(most: int, unless_told: int) -> list[Json]:
    """How many events of the list."""
    whole = {"type": "integer", "minimum": 0}
    return [
        _one("limit", "How many events at most.", min(most, 50), **whole, maximum=most, default=unless_told),
        _one("offset", "How many to leave out before.", 0, **whole, maximum=10**9 - 1, default=0),
    ]


_VIEW = _one("view", "Whose world: default, corroborated, all, claimant/ACTOR.", "default")
CONDITIONS = [
    _one(
        "text", "Words of names, other names and quotations, or how those begin.", "al-bab", maxLength=LONGEST
    ),
    _day("since", "A day; what had not ended before it.", "2017-01-01"),
    _day("until", "A day; what had begun by it.", "2017-12-31"),
    _some(
        "actor", "Actors (IRIs) with a part in it, be it contested; any of them.", f"{_BASE}/id/actor/daesh"
    ),
    _some("equipment", "Equipment used (IRIs); any of it.", f"{_BASE}/id/equipment/su-24m"),
    _some(
        "type",
        "Classes, with those below them, or types of a data set (IRIs).",
        f"{_BASE}/ontology#AirStrike",
    ),
    _some("place", "Places (IRIs) with everything within them.", f"{_BASE}/id/place/aleppo-province"),
    _some("source", "Graphs by their short names.", "seed"),
    _some("status", "What its statements come to in the view.", "uncontested", enum=["", *STATUSES]),
    _one("deaths", "By the best estimate.", "0", enum=["", *DEATHS]),
    _one("sort", "The order: by first day, by words that fit, by deaths.", "date", enum=["", *SORTS]),
    _VIEW,
]


_STEP: dict[str, Json] = {"step": _NUMBER, "steps": _NUMBER, "doing": _TEXT}  # how far it is


def problems() -> Json:
    """What goes wrong with every question to an index."""
    return {
        "400": problem("A parameter given twice, unknown or malformed; no such view."),
        "503": problem("The index of the view is being built; Retry-After says when to ask again.", **_STEP),
        "504": problem("Longer than the time limit."),
        "507": problem("More memory than the limit."),
    }


def _answer(description: str, schema: Json, example: Json) -> Json:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _all(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


_HIT = _all(
    iri=_TEXT,
    label=_TEXT,
    start=_TEXT,
    end=_TEXT,
    place={"oneOf": [_NAME, {"type": "null"}]},
    actors=_list(_NAME),
    contested=_list(_NAME),
    types=_list(_NAME),
    status=_list({"type": "string", "enum": list(STATUSES)}),
    deaths={"type": ["integer", "null"], "minimum": 0},
    sources=_list(_TEXT),
    snippet=_TEXT,
)
_VALUE = _all(iri=_TEXT, label=_TEXT, count=_NUMBER, chosen={"type": "boolean"})
_FACET = _all(values=_list(_VALUE), more=_NUMBER, missing=_NUMBER)
_FOUND = _all(
    total=_NUMBER,
    rows=_list(_HIT),
    facets={"type": "object", "additionalProperties": _FACET},
    timeline=_list(_all(start=_TEXT, end=_TEXT, count=_NUMBER)),
    view=_TEXT,
    state=_TEXT,
    current={"type": "boolean"},
)
_FOUND["properties"]["coverage"] = {
    **_TEXT,
    "description": "Where nothing was found: what the data sets cover.",
}
_EXAMPLE = {
    "total": 1,
    "rows": [
        {
            "iri": f"{_BASE}/id/event/2017-01-22-al-bab-strike",
            "label": "Strike in Al-Bab, 22 January 2017",
            "start": "2017-01-22",
            "end": "2017-01-22",
            "place": _AL_BAB,
            "actors": [],
            "contested": [_COALITION],
            "types": [{"iri": f"{_BASE}/ontology#AirStrike", "label": "air strike"}],
            "status": ["contested", "single"],
            "deaths": None,
            "sources": ["seed"],
            "snippet": "",
        }
    ],
    "facets": {"place": {"values": [{**_AL_BAB, "count": 1, "chosen": False}], "more": 0, "missing": 0}},
    "timeline": [{"start": "2017-01-22", "end": "2017-01-22", "count": 1}],
    "view": f"{_BASE}/view/default",
    "state": "",
    "current": True,
}
EVENTS: Json = {
    "parameters": [*CONDITIONS, *rows(MOST_ROWS, 50)],
    "responses": {
        "200": _answer(
            "A page of events, with counts of all that were found: by facet, whatever is chosen in it, and by"
            " day, whatever days are asked for. `state` was counted; `current` is false where a newer one is"
            " there.",
            _FOUND,
            _EXAMPLE,
        ),
        **problems(),
    },
}
_SUGGESTION = _all(iri=_TEXT, label=_TEXT, kind=_TEXT, events=_NUMBER)
SUGGEST: Json = {
    "parameters": [
        {
            **_one("q", "The beginning of a name, or words of it.", "coalition", maxLength=LONGEST),
            "required": True,
        },
        _one("kind", "Only things of this kind.", "actor", enum=["", *KINDS]),
        _VIEW,
    ],
    "responses": {
        "200": _answer(
            "At most 20 actors, places, kinds of equipment, types and events, with how many events each has.",
            _all(view=_TEXT, suggestions=_list(_SUGGESTION)),
            {
                "view": f"{_BASE}/view/default",
                "suggestions": [{**_COALITION, "kind": "actor", "events": 2}],
            },
        ),
        **problems(),
    },
}


def download(media_type: str, most: int) -> Json:
    """A file of what was found."""
    headers = {
        "Eventkg-Total": {"description": "How many events were found, of whatever limit.", "schema": _NUMBER},
        "Eventkg-View": {"description": "The policy's IRI.", "schema": _TEXT},
    }
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    said = (
        "The events that the list shows and no other; of records that may not be passed on nothing is in it."
    )
    return {
        "parameters": [*CONDITIONS, *rows(most, most)],
        "responses": {"200": {"description": said, "content": content, "headers": headers}, **problems()},
    }
