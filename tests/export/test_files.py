"""Files of `eventkg export`: packed, split, described, complete or not there."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from tests.kg.stores import load

from eventkg.cli import cli
from eventkg.errors import DataError, UsageError
from eventkg.export.rdf import EXTENSIONS, WITH_REIFIERS
from eventkg.export.rdf import FORMATS as RDF

if TYPE_CHECKING:
    from pathlib import Path

_FULL = """
import resource, sys
from click.testing import CliRunner
from eventkg.cli import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
for form in sys.argv[1:]:
    done = CliRunner().invoke(cli, ["export", form.partition(".")[0], "-o", form])
    print(form, done.exception)
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def quads(data: bytes, form: str) -> set[str]:
    return {str(quad) for quad in ox.parse(data, format=RDF[form])}


@pytest.mark.parametrize("form", ["ttl", "jsonld", "gexf", "csv"])
def test_a_name_that_ends_in_gz_is_packed_the_same_every_time(form: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("export", form, "-o", str(tmp_path / f"{name}.{form}.gz"))
    run("export", form, "-o", str(tmp_path / f"plain.{form}"))
    one = (tmp_path / f"one.{form}.gz").read_bytes()
    assert one == (tmp_path / f"two.{form}.gz").read_bytes()
    assert gzip.decompress(one) == (tmp_path / f"plain.{form}").read_bytes()


@pytest.mark.parametrize("form", ["ttl", "nq", "rdfxml"])
def test_a_split_export_has_a_file_a_graph_and_loses_nothing(form: str, tmp_path: Path) -> None:
    run("export", form, "--split", "-o", str(tmp_path / "split"))
    run("export", form, "-o", str(tmp_path / "whole"))
    parts = {path.name: path.read_bytes() for path in (tmp_path / "split").iterdir()}
    assert set(parts) == {
        f"{g}.{EXTENSIONS.get(form, form)}" for g in ("codes", "derived", "ontology", "seed")
    }
    whole = quads((tmp_path / "whole").read_bytes(), form)
    told = set().union(*(quads(data, form) for data in parts.values()))
    assert {quad for quad in whole if "/dataset/export/" not in quad} == {
        quad for quad in told if "/dataset/export/" not in quad
    }


def test_a_split_export_is_all_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "split").mkdir()
    (tmp_path / "split" / "seed.ttl").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"seed\.ttl: exists already; --force replaces it"):
        run("export", "ttl", "--split", "-o", str(tmp_path / "split"))
    assert [path.name for path in (tmp_path / "split").iterdir()] == ["seed.ttl"]
    run("export", "ttl", "--split", "--force", "-o", str(tmp_path / "split"))
    assert len(list((tmp_path / "split").iterdir())) == 4
    with pytest.raises(DataError, match="No such file or directory"):
        run("export", "ttl", "--split", "-o", str(tmp_path / "no" / "folder"))
    with pytest.raises(UsageError, match="-o FOLDER expected"):
        run("export", "ttl", "--split")


def test_an_export_that_is_loaded_and_exported_again_is_the_same(tmp_path: Path) -> None:
    """Its description is about it, and not handed on."""
    first = run("export", "nq", "--graph", "seed").stdout_bytes
    (tmp_path / "seed.nq").write_bytes(first)
    load(tmp_path / "kg", tmp_path / "seed.nq")
    assert run("export", "nq", "-l", str(tmp_path / "kg"), "--graph", "seed").stdout_bytes == first
    again = run("export", "nq", "-l", str(tmp_path / "kg")).stdout_bytes
    assert again.count(b"<http://rdfs.org/ns/void#triples>") == 1 + 4  # the whole, each of its graphs


@pytest.mark.parametrize("form", sorted(WITH_REIFIERS))
def test_a_proposition_reifies_what_it_is_about_and_asserts_nothing(form: str) -> None:
    found = list(ox.parse(run("export", form).stdout_bytes, format=RDF[form]))
    plain = quads(run("export", "nt").stdout_bytes, "nt")
    assert {str(quad) for quad in found if not isinstance(quad.object, ox.Triple)} == plain
    told = {quad.subject.value: quad.object for quad in found if isinstance(quad.object, ox.Triple)}
    propositions = {quad.subject.value for quad in found if quad.predicate.value == f"{EKG}predicate"}
    assert set(told) == propositions
    by_name = {(quad.subject.value, quad.predicate.value.removeprefix(EKG)): quad.object for quad in found}
    for name, triple in told.items():
        value = by_name.get((name, "object")) or by_name[name, "value"]
        assert (triple.subject, triple.predicate) == (by_name[name, "about"], by_name[name, "predicate"])
        assert triple.object == value


EKG = "https://w3id.org/eventkg/ontology#"


def test_json_ld_has_its_context_in_it_and_one_object_a_subject() -> None:
    document = json.loads(run("export", "jsonld").stdout_bytes)
    assert document["@context"]["ekg"] == EKG
    names = [thing["@id"] for thing in document["@graph"]]
    assert len(set(names)) == len(names)
    strike = next(thing for thing in document["@graph"] if thing["@id"] == "event:2017-01-21-al-bab-strike")
    assert "ekg:AirStrike" in strike["@type"]
    assert {"@id": "actor:turkish-air-force"} in strike["ekg:performedBy"]


def test_a_csv_has_its_data_dictionary_beside_it(tmp_path: Path) -> None:
    run("export", "csv", "-o", str(tmp_path / "events.csv"))
    told = json.loads((tmp_path / "events.csv-metadata.json").read_bytes())
    header = (tmp_path / "events.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert told["url"] == "events.csv"
    assert [column["name"] for column in told["tableSchema"]["columns"]] == header
    assert all(column["dc:description"] for column in told["tableSchema"]["columns"])
    assert told["notes"][0]["view"] == "https://w3id.org/eventkg/view/default"
    with pytest.raises(UsageError, match="exists already"):
        run("export", "csv", "-o", str(tmp_path / "events.csv"))
    (tmp_path / "events.csv").unlink()
    with pytest.raises(UsageError, match=r"metadata\.json: exists already"):
        run("export", "csv", "-o", str(tmp_path / "events.csv"))
    assert not (tmp_path / "events.csv").exists()


def test_without_a_file_the_terms_are_on_stderr() -> None:
    done = run("export", "csv")
    assert done.stdout.startswith("event,label,")
    assert "view default" in done.stderr
    assert "Seed of eventkg (CC-BY-4.0)" in done.stderr


@pytest.mark.parametrize("form", ["parquet", "geoparquet", "csv"])
def test_duckdb_counts_and_reads_the_events(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"events.{'csv' if form == 'csv' else 'parquet'}"
    run("export", form, "-o", str(path))
    found = (
        duckdb.connect()
        .execute(f"SELECT event, targetsStruck FROM '{path}' WHERE label LIKE '%21 January%'")
        .fetchall()
    )
    assert found == [("https://w3id.org/eventkg/id/event/2017-01-21-al-bab-strike", 22)]
    assert duckdb.connect().execute(f"SELECT count(*) FROM '{path}'").fetchall() == [(8,)]


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk."""
    forms = ["nt", "ttl", "jsonld", "rdfxml", "gexf", "graphml", "cypher", "csv", "bundle", "bundle.zip"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", _FULL, *forms],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert set(said) == set(forms), done.stderr
    written = {path.name for path in tmp_path.iterdir()}
    failed = {form for form, problem in said.items() if problem != "None"}
    assert {form for form in failed if "File too large" not in said[form]} == set()
    assert failed == set(forms)
    assert not [name for name in written if name.startswith(".") or name in failed]


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not installed")
@pytest.mark.parametrize(("form", "syntax"), [("nq", "nquads"), ("trig", "trig")])
def test_raptor_reads_formats_with_graphs(form: str, syntax: str, tmp_path: Path) -> None:
    path = tmp_path / "graph"
    run("export", form, "-o", str(path))
    done = subprocess.run(
        ["rapper", "-c", "-i", syntax, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"returned {len(list(ox.parse(path=str(path), format=RDF[form])))} triples" in done.stderr
