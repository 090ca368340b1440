"""Odd places for a store, and odd things that happen to it under its readers."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.kg.stores import copied, dump, eventkg, in_graph, load, many, state
from tests.kg.test_room import mounted

import eventkg as package
from eventkg.errors import DataError, EventkgError
from eventkg.kg.keeping import backup, restore
from eventkg.model.naming import GRAPH_USER
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store import directory, tables, writer
from eventkg.store.directory import current_name, hold_current, open_checkpoint
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

ASK = Job("ASK { ?s <urn:p> ?o }")


def few(folder: Path) -> None:
    """A store with a few statements."""
    load(folder / "store", many(folder / "file.nt", 20))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, few) / "store"


@pytest.mark.parametrize(
    "name", ["with space", "naïve Ελλάς 战争", "-dash", 'quote\'s "both"', "%41 # ?q=1", "a:b", "x" * 200]
)
def test_a_store_may_have_any_name(name: str, tmp_path: Path) -> None:
    store = tmp_path / name
    load(store, many(tmp_path / f"{name[:40]}.nt", 20))
    with package.open(store) as graph:
        assert graph.query("ASK { ?s <urn:p> ?o }") is True
        assert graph.query("ASK { ?s <urn:p> ?o }", view="all") is True
    backup(store, tmp_path / "backup")
    restore(tmp_path / "backup", store)
    assert len(in_graph(store, GRAPH_USER)) == 20


def test_a_store_behind_a_symbolic_link_is_the_same_store(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store)
    load(link, tmp_path / "file.nt", graph="urn:more")
    assert dump(link) == dump(store)
    assert len(in_graph(store, "urn:more")) == 20
    with Writer(store), pytest.raises(EventkgError, match="is writing"):
        Writer(link)
    with package.open(link) as graph:
        assert graph.query("ASK { ?s <urn:p> ?o }", view="all") is True


def test_a_location_that_is_a_file_is_told_so(tmp_path: Path) -> None:
    file = many(tmp_path / "file.nt", 3)
    for verb in (
        ("query", "ASK {}"),
        ("backup", tmp_path / "b"),
        ("delete", "--graph", "urn:g"),
        ("upgrade",),
    ):
        code, out, error = eventkg(verb[0], "-l", file, *verb[1:])
        assert (code, out, error.count("\n")) == (1, "", 1)
        assert f"{file}: " in error
        assert "a file found" in error or "File exists" in error or "Not a directory" in error, error


def test_two_stores_in_one_process_do_not_know_of_each_other(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    load(other, many(tmp_path / "other.nt", 7, "urn:q"))
    with package.open(store) as one, package.open(other) as two:
        for graph, predicate, count in ((one, "p", 20), (two, "q", 7), (one, "q", 0), (two, "p", 0)):
            answer: Any = graph.query(f"SELECT (COUNT(*) AS ?n) {{ ?s <urn:{predicate}> ?o }}")
            assert answer[0]["n"] == count
        with Writer(store), Writer(other):
            pass
        load(other, tmp_path / "file.nt", graph="urn:more")
        assert two.query("ASK { ?s <urn:p> ?o }") is True
        assert one.query("ASK { ?s <urn:q> ?o }") is False


@pytest.mark.parametrize("left", [[], ["00000009", "notes"]])
def test_a_link_that_leads_nowhere_is_told_and_nothing_is_removed_for_it(
    left: list[str], store: Path, tmp_path: Path
) -> None:
    backup(store, tmp_path / "backup")
    whole = dump(store)
    checkpoints = store / "checkpoints"
    name = current_name(store)
    for other in left:
        shutil.copytree(checkpoints / name, checkpoints / other, dirs_exist_ok=True)
    (store / "current").unlink()
    (store / "current").symlink_to("checkpoints/00000042")
    before = sorted(path.name for path in checkpoints.iterdir())
    said = "00000042: the current checkpoint is missing; restore a backup"
    uses: list[Callable[[], object]] = [
        lambda: load(store, tmp_path / "file.nt"),
        lambda: dump(store),
        lambda: backup(store, tmp_path / "none"),
        lambda: StoreEngine(store, Limits()),
    ]
    for use in uses:
        with pytest.raises(DataError, match=said):
            use()
    assert sorted(path.name for path in checkpoints.iterdir()) == before
    assert not (tmp_path / "none").exists()
    restore(tmp_path / "backup", store)
    assert dump(store) == whole


def test_a_checkpoint_deleted_under_a_reader_is_an_error_and_no_answer_is_wrong(
    store: Path, tmp_path: Path
) -> None:
    """As by a person who tidies up: a worker that has it open goes on, another one says what is wrong."""
    backup(store, tmp_path / "backup")
    with StoreEngine(store, Limits(30, 1024, 2)) as engine:
        assert b"true" in engine.ask(ASK)[1]
        with hold_current(store) as held, closing(engine.start(ASK)) as running:
            shutil.rmtree(held.path)
            running.head()
            with pytest.raises(DataError, match=r"damaged .*; restore a backup"):
                engine.ask(ASK)  # by a second worker, since the first is at work
            assert b"true" in b"".join(running.chunks())
        with pytest.raises(DataError, match="the current checkpoint is missing; restore a backup"):
            hold_current(store)
        restore(tmp_path / "backup", store)
        assert b"true" in engine.ask(ASK)[1]


def test_a_clock_that_goes_backwards_changes_nothing(store: Path, tmp_path: Path) -> None:
    """Order is by number, never by time."""
    before = state(store)
    for path in [store, *store.rglob("*")]:
        os.utime(path, (4e9, 4e9), follow_symlinks=False)
    load(store, tmp_path / "file.nt", graph="urn:more")
    assert current_name(store) > before[0]
    assert len(in_graph(store, "urn:more")) == 20
    with Writer(store):
        assert [path.name for path in (store / "checkpoints").iterdir()] == [current_name(store)]


def test_a_view_of_a_store_on_a_file_system_of_its_own_is_made_by_copies(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs") as disk:
        load(disk, many(tmp_path / "file.nt", 20))  # the store is the whole of it, its parent is elsewhere
        with package.open(disk) as graph:
            assert graph.query("ASK { ?s <urn:p> ?o }", view="all") is True
        load(disk, tmp_path / "file.nt", graph="urn:more")
        backup(disk, tmp_path / "backup")
        assert len(in_graph(disk, "urn:more")) == 20
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("refused", [errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV])
def test_where_there_are_no_links_files_are_copied_and_named(
    refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(refused, os.strerror(refused))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    if refused in writer._NO_LINKS:
        monkeypatch.setattr(Path, "symlink_to", refuse)
    store = tmp_path / "store"
    for number in range(2):
        load(store, many(tmp_path / f"{number}.nt", 20), graph=f"urn:{number}")
    assert (store / "current").is_symlink() == (refused not in writer._NO_LINKS)
    assert refused in tables._NO_LINKS
    with hold_current(store) as held:
        assert len(open_checkpoint(held.path)) > 40
        assert {path.stat().st_nlink for path in held.path.iterdir()} == {1}
    assert directory.has_current(store)
    with package.open(store) as graph:
        assert graph.query("ASK { ?s <urn:p> ?o }", view="all") is True
