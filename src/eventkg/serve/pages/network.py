"""Who is tied to whom: a picture that an island draws, or the server; the strongest ties as a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.datastructures import QueryParams

from eventkg.export.network import KINDS
from eventkg.export.parts import part
from eventkg.model.naming import entity
from eventkg.serve import networks, service
from eventkg.serve.choosing import ONCE, REPEATED, wanted
from eventkg.serve.pages import layout

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from eventkg.kg.networkfiles import Wanted

_SAID = {
    "gexf": "GEXF, for Gephi",
    "graphml": "GraphML",
    "cyjs": "Cytoscape",
    "csv": "Tables (CSV, zipped)",
    "svg": "Picture (SVG)",
    "png": "Picture (PNG)",
    "html": "This picture in one file (HTML)",
}


def add_routes(app: FastAPI) -> None:
    """The page; its data and files are those of `eventkg.serve.networks`."""
    app.add_route("/network", page, ["GET", "HEAD"])


async def page(request: Request) -> Response:
    """The choice, the picture, the downloads; `show=table` has the ties in place of the picture."""
    view = layout.view_of(request)
    given = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"show", "view", "known"} and value
    ]
    asked = QueryParams([*given, *([("view", view)] if view else [])])
    choice = wanted(asked, service.of(request).graph)
    ties = await _ties(request, choice) if request.query_params.get("show") == "table" else None
    links = layout.Links(view)
    chosen = _chosen(asked, choice)
    return await layout.page(
        request,
        "network.html",
        kinds={name: kind.title[:1].upper() + kind.title[1:] for name, kind in KINDS.items()},
        chosen=chosen,
        ties=ties,
        limit_s=f"{request.app.state.desk.limit_s:g}",
        downloads=[(form, _SAID[form]) for form in networks.DOWNLOADS],
        api=lambda name: links.to(f"/api/v1/{name}", **chosen),
        part=lambda name: Markup(part(name)),  # noqa: S704  (a file of ours)
    )


def _chosen(asked: QueryParams, choice: Wanted) -> dict[str, Any]:
    """As the form shows it, names short where they are ours."""
    once: dict[str, Any] = {name: asked.get(name, "") for name in ONCE if name != "view"}
    lists = {name: [_short(name, each) for each in asked.getlist(name)] for name in REPEATED}
    return {**once, "kind": choice.kind, **lists}


def _short(kind: str, value: str) -> str:
    return value if kind == "source" else value.removeprefix(entity(kind))


async def _ties(request: Request, choice: Wanted) -> dict[str, Any]:
    made, _ = await networks.kept(request, "ties", choice)
    found: dict[str, Any] = json.loads(made.body)
    return found
