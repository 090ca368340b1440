"""What a check of the current state finds, shape by shape: done once for a state, in a process of its own.

Whoever asks first sets it off. It uses one processor, is stopped at its time limit, and holds up nobody: who
asks before it is done is told how far it is.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any

import anyio
from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.errors import EventkgError
from eventkg.kg.checks import How
from eventkg.kg.sources import RemoteEngine
from eventkg.model.naming import shorten
from eventkg.serve import problems
from eventkg.serve.parameterdoc import parameter
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import FastAPI

    from eventkg.checking.findings import Checked, Finding, Report
    from eventkg.kg.graph import KnowledgeGraph

    _Found = dict[tuple[str, str, str | None], list[Finding]]

LIMIT_S, WAIT_S = 900.0, 10.0  # for a check; for one who asks, before being told to come again
EXAMPLES = 5  # findings of a constraint that are shown
Json = dict[str, Any]


@dataclass(slots=True)
class Check:
    """One check of one state; it runs in a thread and has an answer or a problem when it is done."""

    version: str
    done: asyncio.Event = field(default_factory=asyncio.Event)
    step: tuple[int, int, str] = (0, 0, "")
    answer: Json | None = None
    problem: EventkgError | None = None

    def run(self, graph: KnowledgeGraph, loop: asyncio.AbstractEventLoop) -> None:
        """Check, then tell those who wait."""
        how = How(timeout_s=LIMIT_S, progress=self._tell, threads=1, most=EXAMPLES, count_nodes=True)
        try:
            self.answer = {"state": self.version, **summary(graph.check(how))}
        except EventkgError as problem:
            self.problem = problem
        if not loop.is_closed():
            loop.call_soon_threadsafe(self.done.set)

    def _tell(self, number: int, count: int, shape: str) -> None:
        self.step = (number, count, shape)


class Checks:
    """The last check; never two at a time."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._last: Check | None = None

    def current(self) -> Check:
        """The check of the current state, or one that is still at work on an older one."""
        version = self._graph.engine.version()
        last = self._last
        if last is None or (last.done.is_set() and (last.version != version or last.problem)):
            last = self._last = Check(version)
            work = (self._graph, asyncio.get_running_loop())
            threading.Thread(target=last.run, args=work, daemon=True).start()
        return last


def add_routes(app: FastAPI) -> None:
    """The check of the current state, below /api/v1."""
    app.state.checks = Checks(app.state.graph)
    app.get("/api/v1/validation", summary="What breaks the shapes, shape by shape", openapi_extra=DOC)(
        validation
    )


async def validation(request: Request) -> JSONResponse:
    """All shapes, or one: what was looked at and what was found."""
    shape = _shape(request)
    patience_s = _patience_s(request)
    check = current(request)
    with anyio.move_on_after(patience_s):
        await check.done.wait()
    raise_if_failed(check)
    if check.answer is None:
        number, count, name = check.step
        running = {"state": check.version, "constraint": number, "constraints": count, "shape": name}
        return JSONResponse(running, HTTPStatus.ACCEPTED, {"Retry-After": "2"})
    return JSONResponse(only(check.answer, shape) if shape else check.answer)


def current(request: Request) -> Check:
    """The check of the current state, which may be at work.

    Raises:
        HttpError: 501 for a remote store.

    """
    if isinstance(request.app.state.graph.engine, RemoteEngine):
        raise HttpError(HTTPStatus.NOT_IMPLEMENTED, "a remote store found, one of this service expected")
    check: Check = request.app.state.checks.current()
    return check


def raise_if_failed(check: Check) -> None:
    """What went wrong with a check, as HTTP has it."""
    if check.problem is not None:
        raise problems.of_error(check.problem) from check.problem


def _shape(request: Request) -> str:
    given = request.query_params
    if set(given) - {"shape", "wait"} or len(given.getlist("shape")) > 1:
        found = ", ".join(name[:50] for name, _ in given.multi_items())
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{found} found, one shape at most expected")
    return given.get("shape", "")


def _patience_s(request: Request) -> float:
    given = request.query_params.getlist("wait")
    if given in ([], [""]):
        return WAIT_S
    if len(given) > 1 or not given[0].isdecimal() or not given[0].isascii() or len(given[0]) > 2:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"wait: {', '.join(given)[:50]!r} found, seconds up to 99 expected"
        )
    return min(WAIT_S, float(given[0]))


def only(answer: Json, shape: str) -> Json:
    """The part of a report about one shape, by its IRI or its short name.

    Raises:
        HttpError: 404, no such shape.

    """
    kept = [one for one in answer["shapes"] if shape in {one["shape"], one["name"]}]
    if not kept:
        raise HttpError(HTTPStatus.NOT_FOUND, f"{shape[:200]}: no shape that looks at anything")
    return {**answer, "shapes": kept}


def summary(report: Report) -> Json:
    """A report shape by shape, in the order of their names."""
    found: _Found = {}
    for finding in report.findings:
        found.setdefault((finding.shape, finding.component, finding.constraint), []).append(finding)
    ordered = sorted(report.checked, key=lambda one: (one.shape, one.root, one.component))
    return {
        "conforms": report.conforms,
        "notes": list(report.notes),
        "shapes": [
            _of_shape(name, list(checked), found)
            for name, checked in groupby(ordered, key=lambda one: one.shape)
        ],
    }


def _of_shape(name: str, checked: list[Checked], found: _Found) -> Json:
    targets = {one.root: one.nodes for one in checked}
    return {
        "shape": name,
        "name": shorten(name),
        "label": checked[0].label,
        "targets": [{"shape": root, "nodes": nodes} for root, nodes in targets.items()],
        "results": _by_severity(checked),
        "seconds": round(sum(one.seconds for one in checked), 4),
        "constraints": [
            _of_constraint(one, found.get((name, one.component, one.constraint), [])) for one in checked
        ],
    }


def _by_severity(checked: Iterable[Checked]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in checked:
        if one.results:
            counts[one.severity] = counts.get(one.severity, 0) + one.results
    return counts


def _of_constraint(checked: Checked, found: list[Finding]) -> Json:
    return {
        "component": checked.component,
        "constraint": checked.constraint,
        "severity": checked.severity,
        "message": checked.message,
        "results": checked.results,
        "examples": [
            {"focus": one.focus, "path": one.path, "value": one.value, "message": one.message}
            for one in (found if checked.results else [])[:EXAMPLES]
        ],
    }


_TEXT, _NUMBER, _OBJECTS = (
    {"type": "string"},
    {"type": "integer"},
    {"type": "array", "items": {"type": "object"}},
)
_EXAMPLE: Json = {
    "state": "12",
    "conforms": True,
    "notes": [],
    "shapes": [
        {
            "shape": "https://w3id.org/eventkg/shapes#Claim-stance",
            "name": "ekgs:Claim-stance",
            "label": "ekgs:Claim-stance",
            "targets": [{"shape": "https://w3id.org/eventkg/shapes#Claim", "nodes": 38}],
            "results": {},
            "seconds": 0.0012,
            "constraints": [
                {
                    "component": "http://www.w3.org/ns/shacl#MinCountConstraintComponent",
                    "constraint": None,
                    "severity": "Violation",
                    "message": "A claim has exactly one stance.",
                    "results": 0,
                    "examples": [],
                }
            ],
        }
    ],
}


def _described(description: str, properties: Json, example: Json | None = None) -> Json:
    schema = {"type": "object", "properties": properties}
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {"description": description, "content": {"application/json": content}}


DOC: Json = {
    "parameters": [
        parameter(
            "shape", "The name or the IRI of the only shape that is asked for.", _TEXT, "ekgs:Claim-stance"
        ),
        parameter(
            "wait",
            "Seconds to wait for a check at work, 10 at most, before saying how far it is.",
            {"type": "integer", "minimum": 0, "maximum": 99},
        ),
    ],
    "responses": {
        "200": _described(
            "Every shape that looks at something: targets, constraints, their results, the first examples.",
            {"state": _TEXT, "conforms": {"type": "boolean"}, "notes": {"type": "array", "items": _TEXT},
             "shapes": _OBJECTS},
            _EXAMPLE,
        ),
        "202": _described(
            "The check is at work: which constraint of how many, and its shape. Ask again after Retry-After.",
            {"state": _TEXT, "constraint": _NUMBER, "constraints": _NUMBER, "shape": _TEXT},
        ),
        "400": {"description": "A parameter given twice, or an unknown one."},
        "404": {"description": "No such shape."},
        "501": {"description": "The graph is a remote store."},
        "504": {"description": "The check took longer than its time limit; it names the shape."},
    },
}  # fmt: skip
