"""What was found as a file: the events of a list and no other, with view, licences and coverage named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.export import spreadsheets, streams
from eventkg.export.tables import EVENT_COLUMNS, Table
from eventkg.kg.picking import Picked
from eventkg.serve import findingdoc, service
from eventkg.serve.asking import asked_of, only_of
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from eventkg.export.about import About
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.search.asked import Asked

MOST = 100_000  # events of one file
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "ttl": "text/turtle; charset=utf-8",
}
_BLOCKS: dict[str, Callable[[Picked, About], Iterator[bytes]]] = {
    "csv": lambda picked, about: streams.csv_blocks(picked.tables(), about),
    "geojson": lambda picked, about: streams.geojson_blocks(picked.tables(), about),
    "ttl": lambda picked, about: streams.turtle_blocks(picked.turtle(), about),
}
_TABULAR = "application/csvm+json"
_BESIDE = "csv-metadata.json"  # W3C, "Model for Tabular Data and Metadata on the Web", 5.3


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Events that leave, of how many, in which state of a store."""

    picked: Picked
    about: About
    total: int
    state: str

    def headers(self) -> dict[str, str]:
        """Of every such answer."""
        state = {"eventkg-state": self.state} if self.state else {}
        return {"eventkg-view": self.about.view, "eventkg-total": str(self.total), **state}


def add_routes(app: FastAPI) -> None:
    """Below /api/v1."""
    for path, (endpoint, summary, media_type) in {
        "csv": (as_csv, "Events found, as CSV", "text/csv"),
        "geojson": (as_geojson, "Events found, as GeoJSON", "application/geo+json"),
        "ttl": (as_turtle, "Events found, with what is claimed of them, as Turtle", "text/turtle"),
        _BESIDE: (metadata, "What the columns of the CSV mean, and whose data it is", _TABULAR),
    }.items():
        docs = findingdoc.download(media_type, MOST)
        route = app.get(
            f"/api/v1/events.{path}", summary=summary, openapi_extra=docs, response_class=Response
        )
        route(endpoint)


async def as_csv(request: Request) -> Response:
    """One row an event; the link of the answer leads to what its columns mean."""
    return await _download(request, "csv")


async def as_geojson(request: Request) -> Response:
    """One feature an event."""
    return await _download(request, "geojson")


async def as_turtle(request: Request) -> Response:
    """All statements about the events, the claims about them, and the names of what is spoken of."""
    return await _download(request, "ttl")


async def metadata(request: Request) -> Response:
    """The file that stands beside the CSV."""
    chosen = await in_turn(request, _question(request))
    table = Table("events", EVENT_COLUMNS, ())
    body = spreadsheets.described(table, chosen.about, f"events.csv{_query(request)}")
    return Response(body, media_type=_TABULAR, headers=chosen.headers())


async def _download(request: Request, form: str) -> Response:
    """The first part decides whether it is an answer; a later one that fails breaks it off."""
    question = _question(request)

    def begin() -> tuple[_Chosen, Iterator[bytes]]:
        chosen = question()
        parts = _BLOCKS[form](chosen.picked, chosen.about)
        return chosen, chain([b"".join(islice(parts, 2))], parts)

    chosen, parts = await in_turn(request, begin)
    headers = {
        **chosen.headers(),
        "content-disposition": f'attachment; filename="eventkg-events.{form}"',
    }
    if form == "csv":
        beside = f"/api/v1/events.{_BESIDE}{_query(request)}"
        headers["link"] = f'<{beside}>; rel="describedby"; type="{_TABULAR}"'
    return StreamingResponse(parts, media_type=_MEDIA[form], headers=headers)


def _query(request: Request) -> str:
    """As it came, but for what has no place in a header."""
    query = quote(request.url.query, safe="=&%+-._~:/,")
    return f"?{query}" if query else ""


def _question(request: Request) -> Callable[[], _Chosen]:
    asked, view = asked_of(request, MOST, MOST, also=()), request.query_params.get("view") or None
    return partial(_chosen, service.of(request).graph, asked, view)


def _chosen(graph: KnowledgeGraph, asked: Asked, view: str | None) -> _Chosen:
    with graph.finder.using(graph.policy(view)) as (index, state, _):
        found = index.chosen(asked)
    part = found[asked.offset : asked.offset + asked.limit]
    picked = Picked(graph, part, view, only_of(asked))
    about = picked.about(f"{len(part):,} of {len(found):,} events found: {asked}")
    return _Chosen(picked, about, len(found), state)
