"""Small shapes and data for every component of the SHACL recommendation, with the results that follow from it.

A case is shapes, data and results: `focus component path value`, a dash where there is none. `:` is <urn:x#>.
"""

from __future__ import annotations

PREFIXES = """
@prefix : <urn:x#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Case = tuple[str, str, list[str]]


def prop(constraints: str, path: str = ":p") -> str:
    """A property shape for instances of :C."""
    return f":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P . :P sh:path {path} ; {constraints} ."


def node(constraints: str, targets: str = ":a, :b") -> str:
    """A node shape for these nodes."""
    return f":S a sh:NodeShape ; sh:targetNode {targets} ; {constraints} ."


TARGETS: dict[str, Case] = {
    "node, also one that no statement has": (
        node("sh:nodeKind sh:BlankNode", ':a , 5 , "x"@en'), "",
        [":a NodeKind - :a", "5 NodeKind - 5", '"x"@en NodeKind - "x"@en'],
    ),
    "class": (prop("sh:minCount 1"), ":a a :C . :b a :D . :c a :C ; :p 1 .", [":a MinCount :p -"]),
    "class with subclasses": (
        prop("sh:minCount 1"), ":a a :E . :E rdfs:subClassOf :D . :D rdfs:subClassOf :C , :D .",
        [":a MinCount :p -"],
    ),
    "implicit class": (
        ":C a sh:NodeShape , rdfs:Class ; sh:property [ sh:path :p ; sh:minCount 1 ] .", ":a a :C . :b a :D .",
        [":a MinCount :p -"],
    ),
    "subjects of": (
        ":S a sh:NodeShape ; sh:targetSubjectsOf :q ; sh:nodeKind sh:BlankNode .", ":a :q :b , :c .",
        [":a NodeKind - :a"],
    ),
    "objects of": (
        ":S a sh:NodeShape ; sh:targetObjectsOf :q ; sh:nodeKind sh:IRI .", ":a :q :b , 5 . :c :q 5 .",
        ["5 NodeKind - 5"],
    ),
    "several at once look at a node once": (
        ":S a sh:PropertyShape ; sh:path :p ; sh:minCount 1 ; sh:targetClass :C ; sh:targetNode :a .",
        ":a a :C .", [":a MinCount :p -"],
    ),
    "none": (":S a sh:NodeShape ; sh:nodeKind sh:IRI .", ":a a :C .", []),
}  # fmt: skip
VALUES: dict[str, Case] = {
    "class": (prop("sh:class :D"), ":a a :C ; :p :x , :y , 5 . :x a :E . :E rdfs:subClassOf :D . :y a :F .",
              [":a Class :p 5", ":a Class :p :y"]),
    "two classes": (prop("sh:class :D , :E"), ":a a :C ; :p :x . :x a :D .", [":a Class :p :x"]),
    "class of a node shape": (node("sh:class :D"), ":a a :D .", [":b Class - :b"]),
    "datatype": (prop("sh:datatype xsd:integer"), ':a a :C ; :p 5 , "5" , "x"^^xsd:integer , :y .',
                 [':a Datatype :p "5"', ':a Datatype :p "x"^^xsd:integer', ":a Datatype :p :y"]),
    "datatype derived": (prop("sh:datatype xsd:byte"), ':a a :C ; :p "5"^^xsd:byte , "300"^^xsd:byte , 5 .',
                         [':a Datatype :p "300"^^xsd:byte', ":a Datatype :p 5"]),
    "datatype of days": (prop("sh:datatype xsd:date"), ':a a :C ; :p "2017-02-30"^^xsd:date , "2017-02-28Z"^^xsd:date .',
                         [':a Datatype :p "2017-02-30"^^xsd:date']),
    "datatype of words": (prop("sh:datatype rdf:langString"), ':a a :C ; :p "x"@en , "x" .', [':a Datatype :p "x"']),
    "datatype of one's own": (prop("sh:datatype :t"), ':a a :C ; :p "x"^^:t , "x"^^:u .', [':a Datatype :p "x"^^:u']),
    **{f"node kind {kind}": (prop(f"sh:nodeKind sh:{kind}"), ":a a :C ; :p :x , 5 .", [f":a NodeKind :p {value}" for value in bad])
       for kind, bad in {"IRI": ["5"], "Literal": [":x"], "BlankNode": ["5", ":x"], "IRIOrLiteral": [],
                         "BlankNodeOrIRI": ["5"], "BlankNodeOrLiteral": [":x"]}.items()},
    "min count": (prop("sh:minCount 2"), ":a a :C ; :p 1 . :b a :C ; :p 1 , 2 . :c a :C .",
                  [":a MinCount :p -", ":c MinCount :p -"]),
    "min count 0": (prop("sh:minCount 0"), ":a a :C .", []),
    "max count": (prop("sh:maxCount 1"), ":a a :C ; :p 1 , 2 . :b a :C ; :p 1 . :c :p 1 , 2 .", [":a MaxCount :p -"]),
    "max count 0": (prop("sh:maxCount 0"), ":a a :C ; :p 1 , 2 . :b a :C .", [":a MaxCount :p -"]),
    "min exclusive": (prop("sh:minExclusive 4"), ':a a :C ; :p 4 , 5 , 4.5 , "x" .', [":a MinExclusive :p 4", ':a MinExclusive :p "x"']),
    "min inclusive": (prop("sh:minInclusive 4"), ":a a :C ; :p 3.9 , 4 , :x .", [":a MinInclusive :p 3.9", ":a MinInclusive :p :x"]),
    "max exclusive": (prop("sh:maxExclusive 4"), ":a a :C ; :p 3 , 4 .", [":a MaxExclusive :p 4"]),
    "max inclusive": (prop("sh:maxInclusive 4"), ':a a :C ; :p 4 , 5 , "003"^^xsd:integer .', [":a MaxInclusive :p 5"]),
    "a time without zone beside one with": (
        prop('sh:minInclusive "2017-01-01T00:00:00"^^xsd:dateTime'),
        ':a a :C ; :p "2017-01-01T00:00:00Z"^^xsd:dateTime , "2018-01-01T00:00:00Z"^^xsd:dateTime .',
        [':a MinInclusive :p "2017-01-01T00:00:00Z"^^xsd:dateTime']),
    "min length": (prop("sh:minLength 2"), ':a a :C ; :p "ä" , "äb" , 5 , 55 .', [':a MinLength :p "ä"', ":a MinLength :p 5"]),
    "max length": (prop("sh:maxLength 2"), ':a a :C ; :p "abc" , "ab" , <urn:long> .', [':a MaxLength :p "abc"', ":a MaxLength :p <urn:long>"]),
    "pattern": (prop('sh:pattern "^a"'), ':a a :C ; :p "ab" , "ba" , "AB" .', [':a Pattern :p "AB"', ':a Pattern :p "ba"']),
    "pattern with flags": (prop('sh:pattern "^A B" ; sh:flags "ix"'), ':a a :C ; :p "ab" , "ba" .', [':a Pattern :p "ba"']),
    "pattern beyond the engine's": (prop(r'sh:pattern "^(.)\\1$"'), ':a a :C ; :p "aa" , "ab" .', [':a Pattern :p "ab"']),
    "language in": (prop('sh:languageIn ( "en" "de" )'), ':a a :C ; :p "x"@en-GB , "x"@fr , "x" .',
                    [':a LanguageIn :p "x"', ':a LanguageIn :p "x"@fr']),
    "unique language": (prop("sh:uniqueLang true"), ':a a :C ; :p "x"@en , "y"@en , "z"@en , "x" , "y" , "x"@de . :b a :C ; :p "x"@en .',
                        [":a UniqueLang :p -"]),
    "unique language by another word for true": (prop('sh:uniqueLang "1"^^xsd:boolean'), ':a a :C ; :p "x"@en , "y"@en .', []),
    "equals": (prop("sh:equals :q"), ":a a :C ; :p 1 , 2 ; :q 2 , 3 .", [":a Equals :p 1", ":a Equals :p 3"]),
    "equals of a node shape": (node("sh:equals :q"), ":a :q :a . :b :q :c .", [":b Equals - :b", ":b Equals - :c"]),
    "disjoint": (prop("sh:disjoint :q"), ":a a :C ; :p 1 , 2 ; :q 2 , 3 .", [":a Disjoint :p 2"]),
    "disjoint of a node shape": (node("sh:disjoint :q"), ":a :q :a . :b :q :c .", [":a Disjoint - :a"]),
    "less than": (prop("sh:lessThan :q"), ":a a :C ; :p 1 , 5 ; :q 5 .", [":a LessThan :p 5"]),
    "less than, a result for each pair": (prop("sh:lessThan :q"), ':a a :C ; :p 1 ; :q "x" , "y" .', [":a LessThan :p 1"] * 2),
    "less than or equals": (prop("sh:lessThanOrEquals :q"), ":a a :C ; :p 1 , 5 , 6 ; :q 5 .", [":a LessThanOrEquals :p 6"]),
    "has value": (prop("sh:hasValue :x , 5"), ":a a :C ; :p 5 . :b a :C ; :p :x , 5 .", [":a HasValue :p -"]),
    "has value of a node shape": (node("sh:hasValue :a"), "", [":b HasValue - -"]),
    "in": (prop('sh:in ( :x 5 "x"@en )'), ':a a :C ; :p :x , 5 , 5.0 , "x" , "x"@en .', [':a In :p "x"', ":a In :p 5.0"]),
    "in nothing": (prop("sh:in ()"), ":a a :C ; :p 5 .", [":a In :p 5"]),
    "closed": (":S a sh:NodeShape ; sh:targetNode :a ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] , [ sh:path ( :r :s ) ] .",
               ":a a :C ; :p 1 ; :q 2 ; :r 3 .", [":a Closed :q 2", ":a Closed :r 3"]),
    "closed to everything, inside of not": (node("sh:not [ sh:closed true ]"), ":a :q 2 .", [":b Not - :b"]),
    "not closed": (node("sh:closed false"), ":a :q 2 .", []),
}  # fmt: skip
SHAPES: dict[str, Case] = {
    "not": (prop("sh:not [ sh:class :D ]"), ":a a :C ; :p :x , :y . :x a :D .", [":a Not :p :x"]),
    "not of a property shape": (node("sh:not [ sh:path :p ; sh:minCount 1 ]"), ":a :p 1 .", [":a Not - :a"]),
    "and": (prop("sh:and ( [ sh:class :D ] [ sh:class :E ] )"), ":a a :C ; :p :x , :y . :x a :D , :E . :y a :D .", [":a And :p :y"]),
    "or": (prop("sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] )"), ':a a :C ; :p 1 , :x , "x" .', [':a Or :p "x"']),
    "xone": (prop("sh:xone ( [ sh:class :D ] [ sh:class :E ] )"), ":a a :C ; :p :x , :y , :z . :x a :D , :E . :y a :D .",
             [":a Xone :p :x", ":a Xone :p :z"]),
    "xone of one shape twice": (prop("sh:xone ( :T :T )") + ":T sh:class :D .", ":a a :C ; :p :x . :x a :D .", [":a Xone :p :x"]),
    "node": (prop("sh:node :T") + ":T sh:property [ sh:path :q ; sh:minCount 1 ] .", ":a a :C ; :p :x , :y . :x :q 1 .", [":a Node :p :y"]),
    "node, whose own targets do not matter": (node("sh:node :T", ":a") + ":T a sh:NodeShape ; sh:targetNode :b ; sh:class :D .", ":b a :D .",
                                             [":a Node - :a"]),
    "property in property": (prop("sh:property [ sh:path :q ; sh:maxCount 0 ]"), ":a a :C ; :p :x , :y . :x :q 1 .", [":x MaxCount :q -"]),
    "property of values that a literal is among": (prop("sh:property [ sh:path :q ; sh:minCount 1 ]"), ":a a :C ; :p 5 .", ["5 MinCount :q -"]),
    "a counted property in not": (node("sh:not [ sh:path :p ; sh:maxCount 2 ]"), ":a :p 1 , 2 . :b :p 1 , 2 , 3 .", [":a Not - :a"]),
    "qualified": (prop("sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1"),
                  ":a a :C ; :p :x , :y . :b a :C ; :p :z . :c a :C ; :p :x , :z . :x a :D . :y a :D .",
                  [":a QualifiedMaxCount :p -", ":b QualifiedMinCount :p -"]),
    "counts without a qualified shape": (node("sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 0 ; sh:qualifiedValueShapesDisjoint true"), "", []),
    "qualified and disjoint": (
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P1 , :P2 ."
        ":P1 sh:path :p ; sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ."
        ":P2 sh:path :p ; sh:qualifiedValueShape [ sh:class :E ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .",
        ":a a :C ; :p :x , :y . :x a :D , :E . :y a :E .", [":a QualifiedMinCount :p -"]),
    "deactivated": (node("sh:class :D ; sh:deactivated true"), "", []),
    "deactivated inside": (node("sh:node :T") + ":T sh:class :D ; sh:deactivated true .", "", []),
    "a property shape with a target": (":S a sh:PropertyShape ; sh:targetNode :a ; sh:path :p ; sh:minCount 1 .", "", [":a MinCount :p -"]),
}  # fmt: skip
_INVERSE, _STAR, _PLUS, _MAYBE = (
    f"[ sh:{name} :q ]" for name in ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)
PATHS: dict[str, Case] = {
    "inverse": (prop("sh:minCount 1", _INVERSE), ":a a :C . :b a :C . :x :q :b .", [":a MinCount [inverse :q] -"]),
    "sequence": (prop("sh:class :D", "( :q :r )"), ":a a :C ; :q :x , :y . :x :r :z . :y :r :z .", [":a Class (:q :r) :z"]),
    "alternative": (prop("sh:maxCount 1", "[ sh:alternativePath ( :q :r ) ]"), ":a a :C ; :q 1 ; :r 2 . :b a :C ; :q 1 ; :r 1 .",
                    [":a MaxCount [alternative (:q :r)] -"]),
    "zero or more": (prop("sh:class :D", _STAR), ":a a :C , :D ; :q :x . :x :q :y . :y a :D .", [":a Class [zeroOrMore :q] :x"]),
    "zero or more, of a node alone": (":S a sh:PropertyShape ; sh:targetNode 5 ; sh:path [ sh:zeroOrMorePath :q ] ; sh:minCount 1 ; sh:class :D .", "",
                                     ["5 Class [zeroOrMore :q] 5"]),
    "one or more": (prop("sh:hasValue :a", _PLUS), ":a a :C ; :q :x . :x :q :y . :b a :C ; :q :b2 . :b2 :q :a .",
                    [":a HasValue [oneOrMore :q] -"]),
    "zero or one": (prop("sh:maxCount 1", _MAYBE), ":a a :C . :b a :C ; :q :x .", [":b MaxCount [zeroOrOne :q] -"]),
    "repetition in a sequence": (prop("sh:maxCount 2", f"( {_STAR} :r )"), ":a a :C ; :q :x ; :r 1 . :x :q :a ; :r 2 , 3 .",
                                 [":a MaxCount ([zeroOrMore :q] :r) -"]),
    "disjoint from a node itself": (prop("sh:disjoint :q", "[ sh:zeroOrMorePath :p ]"), ":a a :C ; :q :x . :b a :C ; :q :b .",
                                    [":b Disjoint [zeroOrMore :p] :b"]),
    "an inverted sequence": (prop("sh:class :D", "[ sh:inversePath ( :q :r ) ]"), ":x :q :y . :y :r :a . :a a :C .",
                             [":a Class [inverse (:q :r)] :x"]),
    "two paths in one node, of which the list counts": (
        ":S a sh:PropertyShape ; sh:targetNode :a ; sh:class :D ; sh:path [ rdf:first :q ; rdf:rest ( :r ) ; sh:inversePath :q ] .",
        ":a :q :x . :x :r :y .", [":a Class (:q :r) :y"]),
}  # fmt: skip
COMPONENT = """
:ns sh:declare [ sh:prefix "x" ; sh:namespace "urn:x#"^^xsd:anyURI ] .
:Longer a sh:ConstraintComponent ; sh:parameter [ sh:path :longerThan ] , [ sh:path :besides ; sh:optional true ] ;
    sh:validator [ sh:prefixes :ns ; sh:message "{$value} is not longer than {$longerThan}" ;
        sh:ask "ASK { FILTER (STRLEN(STR($value)) > $longerThan || $value = COALESCE($besides, x:nothing)) }" ] .
:Only a sh:ConstraintComponent ; sh:parameter [ sh:path :onlyTag ] ;
    sh:propertyValidator [ sh:select "SELECT DISTINCT $this ?value { $this $PATH ?value . FILTER (LANG(?value) != $onlyTag) }" ] .
"""


def select(query: str, shape: str = "sh:targetClass :C", besides: str = "") -> str:
    """A shape with a query."""
    declared = ':ns sh:declare [ sh:prefix "x" ; sh:namespace "urn:x#"^^xsd:anyURI ] .'
    return f'{declared} :S a sh:NodeShape ; {shape} ; sh:sparql :Q . :Q sh:prefixes :ns ; {besides} sh:select """{query}""" .'


QUERIES: dict[str, Case] = {
    "a value and a path": (select("SELECT $this ?path ?value { $this ?path ?value . FILTER (?path = x:p) }"), ":a a :C ; :p 1 , 2 .",
                           [":a SPARQL :p 1", ":a SPARQL :p 2"]),
    "the focus node as the value": (select("SELECT $this { FILTER NOT EXISTS { $this x:p ?p } }"), ":a a :C .", [":a SPARQL - :a"]),
    "bound in BIND, UNION and OPTIONAL": (
        select("SELECT $this ?value { { BIND ($this AS ?value) } UNION { FILTER (bound($this)) BIND (5 AS ?value) } OPTIONAL { FILTER ($this = x:a) } }"),
        ":a a :C .", [":a SPARQL - :a", ":a SPARQL - 5"]),
    "bound in an inner SELECT": (select("SELECT $this { { SELECT $this { FILTER ($this = x:a) } } }"), ":a a :C . :b a :C .", [":a SPARQL - :a"]),
    "bound in all of an inner SELECT": (
        select("SELECT $this { { SELECT * { $this a x:C FILTER (EXISTS { $this x:p ?v }) } } }"), ":a a :C ; :p 1 . :b a :C .",
        [":a SPARQL - :a"]),
    "a count of its own for each": (
        select("SELECT $this { { SELECT $this (COUNT(?v) AS ?n) { $this x:p ?v } GROUP BY $this } FILTER (?n > 1) }"),
        ":a a :C ; :p 1 , 2 . :b a :C ; :p 1 .", [":a SPARQL - :a"]),
    "the path of a property shape": (
        ':S a sh:PropertyShape ; sh:targetNode :a ; sh:path :p ; sh:sparql [ sh:select "SELECT $this ?value { $this $PATH ?value . FILTER (?value > 1) }" ] .',
        ":a :p 1 , 2 .", [":a SPARQL :p 2"]),
    "operators of two characters, strings and comments": (
        select("SELECT $this ?value { # a } comment\n $this x:p ?value . FILTER (!(?value <= 2) && ?value != 4 || STR(?value) = '}') }"),
        ":a a :C ; :p 1 , 3 , 4 , '}' .", [":a SPARQL - 3", ":a SPARQL - \"}\""]),
    "inside of not": (node("sh:not :T") + ':T sh:sparql [ sh:select "SELECT $this { $this <urn:x#p> ?v }" ] .', ":a :p 1 .", [":b Not - :b"]),
    "a component that asks": (COMPONENT + node(':longerThan 1', '"a" , "ab"'), "", ['"a" :Longer - "a"']),
    "a component with an optional parameter": (COMPONENT + node(':longerThan 1 ; :besides "a"', '"a" , "b"'), "", ['"b" :Longer - "b"']),
    "a component that selects": (COMPONENT + prop(':onlyTag "en"'), ':a a :C ; :p "x"@en , "x"@de .', [':a :Only :p "x"@de']),
    "a component that lacks a parameter": (COMPONENT + node(':besides "a"'), "", []),
}  # fmt: skip
CASES = {
    f"{kind}: {name}": case
    for kind, table in (
        ("target", TARGETS),
        ("value", VALUES),
        ("shape", SHAPES),
        ("path", PATHS),
        ("query", QUERIES),
    )
    for name, case in table.items()
}
