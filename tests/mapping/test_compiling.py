"""Rows to statements: what a cell becomes, what is refused, and laws that hold for any text and any day."""

from __future__ import annotations

import tracemalloc
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kg.tables import SOURCE, source

from eventkg.errors import SourceError
from eventkg.mapping import entities
from eventkg.mapping.cells import Unfit, read_day, reader
from eventkg.mapping.compiling import Mapping, Target
from eventkg.mapping.faults import RowFault
from eventkg.mapping.memo import Memo
from eventkg.mapping.seen import Seen
from eventkg.sources.manifest import read_manifest
from eventkg.store.terms import text as text_of

if TYPE_CHECKING:
    from pathlib import Path

TARGET = Target("urn:graph", "urn:dataset", "urn:file")
COLUMNS = ("key", "day", "town", "kind", "low", "high", "note")
EKG = "https://w3id.org/eventkg/ontology#"


def mapped(folder: Path, *rows: tuple[str, ...], text: str = SOURCE) -> list[ox.Quad]:
    """The statements of rows."""
    mapping = Mapping(read_manifest(source(folder, text)), COLUMNS, TARGET)
    lines = "".join(mapping.lines(list(row))[1] for row in rows)
    return list(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))


def values(quads: list[ox.Quad], name: str) -> list[str]:
    return [text_of(quad.object) for quad in quads if quad.predicate.value.endswith(name)]


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("integer", " 007 ", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("decimal", "-3.50", '"-3.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("decimal", "-0", '"0.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("latitude", "90", '"90.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("boolean", "Yes", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("url", "https://example.org/a?b=1", "<https://example.org/a?b=1>"),
        ("text", 'a "b"\n\\c\x07', '"a \\"b\\"\\n\\\\c�"'),
    ],
)
def test_a_cell_becomes_a_term_of_its_kind(kind: str, text: str, term: str) -> None:
    assert reader(kind, (), "")(text) == term


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("integer", text) for text in ("3.0", "three", "1e3", "\u0661")),
        *(("decimal", text) for text in ("1e3", "1,5", "nan", ".")),
        *(("latitude", text) for text in ("90.01", "4248", "TUNISIA")),
        *(("longitude", text) for text in ("-180.5", "")),
        *(
            ("url", text)
            for text in ("javascript:x", "https://a b", "ftp://x", "https://a/%zz", "https://[a/", "http://")
        ),
        ("boolean", "maybe"),
        *(("date", text) for text in ("2031-02-30", "2031-2-3", "20310203", "03/02/2031")),
    ],
)
def test_a_cell_of_another_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Unfit):
        reader(kind, (), "")(text)


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("2031-02-03", ()),
        ("2031-02-03 00:00:00.000", ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%f")),
        ("2/3/2031", ("%m/%d/%Y",)),
        ("3 February 2031", ("%d %B %Y",)),
    ],
)
def test_a_day_is_read_in_the_formats_that_are_declared(text: str, formats: tuple[str, ...]) -> None:
    assert read_day(text, formats) == "2031-02-03"


_SPANS = SOURCE.replace(
    'when: {start: "{day}", precision: code/date-precision/day}',
    'when: {start: "{day}", end: "{note}", precision: {column: kind, lookup: exact}}',
).replace("ignore: [note]\n", "").replace(
    "lookups:\n",
    "lookups:\n  exact: {r: code/date-precision/day, g: code/date-precision/month}\n",
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dates(min_value=date(1000, 1, 1)), st.integers(0, 40), st.sampled_from("rg"))
def test_a_day_never_gains_precision(tmp_path: Path, first: date, days: int, kind: str) -> None:
    last = min(first, date.max - timedelta(days=50)) + timedelta(days=days)
    first = min(first, last)
    row = ("a", first.isoformat(), "Sampleton", kind, "1", "1", last.isoformat())
    quads = mapped(tmp_path, row, text=_SPANS)
    assert values(quads, "#earliestStart") == [first.isoformat()]
    assert values(quads, "#latestEnd") == [last.isoformat()]
    exact = first == last and kind == "r"
    assert values(quads, "#date") == ([first.isoformat()] if exact else [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), min_size=1))
def test_any_text_survives_the_way_into_a_store(tmp_path: Path, text: str) -> None:
    plain = SOURCE.replace('{text: "{town}", lang: en}', "{column: town}")
    quads = mapped(tmp_path, ("a", "2031-05-06", text, "r", "1", "2", ""), text=plain)
    named = [quad.object for quad in quads if isinstance(quad.subject, ox.NamedNode)
             and "/place/" in quad.subject.value and quad.predicate.value.endswith("prefLabel")]  # fmt: skip
    assert [text_of(term) for term in named] == ([text] if text.strip() else [])


def test_no_cell_takes_the_place_of_a_subject(tmp_path: Path) -> None:
    quads = mapped(tmp_path, ("a\0b", "2031-05-06", "\0 <urn:p> \0", "r", "1", "2", ""))
    assert {text_of(quad.subject).removeprefix("https://w3id.org/eventkg/id/") for quad in quads} == {
        "event/raids/a%00b",
        "claim/raids/a%00b",
        "place/raids/%00%20%3Curn%3Ap%3E%20%00",
    }
    assert "\ufffd <urn:p> \ufffd" in values(quads, "prefLabel")


def test_a_shared_thing_is_written_once_and_again_only_if_it_differs(tmp_path: Path) -> None:
    rows = [(key, "2031-05-06", "Sampleton", "r", "1", "2", "") for key in "abc"]
    quads = mapped(tmp_path, *rows)
    assert len([quad for quad in quads if "/place/raids/" in text_of(quad.subject)]) == 2
    assert len(quads) == len(set(quads))


def test_what_is_forgotten_to_save_memory_is_only_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(str(n), f"2031-05-{n % 28 + 1:02}", f"Town {n % 40}", "r", str(n), "9", "") for n in range(200)]
    remembering = mapped(tmp_path, *rows)
    monkeypatch.setattr(entities, "_REMEMBERED", 10)
    monkeypatch.setattr(Memo.__init__, "__defaults__", (10,))
    mapping = Mapping(read_manifest(source(tmp_path)), COLUMNS, TARGET)
    lines = "".join(mapping.lines(list(row))[1] for row in rows)
    assert set(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)) == set(remembering)
    assert lines.count("\n") > len(remembering)


def test_what_is_remembered_has_a_limit() -> None:
    squares = Memo[int, int](lambda number: number * number, limit=10)
    assert [squares[number] for number in range(1_000)] == [number * number for number in range(1_000)]
    assert len(squares) <= 10


@pytest.mark.parametrize("apart", [1, 3 << 9, 1 << 61])
def test_keys_are_remembered_in_a_few_bytes_each(apart: int) -> None:
    """Be they far from each other or all for one place."""
    many = 300 if apart == 3 << 9 else 20_000
    seen, keys = Seen(), [(number * apart) % (1 << 62) - (1 << 60) for number in range(many)]
    plain = set[int]()
    for key in (*keys, 0, *keys[::7]):
        assert (key in seen) == (key in plain)
        plain.add(key)
        seen.add(key)
    assert all(key in seen for key in plain)
    assert seen.nbytes <= max(16.1 * len(plain), 8 << 10)


def test_rows_are_mapped_in_memory_that_grows_by_their_keys_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entities, "_REMEMBERED", 100)
    monkeypatch.setattr(Memo.__init__, "__defaults__", (100,))
    mapping, known = Mapping(read_manifest(source(tmp_path)), COLUMNS, TARGET), list[int]()
    tracemalloc.start()
    try:
        for number in range(12_000):
            mapping.lines([f"row {number}", "2031-05-06", f"Town {number}", "r", str(number), "9", ""])
            if number in {2_000, 11_999}:
                known.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert known[1] - known[0] < 10_000 * 17 + 50_000


def test_what_only_a_wrong_row_speaks_of_is_written_with_the_next_row_that_does(tmp_path: Path) -> None:
    mapping = Mapping(read_manifest(source(tmp_path)), COLUMNS, TARGET)
    with pytest.raises(RowFault):
        mapping.lines(["a", "2031-05-06", "Newton", "r", "1", "many", ""])
    _, lines = mapping.lines(["b", "2031-05-06", "Newton", "r", "1", "2", ""])
    towns = [line for line in lines.splitlines() if "/place/raids/Newton>" in line.split(" ")[0]]
    assert len(towns) == 2
    assert "Raid" not in "".join(towns)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            ("key", "day"),
            r"columns 'town', 'kind', 'low', 'high' of raids not found; found were 'key', 'day'",
        ),
        ((*COLUMNS, "extra", "more"), r"columns 'extra', 'more' found, which .* neither uses nor ignores"),
    ],
)
def test_columns_are_used_or_ignored_on_purpose(
    columns: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=message):
        Mapping(read_manifest(source(tmp_path)), columns, TARGET)


WRONG = {
    "no YAML": ("name: [", r"source\.yml:1: "),
    "a key that is no text": (SOURCE.replace("{r: code", "{[r]: code"), r"\.yml:\d+: a key found that is no"),
    "an unknown word": (SOURCE.replace("record: key", "keyed: key"), r"yml:10: keyed: unknown key found"),
    "a word too few": (SOURCE.replace("license: CC0-1.0\n", ""), "'license' is a required property"),
    "an unknown lookup": (SOURCE.replace("lookup: kinds", "lookup: kind"), r"yml:\d+: .*lookup 'kind' found"),
    "an unknown entity": (SOURCE.replace("{entity: town}", "{entity: city}"), r"entity 'city' found"),
    "an alias": (SOURCE + "expect: &a {rows: {min: 1}}\nprefixes: *a\n", "an anchor or alias found"),
    "used and ignored": (SOURCE.replace("[note]", "[note, town]"), "'town' is used in entities.event"),
    "the id of another column": (
        SOURCE.replace("event/raids/{key}", "event/raids/{town}/{key}"),
        "columns town, key found, key alone expected",
    ),
    "a column twice": (SOURCE + "record: day\n", r"source\.yml:\d+: 'record' found again"),
    "an IRI of nothing": (SOURCE.replace("place/raids/", "spot/raids/"), "'spot/raids/x' found"),
    "no IRI": (SOURCE.replace("place/raids/", "place/%zz/"), "'place/%zz/x' found, an absolute IRI"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_is_one_line_that_says_where(case: str, tmp_path: Path) -> None:
    text, message = WRONG[case]
    with pytest.raises(SourceError, match=message) as problem:
        Mapping(read_manifest(source(tmp_path, text)), COLUMNS, TARGET)
    assert "\n" not in str(problem.value)
    assert str(tmp_path) in str(problem.value)
