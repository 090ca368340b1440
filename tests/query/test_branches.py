"""Changed copies of a snapshot: what they hold, and that the snapshot answers while they are made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.query.conftest import TRIPLES

from eventkg.query.crews import ForkedCrew, feed_bytes
from eventkg.query.job import Job
from eventkg.query.pool import Pool
from eventkg.settings import Limits

if TYPE_CHECKING:
    from tests.query.kinds import OpenPool

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
