"""Answers for people, rendered on the server, with the query that they can change."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eventkg.export.look import KIND_COLOURS, OTHER
from eventkg.export.parts import part
from eventkg.model.naming import PREFIXES, SKOS, VIEW
from eventkg.query.job import Job
from eventkg.query.named import examples, title
from eventkg.serve import service
from eventkg.serve.answering import whole_answer
from eventkg.serve.pages import layout
from eventkg.serve.pages.frame import name_of
from eventkg.serve.problems import HttpError
from eventkg.serve.protocol import to_job

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from eventkg.query.job import Head
    from eventkg.serve.protocol import Parameters

MAX_ROWS = 1_000  # shown on a page; a download has them all
MAX_BYTES = 2 * 1024 * 1024  # of an answer that a page is made from
PROBE = Job("ASK { }")
_ROWS = '"bindings":['
_LABEL = f"{SKOS}prefLabel"
_JSON = "application/sparql-results+json, text/turtle"


async def form(request: Request) -> Response:
    """The page before anything is asked."""
    around = _around(request, "" if service.of(request).options.plain else layout.view_of(request))
    return await layout.page(request, "sparql.html", query=examples()[0], **around)


async def results(request: Request, parameters: Parameters, about: str = "") -> Response:
    """The form with the answer below it, or with what is wrong with the query.

    The page of a thing, whose path is `about`, bears its label; rows are then properties and values.
    """
    job = in_view(request, to_job(parameters, _JSON))
    around = _around(request, "".join(name_of(g) for g in job.default_graphs[:1] if g.startswith(VIEW)))
    started = time.monotonic()
    try:
        head, body, policy = await whole_answer(request, job, MAX_BYTES)
    except HttpError as error:
        shown = {**around, "problem": error}
        return await layout.page(request, "sparql.html", error.status, query=job.query, **shown)
    found = _readable(head, body)
    heading = _label(found["rows"]) or about if about else "Answer"
    found["seconds"] = f"{time.monotonic() - started:.3f}"
    shown = {**around, "answer": found, "heading": heading, "about": about}
    return await layout.page(request, "sparql.html", query=job.query, view=name_of(policy), **shown)


def _around(request: Request, view: str) -> dict[str, Any]:
    """What the page has whatever is asked, and what its island needs to know."""
    plain = service.of(request).options.plain
    paths = {getattr(route, "path", "") for route in request.app.routes}
    settings = {
        "prefixes": {} if plain else PREFIXES,
        "kinds": [{"name": kind, "colour": colour} for kind, colour in _COLOURS.items()],
        "vocabulary": "/api/v1/vocabulary" if "/api/v1/vocabulary" in paths else "",
        "suggest": "/api/v1/suggest" if "/api/v1/suggest" in paths else "",
        "view": view,
        "limit": service.of(request).graph.limits.timeout_s,
    }
    return {
        "problem": None,
        "answer": None,
        "heading": "",
        "about": "",
        "examples": [(title(text), text) for text in examples()],
        "settings": settings,
        "part": lambda name: Markup(part(name)),  # noqa: S704  (a file of ours)
    }


_COLOURS = {
    **{kind: KIND_COLOURS[kind] for kind in ("event", "place", "equipment")},
    "actor": KIND_COLOURS["ArmedForce"],
    "other": OTHER,
}


def in_view(request: Request, job: Job) -> Job:
    """In the view that the address names, unless the query's graphs say which.

    Raises:
        HttpError: 400, no such view.

    """
    named: bytes = request.scope["query_string"]
    if service.of(request).options.plain or job.default_graphs or not _NAMES_VIEW.search(named):
        return job
    view = layout.view_of(request)
    return replace(job, default_graphs=(VIEW + view,)) if view else job


_NAMES_VIEW = re.compile(rb"(?:^|&)(?:view|known)=.")


def _readable(head: Head, body: bytes) -> dict[str, Any]:
    """What the template shows: a text, or columns and rows of cells; `more` where that is not all."""
    cut = len(body) >= MAX_BYTES
    text = body.decode(errors="replace")
    if head.form == "graph":
        return {"form": "graph", "text": text, "columns": [], "rows": [], "more": cut}
    if head.form == "boolean":
        answer = "yes" if json.loads(text)["boolean"] else "no"
        return {"form": "boolean", "text": answer, "columns": [], "rows": [], "more": False}
    columns, found = _rows(text)
    rows = [[row.get(name) for name in columns] for row in found[:MAX_ROWS]]
    more = cut or len(found) > MAX_ROWS
    return {"form": "solutions", "text": "", "columns": columns, "rows": rows, "more": more}


def _label(rows: list[list[dict[str, Any]]]) -> str:
    """English, or whatever there is."""
    labels = {value.get("xml:lang", ""): value["value"] for name, value in rows if name["value"] == _LABEL}
    return str(labels.get("en") or next(iter(labels.values()), ""))


def _rows(text: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Variables and the complete rows of SPARQL JSON that may have been cut off."""
    start = text.index(_ROWS) + len(_ROWS)
    columns: list[str] = json.loads(text[:start] + "]}}")["head"]["vars"]
    rows: list[dict[str, Any]] = []
    decoder = json.JSONDecoder()
    while len(rows) <= MAX_ROWS and text[start : start + 1] == "{":
        try:
            row, start = decoder.raw_decode(text, start)
        except ValueError:  # the row in which it was cut
            break
        rows.append(row)
        start += 1
    return columns, rows
