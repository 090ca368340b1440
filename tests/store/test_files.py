"""RDF files read into quads, and quads as they travel between processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.errors import DataError, UsageError
from eventkg.model.claim import Value
from eventkg.model.naming import XSD
from eventkg.store.bundled import bundled_files, bundled_quads, ontology_quads
from eventkg.store.files import FORMATS, format_of, read_quads, to_nquads
from eventkg.store.markup import xml_text
from eventkg.store.terms import to_term, to_value

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = "urn:graph"
TRIPLE = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("http://x/p"), ox.Literal("Al-Bāb", language="en"))


RDF_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">
<rdf:Description rdf:about="urn:s"><x:p>1</x:p></rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize(("extension", "rdf_format"), FORMATS.items())
def test_a_file_of_every_extension_is_read(extension: str, rdf_format: ox.RdfFormat, tmp_path: Path) -> None:
    path = tmp_path / f"file{extension.upper()}"
    path.write_bytes(ox.serialize([TRIPLE], format=rdf_format) or b"")
    (quad,) = read_quads(path, GRAPH)
    assert (quad.triple, quad.graph_name) == (TRIPLE, ox.NamedNode(GRAPH))


@pytest.mark.parametrize("name", ["x.txt", "x", "x.ttl.gz", ".ttl", "x.ttl~"])
def test_an_extension_that_no_format_has_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"found, one of \.ttl \.nt"):
        format_of(tmp_path / name)


def test_named_graphs_of_a_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text(
        "<urn:s> <urn:p> 'a' <urn:g> .\n<urn:s> <urn:p> 'b' .\n".replace("'", '"'), encoding="utf-8"
    )
    assert sorted(q.graph_name.value for q in read_quads(path, GRAPH)) == ["urn:g", GRAPH]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.ttl", "<urn:s> <urn:p> .", "x.ttl: line 1, column 17"),
        ("x.ttl", "<urn:s> <urn:p> 1 .\n\n  oops", "x.ttl: line 3, column 3"),
        ("x.ttl", '<urn:s> <urn:p> "x', "line 1, column 17: Unexpected end of file"),
        ("x.nt", "<urn:s> <urn:p>", "x.nt: line 1, column"),
        ("x.rdf", "<a>", "x.rdf: "),
        ("x.jsonld", "[", "x.jsonld: line 1, column"),
        ("x.jsonld", " true", "x.jsonld: 'true' found, an object or an array expected"),
        ("x.ttl", "<urn:s> <urn:p> <<( <urn:s> <urn:p> 1 )>> .", "x.ttl: an RDF 1.2 triple term found"),
        ("x.rdf", RDF_XML[:-1], "x.rdf: line 2, column "),
        ("x.rdf", RDF_XML.partition("</")[0], "x.rdf: line 2, column "),
        ("x.jsonld", '{"@id": "s", "urn:p": 1}', "x.jsonld: the relative IRI 's' found, and no @base"),
        ("x.jsonld", '[{"@id":"urn:s","urn:p":[1,{"@id":"../o"}]}]', "the relative IRI 'o' found"),
        ("x.jsonld", '{"@id":"urn:s","urn:p":{"@id":"//host/o"}}', "the relative IRI '//host/o' found"),
        ("x.jsonld", '{"@id":"urn:s","urn:p":{"@value":"1","@type":"t"}}', "the relative IRI 't' found"),
        ("x.jsonld", '{"@graph":[{"@id":"urn:s","urn:p":1}],"@id":"g"}', "the relative IRI 'g' found"),
        ("x.ttl", " ", "x.ttl: an empty file found, Turtle expected"),
    ],
)
def test_a_malformed_file_says_where(name: str, content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as failed:
        list(read_quads(path, GRAPH))
    assert said in str(failed.value)
    assert "Parser error" not in str(failed.value)


def test_blank_nodes_of_two_files_are_not_mixed_up(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(f'_:x <urn:p> "{name}" .\n', encoding="utf-8")
    subjects = {q.subject for name in ("a.nt", "b.nt") for q in read_quads(tmp_path / name, GRAPH)}
    assert len(subjects) == 2


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_IRIS = st.text("abc/é-", min_size=1).map(lambda text: ox.NamedNode(f"urn:x{text}"))
_LITERALS = (
    st.builds(ox.Literal, _TEXT)
    | st.builds(lambda text: ox.Literal(text, language="en"), _TEXT)
    | st.builds(lambda text, kind: ox.Literal(text, datatype=kind), _TEXT, _IRIS)
)
_QUADS = st.builds(ox.Quad, _IRIS, _IRIS, _IRIS | _LITERALS, _IRIS)


@given(st.lists(_QUADS, max_size=20))
def test_quads_survive_the_way_between_processes(quads: list[ox.Quad]) -> None:
    assert list(ox.parse(to_nquads(quads), format=ox.RdfFormat.N_QUADS)) == quads


@given(st.builds(Value, _TEXT, st.sampled_from([f"{XSD}string", f"{XSD}integer", "urn:t"]), st.just("")))
def test_a_value_survives_the_way_through_a_term(value: Value) -> None:
    assert to_value(to_term(value)) == value


@pytest.mark.parametrize("value", [Value("urn:x"), Value("x", f"{XSD}date"), Value("007", f"{XSD}integer")])
def test_a_value_keeps_its_text_and_type(value: Value) -> None:
    assert to_value(to_term(value)) == value


def test_bundled_files_go_to_the_graphs_that_are_named_after_them() -> None:
    graphs = {graph.rpartition("/")[2] for _, graph in bundled_files()}
    assert graphs == {"ontology", "codes", "seed"}
    assert [path for path, _ in bundled_files() if not path.is_file()] == []
    assert len(list(ontology_quads())) < len(list(bundled_quads()))


@pytest.mark.parametrize(
    ("markup", "kept"), [(b"<a>x\r\ny</a>", b"<a>x&#xD;\ny</a>"), ("<a>é\t\n</a>".encode(), None)]
)
def test_carriage_returns_in_xml_survive_a_parser(markup: bytes, kept: bytes | None) -> None:
    assert xml_text(markup) == (kept or markup)


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_an_error(character: str) -> None:
    with pytest.raises(DataError, match=rf"U\+{ord(character):04X} found"):
        xml_text(f"<a>{character}</a>".encode())
