"""Finding events by an index beside the same counts by SQL alone and by SPARQL, in one run.

python -m benchmarks.search [EVENTS]        100,000 unless told, of which one in ten is contested
python -m benchmarks.search STORE           a store that is there already; its index is built anew

Times are of processor, in which other work on the machine counts little; wall time stands in brackets.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import eventkg
from benchmarks.generator import GRAPH, quads
from eventkg.kg.loading import Load, load
from eventkg.model.naming import BASE
from eventkg.search.asked import Asked
from eventkg.search.columns import FACETS
from eventkg.search.file import IndexFile
from eventkg.settings import Limits
from eventkg.store.beside import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph
    from eventkg.search.index import Index

_ACTOR = f"{BASE}id/actor/synthetic/7"
_VIEW = "claimant/synthetic/7"
_CASES = {
    "everything": Asked(),
    "contested": Asked(status=("contested",)),
    "three years": Asked(since="2014-01-01", until="2016-12-31"),
    "one actor, few deaths": Asked(actor=(_ACTOR,), deaths="1-9"),
    "a word of every event": Asked(text="event", sort="relevance"),
    "the name of a place": Asked(text="place 77"),
    "the last thousand": Asked(limit=1000, offset=99_000),
}
_SPARQL = {
    "actor": "SELECT ?who (COUNT(DISTINCT ?e) AS ?n) {"
    " ?e ekg:performedBy|ekg:supportedBy|ekg:target ?who } GROUP BY ?who",
    "place": "SELECT ?place (COUNT(DISTINCT ?e) AS ?n) { ?e ekg:place ?place } GROUP BY ?place",
}


def main() -> None:
    """Print one line a measurement."""
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
        told = sys.argv[1] if len(sys.argv) > 1 else "100000"
        store = Path(folder) / "store"
        if told.isdecimal():
            _make(Path(folder) / "events.nq", store, int(told))
        else:
            shutil.copytree(told, store, symlinks=True, ignore=shutil.ignore_patterns(FOLDER))
        with eventkg.open(store, timeout_s=600, memory_mb=8192) as graph:
            _measure(graph, store)


def _make(file: Path, store: Path, events: int) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(quads(events, contested=0.1))
    load(store, Load((str(file),), graph=GRAPH, validate=False), Limits(timeout_s=600, memory_mb=8192))


def _measure(graph: KnowledgeGraph, store: Path) -> None:
    default = graph.policy()
    built, wall = _timed(lambda: graph.finder.wait(default), _children)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    file = next((store / FOLDER).glob("*.sqlite"))
    print(f"index built: child {built:.1f} s ({wall:.1f} s with the queries), at most {most} MiB, "
          f"file {file.stat().st_size >> 20} MiB")  # fmt: skip
    with eventkg.open(store) as again:
        opened = _timed(lambda: again.finder.wait(default), time.process_time)
        print(f"opened again from its file: {opened[0] * 1e3:.0f} ms ({opened[1] * 1e3:.0f} ms)")
    with graph.finder.using(default) as (index, _, _):
        _find(index, file)
    _ask(graph)
    view = graph.policy(_VIEW)
    built, wall = _timed(lambda: graph.finder.wait(view), _children)
    print(f"index of {_VIEW}: child {built:.1f} s ({wall:.1f} s with the view and the queries)")


def _find(index: Index, file: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as tables:
        _fill(tables, file)
        for name, asked in _CASES.items():
            ours = _best(partial(index.find.__wrapped__, asked))
            events = index.chosen(asked)
            theirs = _best(partial(_group, tables, events), times=2)
            print(f"{name}: {len(events):,} events; index {ours * 1e3:.1f} ms, "
                  f"GROUP BY of SQL {theirs * 1e3:.0f} ms, {theirs / ours:.0f} times as long")  # fmt: skip


def _best(work: Callable[[], object], times: int = 7) -> float:
    """The least processor time of several."""
    return min(_timed(work, time.process_time)[0] for _ in range(times))


def _fill(tables: sqlite3.Connection, file: Path) -> None:
    """The same pairs as rows, with an index on the event."""
    index = IndexFile(file)
    tables.executescript("CREATE TABLE pair (facet TEXT, event INTEGER, thing INTEGER);"
                         "CREATE TABLE name (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);"
                         "CREATE TEMP TABLE found (event INTEGER PRIMARY KEY)")  # fmt: skip
    with index.asking() as names:
        tables.executemany("INSERT INTO name VALUES (?, ?)", names.execute("SELECT id, iri FROM event"))
    for facet in FACETS:
        events, things = (index.numbers[f"{facet} {what}"].tolist() for what in ("events", "things"))
        rows = ((facet, event, thing) for event, thing in zip(events, things, strict=True))
        tables.executemany("INSERT INTO pair VALUES (?, ?, ?)", rows)
    tables.executescript("CREATE INDEX pairs ON pair (facet, event, thing)")
    index.close()


def _group(tables: sqlite3.Connection, events: tuple[str, ...]) -> None:
    """What is found is at hand; counted are the values of every facet."""
    tables.execute("DELETE FROM found")
    tables.executemany("INSERT INTO found SELECT id FROM name WHERE iri = ?", ((iri,) for iri in events))
    for facet in FACETS:
        tables.execute(
            "SELECT thing, COUNT(*) AS n FROM pair NATURAL JOIN found WHERE facet = ?"
            " GROUP BY thing ORDER BY n DESC LIMIT 20",
            (facet,),
        ).fetchall()


def _ask(graph: KnowledgeGraph) -> None:
    for name, query in _SPARQL.items():
        wall = min(_timed(partial(graph.query, query), time.process_time)[1] for _ in range(2))
        print(f"SPARQL, counts of one facet ({name}): ({wall * 1e3:.0f} ms)")


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> tuple[float, float]:
    started, at = clock(), time.monotonic()
    work()
    return clock() - started, time.monotonic() - at


def _children() -> float:
    """Of processes that have ended: the one that builds, not the workers that answer it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
