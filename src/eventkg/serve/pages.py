"""Pages for people, rendered on the server; they need no script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from anyio import to_thread
from starlette.responses import HTMLResponse, Response

from eventkg.model.naming import DEFAULT_POLICY, SKOS, shorten
from eventkg.query.job import Job
from eventkg.query.named import examples, title
from eventkg.serve.answering import whole_answer
from eventkg.serve.problems import HttpError
from eventkg.serve.protocol import Parameters, to_job
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from starlette.requests import Request

    from eventkg.query.job import Head

MAX_ROWS = 1_000  # shown on a page; a download has them all
MAX_BYTES = 2 * 1024 * 1024  # of an answer that a page is made from
PROBE = Job("ASK { }")
_ROWS = '"bindings":['
_LABEL = f"{SKOS}prefLabel"
_JSON = "application/sparql-results+json, text/turtle"
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["shorten"] = shorten


async def start(request: Request) -> Response:
    """The start page; the counts are those of the current state."""
    overview = await to_thread.run_sync(request.app.state.graph.stats)
    return _render("start.html", overview=overview, query=_first_example(), examples=_examples())


async def results(request: Request, parameters: Parameters, about: str = "") -> Response:
    """The form with the answer below it, or with what is wrong with the query.

    The page of a thing, whose path is `about`, bears its label; rows are then properties and values.
    """
    job = to_job(parameters, _JSON)
    try:
        head, body, policy = await whole_answer(request, job, MAX_BYTES)
    except HttpError as error:
        return _render("results.html", error.status, query=job.query, problem=error, answer=None)
    found = _readable(head, body)
    heading = _label(found["rows"]) or about if about else "Answer"
    page = _render(
        "results.html", query=job.query, problem=None, answer=found, view=policy, heading=heading, about=about
    )
    page.headers["eventkg-view"] = policy
    return page


def problem(_: Request, found: HttpError) -> Response:
    """An error as a page."""
    return _render("results.html", found.status, query=_first_example(), problem=found, answer=None)


async def api_docs(_: Request) -> Response:
    """Swagger UI from our own disk."""
    return _render("docs.html")


def _render(name: str, status: int = 200, **values: Any) -> Response:
    unless_told = {"version": VERSION, "view": DEFAULT_POLICY, "heading": "", "about": ""}
    page = _templates.get_template(name).render({**unless_told, **values})
    return HTMLResponse(page, status_code=status, headers={"Vary": "Accept"})


def _examples() -> list[tuple[str, str]]:
    return [(title(text), text) for text in examples()]


def _first_example() -> str:
    return examples()[0]


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
