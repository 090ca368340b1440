"""Files that are no RDF, or too much of it: one line that names the file, and the store as it was."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import COMMAND, drafts, eventkg, in_graph, load, many, state, unchecked
from tests.query.conftest import Canary

from eventkg.errors import DataError, EventkgError, UsageError
from eventkg.kg import loading
from eventkg.kg.loading import Load
from eventkg.model.naming import GRAPH_USER
from eventkg.settings import Limits
from eventkg.store.directory import current_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Refused = Callable[..., str]

LINES, TREES = ("ttl", "nt", "nq", "trig"), ("rdf", "jsonld")
PARSERS = ("ttl", "nt", "rdf", "jsonld")  # of their own: that of Turtle reads TriG, that of N-Triples N-Quads
GOOD = b'<urn:s> <urn:p> "good" .\n'
XML = (
    '<?xml version="1.0"?>{dtd}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:x="urn:x:"><rdf:Description rdf:about="{about}"><x:p>{text}</x:p></rdf:Description></rdf:RDF>'
)
JSON = '{{"@id": "{about}", "urn:p": "{text}"}}'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store that no test changes: each looks at the name of its state, and the end at every statement."""
    folder = tmp_path_factory.mktemp("unchanged")
    load(folder / "store", many(folder / "file.nt", 5))
    before = state(folder / "store")
    yield folder / "store"
    assert state(folder / "store") == before


@pytest.fixture
def refused(store: Path, tmp_path: Path) -> Refused:
    """Load a file of these bytes; the one line that says why not, without the path before the name."""
    before = current_name(store)

    def try_it(name: str, data: bytes, kind: type[EventkgError] = DataError, memory_mb: int = 2048) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(kind) as problem:
            load(store, path, memory_mb=memory_mb)
        said = str(problem.value)
        assert said.startswith(f"{path}: "), said
        assert "\n" not in said
        assert len(said) < 1000
        assert current_name(store) == before
        assert drafts(store) == []
        return said.removeprefix(f"{tmp_path}/")

    return try_it


def written(extension: str, about: str, text: str, dtd: str = "") -> bytes:
    """One statement in any format."""
    if extension == "rdf":
        return XML.format(about=about, text=text, dtd=dtd).encode()
    if extension == "jsonld":
        return JSON.format(about=about, text=text).encode()
    return f'<{about}> <urn:p> "{text}" .\n'.encode()


WRONG_LINES = [
    (b'<urn:s> <urn:p> "a\xffb" .\n', r"line 2, column 19: Invalid UTF-8"),
    (b"<urn:s> <urn:p> .\n", r"line 2, column \d+: "),
    (b"<s> <urn:p> <urn:o> .\n", r"line 2, column 1: No scheme found in an absolute IRI"),
    (b"<urn:s> <urn:p> <urn:a b> .\n", r"line 2, column \d+: Invalid IRI code point ' '"),
    (b'<urn:s> <urn:p> "unfinished\n', r"line 2, column \d+: "),
]


@pytest.mark.parametrize(
    ("extension", "line", "said"),
    [(kind, *wrong) for kind in LINES for wrong in WRONG_LINES[: None if kind in PARSERS else 1]],
)
def test_a_wrong_line_is_named_by_line_and_column(
    extension: str, line: bytes, said: str, refused: Refused
) -> None:
    assert re.match(rf"file\.{extension}: {said}", refused(f"file.{extension}", GOOD + line))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.rdf", XML.format(about="s", text="", dtd=""), "error while parsing IRI 's': No scheme found"),
        (
            "a.rdf",
            XML.format(about="urn:s", text="", dtd="").replace("</x:p>", "</x:q>"),
            "line 1, column 146: mismatched",
        ),
        ("a.jsonld", JSON.format(about="s", text="x"), "the relative IRI 's' found, and no @base"),
        ("a.jsonld", '[{"@id":"urn:s","urn:p":[1,{"@id":"o"}]}]', "the relative IRI 'o' found"),
        ("a.jsonld", '{"@id": "urn:s",\n "urn:p" "x"}', "line 2, column 10: Object keys must be strings"),
        ("a.jsonld", '{"@id": "urn:s", "@graph": 1}', "no statement found"),
    ],
)
def test_wrong_xml_and_json_is_told_as_exactly_as_the_parser_knows(
    name: str, data: str, said: str, refused: Refused
) -> None:
    assert said in refused(name, data.encode())


@pytest.mark.parametrize("extension", TREES)
def test_bytes_that_are_not_utf_8_are_refused_in_xml_and_json_too(extension: str, refused: Refused) -> None:
    data = written(extension, "urn:s", "@@").replace(b"@@", b"\xff")
    assert re.search("line 1, column 144: |UTF-8", refused(f"file.{extension}", data))


NO_RDF = {
    "empty": b"",
    "blank": b"\n \n",
    "letter": b"Dear all,\nplease find attached\n",
    "html": b"<!DOCTYPE html>\n<html><p>404</html>",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "utf-16": 'event,"né"\r\n1,2\r\n'.encode("utf-16"),
}


@pytest.mark.parametrize(
    ("extension", "what"),
    [(kind, what) for kind in (*LINES, *TREES) for what in NO_RDF if kind in PARSERS or what == "empty"],
)
def test_what_is_no_rdf_at_all_is_refused_in_every_format(
    what: str, extension: str, refused: Refused
) -> None:
    assert refused(f"file.{extension}", NO_RDF[what])


CUT = {
    "ttl": '<urn:s> <urn:p> "good" . <urn:s> <urn:p> [ <urn:p> 1 ] .',
    "nt": '<urn:s> <urn:p> "good" .\n<urn:s> <urn:p> "better" .',
    "nq": '<urn:s> <urn:p> "good" <urn:g> .\n<urn:s> <urn:p> "better" <urn:g> .',
    "trig": '<urn:g> { <urn:s> <urn:p> "good" . } <urn:g> { <urn:s> <urn:p> [ <urn:p> 1 ] }',
    "rdf": XML.format(about="urn:s", text="x", dtd=""),
    "jsonld": '[{"@id": "urn:s", "urn:p": "good"}, {"@id": "urn:s", "urn:p": "better"}]',
}


@pytest.mark.parametrize(
    ("extension", "missing"),
    [(kind, missing) for kind in CUT for missing in ((1, 2, 8, 15) if kind in PARSERS else (1, 12))],
)
def test_a_file_whose_end_is_missing_is_never_taken_for_a_whole_one(
    extension: str, missing: int, refused: Refused
) -> None:
    assert refused(f"file.{extension}", CUT[extension][:-missing].encode())


PACKED = gzip.compress(GOOD * 20_000)


DAMAGED = {
    "without its end": (PACKED[:-4], "Compressed file ended before"),
    "half": (PACKED[: len(PACKED) // 2], "Compressed file ended before"),
    "wrong sum": (PACKED[:-8] + bytes(4) + PACKED[-4:], "CRC check failed"),
    "not packed": (GOOD, "Not a gzipped file"),
}


@pytest.mark.parametrize(
    ("extension", "damage"),
    [*(("nt", damage) for damage in DAMAGED), *((kind, "without its end") for kind in ("ttl", "nq", "trig"))],
)
def test_a_damaged_gzip_is_refused_whoever_reads_it(extension: str, damage: str, refused: Refused) -> None:
    data, said = DAMAGED[damage]
    assert said in refused(f"file.{extension}.gz", data)


@pytest.mark.parametrize("extension", TREES)
def test_a_damaged_gzip_of_a_whole_document_is_refused(extension: str, refused: Refused) -> None:
    whole = gzip.compress(written(extension, "urn:s", "x"))
    assert "Compressed file ended before" in refused(f"file.{extension}.gz", whole[:-4])


def bomb(unit: bytes, gibibytes: float) -> bytes:
    """So much of one thing, as a gzip of many members."""
    return gzip.compress(unit * 2**26, 9) * int(gibibytes * 16)


@pytest.mark.slow
@pytest.mark.parametrize("extension", PARSERS)
def test_a_bomb_is_refused_before_it_has_unpacked(extension: str, refused: Refused) -> None:
    packed = bomb(b"\0", 2)
    assert len(packed) < 2**22
    assert refused(f"file.{extension}.gz", packed, memory_mb=256)


@pytest.mark.slow
def test_a_bomb_that_looks_like_an_endless_file_is_stopped_by_its_ratio(refused: Refused) -> None:
    said = refused("file.jsonld.gz", bomb(b" ", 1.25), memory_mb=256)
    assert said == "file.jsonld.gz: unpacks to more than 250 times its size; refused"


@pytest.mark.slow
@pytest.mark.parametrize("extension", PARSERS)
def test_a_literal_without_end_is_refused_with_the_limit_it_passed(extension: str, refused: Refused) -> None:
    data = written(extension, "urn:s", "x" * (24 * 2**20))
    said = refused(f"file.{extension}", data)
    assert said == f"file.{extension}: a literal or statement of more than 16 MiB found"
    if extension == "rdf":
        assert "128 MiB" in refused(f"file.{extension}", data, memory_mb=128)


def test_a_literal_of_some_megabytes_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "file.ttl").write_bytes(written("ttl", "urn:s", "x" * (5 * 2**20)))
    load(tmp_path / "store", tmp_path / "file.ttl")
    (line,) = in_graph(tmp_path / "store", GRAPH_USER)
    assert line.count("x") == 5 * 2**20


DEEP = 300_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "<urn:s> <urn:p> " + "[ <urn:p> " * DEEP + "1" + " ]" * DEEP + " ."),
        ("b.ttl", "<urn:s> <urn:p> " + "( " * DEEP + " )" * DEEP + " ."),
        ("a.nt", "<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * DEEP + "1" + " )>>" * DEEP + " ."),
        ("a.jsonld", '{"urn:p":' * DEEP + "1" + "}" * DEEP),
        ("b.jsonld", '{"@context":' + "[" * DEEP + "]" * DEEP + "}"),
        ("a.rdf", XML.format(about="urn:s", dtd="", text="<x:p>" * 20_000)),  # quadratic in the depth
    ],
)  # fmt: skip
def test_nesting_ends_the_child_at_most(name: str, text: str, refused: Refused) -> None:
    assert refused(name, text.encode(), memory_mb=512)


def laughs(levels: int) -> str:
    """Entities of entities: ten to the power of `levels`."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE rdf:RDF [<!ENTITY a0 "laugh">{entities}]>'


@pytest.mark.parametrize(
    ("dtd", "text"),
    [
        (laughs(12), "&a11;"),
        (f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"l" * 100_000}">]>', "&a;" * 20_000),
        ('<!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    ],
    ids=["billion laughs", "quadratic", "file"],
)
def test_xml_entities_neither_fill_the_memory_nor_read_files(dtd: str, text: str, refused: Refused) -> None:
    said = refused("file.rdf", written("rdf", "urn:s", text, dtd), memory_mb=300)
    assert "amplification" in said or "undefined entity" in said or "ENTITY" in said
    assert "root:" not in said


def test_a_context_of_json_ld_is_not_fetched(refused: Refused) -> None:
    with Canary() as canary:
        imported = f'{{"@version": 1.1, "@import": "{canary.iri}"}}'
        for context in (f'"{canary.iri}"', imported, '"file:///etc/passwd"'):
            data = f'{{"@context": {context}, "@id": "urn:s", "urn:p": "o"}}'.encode()
            assert "remote contexts" in refused("file.jsonld", data)
        assert not canary.called()


@pytest.mark.parametrize("name", ["file.docx", "file", "file.gz", "file.csv.gz", ".ttl"])
def test_an_extension_that_no_format_has_is_a_usage_error(name: str, refused: Refused) -> None:
    assert "or --format" in refused(name, GOOD, kind=UsageError)


def test_what_is_not_there_or_no_file_is_told_by_name(store: Path, tmp_path: Path) -> None:
    before = state(store)
    (tmp_path / "folder.ttl").mkdir()
    for name, said in (("folder.ttl", "Is a directory"), ("none.ttl", "No such file or directory")):
        code, out, error = eventkg("load", "-l", store, tmp_path / name)
        assert (code, out) == (1, "")
        assert error == f"eventkg: {tmp_path / name}: {said}\n"
    assert state(store) == before


def test_one_line_and_exit_code_1_on_the_command_line(store: Path, tmp_path: Path) -> None:
    (tmp_path / "file.ttl").write_bytes(GOOD + b"\x1b[2J nonsense\n")
    code, out, error = eventkg("load", "-l", store, tmp_path / "file.ttl")
    assert (code, out) == (1, "")
    assert error.startswith(f"eventkg: {tmp_path / 'file.ttl'}: line 2, column 1: ")
    assert error.count("\n") == 1
    assert "\x1b" not in error


@pytest.mark.slow
def test_a_file_that_changes_while_it_is_loaded_is_refused(store: Path, tmp_path: Path) -> None:
    before, path = state(store), many(tmp_path / "file.nt", 50_000)
    told: list[int] = []

    def append(count: int) -> None:
        if not told:
            with path.open("a") as stream:
                stream.write("<urn:late> <urn:p> <urn:o> .\n")
        told.append(count)

    with pytest.raises(DataError, match=r"file\.nt: changed while it was read; load it again"):
        loading.load(store, Load((str(path),)), Limits(), append)
    assert state(store) == before
    with unchecked():
        told_again: list[int] = []
        loading.load(tmp_path / "other", Load((str(path),)), Limits(), told_again.append)
    assert sum(told_again) == path.stat().st_size


def test_a_pipe_is_no_file_that_changes(tmp_path: Path) -> None:
    """As in `eventkg load <(zcat …)`."""
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    for text in ("1", "<urn:o>"):
        with subprocess.Popen(["sh", "-c", f"printf '<urn:s> <urn:p> {text} .' > {pipe}"]):
            if text == "1":
                with pytest.raises(DataError, match=r"pipe\.nt: line 1, column"):
                    load(tmp_path / "store", pipe)
            else:
                load(tmp_path / "store", pipe)
    assert len(in_graph(tmp_path / "store", GRAPH_USER)) == 1


def test_no_module_of_the_folder_one_works_in_is_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "gzip.py").write_text("raise SystemExit('taken')")
    many(tmp_path / "file.nt", 20_001)
    command = [*COMMAND, "load", "-l", "store", "file.nt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
