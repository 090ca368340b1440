"""What the routes share: the open graph, what the operator chose, and the one who writes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from eventkg.model.naming import DEFAULT_POLICY, VIEW
from eventkg.query.federation import has_service, without_services
from eventkg.query.fetching import Outside
from eventkg.serve.admission import Admission
from eventkg.serve.caching import Cache
from eventkg.serve.relay import Stalls
from eventkg.store.process import can_fork

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.scribe import Scribe
    from eventkg.query.fetching import Stoppable
    from eventkg.query.job import Job
    from eventkg.query.pool import Running

_ON_THE_LOOP = can_fork()  # whether an event loop can wait for a worker's socket


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator can choose; sizes in bytes, times in seconds.

    `plain` serves a store as SPARQL has it: an exclusive default graph, nothing derived, named or added.
    """

    allow_update: bool = False
    token: str = field(default="", repr=False)
    plain: bool = False
    cors: tuple[str, ...] = ()
    send_timeout_s: float = 30.0
    body_timeout_s: float = 30.0
    max_connections: int = 512
    max_waiting: int = 256
    max_upload: int = 1 << 30
    hosts: tuple[str, ...] = ()
    log: bool = False
    log_queries: bool = False


class Service:
    """One graph as it is served."""

    def __init__(self, graph: KnowledgeGraph, options: Options, scribe: Scribe | None = None) -> None:
        self.graph, self.options, self.scribe = graph, options, scribe
        self.cache = Cache()

    @cached_property
    def admission(self) -> Admission:
        """Who is next."""
        limits = self.graph.limits
        return Admission(limits.workers, self.options.max_waiting, limits.timeout_s)

    @cached_property
    def stalls(self) -> Stalls:
        """Which slow readers keep workers."""
        return Stalls(self.graph.limits.workers)

    def start(self, job: Job, started: Callable[[Stoppable], None] = lambda _: None) -> tuple[Running, str]:
        """As `KnowledgeGraph.start`; a plain store has no views.

        SERVICE clauses are asked first where the operator lists hosts; `started` is told of each.
        """
        if self.asks_others(job):
            outside = self.outside
            text, rows = without_services(job.query, lambda url, query: outside.rows(url, query, started))
            job = replace(job, query=text, fillings=rows)
        if self.options.plain:
            return self.graph.engine.start(job), ""
        return self.graph.start(job)

    def start_if_idle(self, job: Job) -> tuple[Running, str] | None:
        """As `start`, where that waits for nothing: a worker of the default world is idle."""
        if not _ON_THE_LOOP or _may_name_view(job) or self.asks_others(job):
            return None
        running = self.graph.engine.start_if_idle(job)
        return None if running is None else (running, self.default_policy())

    def asks_others(self, job: Job) -> bool:
        """Whether the answer depends on other hosts too."""
        return bool(self.options.hosts) and has_service(job.query)

    @cached_property
    def outside(self) -> Outside:
        """Who asks them."""
        return Outside(self.options.hosts, self.graph.limits, self.options.max_upload)

    def default_policy(self) -> str:
        """The view of an answer that names none."""
        return "" if self.options.plain else DEFAULT_POLICY


def _may_name_view(job: Job) -> bool:
    text = job.query
    return (
        VIEW in text
        or "view:" in text
        or "\\" in text
        or any(graph.startswith(VIEW) for graph in job.default_graphs)
    )


def of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
