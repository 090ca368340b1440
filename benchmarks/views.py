"""Views beside the default world of the same store, in one run.

python -m benchmarks.views [EVENTS]        100,000 unless told, of which one in ten is contested
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

import eventkg
from benchmarks.generator import GRAPH, quads
from eventkg.claims.policy import EVERYBODY, NOBODY, Policy, Voices
from eventkg.kg.changing import changing
from eventkg.kg.loading import Load, load
from eventkg.model.claim import Stance
from eventkg.model.naming import BASE, EKG, RDF, VIEW
from eventkg.query.engine import StoreEngine
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph
    from eventkg.kg.policies import View

_SIDE = "claimant/synthetic/7"
_UNOPPOSED = Policy(f"{VIEW}unopposed", denial_veto=NOBODY)  # the first whose claims are many
_UNDOUBTED = Policy(f"{VIEW}undoubted", doubt_veto=EVERYBODY)
_WITHOUT_ONE = Policy(
    f"{VIEW}without-one", heard=Voices(not_speakers=frozenset({f"{BASE}id/actor/synthetic/7"}))
)
_WITHOUT_MEDIA = Policy(f"{VIEW}without-media", heard=Voices(not_kinds=frozenset({"MediaOutlet"})))
_WITHOUT_DENIALS = Policy(
    f"{VIEW}without-denials", stances=frozenset(Stance) - {Stance.DENIES, Stance.RETRACTS}
)
_MIX = (
    "SELECT ?who (COUNT(*) AS ?n) { ?e ekg:performedBy ?who } GROUP BY ?who",
    "SELECT ?place (SUM(?d) AS ?n) { ?e ekg:place ?place ; ekg:deathsBest ?d } GROUP BY ?place",
    "SELECT ?e { ?e a ekg:AirStrike ; ekg:performedBy ?who ; ekg:target ?who }",
)


def main() -> None:
    """Print one line a measurement."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
        _measure(Path(folder), events)


def _measure(folder: Path, events: int) -> None:
    file, store = folder / "events.nq", folder / "store"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(quads(events, contested=0.1))
    limits = Limits(timeout_s=600, memory_mb=8192)
    loading = _timed(lambda: load(store, Load((str(file),), graph=GRAPH, validate=False), limits))
    print(f"{events:,} events, one in ten contested: loaded and derived in {loading:.1f} s")
    _one_claim(store)
    with eventkg.open(store, "memory", timeout_s=600, memory_mb=8192) as graph:
        graph.query(_MIX[0])
        while isinstance(graph.engine, StoreEngine) and not graph.engine.in_memory():
            time.sleep(0.05)
        print(f"what was said is read ahead in {_timed(lambda: _read_ahead(graph)):.1f} s")
        own = (_UNOPPOSED, _UNDOUBTED, _WITHOUT_ONE, _WITHOUT_MEDIA, _WITHOUT_DENIALS)
        for view in ("all", _SIDE, "claimant/synthetic/8", *own, "corroborated"):
            _open(graph, view)
        again = _timed(lambda: graph.query("ASK {}", "corroborated"))
        print(f"corroborated again: {again * 1e3:.0f} ms")
        for view in (_SIDE, "all"):
            _compare(graph, view)


def _read_ahead(graph: KnowledgeGraph) -> None:
    """As `eventkg serve` does before anybody asks."""
    before = set(threading.enumerate())
    graph.read_ahead()
    for thread in set(threading.enumerate()) - before:
        thread.join()


def _open(graph: KnowledgeGraph, view: View) -> None:
    """Wall time, and the CPU time of this process, which is nearly all of it where the machine is busy."""
    spent = time.process_time()
    elapsed = _timed(lambda: graph.query("ASK {}", view))
    spent = time.process_time() - spent
    print(f"{graph.policy(view).name}: first answer after {elapsed:.2f} s ({spent:.2f} s of CPU)")


def _compare(graph: KnowledgeGraph, view: str) -> None:
    """Default and view in turn, so that whatever else the machine does falls on both."""
    for query in _MIX:
        graph.query(query), graph.query(query, view)
        runs = [
            (_timed(lambda: graph.query(query)), _timed(lambda: graph.query(query, view)))  # noqa: B023
            for _ in range(9)
        ]
        default, seen = (statistics.median(times) for times in zip(*runs, strict=True))
        print(f"{view}: {seen / default:.2f} of the default, {default * 1e3:.0f} ms: {query[:60]}")


def _one_claim(store: Path) -> None:
    """A denial of what a data set says: added, derived, published."""
    proposition, claim = f"{BASE}id/proposition/synthetic/new", f"{BASE}id/claim/synthetic/new"
    event, graph = ox.NamedNode(f"{BASE}id/event/synthetic/4"), ox.NamedNode(f"{BASE}graph/user")
    with changing(store) as change:
        (given, *_) = change.store.quads_for_pattern(event, ox.NamedNode(f"{EKG}performedBy"), None)
        said: dict[str, dict[str, ox.NamedNode]] = {
            proposition: {
                f"{RDF}type": ox.NamedNode(f"{EKG}Proposition"),
                f"{EKG}about": event,
                f"{EKG}predicate": _named(given.predicate),
                f"{EKG}object": _named(given.object),
            },
            claim: {
                f"{RDF}type": ox.NamedNode(f"{EKG}Claim"),
                f"{EKG}claimant": ox.NamedNode(f"{BASE}id/actor/synthetic/9"),
                f"{EKG}stance": ox.NamedNode(f"{EKG}Denies"),
                f"{EKG}proposition": ox.NamedNode(proposition),
            },
        }
        for node, values in said.items():
            for name, value in values.items():
                change.store.add(ox.Quad(ox.NamedNode(node), ox.NamedNode(name), value, graph))
        change.touched |= set(said)
        deriving = _timed(change.derive)
        print(f"one new claim derived in {deriving * 1e3:.0f} ms; still a fact: {given in change.store}")
        print(f"everything derived again in {_timed(lambda: _again(change)):.1f} s")


def _named(term: object) -> ox.NamedNode:
    assert isinstance(term, ox.NamedNode)  # noqa: S101
    return term


def _again(change: object) -> None:
    change.touched = {"*"}  # type: ignore[attr-defined]
    change.derive()  # type: ignore[attr-defined]


def _timed(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


if __name__ == "__main__":
    main()
