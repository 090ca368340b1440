"""Imports: each row once, all files or none, and the store as it was where anything is wrong."""

from __future__ import annotations

import gzip
import json
import os
import signal
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import (
    copied,
    derived_from_scratch,
    drafts,
    dump,
    eventkg,
    in_graph,
    load,
    many,
    started,
    state,
)
from tests.kg.tables import GRAPH, HEADER, SOURCE, events, imported, row, source, table
from tests.kg.test_room import fill, mounted

import eventkg as package
from eventkg.errors import DataError, EventkgError, SourceError, UsageError
from eventkg.kg import importing
from eventkg.kg.replacing import RowChange
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 2**20


@pytest.fixture
def raids(tmp_path: Path) -> Path:
    return source(tmp_path / "raids")


def first_release(folder: Path) -> None:
    """A store with the rows a, b and c of release 1."""
    one = table(folder / "one.csv", row("a"), row("b"), row("c", town="Old"))
    imported(folder / "store", source(folder / "raids"), one)


@pytest.fixture
def store(tmp_path: Path, raids: Path) -> Path:
    """It, its file, and a source of the same words."""
    assert raids.parent == tmp_path
    return copied(tmp_path, first_release) / "store"


def test_a_row_leads_back_to_its_file_release_licence_and_citation(store: Path) -> None:
    with package.open(store) as graph:
        answer = graph.query(
            """SELECT ?key ?file ?sum ?release ?licence ?citation ?rows {
                 ?claim ekg:conveys <https://w3id.org/eventkg/id/event/raids/a> ; ekg:record ?key .
                 <https://w3id.org/eventkg/id/event/raids/a> ekg:fromDataset ?part .
                 ?part ekg:readFrom ?f ; ekg:release ?release ; dcterms:license ?licence ;
                       dcterms:bibliographicCitation ?citation .
                 ?f ekg:fileName ?file ; ekg:fileSha256 ?sum ; ekg:rowsImported ?rows }"""
        )
        assert isinstance(answer, Solutions)
        (found,) = list(answer)
    assert found["key"] == "a"
    assert found["file"] == "one.csv"
    assert len(found["sum"]) == 64
    assert (found["release"], found["rows"]) == ("1", 3)
    assert found["licence"] == "https://spdx.org/licenses/CC0-1.0"
    assert found["citation"] == "Example Institute, Raids"


def test_importing_a_file_twice_changes_nothing(store: Path, raids: Path, tmp_path: Path) -> None:
    before = state(store)
    again = imported(store, raids, tmp_path / "one.csv")
    assert (again.known, again.files) == (["one.csv"], [])
    assert state(store) == before


def test_files_of_a_release_that_do_not_overlap_add_up(store: Path, raids: Path, tmp_path: Path) -> None:
    done = imported(store, raids, table(tmp_path / "two.csv", row("d"), row("e")))
    assert (done.read, done.imported, done.quarantined, done.replaced) == (2, 2, 0, 0)
    assert sorted(events(store)) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(("release", "few"), [("1", 20_000), ("2", 0)])
def test_rows_of_another_file_or_release_replace_those_they_overlap(
    release: str, few: int, store: Path, raids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are removed one by one; for many the store is written anew."""
    monkeypatch.setattr("eventkg.kg.replacing._FEW", few)
    two = table(tmp_path / "two.csv", row("b", town="New"), row("c", town="New"), row("d"))
    done = imported(store, raids, two, release=release)
    assert done.replaced == 2
    assert events(store) == {
        "a": "Raid on Sampleton", "b": "Raid on New", "c": "Raid on New", "d": "Raid on Sampleton"
    }  # fmt: skip
    lines = in_graph(store, GRAPH)
    assert not [line for line in lines if "place/raids/Old" in line]  # only a replaced row spoke of it
    assert len([line for line in lines if "ontology#record>" in line]) == 4
    fresh = tmp_path / "fresh"
    imported(fresh, raids, tmp_path / "one.csv")
    imported(fresh, raids, two, release=release)
    assert dump(fresh) == dump(store)


def test_the_order_of_imports_of_other_rows_makes_no_difference(raids: Path, tmp_path: Path) -> None:
    files = [table(tmp_path / f"{key}.csv", row(key)) for key in "ab"]
    imported(tmp_path / "s1", raids, *files)
    for file in reversed(files):
        imported(tmp_path / "s2", raids, file)
    assert dump(tmp_path / "s1") == dump(tmp_path / "s2")


def test_a_file_of_which_no_row_is_left_is_forgotten(store: Path, raids: Path, tmp_path: Path) -> None:
    imported(store, raids, table(tmp_path / "two.csv", row("a"), row("b"), row("c")), release="2")
    assert not [line for line in dump(store) if "one.csv" in line]


def test_a_difference_names_what_appeared_vanished_and_changed(
    store: Path, raids: Path, tmp_path: Path
) -> None:
    two = table(tmp_path / "two.csv", row("a"), row("b", high=9), row("d"))
    before = state(store)
    done = imported(store, raids, two, release="2", compare=True, dry_run=True)
    assert state(store) == before
    assert [change[:2] for change in done.changes] == [("appeared", "d"), ("changed", "b"), ("vanished", "c")]
    (changed,) = [change for change in done.changes if change.kind == "changed"]
    high = "https://w3id.org/eventkg/ontology#deathsHigh"
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert changed == RowChange("changed", "b", (f'{high} "2"^^<{integer}>',), (f'{high} "9"^^<{integer}>',))


@pytest.mark.parametrize(("drop", "left"), [(False, ["a", "b", "c"]), (True, ["a"])])
def test_rows_that_a_release_no_longer_has_go_only_if_told(
    drop: bool, left: list[str], store: Path, raids: Path, tmp_path: Path
) -> None:
    done = imported(store, raids, table(tmp_path / "two.csv", row("a")), release="2", drop_vanished=drop)
    assert sorted(events(store)) == left
    assert done.dropped == 3 - len(left)


def test_another_declaration_of_the_same_file_replaces_what_the_old_one_made(
    store: Path, raids: Path, tmp_path: Path
) -> None:
    source(raids, SOURCE.replace("Raid on", "A raid on"))
    done = imported(store, raids, tmp_path / "one.csv")
    assert done.replaced == 3
    assert set(events(store).values()) == {"A raid on Sampleton", "A raid on Old"}


WRONG_ROWS = {
    "no day": (row("x", day="2031-02-30"), "day", "2031-02-30"),
    "no number": (row("x", low="few"), "low", "few"),
    "cut off": ("x,2031-05-06", "", "x,2031-05-06"),
    "no key": (row(""), "key", ""),
    "a key twice": (row("a"), "key", "a"),
    "shifted, so with an unknown code": (row("x", day="Sampleton", town="r", kind="1"), "day", "Sampleton"),
}


def test_wrong_rows_are_put_aside_with_line_column_value_and_reason(raids: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside.csv"
    wrong = [line for line, *_ in WRONG_ROWS.values()]
    file = table(tmp_path / "t.csv", row("a"), *wrong, row("b"))
    done = imported(tmp_path / "s", raids, file, max_bad=0.9, quarantine=aside)
    assert (done.read, done.imported, done.quarantined) == (len(wrong) + 2, 2, len(wrong))
    assert [found[:4] for found in done.wrong] == [
        (str(file), str(number), column, value)
        for number, (_, column, value) in enumerate(WRONG_ROWS.values(), start=3)
    ]
    assert all(found[4] for found in done.wrong)
    assert aside.read_text(encoding="utf-8").splitlines()[0] == "file,line,column,value,reason"
    assert sorted(events(tmp_path / "s")) == ["a", "b"]


def test_a_quarantined_cell_is_no_formula_where_it_is_listed(raids: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside.csv"
    file = table(tmp_path / "t.csv", row("a"), row("b", low="=HYPERLINK(1)"))
    done = imported(tmp_path / "s", raids, file, max_bad=0.5, quarantine=aside)
    assert done.wrong[0][3] == "=HYPERLINK(1)"
    assert ",3,low,'=HYPERLINK(1),no whole number" in aside.read_text(encoding="utf-8")


def test_too_many_wrong_rows_leave_nothing_behind(store: Path, raids: Path, tmp_path: Path) -> None:
    before, aside = state(store), tmp_path / "aside.csv"
    bad = table(tmp_path / "t.csv", *(row(n) for n in range(97)), *(row(f"x{n}", low="?") for n in range(3)))
    with pytest.raises(DataError, match=r"3 of 100 rows are wrong, at most 0.02 .*line 99: low: '\?'"):
        imported(store, raids, bad, max_bad=0.02, quarantine=aside)
    assert state(store) == before
    assert drafts(store) == []
    assert len(aside.read_text(encoding="utf-8").splitlines()) == 4
    assert imported(store, raids, bad, max_bad=0.03).imported == 97


def test_a_suspicious_row_is_kept_and_flagged(raids: Path, tmp_path: Path) -> None:
    imported(tmp_path / "s", raids, table(tmp_path / "t.csv", row("a", low=5), row("b")))
    flagged = [line for line in in_graph(tmp_path / "s", GRAPH) if "rowFlag" in line]
    assert len(flagged) == 1
    assert "claim/raids/a>" in flagged[0]


def gz(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def cut_gzip(folder: Path) -> Path:
    packed = gzip.compress(
        "\n".join([HEADER, *(row(n, note=os.urandom(9).hex()) for n in range(2000))]).encode()
    )
    return gz(folder / "cut.csv.gz", packed[: len(packed) // 2])


BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "another file": (
        lambda f: gz(f / "t.csv", b"id,best\n1,2\n"),
        r"columns 'key'.* not found; found were 'id', 'best'",
    ),
    "a new column": (
        lambda f: gz(f / "t.csv", f"{HEADER},extra\n".encode()),
        r"columns 'extra' found, which .* neither",
    ),
    "an unknown code": (
        lambda f: table(f / "t.csv", row("a"), row("b", kind="z")),
        r"t\.csv:3: kind: 'z' is not one of 'r', 'g'",
    ),
    "a cut gzip": (cut_gzip, r"cut\.csv\.gz: .*(damaged|cut off)"),
    "no file": (lambda f: f / "nothing.csv", "nothing.csv: No such file"),
    "a folder": (lambda f: f, "Is a directory"),
    "an empty file": (lambda f: gz(f / "t.csv", b""), r"t\.csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_meant_leaves_the_store_as_it_was(
    case: str, store: Path, raids: Path, tmp_path: Path
) -> None:
    make, message = BAD_FILES[case]
    before = state(store)
    good = table(tmp_path / "good.csv", row("new"))
    with pytest.raises(EventkgError, match=message) as problem:
        imported(store, raids, good, make(tmp_path))
    assert "\n" not in str(problem.value)
    assert state(store) == before
    assert drafts(store) == []


def test_a_file_that_changes_while_it_is_read_is_refused(
    store: Path, raids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, file = state(store), table(tmp_path / "two.csv", row("d"))
    look = importing._fresh

    def then_change(*arguments: object) -> object:
        fresh = look(*arguments)  # type: ignore[arg-type]
        table(file, row("d"), row("e"))
        return fresh

    monkeypatch.setattr(importing, "_fresh", then_change)
    with pytest.raises(DataError, match="changed while it was read"):
        imported(store, raids, file)
    assert state(store) == before


@pytest.mark.parametrize(("limits", "good"), [("{min: 2}", False), ("{min: 1, max: 1}", True)])
def test_an_import_outside_what_is_expected_stops(limits: str, good: bool, tmp_path: Path) -> None:
    raids = source(tmp_path / "raids", f"{SOURCE}expect: {{rows: {{min: 1}}, 'ekg:Place': {limits}}}\n")
    file = table(tmp_path / "t.csv", row("a"))
    if good:
        imported(tmp_path / "s", raids, file)
        return
    with pytest.raises(SourceError, match=r"expect.ekg:Place: 1 found, at least 2 expected"):
        imported(tmp_path / "s", raids, file)
    assert not (tmp_path / "s" / "current").exists()


def test_facts_derived_about_rows_follow_a_new_import(store: Path, raids: Path, tmp_path: Path) -> None:
    claims = tmp_path / "claims.ttl"
    claims.write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> . @prefix : <urn:x:> .
        :p a ekg:Proposition ; ekg:about <https://w3id.org/eventkg/id/event/raids/a> ;
           ekg:predicate ekg:performedBy ; ekg:object :army .
        :c a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Asserts ; ekg:proposition :p .""",
        encoding="utf-8",
    )
    load(store, claims)
    imported(store, raids, table(tmp_path / "two.csv", row("a", town="New")), release="2")
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)
    assert [
        line for line in in_graph(store, GRAPH_DERIVED) if "event/raids/a> " in line and "performedBy" in line
    ]


def test_python_imports_into_an_open_store_and_sees_it(store: Path, raids: Path, tmp_path: Path) -> None:
    with package.open(store) as graph:
        assert graph.query("ASK { event:raids\\/d a ekg:Event }") is False
        done = graph.import_(str(raids), [table(tmp_path / "two.csv", row("d"))], release="1")
        assert done.imported == 1
        assert graph.query("ASK { event:raids\\/d a ekg:Event }") is True
    with package.open() as graph, pytest.raises(UsageError, match="a store on disk expected"):
        graph.import_(str(raids), [tmp_path / "two.csv"])


def test_a_full_disk_refuses_an_import_and_loses_nothing(raids: Path, tmp_path: Path) -> None:
    big = table(tmp_path / "big.csv", *(row(n, town=f"Town {n}") for n in range(4_000)))
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=24m", "tmpfs") as disk:
        store = disk / "store"
        imported(store, raids, table(tmp_path / "one.csv", row("a")))
        before = state(store)
        fill(disk, 2 * MIB)
        code, _, error = eventkg("import", raids, "-l", store, big, folder=tmp_path)
        assert code == 1
        assert "No space left on device" in error
        assert error.count("\n") == 1, error
        assert state(store) == before
        assert drafts(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_stopped_leaves_the_store_as_it_was(
    number: signal.Signals, store: Path, tmp_path: Path
) -> None:
    """A convert.py that waits for ever holds the import in the middle of its work."""
    before = state(store)
    big = table(tmp_path / "big.csv", *(row(n) for n in range(30_000)))
    slow = source(tmp_path / "slow")
    (slow / "convert.py").write_text(
        "import pathlib, time\n"
        "def rows(raw):\n"
        "    for number, cells in enumerate(raw):\n"
        "        if number == 20_000:\n"
        f"            pathlib.Path({str(tmp_path / 'reached')!r}).touch()\n"
        "            time.sleep(600)\n"
        "        yield cells\n",
        encoding="utf-8",
    )
    empty = tmp_path / "other"
    process = started("import", slow, "-l", empty, big, cwd=tmp_path)
    try:
        while not (tmp_path / "reached").exists():
            assert process.poll() is None, process.communicate()
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == (130 if number == signal.SIGINT else -number), said
    assert not (empty / "current").exists()
    load(empty, many(tmp_path / "file.nt", 5))  # the next writer removes what the killed one left
    assert drafts(empty) == []
    assert state(store) == before


def test_options_that_mean_nothing_are_refused(raids: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", row("a"))
    for arguments, message in (
        (("no-such-source", file), "source 'no-such-source' found, one of acled"),
        ((raids, file, "--max-bad", "many"), "--max-bad: 'many' found, a share such as 1%"),
    ):
        code, _, error = eventkg("import", *arguments, "-l", tmp_path / "s", folder=tmp_path)
        assert code == 2, error
        assert message in error


def test_known_sources_are_listed_with_licence_and_columns() -> None:
    code, out, _ = eventkg("sources", "list", "--json")
    names = {entry["name"]: entry for entry in json.loads(out)}
    assert code == 0
    assert {"ucdp-ged", "ucdp-actor", "centcom-oir"} <= names.keys()
    assert names["ucdp-ged"]["license"] == "CC-BY-4.0"
    code, out, _ = eventkg("sources", "show", "ucdp-ged")
    assert code == 0
    assert "where_coordinates" in out
