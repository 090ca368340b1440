"""The list of events: words, days and facets in the address, and what is found."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse

from eventkg.errors import EventkgError, UsageError
from eventkg.kg.coverage import coverage
from eventkg.kg.finding import NotReadyError
from eventkg.search.asked import CHOICES, Asked
from eventkg.serve import problems, service
from eventkg.serve.asking import asked_of, only_of
from eventkg.serve.pages import layout
from eventkg.serve.pages.layout import Links

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.search.found import Found

PER_PAGE = 50
_HEADINGS = (
    ("status", "How it stands"),
    ("type", "What"),
    ("actor", "Who"),
    ("place", "Where"),
    ("equipment", "With what"),
    ("source", "Who records it"),
    ("deaths", "Deaths (best estimate)"),
)
_SORTS = (
    ("date", "oldest first"),
    ("-date", "newest first"),
    ("deaths", "most deaths first"),
    ("relevance", "best match first"),
)
_SAID_OF = {
    "contested": "contested",
    "uncontested": "uncontested",
    "corroborated": "corroborated",
    "single": "one speaker",
    "reported": "only spoken of",
}
_DOWNLOADS = (("csv", "CSV"), ("geojson", "GeoJSON"), ("ttl", "Turtle"))
_SEARCHED = ("actor", "place", "equipment")  # what too many values have to be listed


class _StateLinks(NamedTuple):
    """Addresses of other states of this page."""

    links: Links

    def to(self, path: str, **parameters: object) -> str:
        return self.links.to(path, **parameters)

    def state(self, asked: Asked, **changed: Any) -> str:
        """With these conditions changed, from the first page on."""
        return self.links.to("/events", **_told(replace(asked, offset=0, **changed)))


def add_routes(app: FastAPI) -> None:
    """The page; /api/v1/events has the same as JSON."""
    app.add_route("/events", page, ["GET", "HEAD"])


async def page(request: Request) -> Response:
    """What is found in the view of the address, or how far the index is that it needs.

    A form's empty fields are left out of the address, so that a state has one that can be passed on.
    """
    view, asked = layout.view_of(request), asked_of(request)
    if "" in request.query_params.values():
        return RedirectResponse(Links(view).to("/events", **_told(asked)), HTTPStatus.SEE_OTHER)
    graph = service.of(request).graph
    try:
        found = await to_thread.run_sync(partial(graph.find, asked, view or None))
    except NotReadyError as waiting:
        return await layout.waiting(request, "events.html", waiting=str(waiting).capitalize(), asked=asked)
    except EventkgError as error:
        raise problems.of_error(error) from error
    covered = "" if found.total else await to_thread.run_sync(_covered, graph, asked, view)
    return await layout.page(
        request,
        "events.html",
        waiting="",
        asked=asked,
        found=found,
        covered=covered,
        **_shown(asked, found, Links(view)),
    )


def _shown(asked: Asked, found: Found, links: Links) -> dict[str, Any]:
    state = _StateLinks(links)
    same = {name: value for name, value in _told(asked).items() if name not in {"offset", "limit", "sort"}}
    before = state.to("/events", **_told(replace(asked, offset=max(0, asked.offset - asked.limit))))
    further = asked.offset + asked.limit
    return {
        "links": state,
        "bins": [asdict(one) for one in found.timeline],
        "headings": [heading for heading in _HEADINGS if heading[0] in found.facets],
        "sorts": _SORTS,
        "said_of": _SAID_OF,
        "searched": _SEARCHED,
        "downloads": _DOWNLOADS,
        "same": same,
        "for_network": {name: same.get(name) for name in ("since", "until", "place", "actor", "source")},
        "chips": _chips(asked, found, state),
        "before": before if asked.offset else None,
        "after": state.to("/events", **_told(replace(asked, offset=further)))
        if further < found.total
        else None,
    }


def _chips(asked: Asked, found: Found, links: _StateLinks) -> list[tuple[str, str]]:
    """Each condition in words, and where it leads to be without it."""
    chips = [
        (f"{said} {getattr(asked, name)}", links.state(asked, **{name: ""}))
        for name, said in (("text", "with"), ("since", "from"), ("until", "to"))
        if getattr(asked, name)
    ]
    for name, chosen in asked.chosen().items():
        labels = {value.iri: value.label for value in found.facets[name].values}
        for value in chosen:
            left: Any = tuple(other for other in chosen if other != value) if name in CHOICES else ""
            chips.append((labels.get(value) or value, links.state(asked, **{name: left})))
    return chips


def _told(asked: Asked) -> dict[str, Any]:
    """What differs from a page on which nothing was asked, as parameters of its address."""
    usual = Asked(limit=PER_PAGE)
    told = {field.name: getattr(asked, field.name) for field in fields(Asked)}
    return {name: value for name, value in told.items() if value != getattr(usual, name)}


def _covered(graph: KnowledgeGraph, asked: Asked, view: str) -> str:
    """Whether anything could have been found at all."""
    try:
        return coverage(graph, only_of(asked), view or None).line().partition("; ")[2].capitalize()
    except UsageError as error:
        return str(error)
