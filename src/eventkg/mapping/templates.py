"""Templates over cells: text or IRI made of one or several columns, nothing where one of them is empty."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from eventkg.mapping.terms import iri, part, pieces
from eventkg.sources.rules import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Columns = dict[str, int]  # name -> index in a row's cells


@dataclass(frozen=True, slots=True)
class Template:
    """`get(cells)` is the key (a cell, or a tuple); `fill(key)` is the text, "" where a cell is empty."""

    text: str
    columns: tuple[str, ...]
    get: Callable[[Sequence[str]], Any]
    fill: Callable[[Any], str]

    def value(self, key: str | tuple[str, ...]) -> str:
        """What stood in the cells, for a message."""
        return key if isinstance(key, str) else " | ".join(key)


def compiled(
    text: str,
    columns: Columns,
    none: frozenset[str] = frozenset(),
    form: Callable[[str], str] | None = None,
    around: tuple[str, str] = ("", ""),
) -> Template:
    """A template over rows of these columns; `form` is done to each cell, `around` stands about all of it."""
    names = tuple(columns_of(text))
    if not names:
        return Template(text, names, lambda _: "", lambda _: text)
    inner = "".join("%s" if is_column else piece.replace("%", "%%") for is_column, piece in pieces(text))
    before, after = (end.replace("%", "%%") for end in around)
    pattern, get = before + inner + after, itemgetter(*(columns[name] for name in names))
    fill = _single(pattern, none, form) if len(names) == 1 else _several(pattern, none, form)
    return Template(text, names, get, fill)


def _single(pattern: str, none: frozenset[str], form: Callable[[str], str] | None) -> Callable[[str], str]:
    def fill(cell: str) -> str:
        bare = cell.strip()
        if not bare or bare in none:
            return ""
        return pattern % (form(cell) if form else cell)

    return fill


def _several(
    pattern: str, none: frozenset[str], form: Callable[[str], str] | None
) -> Callable[[tuple[str, ...]], str]:
    def fill(cells: tuple[str, ...]) -> str:
        for cell in cells:
            if not cell or cell.isspace() or (none and cell.strip() in none):
                return ""
        return pattern % (tuple([form(cell) for cell in cells]) if form else cells)

    return fill


def compiled_iri(
    text: str, columns: Columns, prefixes: Mapping[str, str], none: frozenset[str] = frozenset()
) -> Template:
    """A template of an IRI: `fill` gives `<…>`, or "" where a cell is empty."""
    start = text.partition("{")[0]
    if not columns_of(text):
        constant = iri(text, prefixes)
        return Template(text, (), lambda _: "", lambda _: constant)
    # what stands before the first column decides the namespace; the probe keeps its last character in place
    head = iri(f"{start}x", prefixes)[:-2]
    iri("".join("x" if is_column else piece for is_column, piece in pieces(text)), prefixes)
    inner = compiled(text[len(start) :], columns, none, part, (head, ">"))
    return Template(text, inner.columns, inner.get, inner.fill)


def split(text: str, separators: tuple[str, ...]) -> list[str]:
    """The elements of a list in a cell, without those that are empty."""
    if not separators:
        return [text]
    first = separators[0]
    for other in separators[1:]:
        text = text.replace(other, first)
    if first not in text:
        return [bare] if (bare := text.strip()) else []
    return [element.strip() for element in text.split(first) if element.strip()]
