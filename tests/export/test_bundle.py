"""A bundle: checked by sha256sum, read by the library of RO-Crates, asked again in another store."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path

import pytest
import rdflib
import requests
import rocrate
from click.testing import CliRunner
from rocrate.rocrate import ROCrate
from rocrate_validator.models import Severity
from rocrate_validator.services import ValidationSettings, validate
from rocrate_validator.utils.http import HttpRequester

from eventkg.cli import cli
from eventkg.errors import DataError, EventkgError, UsageError
from eventkg.export.crate import METADATA, SUMS
from eventkg.model.naming import PREFIXES

DAY = "2031-02-03"
QUERY = "# Who struck on 22 January\nSELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }\n"


def export(target: Path, *options: str) -> None:
    CliRunner().invoke(
        cli, ["export", "bundle", "-o", str(target), "--date", DAY, *options], catch_exceptions=False
    )


def refused(target: Path, *options: str) -> EventkgError:
    with pytest.raises(EventkgError) as problem:
        export(target, *options)
    return problem.value


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("query") / "who.rq"
    path.write_text(QUERY, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, query: str) -> Path:
    target: Path = tmp_path_factory.mktemp("bundle") / "finding"
    export(target, "--query", query, "--view", "claimant/pentagon")
    return target


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_statements_tables_queries_answers_the_policy_and_the_licences(bundle: Path) -> None:
    found = files(bundle)
    assert {name for name in found if not name.startswith("queries/")} == {
        "README.md", "LICENCES.md", "policy.json", METADATA, SUMS, "answers/who.csv",
        *(f"statements/{name}.ttl" for name in ("codes", "derived", "ontology", "seed")),
        *(f"tables/{name}.csv{end}" for name in ("events", "claims") for end in ("", "-metadata.json")),
    }  # fmt: skip
    assert found["queries/who.rq"].decode() == QUERY
    assert json.loads(found["policy.json"])["name"] == "claimant/pentagon"
    assert b"Countries States Cities Database" in found["LICENCES.md"]
    assert b"russian-aerospace-forces" in found["answers/who.csv"]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_checks_every_file_and_finds_a_changed_one(bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    sums = (copy / SUMS).read_text(encoding="utf-8").splitlines()
    assert {line.partition("  ")[2] for line in sums} == files(copy).keys() - {SUMS}
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    assert subprocess.run(command, cwd=copy, check=False, capture_output=True).returncode == 0
    (copy / "tables" / "events.csv").write_text("other", encoding="utf-8")
    changed = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    assert (changed.returncode, changed.stdout) == (1, "tables/events.csv: FAILED\n")


def test_the_library_of_ro_crates_reads_what_every_file_is(bundle: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the library warns of what it does not understand
        crate = ROCrate(str(bundle))
    root = crate.root_dataset
    assert {part.id for part in root["hasPart"]} == files(bundle).keys() - {METADATA, SUMS}
    assert {licence["name"] for licence in root["license"]} == {"CC-BY-4.0", "ODbL-1.0"}
    assert root["datePublished"] == DAY
    for part in root["hasPart"]:
        assert int(part["contentSize"]) == (bundle / part.id).stat().st_size
        assert part["name"]
    action = crate.dereference("#export")
    assert action["instrument"]["name"] == "eventkg"
    assert {made.id for made in action["result"]} == {part.id for part in root["hasPart"]}
    assert "queries/who.rq" in {used.id for used in action["object"]}
    assert "https://w3id.org/eventkg/view/claimant/pentagon" in {used.id for used in action["object"]}


def test_the_finding_comes_out_again_in_another_store(bundle: Path) -> None:
    graph = rdflib.Graph()
    for path in sorted((bundle / "statements").glob("*.ttl")):
        graph.parse(path, format="turtle")
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    answer = graph.query(prefixes + (bundle / "queries" / "who.rq").read_text(encoding="utf-8"))
    told = (bundle / "answers" / "who.csv").read_text(encoding="utf-8").split()[1:]
    assert sorted(str(row[0]) for row in answer) == sorted(told)  # type: ignore[index]


def test_the_same_graph_gives_the_same_bytes_in_a_folder_and_in_a_zip(
    bundle: Path, query: str, tmp_path: Path
) -> None:
    options = ("--query", query, "--view", "claimant/pentagon")
    for name in ("one.zip", "two.zip"):
        export(tmp_path / name, *options)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files(bundle)


def test_an_own_policy_travels_as_it_was_written(tmp_path: Path) -> None:
    policy = tmp_path / "mine.yml"
    policy.write_text("policy: mine\nclaimants: {except: {actors: [pentagon]}}\n", encoding="utf-8")
    export(tmp_path / "b", "--view", str(policy))
    assert (tmp_path / "b" / "policy.yml").read_bytes() == policy.read_bytes()
    assert "pentagon" in json.loads((tmp_path / "b" / "policy.json").read_bytes())["adopts"]


def test_a_bundle_is_replaced_only_by_force_and_nothing_else_at_all(bundle: Path, tmp_path: Path) -> None:
    target = shutil.copytree(bundle, tmp_path / "b")
    assert "exists already; --force replaces it" in str(refused(target))
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    before = files(target)
    assert "notes.txt found, which no bundle has there" in str(refused(target, "--force"))
    assert files(target) == before
    (target / "notes.txt").unlink()
    export(target, "--force")
    assert json.loads((target / "policy.json").read_bytes())["name"] == "default"
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize("name", ["b", "b.zip"])
def test_a_query_that_is_refused_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    query = tmp_path / "bad.rq"
    query.write_text("SELECT ?x {", encoding="utf-8")
    refused(tmp_path / name, "--query", str(query))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.rq"]


@pytest.mark.parametrize(
    ("target", "kind", "said"),
    [
        ("no/such/folder/b", DataError, "No such file or directory"),
        ("no/such/folder/b.zip", DataError, "No such file or directory"),
        ("/proc/b", DataError, "No such file or directory"),
        ("-", UsageError, "-o FOLDER or -o FILE.zip expected"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(target: str, kind: type, said: str) -> None:
    problem = refused(Path(target))
    assert isinstance(problem, kind)
    assert said in str(problem)


@pytest.mark.slow
def test_the_validator_of_ro_crates_misses_only_where_those_are_found_who_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "finding"
    export(target, "--author", "Jane Doe", "--publisher", "Example Institute")
    assert "- author: Jane Doe" in (target / "README.md").read_text(encoding="utf-8")
    context = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
    monkeypatch.setattr(HttpRequester, "get", lambda *_, **__: _answer(context), raising=False)
    wanted = ValidationSettings(
        rocrate_uri=str(target),
        profile_identifier="ro-crate-1.1",
        requirement_severity=Severity.RECOMMENDED,
        no_cache=True,
    )
    assert {str(issue.message) for issue in validate(wanted).get_issues()} == {
        "The author SHOULD have an organizational affiliation.",
        "The author SHOULD have a Contextual Entity which specifies the organizational `affiliation`.",
        "The organization SHOULD have a URL.",
    }
    (target / "tables" / "events.csv").unlink()
    assert not validate(wanted).passed()


def _answer(body: bytes) -> requests.Response:
    """What the publisher of the context would answer: its text comes with the library of RO-Crates."""
    answer = requests.Response()
    answer.status_code, answer._content = 200, body
    answer.headers["Content-Type"] = "application/ld+json"
    return answer
