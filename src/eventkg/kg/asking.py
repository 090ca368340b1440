"""Our named queries asked of a graph, several at a time, and their answers as rows of text."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

from eventkg.query.job import Job
from eventkg.query.named import named_query, title
from eventkg.query.rows import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from eventkg.export.material import Cells
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


class Reading(NamedTuple):
    """How a graph is read: which of its graphs (IRIs) are passed over, and who is told of every query."""

    withheld: frozenset[str] = frozenset()
    progress: Callable[[str, int], None] = lambda _, __: None


EVERYTHING = Reading()


class Asking:
    """Asks named queries for rows of text, without types: 100,000 events are many rows.

    Those of which it is known that they will be wanted are begun beside each other, one a worker.
    """

    def __init__(self, graph: KnowledgeGraph, view: View | None, reading: Reading = EVERYTHING) -> None:
        """In the world of a view.

        Raises:
            UsageError: no such view.

        """
        self._graph, self._view, self._reading = graph, view, reading
        graph.engine_for(graph.policy(view))  # started here, by one thread
        held = graph.select("graphs", view) if reading.withheld else ()
        self._graphs = tuple(str(row["graph"]) for row in held if row["graph"] not in reading.withheld)
        self._threads = ThreadPoolExecutor(max(1, graph.limits.workers))
        self._begun: dict[str, Future[bytes]] = {}

    def begin(self, names: Iterable[str]) -> None:
        """Queries that will be asked, in this order."""
        self._begun |= {name: self._threads.submit(self._answer, name) for name in names}

    def __call__(self, name: str) -> Iterator[Cells]:
        """The rows of a query, in order."""
        self._reading.progress(title(named_query(name)), 1)
        begun = self._begun.pop(name, None)
        return rows(begun.result() if begun else self._answer(name))

    def _answer(self, name: str) -> bytes:
        job = Job(named_query(name), solutions="tsv", default_graphs=self._graphs, named_graphs=self._graphs)
        with self._graph.start(job, self._view)[0] as running:
            running.head()
            return b"".join(running.chunks())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)


_HOLDING = threading.Lock()
_holders = [0, 0]  # how many hold it, and whether it was at work before the first


@contextmanager
def many_things() -> Iterator[None]:
    """While much is made that stays, nobody looks for cycles in it: that takes as long as making it."""
    with _HOLDING:
        if not _holders[0]:
            _holders[1] = gc.isenabled()
            gc.disable()
        _holders[0] += 1
    try:
        yield
    finally:
        with _HOLDING:
            _holders[0] -= 1
            if _holders == [0, 1]:
                gc.enable()
