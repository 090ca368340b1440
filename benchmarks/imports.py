"""Tables to statements beside rdflib and morph-kgc, and a large import from end to end; ratios in one run.

`python -m benchmarks.imports [--rows N] [--morph-kgc PYTHON] [--end-to-end N [--validate]]`. A seeded program
makes the rows, in the layout of UCDP GED with its kinds of faults; nothing of a published file is in them.
morph-kgc asks for older versions of rdflib and pyoxigraph than ours, so it lives in an environment of its own
(`benchmarks/morph-kgc.txt`), of which PYTHON is the interpreter; it runs in one process there.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import random
import resource
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil
import rdflib

from eventkg.checking.findings import report
from eventkg.kg import loading
from eventkg.kg.importing import Import, import_tables
from eventkg.mapping.provenance import ImportedFile, target
from eventkg.mapping.stream import Counts, statements
from eventkg.model.naming import GRAPH
from eventkg.settings import Limits
from eventkg.sources.catalog import find_source
from eventkg.sources.rows import open_table
from eventkg.store.directory import hold_current, open_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.checking.findings import Report
    from eventkg.sources.manifest import Manifest

SAMPLE = Path(__file__).parents[1] / "data" / "sources" / "ucdp-ged" / "sample.csv"
_EKG, _ID = "https://w3id.org/eventkg/ontology#", "https://w3id.org/eventkg/id/"
# what all three make of a row, so that they do the same work: a part of what the source really says
_SAME = """
name: ged-part
title: Part of UCDP GED
version: "1"
publisher: nobody
license: CC0-1.0
citation: none
record: id
ignore: [{ignored}]
entities:
  event:
    id: event/ged-part/{{id}}
    type: ekg:Event
    statements:
      skos:prefLabel: {{text: "{{dyad_name}}, {{where_coordinates}}", lang: en}}
      ekg:earliestStart: {{column: date_start, as: date}}
      ekg:latestEnd: {{column: date_end, as: date}}
      ekg:deathsLow: {{column: low, as: integer}}
      ekg:deathsBest: {{column: best, as: integer}}
      ekg:deathsHigh: {{column: high, as: integer}}
      ekg:sideA: {{entity: side_a}}
      ekg:sideB: {{entity: side_b}}
  side_a:
    id: actor/ucdp/{{side_a_new_id}}
    type: ekg:Actor
    statements: {{skos:prefLabel: {{column: side_a, lang: en}}}}
  side_b:
    id: actor/ucdp/{{side_b_new_id}}
    type: ekg:Actor
    statements: {{skos:prefLabel: {{column: side_b, lang: en}}}}
"""
_USED = {
    *("id", "dyad_name", "where_coordinates", "date_start", "date_end", "low", "best", "high"),
    *("side_a_new_id", "side_a", "side_b_new_id", "side_b"),
}


def generate(path: Path, rows: int, seed: int = 1) -> list[str]:
    """A table with GED's columns; returns them. About one row in 200 is wrong."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, base = list(reader.fieldnames or ()), next(reader)
    pick = random.Random(seed)  # noqa: S311  (data for a benchmark)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for number in range(rows):
            writer.writerow({**base, **_cells(number, pick, max(rows // 8, 100))})
    return columns


def _cells(number: int, pick: random.Random, places: int) -> dict[str, str]:
    day = f"20{pick.randrange(20, 40)}-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02}"
    place, a, b = pick.randrange(places), pick.randrange(600), pick.randrange(600, 1200)
    best, wrong = pick.choice((0, 1, 1, 2, 3, 7, 40)), pick.random() < 0.005
    articles = pick.choice((1, 1, 1, 2))
    return {
        "id": str(number),
        "dyad_name": f"Side {a} - Side {b}",
        "side_a_new_id": str(a),
        "side_a": f"Side {a}",
        "side_b_new_id": str(b),
        "side_b": f"Side {b}",
        "where_coordinates": f"Place {place}",
        "adm_1": f"Province {place % 300}",
        "adm_2": f"District {place % 3000}",
        "latitude": "4248" if wrong else f"{place % 80_000 / 1000 - 20:.6f}",
        "longitude": f"{place % 80_000 / 500 - 40:.6f}",
        "country": f"Country {place % 90}",
        "country_id": str(place % 90 + 1000),
        "source_office": ";".join(f"Office {pick.randrange(12)}" for _ in range(articles)),
        "source_date": ";".join([day] * articles),
        "source_headline": ";".join(f"What happened at place {place}\nand when" for _ in range(articles)),
        "source_original": pick.choice(("SOHR", "", "police, witnesses", f"Speaker {pick.randrange(500)}")),
        "date_start": day,
        "date_end": day,
        "low": str(max(best - 1, 0)),
        "best": str(best),
        "high": str(best + 2 if pick.random() > 0.006 else max(best - 2, 0)),
        "deaths_civilians": str(best if number % 3 == 0 else 0),
        "deaths_b": str(best if number % 3 else 0),
    }


def ours(manifest: Manifest, table: Path) -> int:
    """The whole way from bytes to N-Quads in this process; returns the number of statements."""
    to = target(manifest, ImportedFile(table.name, "0" * 64, "1"))
    counts = Counts()
    with open_table(table, manifest.layout) as opened, Path("/dev/null").open("wb") as out:
        out.writelines(row.lines.encode() for row in statements(manifest, opened, to, counts, lambda _: None))
    return counts.statements


def by_rdflib(table: Path) -> int:
    """The part's statements as a script would make them."""
    ekg, skos, xsd = rdflib.Namespace(_EKG), rdflib.SKOS, rdflib.XSD
    graph = rdflib.Graph()
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            event = rdflib.URIRef(f"{_ID}event/ged-part/{row['id']}")
            graph.add((event, rdflib.RDF.type, ekg.Event))
            label = f"{row['dyad_name']}, {row['where_coordinates']}"
            graph.add((event, skos.prefLabel, rdflib.Literal(label, lang="en")))
            for name, column in (("earliestStart", "date_start"), ("latestEnd", "date_end")):
                graph.add((event, ekg[name], rdflib.Literal(row[column], datatype=xsd.date)))
            for name, column in (("deathsLow", "low"), ("deathsBest", "best"), ("deathsHigh", "high")):
                graph.add((event, ekg[name], rdflib.Literal(row[column], datatype=xsd.integer)))
            for name, side in (("sideA", "side_a"), ("sideB", "side_b")):
                actor = rdflib.URIRef(f"{_ID}actor/ucdp/{row[f'{side}_new_id']}")
                graph.add((event, ekg[name], actor))
                graph.add((actor, rdflib.RDF.type, ekg.Actor))
                graph.add((actor, skos.prefLabel, rdflib.Literal(row[side], lang="en")))
    graph.serialize(destination="/dev/null", format="nt", encoding="utf-8")
    return len(graph)


def by_morph_kgc(table: Path, python: str) -> int:
    """The same part as RML, by morph-kgc in its own environment."""
    mapping, out = table.with_name("part.ttl"), table.with_name("part.nt")
    mapping.write_text(_rml(table), encoding="utf-8")
    table.with_name("morph.ini").write_text(
        f"[CONFIGURATION]\noutput_file={out}\nnumber_of_processes=1\n[part]\nmappings={mapping}\n"
    )
    subprocess.run(
        [python, "-m", "morph_kgc", str(table.with_name("morph.ini"))], check=True, capture_output=True
    )
    with out.open("rb") as lines:
        return sum(1 for _ in lines)


def _rml(table: Path) -> str:
    source = f'rml:logicalSource [ rml:source "{table}" ; rml:referenceFormulation ql:CSV ]'

    def literal(predicate: str, reference: str, how: str) -> str:
        return (
            f"rr:predicateObjectMap [ rr:predicate {predicate} ; rr:objectMap [ {reference} ; "
            f"rr:termType rr:Literal ; {how} ] ]"
        )

    label = 'rr:template "{dyad_name}, {where_coordinates}"'
    event = [
        f'rr:subjectMap [ rr:template "{_ID}event/ged-part/{{id}}" ; rr:class ekg:Event ]',
        literal("skos:prefLabel", label, 'rr:language "en"'),
        *(
            literal(f"ekg:{name}", f'rml:reference "{column}"', f"rr:datatype xsd:{kind}")
            for name, column, kind in (
                *(("earliestStart", "date_start", "date"), ("latestEnd", "date_end", "date")),
                *(("deathsLow", "low", "integer"), ("deathsBest", "best", "integer")),
                ("deathsHigh", "high", "integer"),
            )
        ),
        *(
            f"rr:predicateObjectMap [ rr:predicate ekg:{name} ; rr:objectMap [ "
            f'rr:template "{_ID}actor/ucdp/{{{side}_new_id}}" ; rr:termType rr:IRI ] ]'
            for name, side in (("sideA", "side_a"), ("sideB", "side_b"))
        ),
    ]
    maps = [f"<#event> {source} ; " + " ; ".join(event) + " ."]
    for side in ("side_a", "side_b"):
        subject = f'rr:subjectMap [ rr:template "{_ID}actor/ucdp/{{{side}_new_id}}" ; rr:class ekg:Actor ]'
        named = literal("skos:prefLabel", f'rml:reference "{side}"', 'rr:language "en"')
        maps.append(f"<#{side}> {source} ; {subject} ; {named} .")
    prefixes = {
        "rr": "http://www.w3.org/ns/r2rml#",
        "rml": "http://semweb.mmlab.be/ns/rml#",
        "ql": "http://semweb.mmlab.be/ns/ql#",
        "ekg": _EKG,
        "skos": str(rdflib.SKOS),
        "xsd": str(rdflib.XSD),
    }
    return "\n".join([*(f"@prefix {p}: <{iri}> ." for p, iri in prefixes.items()), *maps])


def timed(name: str, work: Callable[[], int], rows: int) -> float:
    """Print and return the rows a second of this process' and its children's CPU time."""
    clock, cpu = time.perf_counter(), _cpu()
    made = work()
    clock, cpu = time.perf_counter() - clock, _cpu() - cpu
    rates = f"{rows / clock:>9,.0f} rows/s  {rows / cpu:>9,.0f} rows per CPU second"
    print(f"{name:<28} {rates}  {made:,} statements", flush=True)
    return rows / cpu


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def end_to_end(folder: Path, rows: int, *, validated: bool) -> None:
    """A table of that many rows into a durable store; the validation that follows, if asked for, apart.

    Where a machine does other things as well, what its clock says is theirs too: CPU seconds are not.
    """
    table, check = folder / "large.csv", _Check(validated=validated)
    generate(table, rows)
    loading.check_current = check  # type: ignore[assignment]
    clock, cpu, load = time.perf_counter(), _cpu(), os.getloadavg()[0]
    with _Largest() as largest:
        done = import_tables(folder / "store", Import("ucdp-ged", (str(table),)), Limits())
    clock, cpu = time.perf_counter() - clock - check.seconds, _cpu() - cpu - check.cpu
    with hold_current(folder / "store") as checkpoint:
        store = open_checkpoint(checkpoint.path)
        counted = store.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}ucdp-ged> {{ ?s ?p ?o }} }}")
        stored = int(next(iter(counted))["n"].value)  # type: ignore[arg-type]
    reading, filling = (largest.found.get(name, 0) for name in ("tablechild", "bulkload"))
    more = f"{check.seconds:.0f} s and {check.cpu:.0f} CPU seconds more" if validated else "left out"
    more = f"{check.seconds:.0f} s and {check.cpu:.0f} CPU seconds more" if validated else "left out"
    print(
        f"end to end: {done.imported:,} + {done.quarantined:,} rows in {clock:.0f} s "
        f"({rows / clock:,.0f} rows/s; {cpu:.0f} CPU seconds on {os.cpu_count()} cores; "
        f"load average {load:.1f} before, {os.getloadavg()[0]:.1f} after)\n"
        f"  {stored:,} statements, {stored / done.imported:.2f} an event with everything shared\n"
        f"  at most {reading} MiB for the process that reads, {filling} MiB for the one that loads\n"
        f"  validation: {more}"
    )


class _Check:
    """The check of what was published, timed or left out."""

    def __init__(self, *, validated: bool) -> None:
        self._check = loading.check_current if validated else None
        self.seconds = self.cpu = 0.0

    def __call__(self, *arguments: object) -> Report:
        clock, cpu = time.perf_counter(), _cpu()
        found = self._check(*arguments) if self._check else report([])  # type: ignore[arg-type]
        self.seconds, self.cpu = time.perf_counter() - clock, _cpu() - cpu
        return found


class _Largest:
    """The largest that child processes were while the block ran (MiB), by the last part of their module."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error, ValueError):
                    words = child.cmdline()
                    name = words[words.index("-m") + 1].rpartition(".")[2]
                    size = child.memory_info().rss >> 20
                    self.found[name] = max(self.found.get(name, 0), size)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=50_000)
    arguments.add_argument("--morph-kgc", metavar="PYTHON", help="the interpreter that has morph-kgc")
    arguments.add_argument("--end-to-end", type=int, default=0, metavar="ROWS")
    arguments.add_argument("--validate", action="store_true", help="time the validation of the store as well")
    told = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if told.end_to_end:
            end_to_end(Path(name), told.end_to_end, validated=told.validate)
        if told.rows:
            beside_peers(Path(name), told.rows, told.morph_kgc)


def beside_peers(folder: Path, rows: int, morph_kgc: str | None) -> None:
    """Rows to statements by us and by others, on the same part of the same table."""
    table = folder / "table.csv"
    columns = generate(table, rows)
    ignored = ", ".join(column for column in columns if column not in _USED)
    (folder / "source.yml").write_text(_SAME.format(ignored=ignored), encoding="utf-8")
    whole, part = find_source("ucdp-ged"), find_source(str(folder))
    timed("ucdp-ged, all it says", lambda: ours(whole, table), rows)
    us = timed("the part, eventkg", lambda: ours(part, table), rows)
    peers = {"rdflib": lambda: by_rdflib(table)}
    if morph_kgc:
        peers["morph-kgc"] = lambda: by_morph_kgc(table, morph_kgc)
    for peer, work in peers.items():
        them = timed(f"the part, {peer}", work, rows)
        print(f"  eventkg is {us / them:.1f} times as fast as {peer}, by CPU time")


if __name__ == "__main__":
    main()
