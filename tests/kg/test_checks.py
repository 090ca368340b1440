"""A file checked by the product has the findings that the shapes' own examples announce."""

from __future__ import annotations

import pytest
from tests.shapes.test_examples import FOLDER, expected, line

from eventkg.kg.graph import check


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "claim_PASS",
        "claim_XFAIL_no-stance",
        "proposition_XFAIL_contested-but-a-fact",
        "proposition_XFAIL_parts-exceed-total",
        "reported-event_XFAIL_partOf-circle",
        "reported-event_XFAIL_low-above-best",
        "place_XFAIL_latitude-off-the-globe",
    ],
)
def test_a_file_has_exactly_its_planted_faults(name: str) -> None:
    path = FOLDER / f"{name}.ttl"
    report = check([path])
    assert {line(finding) for finding in report.findings} == expected(path)
    assert report.conforms == ("XFAIL" not in name or "low-above" in name)
