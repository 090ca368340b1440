"""Literals as they were written, in a store that keeps numbers and times by value alone.

The store turns `"007"^^xsd:integer` into `7` and `"5"^^xsd:byte` into an xsd:integer. A stranger's file is
checked as it is written: a literal that would change is stored with a datatype of ours, which the compiled
queries read back. Data out of one of our stores have no such literals any more.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import pyoxigraph as ox

from eventkg.model.naming import RDF, XSD

WRITTEN = "urn:eventkg:written:"
TYPED = "urn:eventkg:typed"  # typed(literal, datatype): has it this datatype, and a text that fits?
MATCHES = "urn:eventkg:matches"  # matches(text, pattern, flags): REGEX for patterns beyond the engine's

_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_SPAN_DAY = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_SPAN_MONTH = r"(?:[0-9]+Y)?(?:[0-9]+M)?"
_FORMS = {
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "float": rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "boolean": "true|false|1|0",
    "date": rf"{_YEAR}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_DAY}T{_TIME}{_ZONE[:-1]}",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}",
    "gMonth": rf"--(?:0[1-9]|1[0-2]){_ZONE}",
    "gDay": rf"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "gMonthDay": rf"--{_DAY}{_ZONE}",
    "duration": rf"-?P(?=[0-9T]){_SPAN_MONTH}{_SPAN_DAY}",
    "yearMonthDuration": rf"-?P(?=[0-9]){_SPAN_MONTH}",
    "dayTimeDuration": rf"-?P(?=[0-9T]){_SPAN_DAY}",
    "hexBinary": "(?:[0-9a-fA-F]{2})*",
    "base64Binary": r"(?:[A-Za-z0-9+/]\s?){0,}(?:=\s?){0,2}",
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
}
# Least and greatest value of each type of whole number; None is no limit.
_WHOLE: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
    **{f"{name}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
       for name, bits in (("byte", 8), ("short", 16), ("int", 32), ("long", 64))},
    **{f"unsigned{name}": (0, 2**bits - 1)
       for name, bits in (("Byte", 8), ("Short", 16), ("Int", 32), ("Long", 64))},
}  # fmt: skip
_WHOLE_FORM = re.compile("[+-]?[0-9]+")
_COMPILED = {name: re.compile(form) for name, form in _FORMS.items()}
_CHANGING = {*_FORMS, *_WHOLE} - {"hexBinary", "base64Binary", "language"}
# What certainly survives the store: most of what there is, told without asking the store.
_PLAIN = {
    "integer": re.compile("0|-?[1-9][0-9]{0,17}"),
    "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": re.compile("true|false"),
    "decimal": re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{0,6}[1-9])?"),
}


def well_typed(text: str, datatype: str) -> bool:
    """Whether a text is in the lexical space of a datatype; of one that is not XML Schema's, any text is."""
    local = datatype.removeprefix(XSD)
    if local in _WHOLE:
        low, high = _WHOLE[local]
        if not _WHOLE_FORM.fullmatch(text) or len(text) > 4000:  # Python reads no longer number
            return bool(_WHOLE_FORM.fullmatch(text)) and low is None and high is None
        return (low is None or int(text) >= low) and (high is None or int(text) <= high)
    if datatype.startswith(XSD) and local in _COMPILED:
        return bool(_COMPILED[local].fullmatch(text)) and (not local.startswith("date") or _in_calendar(text))
    return True


def _in_calendar(text: str) -> bool:
    """A day that its month has; years beyond Python's are leap years as their last four digits are."""
    year, month, day = text.removeprefix("-")[:50].split("T")[0].split("-")[:3]
    try:
        dt.date(int(year[-4:]) % 400 + 400, int(month), int(day[:2]))
    except ValueError:
        return False
    return True


def as_stored(term: ox.Literal) -> ox.Literal:
    """The literal that stands in the store for this one."""
    return _stored(term.value, term.datatype.value) if _may_change(term) else term


def _may_change(term: ox.Literal) -> bool:
    return not term.language and may_change(term.value, term.datatype.value)


def may_change(text: str, datatype: str) -> bool:
    """Whether the store has to be asked what becomes of a literal."""
    local = datatype.removeprefix(XSD)
    if local not in _CHANGING or not datatype.startswith(XSD):
        return False
    return not (local in _PLAIN and _PLAIN[local].fullmatch(text))


@lru_cache(maxsize=100_000)
def _stored(text: str, datatype: str) -> ox.Literal:
    """Ask a store of one statement."""
    literal = ox.Literal(text, datatype=ox.NamedNode(datatype))
    store, node = ox.Store(), ox.NamedNode("urn:eventkg:any")
    store.add(ox.Quad(node, node, literal))
    if next(iter(store)).object == literal:
        return literal
    return ox.Literal(text, datatype=ox.NamedNode(WRITTEN + datatype))


def as_written(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The inverse of `as_stored`, for results."""
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(WRITTEN):
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value.removeprefix(WRITTEN)))
    return term


def _typed(literal: object, datatype: object) -> ox.Literal | None:
    if not isinstance(literal, ox.Literal) or not isinstance(datatype, ox.NamedNode):
        return ox.Literal(False)  # noqa: FBT003  (a term)
    written = as_written(literal)
    if not isinstance(written, ox.Literal):
        return None
    if written.language:
        return ox.Literal(datatype.value == f"{RDF}langString")
    return ox.Literal(written.datatype == datatype and well_typed(written.value, datatype.value))


def _matches(text: object, pattern: object, flags: object) -> ox.Literal | None:
    """By Python's regular expressions."""
    if not (
        isinstance(text, ox.Literal) and isinstance(pattern, ox.Literal) and isinstance(flags, ox.Literal)
    ):
        return None
    return ox.Literal(bool(python_pattern(pattern.value, flags.value).search(text.value)))


@lru_cache(maxsize=200)
def python_pattern(pattern: str, flags: str) -> re.Pattern[str]:
    """A pattern of XPath as far as Python's own language is the same.

    Raises:
        re.error: it is not, or it is no pattern at all.

    """
    known = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
    if unknown := set(flags) - set(known):
        raise re.error(f"unknown flag {min(unknown)}")
    return re.compile(pattern, sum(known[flag] for flag in set(flags)))


FUNCTIONS = {ox.NamedNode(TYPED): _typed, ox.NamedNode(MATCHES): _matches}
