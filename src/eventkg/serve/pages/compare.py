"""Two worlds side by side: what is a fact in one of them only, and what has another status there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from eventkg.claims.explaining import explain
from eventkg.errors import EventkgError
from eventkg.kg.dossier import subject_iri
from eventkg.model.naming import BASE
from eventkg.serve import service
from eventkg.serve.ledger import comparison
from eventkg.serve.pages import layout
from eventkg.serve.pages.frame import name_of
from eventkg.serve.parameters import only, whole_number
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from eventkg.kg.disputes import Comparison, Difference
    from eventkg.kg.graph import KnowledgeGraph

SHOWN = 50  # differences on one page
_FARTHEST = 10**9 - 1
_DATED = "/as-known-on/"
_EVENT = f"{BASE}id/event/"


@dataclass(frozen=True, slots=True)
class World:
    """One side: the name of its view, that without the knowledge date, the date, and what it adopts."""

    name: str
    base: str
    known: str
    adopts: str
    problem: str = ""


def add_routes(app: FastAPI) -> None:
    """The page; the API is with the ledger."""
    if not app.state.service.options.plain:
        app.add_route("/compare", page, ["GET", "HEAD"])


async def page(request: Request) -> Response:
    """The form, and below it the differences of two worlds where two are named."""
    asked = only(request, "a", "b", "a_known", "b_known", "event", "offset", "view", "known")
    if asked["a_known"] or asked["b_known"]:
        return RedirectResponse(_plain(asked), 303)
    graph = service.of(request).graph
    a, b = (_world(graph, asked[side]) for side in ("a", "b"))
    offset = whole_number(asked, "offset", 0, _FARTHEST)
    problem = next((world.problem for world in (a, b) if world.problem), "")
    found: Comparison | None = None
    if asked["a"] and asked["b"] and not problem:
        try:
            found = await comparison(request, a.name, b.name, asked["event"].strip(), layout.PATIENCE_S)
            if found is None:
                return await layout.waiting(request, "waiting.html", what="Two worlds are being compared")
        except HttpError as error:
            if error.status not in {400, 404}:
                raise
            problem = error.detail
    differences = found.differences if found else ()
    return await layout.page(
        request,
        "compare.html",
        400 if problem else 200,
        a=a,
        b=b,
        event=_short(asked["event"]),
        subject=_subject(asked["event"]) if found else "",
        problem=problem,
        asked=bool(found),
        total=len(differences),
        counts=_counts(differences),
        shown=differences[offset : offset + SHOWN],
        offset=offset,
        step=SHOWN,
    )


def _world(graph: KnowledgeGraph, name: str) -> World:
    short = name_of(name.strip()) or "default"
    base, _, known = short.partition(_DATED)
    try:
        policy = graph.policy(short)
    except EventkgError as error:
        return World(short, base, known, "", str(error))
    return World(short, base, known, " ".join(filter(None, [policy.definition, explain(policy)])))


def _plain(asked: dict[str, str]) -> str:
    """The address with each date in the name of its view, as everywhere else."""
    sides = {}
    for side in ("a", "b"):
        name, known = name_of(asked[side].strip()) or "default", asked[f"{side}_known"]
        base = name.partition(_DATED)[0] if known else name
        sides[side] = base + (_DATED + known if known else "")
    return layout.Links(asked["view"]).to("/compare", **sides, event=asked["event"])


def _counts(found: Iterable[Difference]) -> dict[str, int]:
    kinds = [difference.kind for difference in found]
    return {kind: kinds.count(kind) for kind in ("only-in-a", "only-in-b", "changed")}


def _short(event: str) -> str:
    return event.strip().removeprefix(_EVENT)


def _subject(event: str) -> str:
    try:
        return subject_iri(event.strip()) if event.strip() else ""
    except EventkgError:
        return ""
