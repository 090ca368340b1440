"""Full disks, folders that may not be written to, damaged stores: one line, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import copied, drafts, dump, eventkg, in_graph, load, many, state

from eventkg.errors import DataError
from eventkg.kg.keeping import backup, restore
from eventkg.model.naming import GRAPH_USER
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store.directory import current_name, hold_current, open_checkpoint
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MIB = 2**20
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


@contextmanager
def mounted(folder: Path, *how: str) -> Iterator[Path]:
    """A file system of its own; skipped where this user may not mount."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *how, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this user may not mount: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def few(folder: Path) -> None:
    """A store with a few statements."""
    load(folder / "store", many(folder / "file.nt", 50))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, few) / "store"


def fill(folder: Path, left: int) -> Path:
    """A file that leaves so many bytes free."""
    ballast = folder / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(folder).free - left))
    return ballast


@pytest.mark.parametrize("left", [0, 64 * 1024, MIB // 2, 2 * MIB, 4 * MIB, 6 * MIB])
def test_a_full_disk_refuses_a_load_and_loses_nothing(left: int, tmp_path: Path) -> None:
    """Too little for the draft, for its tables, for what is written when it is closed."""
    big = many(tmp_path / "big.nt", 60_000)
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=24m", "tmpfs") as disk:
        store = disk / "store"
        load(store, many(tmp_path / "file.nt", 50))
        before = state(store)
        ballast = fill(disk, left)
        code, out, error = eventkg("load", "-l", store, big)
        assert (code, out) == (1, "")
        assert "No space left on device" in error
        assert error.count("\n") == 1, error
        assert state(store) == before
        assert drafts(store) == []
        with StoreEngine(store, Limits()) as engine:
            assert b"true" in engine.ask(Job("ASK { ?s <urn:p> ?o }"))[1]
        ballast.unlink()
        load(store, tmp_path / "file.nt", graph="urn:more")
        assert len(in_graph(store, "urn:more")) == 50


def test_a_full_disk_refuses_a_backup_and_a_first_load(store: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        fill(disk, 100 * 1024)
        with pytest.raises(DataError, match=r"/disk/backup: .*No space left on device"):
            backup(store, disk / "backup")
        assert [path.name for path in disk.iterdir()] == ["ballast"]
        with pytest.raises(DataError, match="No space left on device"):
            load(disk / "store", tmp_path / "file.nt")
        assert not (disk / "store" / "current").exists()


def test_a_read_only_store_is_read_and_a_write_to_it_is_refused(store: Path, tmp_path: Path) -> None:
    before, file = dump(store), tmp_path / "file.nt"
    with mounted(tmp_path / "only", "--bind", "-o", "ro", str(store)) as only:
        code, out, error = eventkg(
            "query", "-l", only, "--format", "csv", "SELECT (COUNT(*) AS ?n) {?s <urn:p> ?o}"
        )
        assert (code, out.split(), error) == (0, ["n", "50"], "view https://w3id.org/eventkg/view/default\n")
        assert dump(only) == before
        backup(only, tmp_path / "backup")
        for arguments in (
            ("load", file),
            ("delete", "--graph", GRAPH_USER),
            ("restore", tmp_path / "backup"),
        ):
            code, out, error = eventkg(arguments[0], "-l", only, *arguments[1:])
            assert (code, out, error) == (1, "", f"eventkg: {only}: Read-only file system\n")
    assert dump(store) == before


@pytest.mark.parametrize("content", [{"notes.txt": "mine"}, {"checkpoints/a.txt": "x", "b.txt": "y"}])
def test_a_folder_of_something_else_is_neither_read_nor_written(
    content: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    file = many(tmp_path / "file.nt", 3)
    code, out, error = eventkg("load", "-l", folder, file)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "files that are no eventkg store found, a new or empty directory expected" in error
    code, _, error = eventkg("query", "-l", folder, "ASK {}")
    assert (code, "no eventkg store found" in error) == (1, True)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == set(content)


def test_a_store_that_is_a_file_or_not_there_is_told_so(tmp_path: Path) -> None:
    file = many(tmp_path / "file.nt", 3)
    with pytest.raises(DataError, match=r"File exists|Not a directory"):
        load(file, file)
    code, _, error = eventkg("query", "-l", tmp_path / "none", "ASK {}")
    assert (code, "none: no such directory; eventkg load -l" in error) == (1, True)
    load(tmp_path / "a" / "b" / "new", file)
    assert len(in_graph(tmp_path / "a" / "b" / "new", GRAPH_USER)) == 3


def truncated(pattern: str, size: int) -> Callable[[Path], None]:
    """The largest file of that name cut."""

    def damage(checkpoint: Path) -> None:
        largest = max(checkpoint.glob(pattern), key=lambda path: path.stat().st_size)
        with largest.open("r+b") as stream:
            stream.truncate(size)

    return damage


def missing(pattern: str) -> Callable[[Path], None]:
    """Files of that name removed."""

    def damage(checkpoint: Path) -> None:
        for path in checkpoint.glob(pattern):
            path.unlink()

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a table cut": truncated("*.sst", 500),
    "a table emptied": truncated("*.sst", 0),
    "the tables gone": missing("*.sst"),
    "the manifest cut": truncated("MANIFEST-*", 100),
    "the manifest gone": missing("MANIFEST-*"),
    "CURRENT gone": missing("CURRENT"),
    "CURRENT emptied": truncated("CURRENT", 0),
    "all gone": missing("*"),
    "the folder gone": lambda checkpoint: shutil.rmtree(checkpoint),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_neither_answered_from_nor_written_to(
    damage: str, store: Path, tmp_path: Path
) -> None:
    backup(store, tmp_path / "backup")
    whole, checkpoint = dump(store), store / "checkpoints" / current_name(store)
    DAMAGES[damage](checkpoint)
    left = sorted(path.name for path in checkpoint.glob("*"))

    def query() -> None:
        with StoreEngine(store, Limits()) as engine:
            engine.ask(Job("ASK { ?s <urn:p> ?o }"))

    def read() -> None:
        with hold_current(store) as held:
            open_checkpoint(held.path)

    for use in (query, read, lambda: load(store, tmp_path / "file.nt")):
        with pytest.raises(DataError, match=r"(damaged|missing).*; restore a backup") as refused:
            use()
        assert "\n" not in str(refused.value)
    assert sorted(path.name for path in checkpoint.glob("*")) == left
    restore(tmp_path / "backup", store)
    assert dump(store) == whole


def test_a_store_copied_without_its_link_keeps_its_checkpoints(store: Path, tmp_path: Path) -> None:
    """As by a program that skips or follows symbolic links."""
    name, whole = current_name(store), dump(store)
    for kind in ("skipped", "followed"):
        copy = tmp_path / kind
        shutil.copytree(store, copy, symlinks=kind == "skipped")
        if kind == "skipped":
            (copy / "current").unlink()
        with pytest.raises(DataError, match="current: no link to a checkpoint found; restore a backup"):
            load(copy, tmp_path / "file.nt")
        with pytest.raises(DataError, match="current: no link to a checkpoint found; restore a backup"):
            dump(copy)
        assert (copy / "checkpoints" / name / "CURRENT").exists()
    (tmp_path / "skipped" / "current").symlink_to(f"checkpoints/{name}")
    assert dump(tmp_path / "skipped") == whole
    (tmp_path / "skipped" / "current").unlink()
    backup(store, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "skipped")
    assert dump(tmp_path / "skipped") == whole


def test_a_copy_of_a_store_is_a_store_of_its_own(store: Path, tmp_path: Path) -> None:
    before = dump(store)
    shutil.copytree(store, tmp_path / "copy", symlinks=True)
    load(tmp_path / "copy", tmp_path / "file.nt", graph="urn:more")
    assert dump(store) == before != dump(tmp_path / "copy")


def test_a_lock_goes_with_its_writer_even_while_a_child_is_being_started(store: Path) -> None:
    """Between fork and exec a child has all our descriptors: here it is a copy."""
    writer = Writer(store)
    copied = os.dup(writer._lock)
    writer.close()
    with Writer(store):
        pass
    os.close(copied)


def test_logs_of_the_engine_do_not_pile_up(store: Path, tmp_path: Path) -> None:
    def files() -> int:
        return len([path for path in (store / "current").iterdir() if path.suffix != ".sst"])

    before = files()
    for _ in range(4):
        load(store, tmp_path / "file.nt")
    assert files() <= before + 2
