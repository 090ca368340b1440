"""Our RDF as Apache Jena reads it: riot for what it knows by itself, ARP for RDF/XML.

Jena comes with Pellet, which owlready2 carries (Jena 2.10; Debian's 4.5 ends with an error of its own).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import owlready2
import pyoxigraph as ox
import pytest

from eventkg.export.rdf import FORMATS, serialize

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

JARS = Path(owlready2.__file__).with_name("pellet") / "*"
RIOT, ARP = "riotcmd.riot", "com.hp.hpl.jena.rdf.arp.NTriple"
READERS = {"ttl": RIOT, "nt": RIOT, "nq": RIOT, "trig": RIOT, "rdfxml": ARP}
WITH_GRAPHS = {"nq", "trig"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Jena needs java, which is not here"),
]


def read_by_jena(path: Path, form: str) -> set[ox.Quad]:
    """The statements of a file, as Jena writes them down."""
    ran = subprocess.run(
        ["java", "-cp", str(JARS), READERS[form], str(path)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return set(ox.parse(ran.stdout, format=ox.RdfFormat.N_QUADS))


def of(data: bytes, form: str) -> set[ox.Quad]:
    return set(ox.parse(data, format=FORMATS[form]))


@pytest.mark.parametrize("form", READERS)
def test_jena_reads_the_same_graph(form: str, kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{'rdf' if form == 'rdfxml' else form}"
    data = kg.serialize(form)
    path.write_bytes(data)
    found = read_by_jena(path, form)
    assert len(found) > 4_000
    assert found == of(kg.serialize("nq" if form in WITH_GRAPHS else "nt"), "nq")


@pytest.mark.parametrize("form", READERS)
def test_jena_reads_what_is_hard_to_write(form: str, tmp_path: Path) -> None:
    # nothing beyond the Basic Multilingual Plane: Jena 2.10 reads it, but writes it as two surrogates
    texts = (
        "\"'\"\"\"'''\\",
        "one\ntwo\r\nthree\tfour",
        "<b>&amp;]]></b>",
        "✈",
        "مدينة",
        "",
    )
    terms = [*map(ox.Literal, texts), ox.Literal("Эль-Баб", language="ru")]
    graph = ox.NamedNode("urn:g") if form in WITH_GRAPHS else ox.DefaultGraph()
    quads = {
        ox.Quad(
            ox.NamedNode(f"https://example.org/{n}"), ox.NamedNode("https://example.org/says"), term, graph
        )
        for n, term in enumerate(terms)
    }
    path = tmp_path / f"graph.{'rdf' if form == 'rdfxml' else form}"
    path.write_bytes(serialize(quads, form))
    assert read_by_jena(path, form) == quads


def test_jena_refuses_what_is_no_rdf(tmp_path: Path) -> None:
    (tmp_path / "no.ttl").write_text("<urn:s> <urn:p> .\n")
    with pytest.raises(AssertionError, match="ERROR"):
        read_by_jena(tmp_path / "no.ttl", "ttl")
