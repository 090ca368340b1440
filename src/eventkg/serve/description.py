"""What the service is and holds, for machines: SPARQL 1.1 Service Description and VoID."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
from starlette.responses import Response

from eventkg.model.naming import BASE, EKG, PREFIXES
from eventkg.query.job import DATASETS, GRAPHS, SOLUTIONS, Job
from eventkg.query.named import for_editors
from eventkg.serve import service
from eventkg.serve.answering import whole_answer
from eventkg.serve.caching import has_it, tag_of
from eventkg.serve.negotiation import GRAPH_TYPES, choose
from eventkg.serve.problems import not_acceptable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request

    from eventkg.serve.service import Options

    Rows = list[tuple[str, int]]

_MOST = 64 << 20  # bytes of a table of counts
_GRAPHS = "SELECT ?k (COUNT(*) AS ?n) { GRAPH ?k { ?s ?p ?o } } GROUP BY ?k ORDER BY ?k"
_TRIPLES = "SELECT (<urn:all> AS ?k) (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }"
_CLASSES = "SELECT ?k (COUNT(DISTINCT ?s) AS ?n) { ?s a ?k } GROUP BY ?k ORDER BY ?k"
_PROPERTIES = (
    "SELECT ?k (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?k ?o { ?s ?k ?o } } } GROUP BY ?k ORDER BY ?k"
)
_FORMATS = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdfxml": "RDF_XML",
    "nq": "N-Quads", "trig": "TriG",
}  # fmt: skip
_DECLARED = {
    **PREFIXES,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "formats": "http://www.w3.org/ns/formats/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}


def wants_description(accept: str) -> bool:
    """A format of graphs named outright: `*/*` alone asks for nothing in particular."""
    named = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return any(media_type in named for types in GRAPH_TYPES.values() for media_type in types)


async def service_description(request: Request) -> Response:
    """The languages, formats, features and graphs that are really there."""
    options = service.of(request).options
    endpoint = str(request.url.replace(path="/sparql", query=""))
    graphs = await _counts(request, _GRAPHS)
    total = sum(number for _, number in await _counts(request, _TRIPLES))
    named = (
        f"; sd:namedGraph [ a sd:NamedGraph ; sd:name <{graph}> ;"
        f" sd:graph [ a sd:Graph ; void:triples {number} ] ]"
        for graph, number in graphs
    )
    text = f"""
<{endpoint}> a sd:Service ; sd:endpoint <{endpoint}> ; sd:supportedLanguage {_languages(options)} ;
  sd:resultFormat {_formats([*SOLUTIONS, *GRAPHS])} ;
  sd:defaultEntailmentRegime <http://www.w3.org/ns/entailment/Simple> ;
  sd:feature {"sd:EmptyGraphs" if options.plain else "sd:UnionDefaultGraph"}{_federated(options)} ;
  sd:defaultDataset [ a sd:Dataset ;
    sd:defaultGraph [ a sd:Graph ; void:triples {total} ] {"".join(named)} ] .
"""
    if options.allow_update:
        text += f"<{endpoint}> sd:inputFormat {_formats([*GRAPHS, *DATASETS])} .\n"
    return _document(request, text, _GRAPHS)


async def void(request: Request) -> Response:
    """The statistics of the data, by class and by property."""
    options = service.of(request).options
    here = str(request.url.replace(path="/.well-known/void", query=""))
    endpoint = str(request.url.replace(path="/sparql", query=""))
    classes, properties = await _counts(request, _CLASSES), await _counts(request, _PROPERTIES)
    total = sum(number for _, number in properties)
    parts = [
        f"<{here}> a void:DatasetDescription ; foaf:primaryTopic <{here}#dataset> .",
        f"<{here}#dataset> a void:Dataset ; void:sparqlEndpoint <{endpoint}> ; void:triples {total} ;",
        f"  void:classes {len(classes)} ; void:properties {len(properties)} ;",
        f"  void:feature {_formats(GRAPHS)} .",
        *_partitions(here, "class", "entities", classes),
        *_partitions(here, "property", "triples", properties),
    ]
    if not options.plain:
        parts.append(_ours(f"{here}#dataset"))
    return _document(request, "\n".join(parts), _PROPERTIES)


def _ours(dataset: str) -> str:
    """What is said of our own graph beside its counts: example queries and prefixes too."""
    head = (
        f'<{dataset}> dcterms:title "eventkg"@en ; void:vocabulary <{EKG}> ; void:uriSpace {_text(BASE)} ;'
        ' dcterms:description "Who says what about which military event."@en .'
    )
    return f"{head}\n{for_editors(dataset)}"


def _partitions(here: str, kind: str, unit: str, rows: Rows) -> Iterator[str]:
    for number, (iri, count) in enumerate(rows, 1):
        part = f"{here}#{kind}-{number}"
        yield f"<{here}#dataset> void:{kind}Partition <{part}> ."
        yield f"<{part}> void:{kind} <{iri}> ; void:{unit} {count} ."


def _languages(options: Options) -> str:
    return "sd:SPARQL11Query" + ", sd:SPARQL11Update" * options.allow_update


def _federated(options: Options) -> str:
    return ", sd:BasicFederatedQuery" * bool(options.hosts)


def _formats(names: Iterable[str]) -> str:
    return ", ".join(f"<{_DECLARED['formats']}{_FORMATS[name]}>" for name in names)


def _text(value: str) -> str:
    """As Turtle has it; JSON's escapes are a part of Turtle's."""
    return json.dumps(value, ensure_ascii=False)


async def _counts(request: Request, query: str) -> Rows:
    """(IRI, number) for each row; blank nodes are passed over."""
    job = Job(query, plain=service.of(request).options.plain)
    _, body, _ = await whole_answer(request, job, _MOST)
    rows = json.loads(body)["results"]["bindings"]
    return [
        (row["k"]["value"], int(row["n"]["value"])) for row in rows if row.get("k", {}).get("type") == "uri"
    ]


def _document(request: Request, turtle: str, counted: str) -> Response:
    """Our own text, in the format that is wanted."""
    name = choose(request.headers.get("accept", ""), GRAPH_TYPES)[0]
    if not name:
        raise not_acceptable("graph")
    tag = tag_of(service.of(request), Job(counted + str(request.url), graph=name))
    headers = {"Vary": "Accept", **({"ETag": tag} if tag else {})}
    if has_it(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    used = {prefix: iri for prefix, iri in _DECLARED.items() if f"{prefix}:" in turtle}
    declared = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in used.items())
    triples = ox.parse(declared + turtle, format=ox.RdfFormat.TURTLE)
    chosen = GRAPHS[name]
    body = ox.serialize(
        (quad.triple for quad in triples),
        format=getattr(ox.RdfFormat, chosen.engine_name),
        prefixes=used,
    )
    return Response(body, media_type=chosen.media_type, headers=headers)
