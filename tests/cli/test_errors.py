"""Whatever goes wrong is one line on stderr and a code: no traceback, no orphan, no control characters."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests import warm
from tests.query.processes import alive, cpu_s, descendants, wait_until

if TYPE_CHECKING:
    from pathlib import Path

EVENTKG = [sys.executable, "-m", "eventkg"]
MANY = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {MANY}"
NESTED_12 = "<<( <urn:s> <urn:p> " * 20_000 + "<urn:o>" + " )>>" * 20_000
# file name -> (content, verb's code, what the line says)
FILES: dict[str, tuple[bytes | None, int, str]] = {
    "unclosed.ttl": (b"<urn:s> <urn:p>\n 'x", 1, "unclosed.ttl: line 2, column 2: "),
    "prefix.ttl": (b"a:s <urn:p> 1 .", 1, "prefix.ttl: line 1, column 1: "),
    "late.nt": (b"<urn:s> <urn:p> <urn:o> .\n<urn:s> nonsense .\n", 1, "late.nt: line 2, column 9"),
    "broken.rdf": (b"<rdf:RDF", 1, "broken.rdf: "),
    "broken.jsonld": (b'{"@id": ', 1, "broken.jsonld: "),
    "remote.jsonld": (b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:s", "p": 1}', 1, "remote.jsonld: "),
    "entity.rdf": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r xmlns="urn:">&x;</r>',
        1,
        "entity.rdf: ",
    ),
    "empty.ttl": (b"", 1, "empty.ttl: an empty file found, Turtle expected"),
    "blank.nt": (b" \n\n", 1, "blank.nt: an empty file found, N-Triples expected"),
    "bytes.ttl": (b'<urn:s> <urn:p> "\xff" .', 1, "bytes.ttl: line 1, column"),
    "picture.ttl": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), 1, "picture.ttl: line 1, column 1"),
    "escape.ttl": (b"\x1b[31m\x07 <urn:p> 1 .", 1, "escape.ttl: line 1, column 1"),
    "deep.ttl": (b"<urn:s> <urn:p> " + b"( " * 200_000, 1, "deep.ttl: line 1, column"),
    "deep.jsonld": (b'{"urn:p":' * 100_000, 1, "deep.jsonld: "),
    "triple.ttl": (b"<urn:s> <urn:p> <<( <urn:s> <urn:p> 1 )>> .", 1, "triple.ttl: an RDF 1.2 triple term"),
    "triples.ttl": (f"<urn:s> <urn:p> {NESTED_12} .".encode(), 1, ""),
    "table.csv": (b"a,b\n1,2\n", 2, "table.csv: extension .csv found, one of .ttl"),
    "noextension": (b"<urn:s> <urn:p> 1 .", 2, "noextension: extension (none) found, one of .ttl"),
    "folder.ttl": (None, 1, "folder.ttl: a directory found, a file expected"),
    "missing.ttl": (None, 1, "missing.ttl: no such file"),
}


def run(
    *arguments: str, cwd: Path | None = None, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process whose imports are done."""
    return warm.run(list(arguments), cwd, stdin, environment)


def run_anew(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process that starts from nothing."""
    return subprocess.run([*EVENTKG, *arguments], capture_output=True, cwd=cwd, timeout=120, check=False)


def the_line(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    """What was said on stderr, after the checks that hold for every error."""
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert said.startswith("eventkg: ")
    assert said.count("\n") == 1
    assert said.endswith("\n")
    assert said[:-1].isprintable()
    return said[:-1]


@pytest.mark.parametrize(
    ("verb", "name"),
    [(verb, name) for n, name in enumerate(FILES) for verb in ("derive", "validate")[n % 2 : n % 2 + 1]],
)
def test_a_file_that_is_no_rdf_is_one_line(verb: str, name: str, tmp_path: Path) -> None:
    content, code, said = FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name.startswith("folder"):
        path.mkdir()
    done = run(verb, str(path), cwd=tmp_path)
    assert said in the_line(done, code)
    assert done.stdout == b""


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "secret.ttl"
    path.write_bytes(b"<urn:s> <urn:p> 1 .")
    path.chmod(0)
    assert "secret.ttl: Permission denied" in the_line(run("derive", str(path)), 1)


def test_the_wrong_file_among_several_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_bytes(b"<urn:s> <urn:p> 1 .")
    (tmp_path / "bad.ttl").write_bytes(b"<urn:s> <urn:p> ; .")
    said = the_line(run("derive", "good.ttl", "bad.ttl", cwd=tmp_path), 1)
    assert "bad.ttl: line 1" in said
    assert "good.ttl" not in said


@pytest.mark.slow
def test_xml_entities_that_explode_are_refused_or_stop_at_the_memory_limit(tmp_path: Path) -> None:
    entities = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    laughs = f'<!DOCTYPE r [<!ENTITY a0 "{"x" * 1000}">{"".join(entities)}]>'
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    body = f'<rdf:RDF xmlns:rdf="{rdf}"><rdf:Description><p xmlns="urn:">&a9;</p></rdf:Description></rdf:RDF>'
    (tmp_path / "laughs.rdf").write_text(f'<?xml version="1.0"?>{laughs}{body}', encoding="utf-8")
    said = the_line(run("derive", "laughs.rdf", cwd=tmp_path, environment={"EVENTKG_MEMORY_MB": "200"}), 1)
    assert "memory limit of 200 MiB" in said or "limit on input amplification" in said  # by version of expat


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query"], 2, "one query expected"),
        (["query", "ASK { }", "-f", "x.rq"], 2, "one query expected"),
        (["query", ""], 1, "nothing found, a SPARQL query expected"),
        (["query", "SELECT *\n{ ?s ?p ) }"], 1, "line 2, column"),
        (["query", "ASK { ?s nope:x ?o }"], 1, "a prefix that is not declared"),
        (["query", "ASK { SERVICE <http://127.0.0.1/> { } }"], 1, "line 1, column 7: SERVICE would send"),
        (["query", "ASK { FILTER(" + "!" * 120_000 + "true) }"], 1, "nested too deeply"),
        (["query", "(" * 1000], 1, "nested brackets"),
        (["query", "ASK { }", "--format", "ttl"], 2, "the answer is a boolean"),
        (["query", "DESCRIBE ekg:Event", "--format", "csv"], 2, "the answer is a graph"),
        (["query", "ASK { }", "--format", "yaml"], 2, "'yaml' is not one of"),
        (["query", "ASK { }", "--timeout-s", "0"], 2, "timeout_s: 0.0 found"),
        (["query", "ASK { }", "--timeout-s", "-1"], 2, "timeout_s: -1.0 found"),
        (["query", "ASK { }", "--timeout-s", "nan"], 2, "timeout_s: nan found"),
        (["query", "ASK { }", "--timeout-s", "1e300"], 2, "up to 1,000,000 expected"),
        (["query", "ASK { }", "--timeout-s", "soon"], 2, "'soon' is not a valid float"),
        (["query", "ASK { }", "--memory-mb", "9" * 14], 2, "memory_mb: 99999999999999 found"),
        (["query", "ASK { }", "--nonsense"], 2, "--nonsense"),
        (["query", "-f", "missing.rq"], 1, "missing.rq: No such file or directory"),
        (["query", "-f", "."], 1, ".: Is a directory"),
        (["nonsense"], 2, "'nonsense'"),
        (["export"], 2, "FORMAT"),
        (["export", "docx"], 2, "'docx' is not one of"),
        (["export", "nt", "--graph", "nowhere"], 2, "graph 'nowhere' found, one of codes, derived"),
        (["export", "nt", "--graph", "a b:c"], 2, "graph 'a b:c' found"),
        (["export", "nt", "-o", "no/such/folder/x.nt"], 1, "no/such/folder/x.nt: No such file"),
        (["export", "nt", "-o", "x" * 300], 1, "File name too long"),
        (["export", "nt", "-o", "/", "--force"], 1, "/: Is a directory"),
        (["export", "nt", "-o", ""], 1, "Is a directory"),
        (["export", "nt", "-o", "/dev/full"], 1, "/dev/full: No space left on device"),
        (["network", "--plot", "network.pdf"], 2, "network.pdf: extension .png or .svg expected"),
        (["network", "--kind", "nonsense"], 2, "'nonsense' is not"),
        (["validate", "--shapes", "missing.ttl"], 2, "missing.ttl: no such file"),
        (["serve", "--port", "-1"], 2, "--port"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_call_is_one_line(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert said in the_line(done, code)
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"ASK { } # \xff", 1, "byte 10 is not UTF-8"),
        (b"", 1, "nothing found"),
        (b"ASK {\n ) }", 1, "line 2"),
    ],
)
def test_a_query_on_stdin_that_is_wrong_is_one_line(content: bytes, code: int, said: str) -> None:
    assert said in the_line(run("query", "-f", "-", stdin=content), code)


def test_a_query_that_is_not_utf_8_is_one_line() -> None:
    done = subprocess.run(
        [*EVENTKG, "query", b"ASK { } # \xff"], capture_output=True, timeout=60, check=False
    )
    the_line(done, 1)


def test_shapes_that_are_ill_formed_are_code_2(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text("<urn:s> <urn:p> ; .", encoding="utf-8")
    assert "shapes.ttl: line 1" in the_line(run("validate", "--shapes", "shapes.ttl", cwd=tmp_path), 2)


@pytest.mark.slow
def test_a_query_without_end_is_stopped_with_code_124() -> None:
    said = the_line(run("query", ENDLESS, "--timeout-s", "1"), 124)
    assert "the time limit is 1 s (raise it with --timeout-s)" in said


@pytest.mark.slow
def test_a_greedy_query_is_stopped_with_code_1() -> None:
    done = run("query", f"SELECT * {MANY} ORDER BY ?l", "--memory-mb", "64", "--format", "csv")
    assert "memory limit of 64 MiB" in the_line(done, 1)


@pytest.mark.parametrize("query", [ENDLESS, f"SELECT * {MANY}"], ids=["silent", "printing"])
@pytest.mark.slow
def test_ctrl_c_is_one_line_and_code_130_and_leaves_no_process(query: str) -> None:
    command = [*EVENTKG, "query", query, "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            assert wait_until(lambda: any(cpu_s(one) > 0.3 for one in descendants(process.pid)), 30)
            below = descendants(process.pid)
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (stderr, process.returncode) == (b"eventkg: interrupted\n", 130)
    assert wait_until(lambda: not any(map(alive, below)))


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("query 'SELECT * { ?s ?p ?o }' --format csv", 1),
        (f"query 'SELECT * {MANY}' --format csv", 1),
        ("query 'SELECT * { ?s ?p ?o }'", 1),
        ("export nt", 1),
        ("stats", 1),
        ("network", 1),
        ("export nt", 0),
    ],
)
@pytest.mark.slow
def test_a_reader_that_goes_early_is_no_error(command: str, lines: int) -> None:
    script = f"set -o pipefail; {' '.join(EVENTKG)} {command} | head -n {lines}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=False)
    said = [line for line in done.stderr.decode().splitlines() if "view https://" not in line]
    assert (said, done.returncode) == ([], 0)
    assert done.stdout.count(b"\n") == lines


@pytest.mark.parametrize("command", ["query 'ASK { }'", "export nt", "stats", "stats --json", "--help"])
@pytest.mark.slow
def test_a_full_disk_is_one_line_and_code_1(command: str) -> None:
    script = f"{' '.join(EVENTKG)} {command} > /dev/full"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=False)
    assert "No space left on device" in the_line(done, 1)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.slow
def test_streams_that_are_closed_hurt_nobody(closed: str) -> None:
    script = f"{' '.join(EVENTKG)} query 'ASK {{ ?s ?p ?o }}' {closed}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=False)
    view = b"" if "2>&-" in closed else b"view https://w3id.org/eventkg/view/default\n"
    assert (done.returncode, done.stderr) == (0, view)
    assert done.stdout == (b"" if ">&-" in closed.replace("2>&-", "") else b"yes\n")


@pytest.mark.parametrize(
    ("flag", "variable", "file", "limit"),
    [
        ("0.5", "60", "timeout_s = 60", "0.5 s"),
        ("", "0.6", "timeout_s = 60", "0.6 s"),
        ("", "", "timeout_s = 0.7", "0.7 s"),
        ("", "", "timeout_s = 1", "1 s"),
    ],
)
@pytest.mark.slow
def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    flag: str, variable: str, file: str, limit: str, tmp_path: Path
) -> None:
    (tmp_path / "eventkg.toml").write_text(file, encoding="utf-8")
    flags = ["--timeout-s", flag] if flag else []
    environment = {"EVENTKG_TIMEOUT_S": variable} if variable else {}
    said = the_line(run("query", ENDLESS, *flags, cwd=tmp_path, environment=environment), 124)
    assert f"the time limit is {limit} " in said


@pytest.mark.parametrize(
    ("variable", "file", "said"),
    [
        ("soon", "", "timeout_s: 'soon' found, a number expected"),
        ("", "timeout_s = 'soon'", "timeout_s: 'soon' found, a number expected"),
        ("", "timeout_s = ", "eventkg.toml: Invalid value"),
        ("", "memory_mb = 1.5", "memory_mb: '1.5' found, a whole number expected"),
        ("", "timeout = 5", "eventkg.toml: 'timeout' found, one of timeout_s, memory_mb, workers expected"),
        ("", "workers = 0", "workers: '0' found, a number above 0"),
        ("inf", "", "timeout_s: 'inf' found, a number above 0 and up to"),
    ],
)
def test_a_wrong_setting_is_one_line(variable: str, file: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "eventkg.toml").write_text(file, encoding="utf-8")
    environment = {"EVENTKG_TIMEOUT_S": variable} if variable else {}
    assert said in the_line(run("query", "ASK { }", cwd=tmp_path, environment=environment), 2)
