"""A transcript comes to what the store holds that it was written beside, or there is none."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.errors import DataError
from eventkg.store import transcript
from eventkg.store.recording import Recorder
from eventkg.store.replay import STEPS, ReplayError, replay
from eventkg.store.transcript import FOLDER, header, read_index, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

XSD = "http://www.w3.org/2001/XMLSchema#"
SUBJECTS = [ox.NamedNode("urn:s"), ox.NamedNode("urn:other")]
OBJECTS = [
    ox.NamedNode("urn:o"),
    ox.Literal("7", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("007", datatype=ox.NamedNode(f"{XSD}integer")),  # to a store the same as the one above
    ox.Literal("Ort", language="de"),
    ox.Literal('two\nlines, a "quote" and \u0085'),
]
GRAPHS: list[Any] = [ox.NamedNode("urn:g"), ox.NamedNode("urn:h"), ox.DefaultGraph()]
QUADS = st.builds(
    ox.Quad,
    st.sampled_from(SUBJECTS),
    st.just(ox.NamedNode("urn:p")),
    st.sampled_from(OBJECTS),
    st.sampled_from(GRAPHS),
)


def nquads(quads: list[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def bulk(store: ox.Store, quads: list[ox.Quad]) -> None:
    """From a stream, the last line of which has no end."""
    store.bulk_load(io.BytesIO(nquads(quads).removesuffix(b"\n")), ox.RdfFormat.N_QUADS)


def each(step: str) -> Callable[[ox.Store, list[ox.Quad]], object]:
    """A method of a store, for one quad after the other."""

    def do(store: ox.Store, quads: list[ox.Quad]) -> None:
        for quad in quads:
            getattr(store, step)(quad.graph_name if "graph" in step else quad)

    return do


STEPS_OF: dict[str, Callable[[ox.Store, list[ox.Quad]], object]] = {
    "add": each("add"),
    "remove": each("remove"),
    "extend": lambda store, quads: store.extend(iter(quads)),
    "bulk": bulk,
    "bytes": lambda store, quads: store.bulk_load(nquads(quads), format=ox.RdfFormat.N_QUADS),
    "remove graphs": each("remove_graph"),
    "clear graphs": each("clear_graph"),
}


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of a few statements have transcripts too, on disks without room."""
    monkeypatch.setattr(transcript, "SMALL", 0)
    monkeypatch.setattr(transcript, "_ROOM", 0)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


class States:
    """A store in memory and its states as they would be published, each with its transcript."""

    def __init__(self, folder: Path) -> None:
        self.store, self.folder, self.number = ox.Store(), folder, 0
        self._begin(None)

    def _begin(self, base: Path | None) -> None:
        notes = self.folder / f"notes-{self.number}"
        notes.mkdir()
        self._recorder = Recorder(base, notes)
        self.watched = self._recorder.watch(self.store)

    def publish(self, tables: int = 16 << 20) -> Path:
        """A folder with a table of so many bytes, none of them written."""
        self.number += 1
        path = self.folder / f"{self.number:08d}"
        path.mkdir()
        with (path / "000001.sst").open("wb") as table:
            table.truncate(tables)
        self._recorder.settle(path)
        self._begin(path)
        return path


def replayed(checkpoint: Path, count: int) -> set[ox.Quad]:
    segments = read_index(checkpoint)
    assert segments is not None
    out = io.BytesIO()
    out.write(STEPS)
    tell(checkpoint, segments, out)
    out.write(header(b"end", count))
    out.seek(0)
    return set(replay(out))


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(sorted(STEPS_OF)), st.lists(QUADS, max_size=4)), max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_done_to_a_store_its_transcript_comes_to_the_same(changes: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        states = States(Path(name))
        for steps in changes:
            for kind, quads in steps:
                STEPS_OF[kind](states.watched, quads)
            assert replayed(states.publish(), len(states.store)) == set(states.store)


def quad(number: int, graph: str = "urn:g") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(f"urn:{number}"), ox.NamedNode("urn:p"), ox.Literal(number), ox.NamedNode(graph)
    )


def test_a_transcript_of_many_blocks_is_whole(folder: Path) -> None:
    states = States(folder)
    quads = [quad(number) for number in range(60_000)]
    bulk(states.watched, quads[:40_000])
    states.watched.extend(quads[40_000:])
    for one in quads[:100]:
        states.watched.remove(one)
    path = states.publish()
    assert sum(one.size for one in read_index(path) or ()) > 2 * transcript.STEP
    assert replayed(path, 59_900) == set(quads[100:])


LOSING: dict[str, Callable[[ox.Store], object]] = {
    "an update, of which only the text is known": lambda store: store.update(
        "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    ),
    "a load in another format": lambda store: store.load(b"<urn:s> <urn:p> 1 .", ox.RdfFormat.TURTLE),
    "a bulk load in another format": lambda store: store.bulk_load(
        b"<urn:s> <urn:p> 1 .", format=ox.RdfFormat.TURTLE
    ),
    "a bulk load into a graph": lambda store: store.bulk_load(
        b"<urn:s> <urn:p> <urn:o> .", format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode("urn:g")
    ),
    "a blank node": lambda store: store.add(
        ox.Quad(ox.BlankNode("b"), ox.NamedNode("urn:p"), ox.Literal(1), ox.NamedNode("urn:g"))
    ),
    "a blank node in a bulk load": lambda store: store.bulk_load(
        b"<urn:s> <urn:p> _:b .\n", format=ox.RdfFormat.N_QUADS
    ),
    "everything removed": lambda store: store.clear(),
}


@pytest.mark.parametrize("what", LOSING)
def test_what_cannot_be_written_down_leaves_no_transcript(what: str, folder: Path) -> None:
    states = States(folder)
    states.watched.add(quad(1))
    LOSING[what](states.watched)
    assert read_index(states.publish()) is None
    states.watched.add(quad(2))
    assert read_index(states.publish()) is None  # there is nothing to continue


def test_a_change_that_fails_half_way_leaves_no_transcript(folder: Path) -> None:
    states = States(folder)
    with pytest.raises(SyntaxError):
        states.watched.bulk_load(nquads([quad(1)]) + b"no N-Quads\n", format=ox.RdfFormat.N_QUADS)
    assert read_index(states.publish()) is None


def test_a_disk_without_room_costs_the_transcript_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "_ROOM", shutil.disk_usage(folder).total)
    states = States(folder)
    bulk(states.watched, [quad(number) for number in range(40_000)])
    assert read_index(states.publish()) is None
    assert len(states.store) == 40_000


def test_states_share_what_they_have_in_common(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventkg.store.recording._GROWS", 100)
    states = States(folder)
    states.watched.extend(quad(number) for number in range(10))
    first = states.publish()
    states.watched.remove(quad(3))
    second = states.publish()
    (base, *_), (same, more) = read_index(first) or (), read_index(second) or ()
    assert base == same
    assert (first / FOLDER / base.name).samefile(second / FOLDER / base.name)
    assert more.size < base.size
    shutil.rmtree(first)
    assert replayed(second, 9) == set(states.store)


def test_small_changes_do_not_pile_up_as_files(folder: Path) -> None:
    states = States(folder)
    for number in range(20):
        states.watched.add(quad(number))
        path = states.publish()
    assert len(read_index(path) or ()) == 1
    assert replayed(path, 20) == set(states.store)


def test_a_transcript_that_repeats_itself_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventkg.store.recording._GROWS", 2000)
    states = States(folder)
    for _ in range(3):
        states.watched.extend(quad(number) for number in range(20))
        path = states.publish(tables=0)
    assert read_index(path) is None


def index_with(path: Path, **other: Any) -> None:
    index = path / FOLDER / "index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), **other}))


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)


def longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" ")


DAMAGED: dict[str, Callable[[Path], object]] = {
    "its index is gone": lambda path: (path / FOLDER / "index.json").unlink(),
    "its index is cut": lambda path: (path / FOLDER / "index.json").write_bytes(b'{"version": 1, "seg'),
    "its index is no object": lambda path: (path / FOLDER / "index.json").write_bytes(b"[]"),
    "its index is full of zeros": lambda path: (path / FOLDER / "index.json").write_bytes(bytes(80)),
    "it is of another version": lambda path: index_with(path, version=2),
    "a segment is unlike any": lambda path: index_with(path, segments=[{"name": "00000001", "size": 3}]),
    "a segment is gone": lambda path: (path / FOLDER / "00000001").unlink(),
    "a segment is cut": lambda path: (path / FOLDER / "00000001").write_bytes(b"add 20\n"),
    "a segment is longer": lambda path: longer(path / FOLDER / "00000001"),
    "a bit is wrong": lambda path: flip(path / FOLDER / "00000001"),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_transcript_is_never_taken_for_a_whole_one(how: str, folder: Path) -> None:
    states = States(folder)
    states.watched.add(quad(1))
    path = states.publish()
    DAMAGED[how](path)
    segments = read_index(path)
    if segments is not None:
        with pytest.raises(DataError, match=r"not as index\.json says"):
            tell(path, segments, io.BytesIO())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"steps\n",
        b"steps\nadd 30\n<urn:s> <urn:p> ",
        b"steps\nadd x\n",
        b"steps\nforget 4\nurn:end 0\n",
        b"steps\nremove 4\nurn:end 0\n",
        b"steps\nadd 21\n<urn:s> <urn:p> 1 .\n\nend 0\n".replace(b" 1 ", b' "" '),
        b"steps\nadd 26\n<urn:s> <urn:p> <urn:o> .\n",
        b"steps\nadd 26\n<urn:s> <urn:p> <urn:o> .\nadd x\n",
        b"steps\nadd 12\nno N-Quads .\nend 0\n",
        b"steps\nremove 30\n<urn:s> ",
        b"steps\nend 1\n",
        b"<urn:s> <urn:p> <urn:o> .\n",
    ],
)
def test_a_feed_that_ends_too_early_or_comes_to_something_else_is_refused(said: bytes) -> None:
    with pytest.raises(ReplayError):
        replay(io.BytesIO(said))
