"""Faults planted among many events are found, each once, and nothing else is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.generator import quads

from eventkg.checking.engine import check
from eventkg.checking.intake import stored_data
from eventkg.checking.shapesgraph import read_shapes_graph
from eventkg.model.naming import BASE, EKG, EKGS, XSD
from eventkg.settings import resources
from eventkg.store.bundled import ontology_quads
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from eventkg.checking.findings import Finding

EVENTS = 600


def found(lines: list[str]) -> Counter[Finding]:
    data = to_nquads(ontology_quads()) + "".join(lines).encode()
    return Counter(check(stored_data(data), read_shapes_graph(resources() / "shapes")).findings)


def test_planted_faults_are_found_among_many_events() -> None:
    lines = list(quads(EVENTS))
    event, claim = f"<{BASE}id/event/synthetic/", f"<{BASE}id/claim/synthetic/"
    planted = [
        line
        for line in lines
        if not (
            line.startswith(tuple(f"{claim}{number}>" for number in range(0, 70, 10))) and "#stance>" in line
        )
    ]
    planted += [
        f'{event}{number}> <{EKG}deathsBest> "-5"^^<{XSD}integer> <urn:g> .\n'
        for number in range(1, 600, 100)
    ]
    new = found(planted) - found(lines)
    count = Counter(finding.shape.removeprefix(EKGS) for finding in new.elements())
    assert count["Claim-stance"] == 7
    assert {finding.focus for finding in new if finding.shape == f"{EKGS}ReportedEvent-deathsBest"} == {
        f"{BASE}id/event/synthetic/{number}" for number in range(1, 600, 100)
    }
    assert set(count) <= {"Claim-stance", "ReportedEvent-deathsBest", "ReportedEvent-lowNotAboveBest"}
