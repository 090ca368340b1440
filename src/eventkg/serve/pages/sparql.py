"""Answers for people, rendered on the server, with the query that they can change."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventkg.model.naming import SKOS, VIEW
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
    return await layout.page(request, "sparql.html", query=examples()[0], **_NOTHING)


async def results(request: Request, parameters: Parameters, about: str = "") -> Response:
    """The form with the answer below it, or with what is wrong with the query.

    The page of a thing, whose path is `about`, bears its label; rows are then properties and values.
    """
    job = _in_view(request, to_job(parameters, _JSON))
    try:
        head, body, policy = await whole_answer(request, job, MAX_BYTES)
    except HttpError as error:
        shown = {**_NOTHING, "problem": error}
        return await layout.page(request, "sparql.html", error.status, query=job.query, **shown)
    found = _readable(head, body)
    heading = _label(found["rows"]) or about if about else "Answer"
    shown = {**_NOTHING, "answer": found, "heading": heading, "about": about}
    return await layout.page(request, "sparql.html", query=job.query, view=name_of(policy), **shown)


_NOTHING: dict[str, Any] = {
    "problem": None,
    "answer": None,
    "heading": "",
    "about": "",
    "examples": [(title(text), text) for text in examples()],
}


def _in_view(request: Request, job: Job) -> Job:
    """In the view that the address names, unless the query's graphs say which."""
    view = "" if service.of(request).options.plain else layout.view_of(request)
    return replace(job, default_graphs=(VIEW + view,)) if view and not job.default_graphs else job


def _readable(head: Head, body: bytes) -> dict[str, Any]:
    """What the template shows: a text, or columns and rows of cells; `more` where that is not all."""
    cut = len(body) >= MAX_BYTES
    text = body.decode(errors="replace")
    if head.form == "graph":
        return {"text": text, "columns": [], "rows": [], "more": cut}
    if head.form == "boolean":
        answer = "yes" if json.loads(text)["boolean"] else "no"
        return {"text": answer, "columns": [], "rows": [], "more": False}
    columns, found = _rows(text)
    rows = [[row.get(name) for name in columns] for row in found[:MAX_ROWS]]
    return {"text": "", "columns": columns, "rows": rows, "more": cut or len(found) > MAX_ROWS}


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
