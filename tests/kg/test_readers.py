"""Readers beside a writer see whole states and nothing in between; a checkpoint goes with its last reader."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import COMMAND, dump, load, many, state

import eventkg
from eventkg.kg.keeping import backup
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store.directory import current_name, hold_any, hold_current, open_checkpoint
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOADS, AT_A_TIME = 10, 400
MARKED = "SELECT (COUNT(*) AS ?n) { ?s <urn:marked> ?o }"


def ask(engine: StoreEngine) -> int:
    return int(json.loads(engine.ask(Job(MARKED))[1])["results"]["bindings"][0]["n"]["value"])


def run_command(store: Path) -> int:
    command = [*COMMAND, "query", "-l", str(store), "--format", "csv", MARKED]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == "view https://w3id.org/eventkg/view/default\n", done.stderr
    return int(done.stdout.split()[1])


def count_quads(store: Path) -> int:
    with hold_current(store) as checkpoint:
        quads = open_checkpoint(checkpoint.path).quads_for_pattern(None, None, None)
        return sum(quad.predicate.value == "urn:marked" for quad in quads)


class Reader(threading.Thread):
    """Asks again and again until it is told to stop."""

    def __init__(self, count: Callable[[], int]) -> None:
        super().__init__()
        self._count, self._over = count, threading.Event()
        self.seen: list[int] = []
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._over.is_set():
                self.seen.append(self._count())
        except BaseException as problem:  # noqa: BLE001  (told by the test)
            self.problem = problem

    def stop(self) -> None:
        self._over.set()
        self.join()


@pytest.mark.slow
def test_ten_readers_during_ten_loads_see_whole_states_and_never_go_back(tmp_path: Path) -> None:
    """Four on an engine that loads snapshots, three on one on disk, two in Python, one by `eventkg query`."""
    store = tmp_path / "store"
    load(store, many(tmp_path / "none.nt", 3, "urn:other"))
    with (
        StoreEngine(store, Limits(30, 1024, 2), "memory") as memory,
        StoreEngine(store, Limits(30, 1024, 2), "disk") as disk,
        eventkg.open(store) as graph,
    ):
        readers = [
            *(Reader(lambda: ask(memory)) for _ in range(4)),
            *(Reader(lambda: ask(disk)) for _ in range(3)),
            Reader(lambda: graph.query(MARKED)[0]["n"]),  # type: ignore[index]
            Reader(lambda: count_quads(store)),
            Reader(lambda: run_command(store)),
        ]
        for reader in readers:
            reader.start()
        try:
            for number in range(LOADS):
                file = tmp_path / f"{number}.nt"
                file.write_text(
                    "".join(f'<urn:{number}:{n}> <urn:marked> "{n}" .\n' for n in range(AT_A_TIME))
                )
                load(store, file)
            assert ask(memory) == ask(disk) == LOADS * AT_A_TIME
        finally:
            for reader in readers:
                reader.stop()
    for reader in readers:
        assert reader.problem is None
        assert reader.seen
        assert all(count % AT_A_TIME == 0 for count in reader.seen), reader.seen
        assert reader.seen == sorted(reader.seen)
    assert len({count for reader in readers for count in reader.seen}) > 4
    with Writer(store):
        assert [path.name for path in (store / "checkpoints").iterdir()] == [current_name(store)]


def test_an_old_checkpoint_goes_when_its_last_reader_has_gone_and_not_before(tmp_path: Path) -> None:
    store, file = tmp_path / "store", many(tmp_path / "file.nt", 20)
    load(store, file)
    before = dump(store)
    first, second = hold_current(store), hold_any(store)
    for number in range(2):
        load(store, file, graph=f"urn:{number}")
    for reader in (first, second):
        assert sorted(f"{quad} ." for quad in open_checkpoint(first.path)) == before
        reader.close()
        load(store, file, graph="urn:more")
    assert not first.path.exists()
    assert [path.name for path in (store / "checkpoints").iterdir()] == [current_name(store)]


def test_a_reader_in_another_process_holds_its_checkpoint_until_it_dies(tmp_path: Path) -> None:
    store, file = tmp_path / "store", many(tmp_path / "file.nt", 20)
    load(store, file)
    old = store / "checkpoints" / current_name(store)
    code = (
        "import sys; from pathlib import Path; from eventkg.store.directory import hold_current\n"
        "held = hold_current(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"\n"
        load(store, file, graph="urn:more")
        assert old.exists()
        reader.kill()
        reader.wait()
        load(store, file, graph="urn:more")
        assert not old.exists()


@pytest.mark.slow
def test_a_backup_made_while_others_write_is_one_whole_state(tmp_path: Path) -> None:
    store, over = tmp_path / "store", threading.Event()
    load(store, many(tmp_path / "file.nt", AT_A_TIME, "urn:marked"), graph="urn:0")

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            load(store, tmp_path / "file.nt", graph=f"urn:{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup(store, tmp_path / f"backup{number}")
            reached = state(store)[0]
            while state(store)[0] == reached:  # so that the next one is of another state
                over.wait(0.01)
    finally:
        over.set()
        writer.join()
    sizes = []
    for number in range(3):
        quads = open_checkpoint(tmp_path / f"backup{number}" / "checkpoint")
        sizes.append(sum(quad.predicate.value == "urn:marked" for quad in quads))
    assert all(size % AT_A_TIME == 0 for size in sizes)
    assert sizes == sorted(set(sizes))
