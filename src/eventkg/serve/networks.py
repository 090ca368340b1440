"""Networks over HTTP: drawn in a process of their own, few at a time, each once for a state of the graph."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, from_thread, to_thread
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)
from starlette.responses import Response

from eventkg.errors import EventkgError
from eventkg.kg import networkfiles
from eventkg.kg.apart import Apart, Told
from eventkg.kg.exports import snapshot
from eventkg.kg.sources import RemoteEngine
from eventkg.serve import problems, service
from eventkg.serve.admission import Admission
from eventkg.serve.answering import Watcher
from eventkg.serve.caching import BOOT, Cache, Kept, has_it
from eventkg.serve.choosing import wanted
from eventkg.serve.networkdoc import doc

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from fastapi import FastAPI

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.networkfiles import Wanted
    from eventkg.query.pool import Running
    from eventkg.serve.service import Service

AT_ONCE, MOST_WAITING = 2, 16  # networks under way, and requests that wait for one
LIMIT = 4  # times the time limit of a query, for a network
_KEPT, _KEPT_EACH = 64 << 20, 16 << 20  # bytes
DOWNLOADS = ("gexf", "graphml", "cyjs", "csv", "svg", "png", "html")


class Desk:
    """Who draws."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        limit_s = LIMIT * graph.limits.timeout_s
        self.admission = Admission(AT_ONCE, MOST_WAITING, limit_s)
        self.limit_s = limit_s
        self.threads = CapacityLimiter(AT_ONCE * 8)  # those of work that was given up end a little later
        self.cache = Cache(_KEPT, _KEPT_EACH)


def add_routes(app: FastAPI) -> None:
    """The network of a choice of events, below /api/v1."""
    app.state.desk = Desk(app.state.graph)
    paths = {
        "network": ("json", "Who is tied to whom: what a picture is drawn from"),
        "ties": ("ties", "Who is tied to whom: the strongest ties"),
        **{f"network.{form}": (form, f"The network as {form}") for form in DOWNLOADS},
    }
    for path, (form, summary) in paths.items():
        app.get(f"/api/v1/{path}", summary=summary, openapi_extra=doc(form))(_endpoint(form))


def _endpoint(form: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await network(request, form)

    return endpoint


async def network(request: Request, form: str) -> Response:
    """One form of a network."""
    asked = wanted(request.query_params, service.of(request).graph)
    made, tag = await kept(request, form, asked)
    headers = {"eventkg-view": made.policy, "Cache-Control": "no-cache", **({"ETag": tag} if tag else {})}
    if has_it(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if form in DOWNLOADS:
        name = f"network-{asked.kind}{networkfiles.FORMS[form].extension}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(made.body, media_type=made.media_type, headers=headers)


async def kept(request: Request, form: str, asked: Wanted) -> tuple[Kept, str]:
    """A network that was made before from the same state, or a new one; and its tag, where there is one."""
    desk: Desk = request.app.state.desk
    graph = service.of(request).graph
    policy = graph.policy(asked.view)
    version = _version(graph)
    tag = "" if isinstance(graph.engine, RemoteEngine) else _tag(form, asked, version)
    if tag and (found := desk.cache.get(tag)):
        return found, tag
    body = await _make(request, desk, form, asked)
    made = Kept(body, networkfiles.FORMS[form].media_type, policy.iri)
    if not tag or _version(graph) != version:  # it may be of two states
        return made, ""
    desk.cache.put(tag, made)
    return made, tag


def _version(graph: KnowledgeGraph) -> str:
    try:
        return graph.engine.version()
    except EventkgError as error:
        raise problems.of_error(error) from error


def _tag(form: str, asked: Wanted, version: str) -> str:
    only = asked.only
    parts = (
        BOOT, version, form, asked.kind, repr(asked.view), only.since, only.until,
        *(",".join(sorted(names)) for names in (only.places, only.actors, only.sources)),
    )  # fmt: skip
    named = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f'W/"{named[:32]}"'


async def _make(request: Request, desk: Desk, form: str, asked: Wanted) -> bytes:
    """It waits its turn, and ends when the client hangs up."""
    client = request.client.host if request.client else ""
    place = await desk.admission.enter(client)
    try:
        graph = service.of(request).graph
        policy = graph.policy(asked.view)
        told = Told(policy, _version(graph), await to_thread.run_sync(snapshot, graph), graph.limits)
        work = Apart(graph, told, desk.limit_s, partial(_turn, service.of(request), client))
        place.demote = work.demote
        watcher = Watcher(request, work.kill)
        watcher.start()
        try:
            return await to_thread.run_sync(
                partial(work.run, networkfiles.write, form, asked),
                abandon_on_cancel=True,
                limiter=desk.threads,
            )
        finally:
            watcher.stop()
            work.kill()
    except EventkgError as error:
        raise problems.of_error(error) from error
    finally:
        desk.admission.leave(place)


@contextmanager
def _turn(asked: Service, client: str) -> Iterator[Callable[[Running], None]]:
    """A query of the child's waits as any other does; called in a thread of the event loop's."""
    place = from_thread.run(asked.admission.enter, client)

    def begun(running: Running) -> None:
        place.demote = running.demote

    try:
        yield begun
    finally:
        from_thread.run_sync(asked.admission.leave, place)
