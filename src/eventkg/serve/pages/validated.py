"""What a check of the graph against its shapes found, shape by shape; how far it is, while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from eventkg.model.naming import shorten
from eventkg.serve import parameters, validation
from eventkg.serve.pages import layout

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    Json = dict[str, Any]

_PATIENCE_S = 0.5  # before a page is shown that says how far the check is
_SEVERITIES = ("Violation", "Warning", "Info")  # as SHACL orders them


def add_routes(app: FastAPI) -> None:
    """The page; its data are those of `eventkg.serve.validation`."""
    app.add_route("/validation", page, ["GET", "HEAD"])


async def page(request: Request) -> Response:
    """All shapes, or the one that the address names."""
    layout.view_of(request)  # refused before any work, where there is no such view
    shape = parameters.only(request, "shape", "view", "known")["shape"]
    check = validation.current(request)
    with anyio.move_on_after(_PATIENCE_S):
        await check.done.wait()
    if check.answer is None:
        validation.raise_if_failed(check)
        number, count, name = check.step
        step = {"number": number, "count": count, "shape": shorten(name)}
        return await layout.waiting(request, "validation.html", found=None, step=step, shape=shape)
    found = validation.only(check.answer, shape) if shape else check.answer
    return await layout.page(request, "validation.html", shape=shape, step=None, found=_ordered(found))


def _ordered(answer: Json) -> Json:
    """Shapes with findings first, the gravest on top; totals by severity."""
    shapes = [{**one, "worst": _rank(one), "total": sum(one["results"].values())} for one in answer["shapes"]]
    totals = {
        severity: sum(one["results"].get(severity, 0) for one in shapes)
        for severity in (
            *_SEVERITIES,
            *sorted({s for one in shapes for s in one["results"]} - {*_SEVERITIES}),
        )
    }
    return {
        **answer,
        "totals": {severity: number for severity, number in totals.items() if number},
        "broken": sorted(
            (s for s in shapes if s["total"]), key=lambda s: (s["worst"], -s["total"], s["name"])
        ),
        "kept": [one for one in shapes if not one["total"]],
    }


def _rank(shape: Json) -> int:
    known = [_SEVERITIES.index(severity) for severity in shape["results"] if severity in _SEVERITIES]
    return min(known, default=len(_SEVERITIES))
