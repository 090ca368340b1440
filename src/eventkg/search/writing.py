"""An index as one SQLite file: names and words as tables, columns as arrays of numbers.

Source: SQLite, "FTS5 Extension" (contentless tables, the ascii tokenizer, prefix indexes).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from eventkg.model.fold import fold
from eventkg.search.columns import columns
from eventkg.search.gathering import uncoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from eventkg.search.gathering import Gathering, Named

APPLICATION, FORMAT = 0x656B6778, 1  # "ekgx"; another number for another layout of what follows
_TABLES = """
CREATE TABLE event (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE quotation (event INTEGER NOT NULL, words TEXT NOT NULL);
CREATE TABLE numbers (name TEXT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL);
CREATE VIRTUAL TABLE event_words USING fts5(names, quotations, content='', tokenize='ascii', prefix='2 3');
CREATE VIRTUAL TABLE thing_words USING fts5(names, content='', tokenize='ascii', prefix='2 3');
"""
_INDEXES = """
CREATE INDEX thing_iri ON thing (iri);
CREATE INDEX quotation_event ON quotation (event);
"""


def write(gathered: Gathering, path: Path) -> None:
    """A new file; nothing may be there yet, and it is complete only when this returns."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id={APPLICATION};"
            f"PRAGMA user_version={FORMAT}; {_TABLES}"
        )
        with file:
            file.executemany("INSERT INTO event VALUES (?, ?, ?)", _events(gathered.events))
            file.executemany("INSERT INTO thing VALUES (?, ?, ?, ?)", _things(gathered.things))
            file.executemany("INSERT INTO quotation VALUES (?, ?)", gathered.quotations)
            file.executemany(
                "INSERT INTO event_words (rowid, names, quotations) VALUES (?, ?, ?)", _event_words(gathered)
            )
            file.executemany(
                "INSERT INTO thing_words (rowid, names) VALUES (?, ?)", _thing_words(gathered.things)
            )
            file.executemany("INSERT INTO numbers VALUES (?, ?, ?)", _numbers(gathered))
        file.executescript(_INDEXES)


def _events(events: Named) -> Iterator[tuple[int, str, str]]:
    return ((number, iri, events.label(number, iri)) for iri, number in events.numbers.items())


def _things(things: Named) -> Iterator[tuple[int, str, str, str]]:
    for key, number in things.numbers.items():
        kind, iri = uncoded(things.kinds[number], key)
        yield number, iri, kind, things.label(number, iri)


def _event_words(gathered: Gathering) -> Iterator[tuple[int, str, str]]:
    quoted: dict[int, list[str]] = {}
    for event, words in gathered.quotations:
        quoted.setdefault(event, []).append(words)
    for event in range(len(gathered.events)):
        yield event, _folded(gathered.events.names.get(event, ())), _folded(quoted.get(event, ()))


def _thing_words(things: Named) -> Iterator[tuple[int, str]]:
    for number, names in sorted(things.names.items()):
        yield number, _folded(names)


def _folded(texts: Iterable[str]) -> str:
    """One text after the other; the mark between is in no folded text, so that no phrase runs over it."""
    return " ¦ ".join(sorted(map(fold, texts)))


def _numbers(gathered: Gathering) -> Iterator[tuple[str, str, bytes]]:
    deaths = np.full(len(gathered.events), -1, dtype=np.int64)
    for event, count in gathered.deaths.items():
        deaths[event] = min(count, np.iinfo(np.int64).max)
    found: dict[str, NDArray[np.generic]] = {
        "first": np.array(gathered.first, dtype=np.int32),
        "last": np.array(gathered.last, dtype=np.int32),
        "died": deaths,
    }
    for name, column in columns(gathered).items():
        found |= {f"{name} events": column.events, f"{name} things": column.things}
    return ((name, array.dtype.str, array.tobytes()) for name, array in found.items())
