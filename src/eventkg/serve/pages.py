"""Pages for people, rendered on the server; they need no script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.responses import HTMLResponse, Response

from eventkg.model.naming import shorten
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
PROBE = Job("ASK { }")
POST_DOC = {
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {
                "schema": {"type": "string"},
                "example": "ASK { ?e a ekg:AirStrike }",
            },
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {"query": {"type": "string"}},
                }
            },
        },
    }
}
_JSON = "application/sparql-results+json, text/turtle"
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["shorten"] = shorten


def start(request: Request) -> Response:
    """The start page."""
    return _render(
        "start.html", overview=request.app.state.overview, query=_first_example(), examples=_examples()
    )


async def results(request: Request, parameters: Parameters) -> Response:
    """The form with the answer below it, or with what is wrong with the query."""
    job = to_job(parameters, _JSON)
    try:
        head, body = await whole_answer(request, request.app.state.graph.pool, job)
    except HttpError as found:
        return _render("results.html", found.status, query=job.query, problem=found, answer=None)
    return _render("results.html", query=job.query, problem=None, answer=_readable(head, body))


def problem(_: Request, found: HttpError) -> Response:
    """An error as a page."""
    return _render("results.html", found.status, query=_first_example(), problem=found, answer=None)


async def api_docs(_: Request) -> Response:
    """Swagger UI from our own disk."""
    return _render("docs.html")


def _render(name: str, status: int = 200, **values: Any) -> Response:
    return HTMLResponse(_templates.get_template(name).render(version=VERSION, **values), status_code=status)


def _examples() -> list[tuple[str, str]]:
    return [(title(text), text) for text in examples()]


def _first_example() -> str:
    return examples()[0]


def _readable(head: Head, body: bytes) -> dict[str, Any]:
    """What the template shows: a text, or columns and rows of cells."""
    if head.form == "graph":
        return {"text": body.decode(), "columns": [], "rows": [], "total": 0}
    document = json.loads(body)
    if head.form == "boolean":
        return {"text": "yes" if document["boolean"] else "no", "columns": [], "rows": [], "total": 0}
    columns, found = document["head"]["vars"], document["results"]["bindings"]
    rows = [[row.get(name) for name in columns] for row in found[:MAX_ROWS]]
    return {"text": "", "columns": columns, "rows": rows, "total": len(found)}
