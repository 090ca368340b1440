"""What a person sees: tables, help, pictures' errors; nothing that a stranger wrote steers the terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from tests.cli.test_errors import EVENTKG, run, the_line
from tests.cli.test_verbs import ok

from eventkg.cli import cli
from eventkg.cli.printing import printable, printable_lines

VERBS = sorted(cli.list_commands(cli.make_context("eventkg", [], resilient_parsing=True)))
ESC = "\\u001B[31m\\u0007\\u009B2J\\u202E\\n"
HOSTILE = f"""
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:actor> a ekg:ArmedForce ; skos:prefLabel "{ESC}actor"@en .
<urn:event> a ekg:AirStrike, ekg:Event ; skos:prefLabel "{ESC}event"@en ; ekg:performedBy <urn:actor> .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetSubjectsOf <https://w3id.org/eventkg/ontology#performedBy> ;
    sh:property <urn:shape:label> .
<urn:shape:label> a sh:PropertyShape ; sh:path <http://www.w3.org/2004/02/skos/core#prefLabel> ;
    sh:maxLength 1 ; sh:message "\\u001B[31mtoo long" .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.ttl").write_text(HOSTILE, encoding="utf-8")
    done = run("load", "-l", "store", "hostile.ttl", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert_harmless(done.stderr)
    return folder / "store"


def assert_harmless(output: bytes) -> None:
    assert all(c.isprintable() or c == "\n" for c in output.decode()), output


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["network"],
        ["stats"],
        ["query", "SELECT ?s ?label { ?s skos:prefLabel ?label }"],
        ["query", "SELECT ?s { ?s skos:prefLabel ?label FILTER(STRSTARTS(STR(?s), 'urn:')) }"],
        ["validate"],
    ],
    ids=lambda command: " ".join(command)[:20],
)
def test_labels_of_strangers_do_not_steer_the_terminal(command: list[str], store: Path) -> None:
    done = run(*command, "-l", str(store))
    assert done.returncode == 0
    assert_harmless(done.stdout + done.stderr)


@pytest.mark.slow
def test_a_label_with_a_line_break_stays_one_row_of_the_network(store: Path) -> None:
    lines = ok("network", "-l", str(store)).decode().splitlines()
    assert len(lines) == 3
    assert "\ufffd[31m\ufffd\\x9b2J\\u202e\\nactor" in lines[2]


@pytest.mark.slow
def test_messages_of_shapes_do_not_steer_the_terminal(store: Path) -> None:
    (store.parent / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    done = run("validate", "--shapes", "shapes.ttl", "hostile.ttl", cwd=store.parent)
    assert done.returncode == 1
    assert rb"\x1b[31mtoo long" in done.stdout
    assert_harmless(done.stdout)


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ('"plain"', "plain"),
        ('"Al-Bab"@en', "Al-Bab"),
        ('"Эль-Баб"@ru', "Эль-Баб @ru"),
        ('"a\\nb\\tc"', r"a\nb\tc"),
        ("7", "7"),
        ('"POINT(1 2)"^^geo:wktLiteral', "POINT(1 2) (geo:wktLiteral)"),
        ("ekg:Event", "ekg:Event"),
        ('<<( <urn:s> ekg:place "x"@ru )>>', "<<( urn:s ekg:place x @ru )>>"),
        ("1/0", ""),
        ('"مرحبا"', "مرحبا"),
        ('"✈\U0001f1f9\U0001f1f7"', "✈\U0001f1f9\U0001f1f7"),
        ('"[bold]not markup[/bold]"', "[bold]not markup[/bold]"),
        ('":smile:"', ":smile:"),
    ],
)
def test_a_cell_shows_a_term_as_a_person_reads_it(term: str, shown: str) -> None:
    lines = ok("query", f"SELECT ({term} AS ?x) {{ }}").decode().splitlines()
    assert [line.strip() for line in lines[2:]] == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[0m", r"a\x1b[0m"),
        ("\u202e", r"\u202e"),
        ("\U000e0001", r"\U000e0001"),
        ("é\u0301漢", "é\u0301漢"),
    ],
)
def test_control_characters_are_made_visible_and_letters_are_kept(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable_lines(f"{text}\n{text}") == f"{shown}\n{shown}"


def on_a_terminal(command: list[str], columns: int) -> str:
    """What a command writes to a terminal of this width."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    done = subprocess.run(
        [*EVENTKG, *command], stdout=theirs, stderr=theirs, env=environment, timeout=120, check=False
    )
    os.close(theirs)
    chunks = []
    try:
        while chunk := os.read(ours, 65536):
            chunks.append(chunk)
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert done.returncode == 0
    return b"".join(chunks).decode()


@pytest.mark.parametrize("columns", [40, 100])
def test_a_table_fits_the_terminal_and_loses_nothing(columns: int) -> None:
    seen = on_a_terminal(["query", f"SELECT ('{'x' * 150}' AS ?long) ('end' AS ?y) {{ }}"], columns)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen).replace("\r", "").splitlines()
    lines = [line for line in lines if "view https://" not in line]  # which is below the table
    assert max(map(len, lines)) <= columns
    assert "".join(lines).count("x") == 150
    assert "end" in seen


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_a_place_in_the_manual(verb: str, root: Path) -> None:
    said = ok(verb, "--help").decode()
    assert re.search(rf"^  .*\beventkg {verb}\b", said, re.MULTILINE)
    assert f"## eventkg {verb}\n" in (root / "docs" / "cli.md").read_text(encoding="utf-8")


def test_options_are_explained() -> None:
    for verb in VERBS:
        command = cli.get_command(cli.make_context("eventkg", [], resilient_parsing=True), verb)
        assert command is not None
        for parameter in command.params:
            if parameter.param_type_name == "option":
                explained = getattr(parameter, "help", None) or getattr(parameter.type, "choices", None)
                assert explained, f"{verb} {parameter.name}"


@pytest.mark.parametrize(
    ("shell", "typed", "offered"),
    [
        ("bash", "eventkg ex", {"export"}),
        ("bash", "eventkg ", set(VERBS)),
        ("bash", "eventkg export n", {"nt", "nt12", "nq", "node-link", "neo4j"}),
        ("bash", "eventkg query --format t", {"table", "tsv", "ttl"}),
    ],
)
def test_the_shell_completes_what_is_typed(shell: str, typed: str, offered: set[str]) -> None:
    words = typed.split(" ")
    environment = {
        **os.environ,
        "_EVENTKG_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [Path(EVENTKG[0]).parent / "eventkg"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == offered


def test_a_long_message_is_cut_to_what_a_person_reads(tmp_path: Path) -> None:
    (tmp_path / "long.ttl").write_text(f"<urn:s> <urn:p> {'x' * 100_000} .", encoding="utf-8")
    said = the_line(run("derive", "long.ttl", cwd=tmp_path), 1)
    assert said.startswith("eventkg: long.ttl: line 1, column 17: xxx")
    assert len(said) < 1_100
    assert said.endswith(".") or "…" in said


def test_a_file_that_ends_the_parser_is_named(tmp_path: Path) -> None:
    deep = "<<( <urn:s> <urn:p> " * 20_000 + "<urn:o>" + " )>>" * 20_000
    (tmp_path / "deep.ttl").write_text(f"<urn:s> <urn:p> {deep} .", encoding="utf-8")
    said = the_line(run("derive", "deep.ttl", cwd=tmp_path), 1)
    assert said == "eventkg: deep.ttl: nested too deeply for the parser; flatter input expected"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "setting"), [(["--timeout-s", "0.1"], ""), ([], "0.1")], ids=["flag", "environment"]
)
def test_a_time_limit_that_somebody_sets_holds_for_validation_too(flags: list[str], setting: str) -> None:
    done = run("validate", *flags, environment={"EVENTKG_TIMEOUT_S": setting} if setting else {})
    assert "the time limit is 0.1 s" in the_line(done, 124)


def test_a_long_time_limit_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text("<urn:s> <urn:p> <urn:o> .", encoding="utf-8")
    said = ok("validate", "--timeout-s", "1000000", "--shapes", "shapes.ttl", "data.ttl", cwd=tmp_path)
    assert said == b"conforms\n"


@pytest.mark.slow
def test_claims_that_cannot_be_read_are_findings_and_no_error(tmp_path: Path) -> None:
    claim = """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        <urn:c> a ekg:Claim ; ekg:stance "perhaps" ; ekg:claimant <urn:a>, <urn:b> ;
            ekg:proposition <urn:p> ."""
    (tmp_path / "claims.ttl").write_text(claim, encoding="utf-8")
    done = run("validate", "claims.ttl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"ekgs:Claim-stance" in done.stdout
    assert b"ekgs:Claim-claimant" in done.stdout
