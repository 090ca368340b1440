"""Networks and their files from a store of synthetic events, beside plain networkx, in one run.

python -m benchmarks.networks [EVENTS]     100,000 unless told
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import networkx as nx
import psutil

import eventkg
from benchmarks.generator import quads
from eventkg.export import measures, netfiles
from eventkg.kg import exports
from eventkg.kg.exports import Choice
from eventkg.kg.loading import Load, load
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_MEMORY_MB = 512


def main() -> None:
    """Print one line a measurement."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
        file, store = Path(folder) / "events.nq", Path(folder) / "store"
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(quads(events, 0.1))
        load(store, Load((str(file),)), Limits(timeout_s=600, memory_mb=8192))
        _measure(store)


def _measure(store: Path) -> None:
    for form in ("nt", "ttl"):
        _statements(store, form)
    with eventkg.open(store, "memory", timeout_s=600, memory_mb=8192) as kg:
        kg.query("ASK {}")
        while not kg.engine.in_memory():  # type: ignore[attr-defined]
            time.sleep(0.1)
        spent = time.process_time()
        took, actors = _timed(lambda: kg.to_networkx("actor-actor"))
        spent = time.process_time() - spent
        print(f"actor-actor: {actors}, {took:.1f} s, {spent:.1f} s of CPU in this process")
        took, parts = _timed(lambda: kg.to_networkx("actor-event"))
        print(f"actor-event: {parts}, {took:.1f} s")
    for form in netfiles.FORMATS:
        took, data = _timed(lambda form=form: netfiles.write(parts, form))  # type: ignore[misc]
        print(f"{form}: {len(data) / 1e6:.0f} MB, {took:.1f} s")
    took, _ = _timed(lambda: "\n".join(nx.generate_gexf(parts)))
    print(f"gexf by networkx: {took:.1f} s")
    _compare(actors)


def _statements(store: Path, form: str) -> None:
    """An export of everything: wall and CPU time, and what all its processes held at most."""
    with eventkg.open(store, timeout_s=600, memory_mb=_MEMORY_MB) as kg, Path(os.devnull).open("wb") as out:
        before = _held()
        started, spent = time.monotonic(), _cpu()
        with _Most() as most:
            tally = exports.chosen(kg, (), Choice()).write(form, out, _MEMORY_MB, lambda _, __: None)
        took, spent = time.monotonic() - started, _cpu() - spent
    print(
        f"{form}: {tally.statements:,} statements, {took:.1f} s ({tally.statements / took:,.0f} a second), "
        f"{spent:.1f} s of CPU in two processes, which held {most.mib - before:.0f} MiB at most beyond the "
        f"{before:.0f} MiB of this one before, with --memory-mb {_MEMORY_MB}"
    )


class _Most:
    """What this process and those that it started hold at most meanwhile, by looking ten times a second."""

    def __init__(self) -> None:
        self.mib = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.mib = max(self.mib, _held())


def _held() -> float:
    """MiB of their own (not of files) that this process and those that it started hold now."""
    total = 0
    me = psutil.Process()
    for process in (me, *me.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            held = process.memory_info()
            total += held.rss - held.shared
    return total / 2**20


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def _compare(network: nx.MultiDiGraph[str]) -> None:
    """Ours and networkx's on the same simple graph, one after the other."""
    simple = measures.simple(network)
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(simple.vs["name"])
    for edge in simple.es:
        ends = simple.vs[edge.source]["name"], simple.vs[edge.target]["name"]
        plain.add_edge(*ends, weight=edge["weight"], length=edge["length"])
    theirs: dict[str, Callable[[], object]] = {
        "degree": lambda: dict(plain.degree()),
        "weighted_degree": lambda: dict(plain.degree(weight="weight")),
        "betweenness": lambda: nx.betweenness_centrality(plain, weight="length"),
        "closeness": lambda: nx.closeness_centrality(plain, distance="length"),
        "eigenvector": lambda: nx.eigenvector_centrality(plain, weight="weight", max_iter=1000),
        "pagerank": lambda: nx.pagerank(plain, weight="weight"),
        "core": lambda: nx.core_number(plain),
    }
    ours_s = theirs_s = 0.0
    for name, make in theirs.items():
        other, _ = _timed(make)
        mine, _ = _timed(lambda name=name: measures.MEASURES[name](simple))  # type: ignore[misc]
        ours_s, theirs_s = ours_s + mine, theirs_s + other
        print(f"{name}: igraph {mine * 1e3:.1f} ms, networkx {other * 1e3:.1f} ms")
    other, _ = _timed(lambda: nx.community.louvain_communities(plain, weight="weight", seed=1))
    mine, _ = _timed(lambda: measures.communities(simple))
    print(f"communities: Leiden {mine * 1e3:.1f} ms, networkx's Louvain {other * 1e3:.1f} ms")
    print(f"the set: {(theirs_s + other) / (ours_s + mine):.0f} times faster than networkx")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.monotonic()
    made = work()
    return time.monotonic() - started, made


if __name__ == "__main__":
    main()
