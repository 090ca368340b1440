"""The page of any thing of ours: actors, equipment and places with their part in events, the rest plainly."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse
from starlette.requests import Request

from eventkg.kg.account import account
from eventkg.kg.described import described
from eventkg.kg.documented import MOST_CLAIMS, documented
from eventkg.kg.finding import NotReadyError
from eventkg.kg.portrait import KINDS, QUICK, portrait
from eventkg.query.binding import bound
from eventkg.query.named import named_query
from eventkg.search.asked import Asked
from eventkg.serve import entities, ledgerdoc, service
from eventkg.serve.pages import event, layout
from eventkg.serve.pages.matrix import LOOKS, Matrix, matrix
from eventkg.serve.pages.patience import within_patience
from eventkg.serve.parameters import only
from eventkg.serve.problems import HttpError
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response

    from eventkg.kg.account import Account
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View
    from eventkg.kg.portrait import Portrait
    from eventkg.search.found import Found

# Of each table: its heading, what it counts, and the parameter of the events page that shows the same.
TABLES = {
    "roles": ("In which role", ""),
    "partners": ("On the same side", ""),
    "opponents": ("On the other side", ""),
    "exchanges": ("Passed information to or from", ""),
    "places": ("Where", "place"),
    "types": ("What kind of events", "type"),
    "equipment": ("Equipment that a statement says it used", "equipment"),
    "crafts": ("Equipment used in these events, whoever used it", "equipment"),
    "users": ("Who is said to have used it", "actor"),
    "performers": ("Who carried out the events in which it was used", "actor"),
    "targets": ("Against whom", "actor"),
    "actors": ("Who takes part", "actor"),
    "relations": ("How events lie to the place", ""),
    "parts": ("In which part", "place"),
}


# The events behind the count of two actors, as a query that somebody can change.
_TOGETHER = {
    "partners": "{ ?event ekg:performedBy|ekg:supportedBy <A> , <B> } UNION "
    "{ ?event ekg:sideA <A> , <B> } UNION { ?event ekg:sideB <A> , <B> }",
    "opponents": "{ ?event ekg:performedBy|ekg:supportedBy <A> ; ekg:target <B> } UNION "
    "{ ?event ekg:performedBy|ekg:supportedBy <B> ; ekg:target <A> } UNION "
    "{ ?event ekg:sideA <A> ; ekg:sideB <B> } UNION { ?event ekg:sideA <B> ; ekg:sideB <A> }",
    "exchanges": "{ ?event ekg:sender <A> ; ekg:recipient <B> } UNION "
    "{ ?event ekg:sender <B> ; ekg:recipient <A> }",
}
_NAMING = {
    "actor": lambda iri: Asked(actor=(iri,)),
    "equipment": lambda iri: Asked(equipment=(iri,)),
    "place": lambda iri: Asked(place=(iri,)),
}
_FACETS = (("actor", "Who"), ("place", "Where"), ("type", "What"), ("equipment", "With what"))


@dataclass(frozen=True, slots=True)
class _Shown:
    """`indexed` are the counts of the events page, where there are too many events to count otherwise."""

    portrait: Portrait
    account: Account
    matrix: Matrix
    indexed: Found | None


def add_routes(app: FastAPI) -> None:
    """The pages, and the portrait as JSON."""
    app.add_route("/page/{path:path}", page, ["GET", "HEAD"])
    if not app.state.service.options.plain:
        app.get(
            "/api/v1/things/{kind}/{slug:path}",
            summary="What an actor, equipment or a place has to do with events",
            openapi_extra=ledgerdoc.THING,
        )(data)


async def page(request: Request) -> Response:
    """The page of the thing whose IRI ends as the address does, or one that says that it waits."""
    path = entities.path_of(request, "/page/")
    if service.of(request).options.plain:
        return await entities.page(request, path)
    return await within_patience(request, _made)


async def _made(request: Request) -> Response:
    path = entities.path_of(request, "/page/")
    iri, kind = entities.iri_of(path), path.partition("/")[0]
    if kind == "event":
        return await event.page(request, iri)
    if kind in KINDS:
        return await _portrait(request, iri)
    return await _plain(request, iri, kind)


async def data(request: Request, kind: str, slug: str) -> JSONResponse:  # noqa: ARG001  (read as they came)
    """The portrait of one thing in one view."""
    path = entities.path_of(request, "/api/v1/things/")
    if path.partition("/")[0] not in KINDS:
        raise HttpError(HTTPStatus.NOT_FOUND, f"one of {', '.join(KINDS)} expected")
    asked = only(request, "view", "counts")
    iri, whole = entities.iri_of(path), asked["counts"] == "all"
    if asked["counts"] not in {"", "all"}:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"counts: {asked['counts'][:50]!r} found, all expected")
    found = await in_turn(
        request, partial(portrait, service.of(request).graph, iri, asked["view"] or None, everything=whole)
    )
    return JSONResponse(asdict(found), headers={"eventkg-view": found.description.view})


async def _portrait(request: Request, iri: str) -> Response:
    view, graph = layout.view_of(request), service.of(request).graph
    whole = request.query_params.get("counts") == "all"
    shown = await in_turn(request, partial(_seen, graph, iri, view or None, whole=whole))
    found = shown.portrait
    return await layout.page(
        request,
        "portrait.html",
        portrait=found,
        about=found.description,
        heading=found.description.thing.label,
        found=shown.account,
        matrix=shown.matrix,
        looks=LOOKS,
        tables=[(found.table(name), *told) for name, told in TABLES.items() if found.table(name).rows],
        behind={name: _query(name, iri) for name in _BEHIND[found.kind]},
        quick=QUICK,
        indexed=shown.indexed,
        facets=_FACETS,
        together={
            (name, row.thing.iri): _together(name, iri, row.thing.iri)
            for name in _TOGETHER
            for row in found.table(name).rows
        },
        ends={bar.start: _last_day(bar.start) for bar in found.timeline},
        triples_shown=found.description.triples[: event.MOST_TRIPLES],
        first=found.description.first,
    )


_BEHIND = {
    "actor": ("thing_months", "thing_ties", "thing_places"),
    "equipment": ("thing_months", "thing_performers", "thing_places"),
    "place": ("place_months", "place_actors", "place_types"),
}


def _together(name: str, one: str, other: str) -> str:
    pattern = _TOGETHER[name].replace("<A>", f"<{one}>").replace("<B>", f"<{other}>")
    return f"# Events that the two share\nSELECT DISTINCT ?event {{ {pattern} }}"


def _last_day(start: str) -> str:
    """Of a month or a year."""
    year, _, month = start.partition("-")
    days = monthrange(int(year), int(month or 12))[1]
    return f"{year}-{month or 12}-{days}"


def _query(name: str, iri: str) -> str:
    """A named query about one thing, as somebody can change it."""
    return bound(named_query(name), {"subject": (iri, "", "")})


def _seen(graph: KnowledgeGraph, iri: str, view: View | None, *, whole: bool) -> _Shown:
    found = portrait(graph, iri, view, everything=whole)
    said = account(graph, iri, view)
    indexed = None if found.events is not None else _indexed(graph, found.kind, iri, view)
    return _Shown(found, said, matrix(said.ledger, said.reasons), indexed)


def _indexed(graph: KnowledgeGraph, kind: str, iri: str, view: View | None) -> Found | None:
    """Whatever its role, contested or not; None while the index is built."""
    try:
        asked = {
            "actor": Asked(actor=(iri,)),
            "equipment": Asked(equipment=(iri,)),
            "place": Asked(place=(iri,)),
        }
        return graph.find(replace(asked[kind], limit=0), view)
    except NotReadyError:
        return None


async def _plain(request: Request, iri: str, kind: str) -> Response:
    view, graph = layout.view_of(request), service.of(request).graph
    found = await in_turn(request, partial(described, graph, iri, view or None))
    claims = (
        await in_turn(request, partial(documented, graph, iri, view or None)) if kind == "document" else ()
    )
    return await layout.page(
        request,
        "thing.html",
        kind=kind,
        about=found,
        heading=found.thing.label,
        claims=claims[:MOST_CLAIMS],
        more_claims=len(claims) > MOST_CLAIMS,
        looks=LOOKS,
        triples_shown=found.triples[: event.MOST_TRIPLES],
    )
