"""Answers as columns of text: a question about all of a store, several times faster than term by term."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from eventkg.model.claim import Value
from eventkg.model.naming import XSD
from eventkg.store.terms import to_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[[str], IO[bytes]]  # a SELECT over the union of all graphs; its rows as SPARQL 1.1 TSV
    Rows = Iterator[list[str]]

_IN_MEMORY = 16 << 20  # bytes of an answer before it goes to disk
_LITERAL = re.compile(r'"(.*)"(?:\^\^<(.*)>|@(.*))?', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_STRING, _LANGUAGE = f"{XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def asking(store: ox.Store) -> Ask:
    """Questions put to a store at hand; the answers rest in files, for they may be long."""

    def ask(query: str) -> IO[bytes]:
        answer = store.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (they are SELECTs)
        file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (whoever reads it closes it)
        try:
            answer.serialize(cast("IO[bytes]", file), format=ox.QueryResultsFormat.TSV)
        finally:
            del answer  # it must end in the thread that asked, and an error would carry it into another
        file.seek(0)
        return cast("IO[bytes]", file)

    return ask


def columns(ask: Ask, name: str) -> Rows:
    """The rows of queries/NAME.rq; `value` reads a cell, `bare` one that can be nothing else."""
    return in_columns(ask(question(name)))


def each(ask: Ask, *names: str) -> Iterator[Rows]:
    """The rows of one query after the other; while some are read, the next ones are being asked for."""
    with ExitStack() as answers, ThreadPoolExecutor(1) as asker:
        for asked in [asker.submit(_asked, ask, name, answers) for name in names]:
            yield in_columns(asked.result())


def _asked(ask: Ask, name: str, answers: ExitStack) -> IO[bytes]:
    """An answer that is closed with all the others, if nobody has read it to its end."""
    return answers.enter_context(ask(question(name)))


def in_columns(answer: IO[bytes]) -> Rows:
    """The rows of an answer in TSV, which is closed at its end."""
    with answer:
        next(answer)  # the names of the variables
        for line in answer:
            yield line[:-1].decode().split("\t")


def bare(cell: str) -> str:
    """The IRI in a cell."""
    return cell[1:-1]


def value(cell: str) -> Value:
    """The term in a cell; a cell of a variable that is not bound is an empty IRI."""
    if cell.startswith("<") and not cell.startswith("<<"):
        return Value(cell[1:-1])
    if found := _LITERAL.fullmatch(cell):
        text, datatype, language = found.groups()
        if "\\" in text:
            text = _ESCAPED.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), text)
        return Value(text, _LANGUAGE if language else datatype or _STRING, language or "")
    return _short(cell)


def _short(cell: str) -> Value:
    """A number or a truth value as Turtle abbreviates it, a blank node, a triple, nothing."""
    if not cell or cell.startswith(("_:", "<<")):
        return Value(cell)
    (triple,) = ox.parse(f"<x:s> <x:p> {cell} .", format=ox.RdfFormat.TURTLE)
    return to_value(triple.object)


@cache
def question(name: str) -> str:
    """The text of queries/NAME.rq."""
    return (Path(__file__).parent / "queries" / f"{name}.rq").read_text(encoding="utf-8")
