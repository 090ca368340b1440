"""SHACL's constraint components: a function each, and the table that lists them (recommendation, section 4).

A function gets the compiler, the constraint and where it is looked at, and says what breaks it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking import paths
from eventkg.checking.compiler import At, Found, OfFocus, OfValue, Rows
from eventkg.checking.literals import MATCHES, TYPED, python_pattern
from eventkg.checking.parameters import KINDS
from eventkg.checking.shapesgraph import SH, SHAPES_GRAPH, integer, is_true, name, sparql
from eventkg.checking.sparqlshapes import bind
from eventkg.errors import ShapesError
from eventkg.model.naming import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.checking.compiler import Compiler
    from eventkg.checking.shapes import Constraint

    Component = Callable[[Compiler, Constraint, At], Found | None]

_NUMBERS = {f"{XSD}{kind}" for kind in ("integer", "decimal", "double", "float")}
_TIMES = {f"{XSD}{kind}" for kind in ("date", "dateTime")}
_ONE_PROPERTY = re.compile(r"\{[01]\} <([^<>]*)> \{[01]\}")
_FREE = {f"{XSD}string", f"{RDF}langString", f"{XSD}anyURI"}


def of_class(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:class."""
    return OfValue(f"!{compiler.has_type(at.value, compiler.classes(constraint.value))}", costly=True)


def datatype(_: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:datatype; the common types are told by the engine, others and misfits by a function of ours."""
    wanted = name(constraint.value)
    fits = f"DATATYPE({at.value}) = <{wanted}>"
    if wanted in _NUMBERS:
        fits += f" && isNumeric({at.value})"
    elif wanted in _TIMES:
        fits += f" && YEAR({at.value}) > -1000000000"
    elif wanted not in _FREE:
        fits = "false"
    return OfValue(f"!(COALESCE({fits}, false) || <{TYPED}>({at.value}, <{wanted}>))")


def node_kind(_: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:nodeKind."""
    return OfValue(f"!{KINDS[name(constraint.value).removeprefix(SH)].format(at.value)}")


def min_count(compiler: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:minCount."""
    number = _number(constraint, at)
    if number == 0:
        return None
    if number == 1:
        return OfFocus(f"NOT EXISTS {{ {compiler.values(at)} }}")
    return OfFocus(f"NOT EXISTS {{ {compiler.exceeds(at, number)} }}")


def max_count(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:maxCount."""
    number = _number(constraint, at)
    if number == 0:
        test, candidates = (
            compiler.values(at),
            f"{{ SELECT DISTINCT {at.focus} {{ {compiler.values(at)} }} }}",
        )
    else:
        test = compiler.exceeds(at, number + 1)
        candidates = f"{{ {test} }}"
    return OfFocus(f"EXISTS {{ {test} }}", candidates, several=number > 0)


def _number(constraint: Constraint, at: At) -> int:
    return integer(at.shape.node, constraint.parameter, constraint.value)


def _range(operator: str) -> Component:
    def compare(compiler: Compiler, constraint: Constraint, at: At) -> Found:
        """sh:minInclusive and the like: what cannot be compared is bad."""
        limit = sparql(constraint.value)
        return OfValue(f"!COALESCE({compiler.operand(at.value)} {operator} {limit}, false)")

    return compare


def _length(operator: str) -> Component:
    def compare(_: Compiler, constraint: Constraint, at: At) -> Found:
        """sh:minLength and sh:maxLength, in characters; a blank node has none."""
        test = f"STRLEN(STR({at.value})) {operator} {_number(constraint, at)}"
        return OfValue(f"isBlank({at.value}) || !COALESCE({test}, false)")

    return compare


def pattern(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:pattern with sh:flags; a pattern that the engine does not know is left to Python, with a note."""
    flags = compiler.shapes.graph.one(at.shape.node, f"{SH}flags")
    texts = f"{sparql(constraint.value)}, {sparql(flags or ox.Literal(''))}"
    call = f"REGEX(STR({at.value}), {texts})"
    probe = ox.Store().query(f'SELECT (REGEX("a", {texts}) AS ?x) {{}}')
    if not isinstance(probe, ox.QuerySolutions) or next(probe)["x"] is None:
        _refuse_pattern(name(at.shape.node), constraint.value, flags)
        compiler.notes.append(f"sh:pattern {sparql(constraint.value)} looked at value by value, in Python")
        call = f"<{MATCHES}>(STR({at.value}), {texts})"
    return OfValue(f"isBlank({at.value}) || !COALESCE({call}, false)")


def _refuse_pattern(where: str, text: ox.NamedNode | ox.BlankNode | ox.Literal, flags: object) -> None:
    try:
        python_pattern(name(text) if not isinstance(text, ox.Literal) else text.value,
                       flags.value if isinstance(flags, ox.Literal) else "")  # fmt: skip
    except re.error as problem:
        raise ShapesError(
            f"{where} sh:pattern: {text} found, a regular expression expected ({problem})"
        ) from problem


def language_in(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:languageIn."""
    tags = [tag.value for tag in compiler.shapes.graph.items(constraint.value)]
    tests = " || ".join(f"langMatches(LANG({at.value}), {ox.Literal(tag)})" for tag in tags) or "false"
    return OfValue(f"!COALESCE({tests}, false)")


def unique_lang(compiler: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:uniqueLang: one result for each language that is used twice."""
    if not is_true(constraint.value):
        return None
    other, tag = compiler.fresh(), compiler.fresh()
    one, two = compiler.values(at), compiler.values(At(at.shape, at.focus, other))
    test = f'{tag} != "" && {tag} = LCASE(LANG({other})) && !sameTerm({at.value}, {other})'
    text = f"{{ {one} }} BIND(LCASE(LANG({at.value})) AS {tag}) LATERAL {{ {two} }} FILTER({test})"
    return Rows(text, (tag,), needs=_needed(at), several=True)


def equals(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:equals: values of one side that the other lacks."""
    prop = sparql(constraint.value)
    values = compiler.values(at)
    here = f"{{ {{ {values} }} FILTER NOT EXISTS {{ {at.focus} {prop} {at.value} }} }}"
    if at.shape.path is None:
        other = compiler.fresh()
        here = f"{{ FILTER NOT EXISTS {{ {at.focus} {prop} {at.focus} }} BIND({at.focus} AS {other}) }}"
        there = f"{{ {at.focus} {prop} {other} FILTER(!sameTerm({other}, {at.focus})) }}"
        return Rows(f"{here} UNION {there}", (other,), other)
    there = f"{{ {at.focus} {prop} {at.value} FILTER(!{compiler.reaches(at)}) }}"
    return Rows(f"{here} UNION {there}", (at.value,), at.value)


def disjoint(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:disjoint."""
    prop = sparql(constraint.value)
    if at.shape.path is None:
        return OfValue(f"EXISTS {{ {at.focus} {prop} {at.focus} }}")
    text = f"{at.focus} {prop} {at.value} . FILTER({compiler.reaches(at)})"
    return Rows(text, (at.value,), at.value, needs=_needed(at, constraint), whole=True)


def _order(operator: str) -> Component:
    def compare(compiler: Compiler, constraint: Constraint, at: At) -> Found:
        """sh:lessThan and sh:lessThanOrEquals: a result for each pair that is not in order."""
        other, prop = compiler.fresh(), sparql(constraint.value)
        test = f"{compiler.operand(at.value)} {operator} {compiler.operand(other)}"
        anchored = at.shape.path is None or paths.is_anchored(at.shape.path)
        text = f"{at.focus} {prop} {other} . {{ {compiler.values(at)} }}"
        if not anchored:
            text = f"{{ {compiler.values(at)} }} LATERAL {{ {at.focus} {prop} {other} . }}"
        text += f" FILTER(!COALESCE({test}, false))"
        needs = _needed(at, constraint)
        return Rows(text, (at.value, other), at.value, needs=needs, whole=anchored)

    return compare


def _needed(at: At, constraint: Constraint | None = None) -> tuple[ox.NamedNode, ...]:
    """Properties that a node needs for a value, and for one to compare it with."""
    path = () if at.shape.path is None else paths.needed(at.shape.path)
    other = constraint.value if constraint else None
    return (*path, other) if isinstance(other, ox.NamedNode) else path


def negation(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:not."""
    return OfValue(f"!({compiler.bad(constraint.value, at.value)})", costly=True)


def conjunction(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:and."""
    return OfValue(" || ".join(_members(compiler, constraint, at)) or "false", costly=True)


def alternative(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:or."""
    return OfValue(" && ".join(_members(compiler, constraint, at)) or "true", costly=True)


def exclusive(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:xone."""
    good = " + ".join(f"IF({test}, 0, 1)" for test in _members(compiler, constraint, at)) or "0"
    return OfValue(f"({good}) != 1", costly=True)


def _members(compiler: Compiler, constraint: Constraint, at: At) -> list[str]:
    return [f"({compiler.bad(one, at.value)})" for one in compiler.shapes.graph.items(constraint.value)]


def node(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:node, and sh:property inside of another shape."""
    return OfValue(compiler.bad(constraint.value, at.value), costly=True)


def qualified(*_: object) -> Found | None:
    """sh:qualifiedValueShape without its counts demands nothing: they are components of their own."""
    return None


def _fitting(compiler: Compiler, at: At, shape: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    """Whether a value counts: it conforms to the qualified value shape, and to no disjoint sibling's."""
    graph, own = compiler.shapes.graph, at.shape.node
    tests = [f"!({compiler.bad(shape, at.value)})"]
    if is_true(graph.one(own, f"{SH}qualifiedValueShapesDisjoint")):
        tests += [f"({compiler.bad(one, at.value)})" for one in compiler.shapes.siblings(own, shape)]
    return " && ".join(tests)


def qualified_min(compiler: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:qualifiedMinCount."""
    shape = compiler.shapes.graph.one(at.shape.node, f"{SH}qualifiedValueShape")
    number = _number(constraint, at)
    if shape is None or number == 0:
        return None
    return OfFocus(f"NOT EXISTS {{ {compiler.exceeds(at, number, _fitting(compiler, at, shape))} }}")


def qualified_max(compiler: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:qualifiedMaxCount."""
    shape = compiler.shapes.graph.one(at.shape.node, f"{SH}qualifiedValueShape")
    if shape is None:
        return None
    number = _number(constraint, at) + 1
    return OfFocus(f"EXISTS {{ {compiler.exceeds(at, number, _fitting(compiler, at, shape))} }}")


def closed(compiler: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:closed: statements with a property that no property shape of the shape is about."""
    if not is_true(constraint.value):
        return None
    graph, own = compiler.shapes.graph, at.shape.node
    allowed = []
    for inner in graph.objects(own, f"{SH}property"):
        path = compiler.shapes[inner].path
        if isinstance(path, paths.Predicate):
            allowed.append(str(path.iri))
    ignored = graph.one(own, f"{SH}ignoredProperties")
    allowed += [sparql(one) for one in graph.items(ignored)] if ignored is not None else []
    prop, value = compiler.fresh(), compiler.fresh()
    focus = at.focus if at.shape.path is None else at.value
    start = "" if at.shape.path is None else f"{{ {compiler.values(at)} }} "
    test = f"{prop} NOT IN ({', '.join(allowed)})" if allowed else "true"  # the engine takes no empty list
    return Rows(f"{start}{focus} {prop} {value} FILTER({test})", (prop, value), value, prop)


def has_value(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:hasValue."""
    wanted = compiler.constant(constraint.value)
    if at.shape.path is None:
        return OfFocus(f"!sameTerm({at.focus}, {wanted})")
    if isinstance(at.shape.path, paths.Predicate):
        return OfFocus(f"NOT EXISTS {{ {at.focus} {at.shape.path.iri} {wanted} }}")
    return OfFocus(f"NOT EXISTS {{ {compiler.values(at)} FILTER(sameTerm({at.value}, {wanted})) }}")


def is_in(compiler: Compiler, constraint: Constraint, at: At) -> Found:
    """sh:in."""
    terms = compiler.shapes.graph.items(constraint.value)
    named = ", ".join(sparql(term) for term in terms if isinstance(term, ox.NamedNode))
    tests = [
        f"sameTerm({at.value}, {compiler.constant(term)})" for term in terms if isinstance(term, ox.Literal)
    ]
    tests += [f"(isIRI({at.value}) && {at.value} IN ({named}))"] if named else []
    return OfValue(f"!({' || '.join(tests) or 'false'})")


def query(_: Compiler, constraint: Constraint, at: At) -> Found | None:
    """sh:sparql and components of the shapes' own, with their variables bound before the query begins."""
    validator = constraint.validator
    if validator is None:
        return None
    path = None if at.shape.path is None else paths.to_sparql(at.shape.path)
    used = validator.query.variables()
    own = {"shapesGraph": f"<{SHAPES_GRAPH}>", "currentShape": sparql(at.shape.node)}
    given = [f"BIND({term} AS ?{variable})" for variable, term in own.items() if variable in used]
    given.append(bind(validator.bindings))
    if validator.query.form == "ASK":
        body = validator.query.body(validator.bound(), path)
        given += [f"BIND({at.value} AS ?value)"] + ([f"BIND({at.focus} AS ?this)"] if "this" in used else [])
        return OfValue(
            f"NOT EXISTS {{ {' '.join(given)} LATERAL {{ {body} }} }}",
            costly=True,
        )
    wanted = sorted(validator.bound() & (used | {"this"}))
    select = validator.query.projecting(wanted, path)
    text = f"BIND({at.focus} AS ?this) {' '.join(given)} LATERAL {{ {select} }}"
    keys = tuple(f"?{variable}" for variable in sorted(used - {"this"}))
    hints = tuple(validator.query.required())
    needs = tuple(ox.NamedNode(found[1]) for hint in hints if (found := _ONE_PROPERTY.fullmatch(hint)))
    return Rows(text, keys, "?value", "?path", hints, needs)


TABLE: dict[str, Component] = {
    f"{SH}class": of_class,
    f"{SH}datatype": datatype,
    f"{SH}nodeKind": node_kind,
    f"{SH}minCount": min_count,
    f"{SH}maxCount": max_count,
    f"{SH}minExclusive": _range(">"),
    f"{SH}minInclusive": _range(">="),
    f"{SH}maxExclusive": _range("<"),
    f"{SH}maxInclusive": _range("<="),
    f"{SH}minLength": _length(">="),
    f"{SH}maxLength": _length("<="),
    f"{SH}pattern": pattern,
    f"{SH}languageIn": language_in,
    f"{SH}uniqueLang": unique_lang,
    f"{SH}equals": equals,
    f"{SH}disjoint": disjoint,
    f"{SH}lessThan": _order("<"),
    f"{SH}lessThanOrEquals": _order("<="),
    f"{SH}not": negation,
    f"{SH}and": conjunction,
    f"{SH}or": alternative,
    f"{SH}xone": exclusive,
    f"{SH}node": node,
    f"{SH}property": node,
    f"{SH}qualifiedValueShape": qualified,
    f"{SH}qualifiedMinCount": qualified_min,
    f"{SH}qualifiedMaxCount": qualified_max,
    f"{SH}closed": closed,
    f"{SH}hasValue": has_value,
    f"{SH}in": is_in,
    f"{SH}sparql": query,
}
