"""Changed copies of a snapshot: what they hold, and that the snapshot answers while they are made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.query.conftest import TRIPLES

from eventkg.query.crews import ForkedCrew, feed_bytes
from eventkg.query.diskcrews import disk_crew
from eventkg.query.engine import in_memory
from eventkg.query.job import Job
from eventkg.query.pool import Pool
from eventkg.settings import Limits
from eventkg.store.overlay import ScratchCheckpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.query.kinds import OpenPool

ENGINE = pytest.mark.xfail(strict=True, reason="pyoxigraph 0.5.13 counts it once for each graph")
NEW = b"<urn:s> <urn:p> <urn:new> <urn:g:0> .\n"


def count(pool: Pool) -> int:
    _, body = pool.ask(Job("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_a_branch_has_what_was_changed_and_its_origin_has_not(open_pool: OpenPool) -> None:
    with open_pool() as pool, pool.branch(b"<urn:s:1> <urn:p> <urn:o:1> <urn:g:1> .\n", NEW + NEW) as branch:
        assert count(branch) == TRIPLES + 1
        assert count(pool) == TRIPLES + 1
        with branch.branch(b"", b"<urn:s> <urn:p> <urn:newer> .\n") as further:
            assert (count(further), count(branch)) == (TRIPLES + 2, TRIPLES + 1)


def test_a_snapshot_answers_while_a_branch_of_it_waits_for_its_changes() -> None:
    crew = ForkedCrew(1024)
    crew.load(feed_bytes([NEW]))
    with Pool(crew, Limits(timeout_s=20, memory_mb=1024, workers=2)) as pool:
        changed = crew.branch()
        assert count(pool) == 1
        with Pool(changed(NEW, b""), pool.limits) as branch:
            assert (count(branch), count(pool)) == (0, 1)


TWICE = b"<urn:s> <urn:p> 7 <urn:g:1> .\n<urn:s> <urn:p> 7 <urn:g:2> .\n".replace(
    b" 7 ", b' "7"^^<http://www.w3.org/2001/XMLSchema#integer> '
)
SHARED = [
    ("SELECT DISTINCT ?s ?o { ?s <urn:p> ?o }", ["7"]),
    ("SELECT (COUNT(DISTINCT ?s) AS ?o) { ?s <urn:p> ?x }", ["1"]),
    ("SELECT (SUM(?x) AS ?o) { SELECT DISTINCT ?s ?x { ?s <urn:p> ?x } }", ["7"]),
    pytest.param("SELECT ?o { ?s <urn:p> ?o }", ["7"], marks=ENGINE),
    pytest.param("SELECT (SUM(?x) AS ?o) { ?s <urn:p> ?x }", ["7"], marks=ENGINE),
]


@pytest.mark.parametrize(("query", "expected"), SHARED)
@pytest.mark.parametrize("kind", ["memory", "disk", "branch"])
def test_a_triple_that_stands_in_two_graphs_is_one_of_their_union(
    kind: str, query: str, expected: list[str], unions: dict[str, Pool]
) -> None:
    """docs/sparql.md says how to ask until the engine counts it once."""
    _, body = unions[kind].ask(Job(query))
    assert [row["o"]["value"] for row in json.loads(body)["results"]["bindings"]] == expected


@pytest.fixture(scope="module")
def unions() -> Iterator[dict[str, Pool]]:
    """The same two statements kept in three ways."""
    limits = Limits(timeout_s=20, memory_mb=1024, workers=1)
    with (
        in_memory([TWICE], limits) as memory,
        memory.branch(b"", b"") as branch,
        Pool(disk_crew(ScratchCheckpoint([TWICE]), 1024), limits) as disk,
    ):
        yield {"memory": memory, "disk": disk, "branch": branch}
