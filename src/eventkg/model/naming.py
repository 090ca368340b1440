"""IRIs: namespaces, prefixes and the names that the design fixes."""

from __future__ import annotations

from urllib.parse import quote

BASE = "https://w3id.org/eventkg/"
EKG = f"{BASE}ontology#"
EKGS = f"{BASE}shapes#"
CODE = f"{BASE}code/"
GRAPH = f"{BASE}graph/"
VIEW = f"{BASE}view/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

KINDS = (
    "event", "actor", "place", "equipment", "claim", "proposition", "document",
    "series", "dataset", "import", "match", "assessment", "policy",
)  # fmt: skip

# Declared in every query and used in every file that is written, so that results stay readable.
PREFIXES = {
    "ekg": EKG,
    "ekgs": EKGS,
    "code": CODE,
    "graph": GRAPH,
    "view": VIEW,
    **{kind: f"{BASE}id/{kind}/" for kind in KINDS},
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": SKOS,
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
}

GRAPH_ONTOLOGY = f"{GRAPH}ontology"
GRAPH_CODES = f"{GRAPH}codes"
GRAPH_SEED = f"{GRAPH}seed"
GRAPH_DERIVED = f"{GRAPH}derived"
GRAPH_MOVED = f"{GRAPH}moved"  # facts of data sets that are no facts while they are contested
GRAPH_USER = f"{GRAPH}user"
DEFAULT_POLICY = f"{VIEW}default"


def entity(kind: str, *slug: str) -> str:
    """The IRI of an entity: `entity("actor", "kremlin")`, `entity("event", "ucdp-ged", "12/3")`."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    return f"{BASE}id/{kind}/" + "/".join(quote(part, safe="-._~") for part in slug)


def shorten(iri: str) -> str:
    """`ekg:Event` for the full IRI; the IRI itself where no prefix fits or the rest is no plain name."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local and local != iri and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{local}"
    return iri
