"""The transcript of a store on disk: equal to each state, gone with it, never needed and never believed."""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from tests.kg.stores import SEED, dump, eventkg, in_graph, load, many
from tests.query.processes import wait_until

from eventkg.kg.changing import changing
from eventkg.kg.keeping import backup, restore
from eventkg.kg.loading import delete_graph
from eventkg.kg.updating import Update, update
from eventkg.query import engine as engine_module
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.settings import Limits
from eventkg.store import transcript
from eventkg.store.directory import open_checkpoint
from eventkg.store.feed import feed
from eventkg.store.overlay import ChangedCopy
from eventkg.store.replay import PLAIN, STEPS, replay
from eventkg.store.transcript import FOLDER, PARTIAL, header, read_index
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT = Job("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", solutions="csv")
LIMITS = Limits(120, 2048, 2)


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of a few statements have transcripts too, on disks without room."""
    monkeypatch.setattr(transcript, "SMALL", 0)
    monkeypatch.setattr(transcript, "_ROOM", 0)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with claims, facts that follow from them, and a transcript."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transcript, "SMALL", 0)
        patched.setattr(transcript, "_ROOM", 0)
        folder = tmp_path_factory.mktemp("base")
        load(folder / "store", *SEED)
        load(folder / "store", many(folder / "many.nt", 50), graph="urn:many")
    return folder / "store"


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Path:
    return shutil.copytree(base, tmp_path / "store", symlinks=True)


def current(store: Path) -> Path:
    return (store / "current").resolve()


def fed(checkpoint: Path, *, anew: bool = False) -> tuple[bytes, list[str]]:
    """How a snapshot was fed, and what it came to."""
    out = io.BytesIO()
    feed(checkpoint, out, anew=anew)
    out.seek(0)
    return out.getvalue()[: len(STEPS)], sorted(f"{quad} ." for quad in replay(out))


def in_memory(engine: StoreEngine) -> int:
    assert wait_until(engine.in_memory)
    return int(engine.ask(COUNT)[1].split()[1])


def edit(store: Path) -> None:
    quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1), ox.NamedNode("urn:g"))
    with changing(store) as change:
        change.store.add(quad)
        change.derive()


def reload(store: Path) -> None:
    load(store, many(store.parent / "again.nt", 20), graph="urn:many", replace=True)


def rewrite(store: Path) -> None:
    with changing(store) as change:
        change.rewrite({"<urn:s:7>", "<urn:s:8>"}, "urn:many")


def updated(text: str, **options: Any) -> Callable[[Path], object]:
    return lambda store: update(store, Update(text, **options), LIMITS)


WRITES: dict[str, Callable[[Path], object]] = {
    "an edit": edit,
    "a load": lambda store: load(store, many(store.parent / "more.nt", 300), graph="urn:more"),
    "claims": lambda store: load(store, *SEED, graph="urn:seed"),
    "a graph replaced": reload,
    "a graph removed": lambda store: delete_graph(store, "urn:many"),
    "claims removed": lambda store: delete_graph(store, "https://w3id.org/eventkg/graph/user"),
    "the store written anew": rewrite,
    "an update of data": updated(
        "PREFIX x: <urn:s:> INSERT DATA { x:new <urn:p> 007 } ; "
        'DELETE DATA { GRAPH <urn:many> { x:7 <urn:p> "value 7" } } ; '
        'DELETE { x:8 <urn:p> "value 8" } INSERT { GRAPH <urn:many> { x:8 <urn:p> "eight"@DE } } WHERE { }'
    ),
    "graphs cleared and moved": updated("MOVE <urn:many> TO <urn:there> ; CREATE GRAPH <urn:empty>"),
}


@pytest.mark.parametrize("what", WRITES)
def test_after_a_write_the_transcript_comes_to_what_the_store_holds(what: str, store: Path) -> None:
    before = dump(store)
    WRITES[what](store)
    how, found = fed(current(store))
    assert how == STEPS
    assert found == dump(store) != before


def test_many_writes_one_after_the_other_are_all_in_the_transcript(store: Path) -> None:
    for write in (edit, reload, WRITES["an update of data"], WRITES["a load"], edit):
        write(store)
    assert fed(current(store)) == (STEPS, dump(store))
    assert len(in_graph(store, "urn:many")) == 20 - 1  # the update's one, and another one changed


def test_after_an_update_that_looks_for_something_the_next_reader_makes_a_new_transcript(store: Path) -> None:
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    assert read_index(current(store)) is None
    how, found = fed(current(store))
    assert how != STEPS
    assert found == dump(store)
    assert fed(current(store)) == (STEPS, found)
    assert not (current(store) / PARTIAL).exists()
    edit(store)
    assert fed(current(store)) == (STEPS, dump(store))


def test_a_load_killed_leaves_the_transcript_of_the_state_before(store: Path) -> None:
    with changing(store) as change:
        before = fed(current(store))
        change.store.add(
            ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1), ox.NamedNode("urn:g"))
        )
        copy = shutil.copytree(store, store.parent / "killed", symlinks=True)  # as a kill would leave it
    assert fed(current(copy)) == before
    edit(copy)
    assert fed(current(copy)) == (STEPS, dump(copy))
    assert list((copy / "drafts").iterdir()) == []


def test_a_reader_that_is_killed_leaves_no_transcript_and_the_next_one_makes_it(store: Path) -> None:
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    path = current(store)
    partial = path / PARTIAL / FOLDER
    partial.mkdir(parents=True)
    for name in ("00000001", "index.json", "../00000001"):  # whatever it had come to
        (partial / name).write_bytes(b"add 100\n<urn:s> ")
    assert read_index(path) is None
    assert fed(path)[1] == dump(store)
    assert fed(path) == (STEPS, dump(store))


OF_ANY_SIZE = "from eventkg.store import transcript; transcript.SMALL = transcript._ROOM = 0; "
KILLED: dict[str, tuple[str, Callable[[Path], list[str]], Callable[[Path], bool]]] = {
    "a reader": (
        "from eventkg.store.feed import main; main()",
        lambda store: [str(current(store))],
        lambda store: (current(store) / PARTIAL).exists(),  # and its output, which nobody reads, blocks it
    ),
    "a load": (
        "from eventkg.__main__ import main; main()",
        lambda store: ["load", "-l", str(store), "--format", "nq", "-"],
        lambda store: any((store / "drafts").iterdir()),  # and waits for its input
    ),
}


@pytest.mark.parametrize("who", KILLED)
def test_whoever_is_killed_leaves_a_store_that_is_fed_as_before(who: str, store: Path) -> None:
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    if who == "a load":
        fed(current(store))  # makes the transcript that the load continues
    before, (work, arguments, begun) = dump(store), KILLED[who]
    command = [sys.executable, "-P", "-c", OF_ANY_SIZE + work, *arguments(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert wait_until(lambda: begun(store))
        process.kill()
    assert (read_index(current(store)) is None) == (who == "a reader")
    assert fed(current(store))[1] == dump(store) == before
    edit(store)
    assert fed(current(store)) == (STEPS, dump(store))
    assert not (current(store) / PARTIAL).exists()
    assert list((store / "drafts").iterdir()) == []


def test_only_one_reader_at_a_time_makes_a_transcript(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    monkeypatch.setattr("eventkg.store.feed.lock_alone", lambda _: False)
    assert fed(current(store))[1] == dump(store)
    assert read_index(current(store)) is None


def test_a_feed_that_nobody_reads_any_more_ends(store: Path) -> None:
    command = [sys.executable, "-P", "-m", "eventkg.store.feed", str(current(store))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) in {0, 1, -signal.SIGPIPE}


def cut(path: Path) -> None:
    segment = path / FOLDER / "00000001"
    segment.write_bytes(segment.read_bytes()[:-50])


def alter(path: Path) -> None:
    segment = path / FOLDER / "00000001"
    segment.write_bytes(segment.read_bytes().replace(b'"value 7"', b'"value 8"'))


def forge(path: Path) -> None:
    """Whole in itself, with a statement that the checkpoint does not have."""
    segment = path / FOLDER / "00000001"
    more = b"<urn:x> <urn:y> <urn:z> .\n"
    content = segment.read_bytes() + header(b"add", len(more)) + more
    segment.write_bytes(content)
    transcript.write_index(path / FOLDER, [transcript.Segment("00000001", len(content), zlib.crc32(content))])


@pytest.mark.parametrize(("damage", "noticed"), [(cut, False), (alter, True), (forge, True)])
def test_a_damaged_transcript_gives_no_wrong_answer(
    damage: Callable[[Path], None], noticed: bool, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    expected = len(dump(store))
    (path := current(store)).joinpath(FOLDER, "00000001").unlink()
    shutil.rmtree(path / FOLDER)
    fed(path)  # a transcript of one segment
    damage(path)
    with StoreEngine(store, LIMITS, "memory") as engine:
        assert in_memory(engine) == expected
        asked = Job('ASK { GRAPH <urn:many> { <urn:s:7> <urn:p> "value 7" } }', solutions="csv")
        assert engine.ask(asked)[1].strip() == b"true"
    assert ("is read again" in caplog.text) == noticed


def test_a_snapshot_comes_from_the_transcript_alone(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    feeding = engine_module._Dump.__call__

    def noted(dump: Any, stdin: Any) -> None:
        asked.append(dump._how)
        feeding(dump, stdin)

    monkeypatch.setattr(engine_module._Dump, "__call__", noted)
    with StoreEngine(store, LIMITS, "memory") as engine:
        assert in_memory(engine) == len(dump(store))
        edit(store)
        assert in_memory(engine) == len(dump(store))
    assert asked == [(), ()]


def test_a_store_that_may_only_be_read_is_fed_without_one(store: Path) -> None:
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    path = current(store)
    path.joinpath(PARTIAL).write_text("no folder can be made here")  # as root may write anywhere
    assert fed(path)[1] == dump(store)
    assert read_index(path) is None
    path.joinpath(PARTIAL).unlink()
    path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert fed(path)[1] == dump(store)
        assert (read_index(path) is None) == (os.geteuid() != 0)
    finally:
        path.chmod(stat.S_IRWXU)


def test_transcripts_go_with_their_checkpoints_and_are_shared_by_those_that_are_left(store: Path) -> None:
    first = current(store)
    edit(store)
    assert not first.exists()
    assert [path.name for path in (store / "checkpoints").iterdir()] == [current(store).name]
    assert all(path.stat().st_nlink == 1 for path in (current(store) / FOLDER).iterdir())
    assert fed(current(store)) == (STEPS, dump(store))


def test_a_backup_holds_no_transcript_and_a_restored_store_gets_one(store: Path, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy")
    assert not (tmp_path / "copy" / "checkpoint" / FOLDER).exists()
    assert eventkg("restore", "-l", tmp_path / "new", tmp_path / "copy")[0] == 0
    restore(tmp_path / "copy", store)
    assert read_index(current(store)) is None
    assert fed(current(store))[1] == dump(store) == dump(tmp_path / "new")
    assert read_index(current(store)) is not None


def test_a_view_over_a_checkpoint_on_disk_leaves_its_transcript_where_it_is(store: Path) -> None:
    with ChangedCopy(current(store), b"", b"<urn:new> <urn:p> <urn:o> .\n") as copy:
        assert read_index(copy.path) is None
        assert len(open_checkpoint(copy.path)) == len(dump(store)) + 1


def test_a_store_from_before_transcripts_works_as_it_did(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(current(store) / FOLDER)
    edit(store)
    assert read_index(current(store)) is None
    monkeypatch.setattr(transcript, "SMALL", 1 << 40)
    assert fed(current(store))[1] == dump(store)
    edit(store)
    assert read_index(current(store)) is None


def test_a_small_store_that_grows_large_gets_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(current(store) / FOLDER)
    monkeypatch.setattr(transcript, "is_small", lambda _: True)
    monkeypatch.setattr("eventkg.store.recording.is_small", lambda _: True)
    load(store, many(store.parent / "more.nt", 300), graph="urn:more")
    assert fed(current(store)) == (STEPS, dump(store))


def test_a_checkpoint_goes_while_a_reader_writes_its_transcript(store: Path) -> None:
    """The feed has no hold of its own; without its folder it ends, and nothing comes back."""
    updated("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")(store)
    old, gate, out = current(store), threading.Event(), io.BytesIO()

    class Slow(io.BytesIO):
        def write(self, block: Any) -> int:
            if block != PLAIN:
                gate.wait(60)
            return out.write(block)

    expected = dump(store)
    reading = threading.Thread(target=feed, args=(old, Slow()), daemon=True)
    reading.start()
    assert wait_until(lambda: (old / PARTIAL).exists())
    edit(store)
    with Writer(store):
        pass
    gate.set()
    reading.join(60)
    assert not old.exists()
    out.seek(0)
    assert sorted(f"{quad} ." for quad in replay(out)) == expected
    assert fed(current(store))[1] == dump(store)
