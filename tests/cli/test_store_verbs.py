"""The verbs that change a store on disk: what they print, what they return, what they leave alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_errors import run, the_line
from tests.cli.test_verbs import ok

from eventkg.model.naming import GRAPH_DERIVED

if TYPE_CHECKING:
    from pathlib import Path

DATA = "<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p> <urn:o2> .\n"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


def count(store: str, cwd: Path) -> int:
    answer = json.loads(ok("query", COUNT, "-l", store, "--format", "json", cwd=cwd))
    return int(answer["results"]["bindings"][0]["n"]["value"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two statements, its backup, and files that are no RDF."""
    path = tmp_path_factory.mktemp("stores")
    (path / "data.nt").write_text(DATA, encoding="utf-8")
    (path / "wrong.nt").write_text(f"{DATA}<urn:s> nonsense .\n", encoding="utf-8")
    (path / "table.csv").write_text("a,b\n", encoding="utf-8")
    (path / "strangers").mkdir()
    (path / "strangers" / "letter.txt").write_text("x", encoding="utf-8")
    ok("load", "-l", "store", "data.nt", cwd=path)
    ok("backup", "-l", "store", "copy", cwd=path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["load", "data.nt"], 2, "--location"),
        (["load", "-l", "store"], 2, "FILE"),
        (["load", "-l", "store", "missing.nt"], 1, "missing.nt"),
        (["load", "-l", "store", "wrong.nt"], 1, "wrong.nt: line 3, column"),
        (["load", "-l", "store", "data.nt", "wrong.nt"], 1, "wrong.nt: line 3, column"),
        (["load", "-l", "store", "table.csv"], 2, "table.csv: extension .csv found"),
        (["load", "-l", "store", "-"], 2, "--format"),
        (["load", "-l", "strangers", "data.nt"], 2, "files that are no eventkg store found"),
        (["load", "-l", "data.nt", "data.nt"], 1, "data.nt"),
        (["load", "-l", "store", "data.nt", "--graph", "no iri"], 2, "an absolute IRI expected"),
        (["load", "-l", "store", "data.nt", "--graph", GRAPH_DERIVED], 2, "nobody but eventkg writes"),
        (["backup", "-l", "nowhere", "other"], 1, "nowhere: no such directory"),
        (["backup", "-l", "store", "copy"], 2, "copy: exists already"),
        (["restore", "-l", "store", "strangers"], 1, "strangers: no backup found"),
        (["delete", "-l", "store", "--graph", "urn:other"], 2, "graph urn:other: not in the store"),
        (["delete", "-l", "store"], 2, "--graph"),
        (["upgrade", "-l", "nowhere"], 1, "nowhere: no such directory"),
        (["query", "ASK { }", "-l", "strangers"], 1, "strangers: no eventkg store found"),
        (["query", "ASK { }", "-l", "store", "--store", "http://127.0.0.1:9/"], 2, "both found"),
    ],
    ids=lambda value: " ".join(value)[:48] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_call_is_one_line_and_the_store_stays_as_it_was(
    arguments: list[str], code: int, said: str, folder: Path
) -> None:
    done = run(*arguments, cwd=folder)
    assert said in the_line(done, code)
    assert done.stdout == b""
    assert count("store", folder) == 2


@pytest.mark.slow
def test_a_load_that_fails_makes_no_store(folder: Path) -> None:
    the_line(run("load", "-l", "fresh", "wrong.nt", cwd=folder), 1)
    the_line(run("query", "ASK { }", "-l", "fresh", cwd=folder), 1)


@pytest.mark.slow
def test_a_store_goes_through_its_life(tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text(DATA, encoding="utf-8")
    done = run("load", "-l", "store", "data.nt", "--graph", "urn:g", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"2 statements loaded in ")
    ok(
        "load",
        "-l",
        "store",
        "--format",
        "nt",
        "--graph",
        "urn:g",
        "-",
        cwd=tmp_path,
        stdin=b'<urn:s> <urn:p> "x" .',
    )
    assert count("store", tmp_path) == 3
    ok("backup", "-l", "store", "copy", cwd=tmp_path)
    assert b"3 statements removed" in run("delete", "-l", "store", "--graph", "urn:g", cwd=tmp_path).stderr
    assert count("store", tmp_path) == 0
    ok("restore", "-l", "store", "copy", cwd=tmp_path)
    assert count("store", tmp_path) == 3
    assert b"store: up to date" in run("upgrade", "-l", "store", cwd=tmp_path).stderr
    exported = ok("export", "nq", "-l", "store", "--graph", "urn:g", cwd=tmp_path).decode()
    assert exported.count("<urn:g> .\n") == 3


@pytest.mark.slow
def test_the_environment_names_the_store_and_a_flag_goes_before_it(folder: Path) -> None:
    named = run(
        "query", "-f", "-", stdin=COUNT.encode(), cwd=folder, environment={"EVENTKG_LOCATION": "store"}
    )
    assert named.stdout.split()[-1] == b"2"
    said = the_line(run("stats", "-l", "other", cwd=folder, environment={"EVENTKG_LOCATION": "store"}), 1)
    assert "other: no such directory" in said
