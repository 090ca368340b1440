"""A load that is killed, ended or interrupted at any moment leaves the state before it or the one after."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import (
    UNCHECKED,
    derived_from_scratch,
    drafts,
    dump,
    eventkg,
    in_graph,
    load,
    many,
    many_claims,
    started,
    state,
)
from tests.query.processes import alive, descendants, wait_until

from eventkg.errors import StoreBusyError
from eventkg.model.naming import GRAPH_DERIVED, GRAPH_USER
from eventkg.store.directory import current_name
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

EVENTS, KILLS, PARTS = 200, 12, 2


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Claims and plain statements, enough of them that a load takes seconds: parsed, stored and derived."""
    folder = tmp_path_factory.mktemp("files")
    return many_claims(folder / "claims.ttl", EVENTS), many(folder / "plain.nt")


def end(process: subprocess.Popen[str]) -> None:
    """All of a process group at once, as the kernel's out-of-memory killer or a power cut would."""
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_load_killed_at_any_moment_is_there_as_a_whole_or_not_at_all(
    part: int, base: Path, files: tuple[Path, ...], tmp_path: Path
) -> None:
    whole = shutil.copytree(base, tmp_path / "whole", symlinks=True)
    began = time.monotonic()
    with started("load", "-l", whole, *files) as loading:
        said = loading.communicate(timeout=120)[1]
    assert loading.returncode == 0, said
    length = time.monotonic() - began
    before, after = dump(base), dump(whole)
    assert len(after) > len(before) + UNCHECKED + EVENTS * 15
    chance = random.Random(part)  # noqa: S311  (moments, not secrets)
    unfinished = 0
    for moment in range(part, KILLS, PARTS):
        store = shutil.copytree(base, tmp_path / f"store{moment}", symlinks=True)
        process = started("load", "-l", store, *files)
        time.sleep(length * (moment + chance.random()) / KILLS)
        acknowledged = process.poll() == 0
        end(process)
        unfinished += bool(drafts(store))
        found = dump(store)
        assert found == after if acknowledged else found in (before, after), f"kill {moment}"
        with Writer(store):
            assert drafts(store) == []
        assert dump(store) == found
        assert len(list((store / "checkpoints").iterdir())) == 1
    assert unfinished > 1


@pytest.mark.slow
@pytest.mark.parametrize("tenths", [0, 1, 3])
def test_a_kill_during_derivation_loses_the_whole_load_and_nothing_else(
    tenths: int, store: Path, files: tuple[Path, ...]
) -> None:
    """Derivation begins when the children that parse, one after the other, have ended."""
    before = state(store)
    process = started("load", "-l", store, *files)
    assert wait_until(lambda: parses(process.pid, files[-1]), 60), process.communicate(timeout=60)
    assert wait_until(lambda: not descendants(process.pid), 60)
    time.sleep(tenths / 10)
    end(process)
    if current_name(store) == before[0]:
        assert drafts(store)
        assert state(store) == before
    else:
        assert len(dump(store)) > UNCHECKED + EVENTS * 15
    load(store, *files)
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)
    assert len(in_graph(store, GRAPH_DERIVED)) > EVENTS


def parses(pid: int, file: Path) -> bool:
    """Whether a process has a child that was given the file."""
    for child in descendants(pid):
        with contextlib.suppress(OSError):
            if str(file).encode() in Path(f"/proc/{child}/cmdline").read_bytes():
                return True
    return False


@pytest.fixture
def under_way(store: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A load of a pipe that has begun and waits for more."""
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    process = started("load", "-l", store, pipe)
    descriptor = os.open(pipe, os.O_RDWR)  # never blocks, nor does a later write
    try:
        os.write(descriptor, b"<urn:half> <urn:p> <urn:o> .\n" * 2000)
        assert wait_until(lambda: len(list((store / "drafts").glob("*/touched"))) == 1, 60)
        yield process, pipe
    finally:
        os.close(descriptor)
        if process.poll() is None:
            end(process)
        if process.stderr:
            process.stderr.close()


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [(signal.SIGINT, 130, "eventkg: interrupted\n"), (signal.SIGTERM, -signal.SIGTERM, "")],
)
def test_a_load_that_is_stopped_leaves_no_process_and_the_store_as_it_was(
    sent: signal.Signals, code: int, said: str, store: Path, under_way: tuple[subprocess.Popen[str], Path]
) -> None:
    before, (process, _) = state(store), under_way
    children = descendants(process.pid)
    assert len(children) == 1
    process.send_signal(sent)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (code, said)
    assert wait_until(lambda: not any(map(alive, children)))
    assert state(store) == before
    with Writer(store):
        assert drafts(store) == []


def test_ctrl_c_on_a_terminal_reaches_the_child_too_and_ends_as_cleanly(
    store: Path, under_way: tuple[subprocess.Popen[str], Path]
) -> None:
    before, (process, _) = state(store), under_way
    children = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (130, "eventkg: interrupted\n")
    assert wait_until(lambda: not any(map(alive, children)))
    assert state(store) == before
    assert drafts(store) == []


def test_the_child_that_parses_does_not_outlive_a_killed_load(
    store: Path, under_way: tuple[subprocess.Popen[str], Path]
) -> None:
    process, _ = under_way
    children = descendants(process.pid)
    process.kill()
    assert children
    assert wait_until(lambda: not any(map(alive, children)))
    assert in_graph(store, "urn:first")


def test_a_second_writer_is_told_who_writes_and_may_write_once_that_one_is_gone(
    store: Path, under_way: tuple[subprocess.Popen[str], Path], tmp_path: Path
) -> None:
    before, (process, _) = state(store), under_way
    file = many(tmp_path / "file.nt", 3)
    said = f"{store}: process {process.pid} is writing; one writer at a time expected"
    with pytest.raises(StoreBusyError, match="is writing") as refused:
        load(store, file)
    assert str(refused.value) == said
    for verb in (("load", file), ("delete", "--graph", "urn:first"), ("restore", file.parent)):
        code, out, error = eventkg(verb[0], "-l", store, *verb[1:])
        assert (code, out) == (1, "")
        assert error == f"eventkg: {said}\n" or verb[0] == "restore"
    assert state(store) == before
    end(process)
    load(store, file)
    assert len(in_graph(store, GRAPH_USER)) == 3


def test_two_writers_in_one_process_take_turns_too(store: Path) -> None:
    with Writer(store), pytest.raises(StoreBusyError, match=f"process {os.getpid()} is writing"):
        Writer(store)
    with Writer(store):
        pass


def test_loads_that_start_at_once_are_done_or_refused_and_never_mixed(store: Path, tmp_path: Path) -> None:
    files = [many(tmp_path / f"{n}.nt", 40, f"urn:load:{n}") for n in range(6)]
    done: list[int] = []

    def write(number: int) -> None:
        try:
            load(store, files[number], graph=f"urn:graph:{number}")
            done.append(number)
        except StoreBusyError:
            pass

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sizes = {number: len(in_graph(store, f"urn:graph:{number}")) for number in range(6)}
    assert sizes == {number: 40 if number in done else 0 for number in range(6)}
    assert done
    assert derived_from_scratch(store) == in_graph(store, GRAPH_DERIVED)
