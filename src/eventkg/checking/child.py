"""The side of a check that runs in a process of its own."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pyoxigraph as ox

from eventkg.checking.graphs import read_shapes, to_rdflib
from eventkg.checking.pyshacl_engine import check


def check_nquads(request: dict[str, object], nquads: bytes) -> bytes:
    """`{"shapes": path}` and the data to a report as JSON."""
    shapes = read_shapes(Path(str(request["shapes"])))
    data = to_rdflib(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    report = check(data, shapes)
    findings = [asdict(finding) for finding in report.findings]
    answer = {"conforms": report.conforms, "findings": findings, "turtle": report.turtle}
    return json.dumps(answer).encode()
