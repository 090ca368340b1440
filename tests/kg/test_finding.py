"""Events found in an open graph: in the world of a view, of one state, while others write."""

from __future__ import annotations

import shutil
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Any

import pytest
from tests.kg.stores import SEED, load

import eventkg
from eventkg.errors import DataError, MemoryLimitError, UsageError, WorkerError
from eventkg.kg import finding, indexmaking
from eventkg.kg.finding import NotReadyError
from eventkg.kg.indexing import Building
from eventkg.model.naming import BASE, VIEW
from eventkg.search.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg import KnowledgeGraph

COALITION, TURKEY = (f"{BASE}id/actor/{name}" for name in ("us-led-coalition", "turkish-air-force"))
STRIKE = f"{BASE}id/event/2017-01-22-al-bab-strike"
MINISTRY = "claimant/russian-defence-ministry"


def ready(graph: KnowledgeGraph, view: str | None = None) -> None:
    graph.finder.wait(graph.policy(view), 120)


def iris(graph: KnowledgeGraph, view: str | None = None, **asked: Any) -> set[str]:
    ready(graph, view)
    return {hit.iri.removeprefix(f"{BASE}id/event/") for hit in graph.find(Asked(**asked), view).rows}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "الباب"}, {f"2017-01-{day}-al-bab-strike" for day in (18, 21, 22)}),
        ({"text": "no military-to-military"}, {"us-russian-coordination"}),  # which is only spoken of
        ({"text": "Su24M"}, {"2017-01-21-al-bab-strike"}),
        ({"status": ("reported",)}, {"us-russian-coordination"}),
        ({"actor": (COALITION,), "status": ("contested",)}, {"2017-01-22-al-bab-strike"}),
        ({"since": "2017-01-18", "until": "2017-01-18", "sort": "-date", "source": ("seed",)},
         {"2017-01-18-al-bab-strike", "euphrates-shield", "jarabulus-retaken"}),
    ],
)  # fmt: skip
def test_events_of_the_article_are_found(asked: dict[str, Any], found: set[str], kg: KnowledgeGraph) -> None:
    assert iris(kg, **asked) == found


def test_a_contested_participant_is_found_by_status_and_is_none_as_a_fact(kg: KnowledgeGraph) -> None:
    ready(kg)
    found = kg.find(Asked(status=("contested",), actor=(COALITION,)))
    hit = found.rows[0]
    assert (hit.iri, [one.iri for one in hit.contested]) == (STRIKE, [COALITION])
    assert COALITION not in {actor.iri for actor in hit.actors}
    assert (found.view, found.state, found.current) == (f"{VIEW}default", "", True)


def test_an_index_of_a_graph_in_memory_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with eventkg.open() as graph:
        ready(graph)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert graph.find(Asked()).total == 8
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_in_the_world_of_who_asserts_it_the_part_is_a_fact(kg: KnowledgeGraph) -> None:
    ready(kg, MINISTRY)
    found = kg.find(Asked(actor=(COALITION,), text="strike"), MINISTRY)
    hit = next(hit for hit in found.rows if hit.iri == STRIKE)
    assert COALITION in {actor.iri for actor in hit.actors}
    assert found.view == VIEW + MINISTRY


def test_a_view_that_is_none_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="view 'mine' found"):
        kg.find(Asked(), "mine")


def test_while_the_index_is_built_nobody_is_answered_and_told_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = threading.Event()
    make = indexmaking.Maker.make

    def late(*arguments: Any) -> Any:
        assert begin.wait(120)
        return make(*arguments)

    monkeypatch.setattr(indexmaking.Maker, "make", late)
    monkeypatch.setattr(finding, "MOMENT_S", 0.0)
    with eventkg.open() as graph:
        with pytest.raises(NotReadyError, match="step 0 of 17") as caught:
            graph.find(Asked())
        assert (caught.value.step, caught.value.steps, caught.value.doing) == (0, 17, "waiting for its turn")
        with pytest.raises(NotReadyError):
            graph.finder.wait(graph.policy(), 0)
        begin.set()
        ready(graph)
        assert graph.find(Asked()).total == 8


def test_what_cannot_be_built_is_said_and_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def broken(*_: object, **__: object) -> str:
        tries.append(1)
        raise DataError("disk full")

    monkeypatch.setattr(Building, "build", broken)
    with eventkg.open() as graph:
        for _ in range(3):
            with pytest.raises(DataError, match="disk full"):
                ready(graph)
        with pytest.raises(DataError, match="disk full"):
            graph.find(Asked())
    assert tries == [1]


@pytest.mark.slow
def test_an_index_that_needs_more_memory_than_the_limit_says_so(tmp_path: Path) -> None:
    with pytest.raises(MemoryLimitError, match="memory limit"):
        Building().build(Answering(), tmp_path / "index", 1)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


class Answering(nullcontext[Any]):
    """A pool whose every answer has many rows."""

    def start(self, _: object) -> nullcontext[Answering]:
        return nullcontext(self)

    def head(self) -> None:
        pass

    def chunks(self) -> Iterator[bytes]:
        yield b"?thing\t?kind\n"
        for number in range(2_000):
            yield "".join(f"<urn:{number}/{n}>\t<urn:k>\n" for n in range(100)).encode()


@pytest.mark.slow
def test_a_graph_that_is_closed_ends_what_is_being_built() -> None:
    graph = eventkg.open()
    graph.finder.prepare(graph.policy())
    finder = graph.finder
    graph.close()
    with pytest.raises(WorkerError, match="closed by its user"):
        finder.find(Asked(), graph.policy())


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found") / "store"
    load(folder, *SEED)
    return folder


@pytest.fixture
def store(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "store", symlinks=True)


EVENT = f"""<{BASE}id/event/raid> a <{BASE}ontology#Event>, <{BASE}ontology#Battle> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "Raid"@en ."""


@pytest.mark.slow
def test_after_a_write_the_old_state_answers_and_says_so_until_the_new_one_is_there(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raid.ttl").write_text(EVENT)
    with eventkg.open(store) as graph:
        ready(graph)
        before = graph.find(Asked())
        built = threading.Event()
        make = indexmaking.Maker.make

        def late(*arguments: Any) -> Any:
            assert built.wait(120)
            return make(*arguments)

        monkeypatch.setattr(indexmaking.Maker, "make", late)
        load(store, tmp_path / "raid.ttl")
        between = graph.find(Asked())
        assert (between.total, between.state, between.current) == (before.total, before.state, False)
        built.set()
        ready(graph)
        after = graph.find(Asked())
        assert (after.total, after.current) == (before.total + 1, True)
        assert after.state > before.state
    files = sorted(path.name.partition("-")[0] for path in (store / "search").iterdir())
    assert files == [before.state, after.state] or files == [after.state]


@pytest.mark.slow
def test_a_store_keeps_its_index_beside_the_checkpoint_and_a_damaged_one_is_built_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds: list[object] = []
    build = Building.build

    def counted(*arguments: Any, **options: Any) -> str:
        builds.append(arguments)
        return build(*arguments, **options)

    monkeypatch.setattr(Building, "build", counted)
    for times, spoil in ((1, False), (1, False), (2, True)):
        kept = list((store / "search").glob("*"))
        if spoil:
            data = bytearray(kept[0].read_bytes())
            data[len(data) // 2] ^= 1
            kept[0].write_bytes(data)
        with eventkg.open(store) as graph:
            ready(graph)
            assert graph.find(Asked()).total == 8
        assert len(builds) == times
    assert len(list((store / "search").iterdir())) == 1


@pytest.mark.slow
def test_an_index_goes_with_its_checkpoint(store: Path, tmp_path: Path) -> None:
    with eventkg.open(store) as graph:
        ready(graph)
    old = {path.name for path in (store / "search").iterdir()}
    (store / "search" / "00000099-1-1.partial").touch()
    (tmp_path / "raid.ttl").write_text(EVENT)
    load(store, tmp_path / "raid.ttl")
    assert old
    assert list((store / "search").iterdir()) == []


@pytest.mark.slow
def test_where_nothing_can_be_written_the_index_is_for_this_process_alone(store: Path) -> None:
    (store / "search").touch()  # a file in the place of the folder: nobody can write in it, not even root
    with eventkg.open(store) as graph:
        ready(graph)
        assert graph.find(Asked()).total == 8
    assert (store / "search").read_bytes() == b""
