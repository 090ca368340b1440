"""The durable store beside bare pyoxigraph on the same file, in one run.

python -m benchmarks.store [EVENTS]        100,000 unless told; 500,000 are about 10 million statements
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import psutil
import pyoxigraph as ox

from benchmarks.generator import quads
from eventkg.kg.changing import changing
from eventkg.kg.checks import How, validate_checkpoint
from eventkg.kg.loading import Load, load
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store.transcript import FOLDER

_COUNT = Job("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
_LIGHT = Job("SELECT ?who { <https://w3id.org/eventkg/id/event/synthetic/7> ekg:performedBy ?who }")


def main() -> None:
    """Print one line a measurement."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="eventkg-bench-") as folder:
        _measure(Path(folder), events)


def _measure(folder: Path, events: int) -> None:
    file = folder / "events.nq"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(quads(events))
    statements = int(
        subprocess.run(["wc", "-l", file], capture_output=True, text=True, check=True).stdout.split()[0]
    )
    print(f"{events:,} events, {statements:,} statements, {file.stat().st_size / 1e6:,.0f} MB of N-Quads")
    bare = _timed(
        lambda: ox.Store(str(folder / "bare")).bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    )
    shutil.rmtree(folder / "bare")
    limits = Limits(timeout_s=600, memory_mb=8192)
    with _Peak("eventkg.store.intake") as parsing:
        ours = _timed(lambda: load(folder / "store", Load((str(file),), validate=False), limits))
    print(
        f"bulk load: bare pyoxigraph {bare:.1f} s ({statements / bare:,.0f}/s), eventkg {ours:.1f} s; "
        f"ratio {bare / ours:.2f}"
    )
    print(f"memory of the parsing process at most {parsing.rss / 1e6:,.0f} MB")
    kept = folder / "store" / "current"
    print(f"on disk {_size(kept):,.0f} MB of tables, {_size(kept / FOLDER):,.0f} MB of transcript")
    _answers(folder / "store", limits)
    _small_write(folder / "store", limits)
    _again(folder / "store", limits)
    current = (folder / "store" / "current").resolve()
    print(f"validation of all of it, which a load adds: {_timed(lambda: _validate(current, limits)):.1f} s")


def _validate(checkpoint: Path, limits: Limits) -> None:
    validate_checkpoint(checkpoint, How(), limits)


def _answers(store: Path, limits: Limits) -> None:
    started = time.monotonic()
    with StoreEngine(store, limits, "memory") as engine:
        engine.ask(_LIGHT)
        print(f"first answer from disk after {time.monotonic() - started:.2f} s")
        print(f"full count on disk: {_timed(lambda: engine.ask(_COUNT)):.2f} s")
        while not engine.in_memory():
            time.sleep(0.05)
        print(f"from memory after {time.monotonic() - started:.1f} s; {_cpu('eventkg.query.holder')}")
        first, second = _timed(lambda: engine.ask(_COUNT)), _timed(lambda: engine.ask(_COUNT))
        print(f"full count in memory: {first:.2f} s, again {second:.2f} s")
        running = [engine.start(_COUNT) for _ in range(2)]
        for one in running:
            one.head()
            b"".join(one.chunks())
        print(f"memory of all processes after a full scan in each of two workers: {_memory_gb():.2f} GB")
        print(f"and at most while the next snapshot is loaded beside it: {_renewing(store, engine):.2f} GB")


def _renewing(store: Path, engine: StoreEngine) -> float:
    """GB of all processes at most, from a write until its state is answered from memory."""
    before = engine.version()
    with changing(store) as change:
        change.store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:q"), ox.Literal("one more")))
        change.derive()
    engine.ask(_LIGHT)
    if engine.version() == before:
        raise RuntimeError("the write is not seen")
    most = _memory_gb()
    while not engine.in_memory():
        most = max(most, _memory_gb())
        time.sleep(0.2)
    return most


def _again(store: Path, limits: Limits) -> None:
    """The small writes are in the transcript as well."""
    started = time.monotonic()
    with StoreEngine(store, limits, "memory") as engine:
        while not engine.in_memory():
            time.sleep(0.05)
        print(
            f"from memory after small writes and opening again: {time.monotonic() - started:.1f} s; "
            f"{_cpu('eventkg.query.holder')}"
        )


def _small_write(store: Path, limits: Limits) -> None:
    with StoreEngine(store, limits, "disk") as engine:
        engine.ask(_LIGHT)
        seconds = []
        for number in range(10):
            started = time.monotonic()
            with changing(store) as change:
                quad = ox.Quad(
                    ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(number), ox.NamedNode("urn:g")
                )
                change.store.add(quad)
                change.derive()
            seconds.append(time.monotonic() - started)
        seen = engine.ask(Job(f"ASK {{ <urn:s> <urn:p> {number} }}", solutions="csv"))[1].strip()
        print(
            f"small write acknowledged in {sorted(seconds)[5] * 1e3:.0f} ms (median of 10), "
            f"next query sees it: {seen.decode()}"
        )


class _Peak:
    """The largest resident set of child processes with a module's name in their command, sampled."""

    def __init__(self, module: str) -> None:
        self.rss = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, args=(module,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self, module: str) -> None:
        while not self._done.wait(0.1):
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if module in child.cmdline():
                        self.rss = max(self.rss, child.memory_info().rss)


def _cpu(module: str) -> str:
    """Seconds that our child processes with a module's name in their command have computed."""
    times = [p.cpu_times() for p in psutil.Process().children() if module in p.cmdline()]
    return f"{module} computed {sum(one.user + one.system for one in times):.1f} s"


def _size(folder: Path) -> float:
    """MB of the files right in a folder, 0 if there is none."""
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) / 1e6


def _memory_gb() -> float:
    """Proportional set size of this process and its descendants: shared pages count once."""
    me = psutil.Process()
    return sum(p.memory_full_info().pss for p in [me, *me.children(recursive=True)]) / 1e9


def _timed(work: object) -> float:
    started = time.monotonic()
    work()  # type: ignore[operator]
    return time.monotonic() - started


if __name__ == "__main__":
    main()
