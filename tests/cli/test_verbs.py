"""Every verb does what its help says, to a file and to standard output."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from tests.cli.test_errors import EVENTKG, run, run_anew, the_line

from eventkg.export.rdf import FORMATS, WITH_REIFIERS
from eventkg.query.job import GRAPHS, SOLUTIONS

VERBS = ("derive", "export", "network", "query", "serve", "stats", "validate")
PERFORMERS = (
    "SELECT ?day ?who { ?s a ekg:AirStrike ; ekg:date ?day ; ekg:performedBy ?who } ORDER BY ?day ?who"
)
CLAIM = """
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:event> a ekg:ReportedEvent ; skos:prefLabel "An event"@en .
<urn:actor> a ekg:Actor ; skos:prefLabel "An actor"@en .
<urn:p> a ekg:Proposition ; ekg:about <urn:event> ;
    ekg:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; ekg:object ekg:AirStrike .
<urn:c> a ekg:Claim ; ekg:claimant <urn:actor> ; ekg:stance ekg:Asserts ; ekg:proposition <urn:p> .
"""


def ok(*arguments: str, cwd: Path | None = None, stdin: bytes = b"") -> bytes:
    done = run(*arguments, cwd=cwd, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_shows_an_example_that_names_it(verb: str) -> None:
    said = run_anew(verb, "--help").stdout.decode().replace("python -m eventkg", "eventkg")
    assert f"\n  eventkg {verb}" in said
    assert "\x1b" not in said
    assert ok(verb, "-h").decode() == said


def test_the_help_lists_every_verb_with_a_sentence() -> None:
    said = ok("--help").decode()
    for verb in VERBS:
        assert f"  {verb} " in said
    assert ok("--version").decode().startswith("eventkg")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_comes_out(shell: str) -> None:
    eventkg = shutil.which("eventkg", path=str(Path(EVENTKG[0]).parent))
    assert eventkg
    done = subprocess.run(
        [eventkg], env={"_EVENTKG_COMPLETE": f"{shell}_source"}, capture_output=True, text=True, check=False
    )
    if shell == "bash" and done.returncode and "Bash" in done.stderr:
        pytest.skip("bash is too old for completion here")
    assert "_EVENTKG_COMPLETE" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", SOLUTIONS)
def test_rows_come_in_every_format(form: str) -> None:
    out = ok("query", PERFORMERS, "--format", form).decode()
    expected = json.loads(ok("query", PERFORMERS, "--format", "json"))["results"]["bindings"]
    assert len(expected) > 3
    match form:
        case "json":
            count = len(json.loads(out)["results"]["bindings"])
        case "xml":
            count = len(list(ET.fromstring(out).iter("{http://www.w3.org/2005/sparql-results#}result")))  # noqa: S314
        case _:
            count = len(list(csv.reader(io.StringIO(out), delimiter="\t" if form == "tsv" else ","))) - 1
    assert count == len(expected)


@pytest.mark.parametrize("form", GRAPHS)
def test_graphs_come_in_every_format(form: str) -> None:
    out = ok("query", "CONSTRUCT WHERE { ?s a ekg:AirStrike ; ekg:date ?d }", "--format", form)
    parser = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}[form]
    assert len(rdflib.Graph().parse(data=out, format=parser)) >= 4


@pytest.mark.parametrize(("query", "out"), [("ASK { }", b"yes\n"), ("ASK { FILTER(false) }", b"no\n")])
def test_a_question_is_answered_by_a_word(query: str, out: bytes) -> None:
    assert ok("query", query) == out


def test_a_query_may_come_from_a_file_or_from_stdin(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("# Al-Bāb\nASK { }", encoding="utf-8")
    assert ok("query", "-f", "q.rq", cwd=tmp_path) == b"yes\n"
    assert ok("query", "-f", "-", stdin="# Al-Bāb\nASK { }".encode()) == b"yes\n"


def test_a_table_shows_short_names_and_counts_rows_on_stderr() -> None:
    done = run("query", PERFORMERS)
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["day", "who"]
    assert "actor:" in lines[2]
    assert done.stderr.decode() == f"{len(lines) - 2} rows, view https://w3id.org/eventkg/view/default\n"


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("\\u001b[31mred\\u0007\\u009b2J\\u202e" AS ?x) { }',
        'CONSTRUCT { <urn:s> <urn:p> "\\u001b[31mred\\u0007\\u009b2J\\u202e" } { }',
        'SELECT (IRI("urn:\\u202e") AS ?x) { }',
    ],
)
def test_control_characters_do_not_reach_the_terminal(query: str) -> None:
    out = ok("query", query).decode()
    assert all(character.isprintable() or character in "\n\t" for character in out)
    assert "202e" in out.lower()


def test_turtle_with_control_characters_made_visible_is_still_the_same_turtle() -> None:
    out = ok("query", 'CONSTRUCT { <urn:s> <urn:p> "\\u001b\\u009b\\u202e\\u00a0\\U000E0001" } { }')
    (quad,) = ox.parse(out, format=ox.RdfFormat.TURTLE)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == "\u001b\u009b\u202e\u00a0\U000e0001"


@pytest.mark.slow
def test_a_huge_literal_is_printed_whole() -> None:
    text = "x" * 900_000
    out = ok("query", "-f", "-", stdin=f"SELECT ('{text}' AS ?x) {{ }}".encode())
    assert text in out.decode().replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("form", sorted(FORMATS.keys() - WITH_REIFIERS))
@pytest.mark.slow
def test_an_export_is_read_back_by_rdflib_and_is_the_same_on_stdout(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{form}"
    ok("export", form, "-o", str(path))
    assert ok("export", form) == path.read_bytes()
    parser = {"ttl": "turtle", "nq": "nquads", "jsonld": "json-ld", "rdfxml": "xml"}.get(form, form)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(path, format=parser)
    triples = {tuple(map(str, triple)) for triple in dataset.triples((None, None, None))}
    assert len(triples) > 4_000
    assert triples == {
        (str(q.subject.value), q.predicate.value, str(q.object.value))
        for q in ox.parse(path=str(path), format=FORMATS[form])
    }


@pytest.mark.parametrize(("form", "syntax"), [("ttl", "turtle"), ("nt", "ntriples"), ("rdfxml", "rdfxml")])
@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not installed")
def test_an_export_is_read_back_by_raptor(form: str, syntax: str, tmp_path: Path) -> None:
    path = tmp_path / "graph"
    ok("export", form, "-o", str(path))
    done = subprocess.run(
        ["rapper", "-c", "-i", syntax, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower()


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "seed.nt"
    path.write_text("mine", encoding="utf-8")
    said = the_line(run("export", "nt", "-o", str(path)), 2)
    assert "exists already; --force replaces it" in said
    assert path.read_text(encoding="utf-8") == "mine"
    ok("export", "nt", "--graph", "seed", "--force", "-o", str(path))
    assert path.read_text(encoding="utf-8").startswith("<")
    assert [file.name for file in tmp_path.iterdir()] == ["seed.nt"]


def test_a_link_and_a_device_stay_what_they_are(tmp_path: Path) -> None:
    target, link = tmp_path / "target.nt", tmp_path / "link.nt"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(target)
    ok("export", "nt", "--graph", "derived", "--force", "-o", str(link))
    assert link.is_symlink()
    assert target.stat().st_size > 1_000
    ok("export", "nt", "--force", "-o", "/dev/null")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("form", ["ttl", "nt"])
def test_claims_of_ones_own_are_derived_from(form: str, tmp_path: Path) -> None:
    (tmp_path / "claims.ttl").write_text(CLAIM, encoding="utf-8")
    done = run("derive", "claims.ttl", "--format", form, "-o", "facts.out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == "1 proposition: 1 Uncontested\n"
    quads = ox.parse(path=str(tmp_path / "facts.out"), format=FORMATS[form])
    facts = {(str(q.subject), str(q.object)) for q in quads}
    assert ("<urn:event>", "<https://w3id.org/eventkg/ontology#AirStrike>") in facts


def test_a_file_with_no_claims_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "plain.ttl").write_text("# nothing\n@prefix a: <urn:> .\n", encoding="utf-8")
    done = run("derive", "plain.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == b"0 propositions: none\n"


def test_many_long_file_names_are_no_problem(tmp_path: Path) -> None:
    names = [f"{number:04}-{'n' * 200}.ttl" for number in range(700)]
    for name in names:
        (tmp_path / name).write_text("<urn:s> <urn:p> 1 .", encoding="utf-8")
    assert run("derive", *names, cwd=tmp_path).returncode == 0


def test_a_file_name_may_hold_anything(tmp_path: Path) -> None:
    name = "a b'\"\x1b[31m\n§.ttl"
    (tmp_path / name).write_text("<urn:s> <urn:p> ; .", encoding="utf-8")
    the_line(run("derive", name, cwd=tmp_path), 1)


@pytest.mark.slow
def test_the_bundled_graph_conforms() -> None:
    assert ok("validate").startswith(b"conforms")


@pytest.mark.parametrize("form", ["ttl", "json"])
@pytest.mark.slow
def test_what_is_wrong_with_data_is_reported_on_stdout(form: str, root: Path) -> None:
    wrong = root / "tests" / "shapes" / "place_XFAIL_no-latitude.ttl"
    done = run("validate", str(wrong), "--format", form)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"latitude" in done.stdout
    if form == "json":
        assert json.loads(done.stdout)["conforms"] is False
    if form == "ttl":
        assert b"ValidationReport" in done.stdout
        assert len(rdflib.Graph().parse(data=done.stdout, format="turtle")) > 3


def test_statistics_for_people_and_for_programs_agree() -> None:
    table, numbers = ok("stats").decode(), json.loads(ok("stats", "--json"))
    assert set(numbers) == {"graphs", "classes", "stances", "statuses"}
    for counts in numbers.values():
        assert f"{sum(counts.values()):,}" in table
    assert "ekg:Contested" in table


def test_the_network_as_a_table_marks_what_is_contested() -> None:
    out = ok("network").decode()
    assert "performedBy" in out
    assert "Contested" in out


@pytest.mark.parametrize(("name", "magic"), [("n.png", b"\x89PNG"), ("n.SVG", b"<?xml")])
@pytest.mark.slow
def test_the_network_is_drawn_the_same_every_time(name: str, magic: bytes, tmp_path: Path) -> None:
    assert run_anew("network", "--plot", str(tmp_path / name)).returncode == 0  # of another hash seed
    ok("network", "--plot", str(tmp_path / f"again-{name}"))
    picture = (tmp_path / name).read_bytes()
    assert picture.startswith(magic)
    assert len(picture) > 10_000
    assert picture == (tmp_path / f"again-{name}").read_bytes()
