"""One name, several kinds of files; one source, several layouts of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.errors import SourceError
from eventkg.mapping.compiling import Target
from eventkg.mapping.stream import Counts, Quarantined, statements
from eventkg.sources.catalog import find_source
from eventkg.sources.choosing import fitting
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from pathlib import Path

_TO = Target("https://example.org/graph", "https://example.org/data", "https://example.org/file")


@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("thor-wwii", "thor-wwii"),
        ("thor-wwii", "thor-wwii-aircraft"),
        ("thor-wwii", "thor-wwii-weapons"),
        ("gazetteer", "gazetteer"),
        ("gazetteer", "gazetteer-divisions"),
        ("aviation", "aviation"),
        ("aviation", "aviation-types"),
        ("acled", "acled"),
    ],
)
def test_a_file_is_taken_for_the_table_whose_columns_it_has(source: str, table: str, root: Path) -> None:
    (sample,) = (root / "data" / "sources" / table).glob("sample.*")
    assert fitting(find_source(source), [sample]).name == table


def test_a_file_of_no_table_is_refused_by_the_source_itself(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    manifest = fitting(find_source("aviation"), [path])
    assert manifest.name == "aviation"
    with (
        open_table(path, manifest.layout) as table,
        pytest.raises(SourceError, match="columns 'a', 'b' found"),
    ):
        list(statements(manifest, table, _TO, Counts(), print))


def lines_of(source: str, path: Path) -> tuple[list[str], list[Quarantined]]:
    manifest, aside = find_source(source), list[Quarantined]()
    with open_table(path, manifest.layout) as table:
        made = "".join(row.lines for row in statements(manifest, table, _TO, Counts(), aside.append))
    return made.splitlines(), aside


_OLD = (
    "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,sub_event_type,"
    "actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,region,country,admin1,admin2,admin3,"
    "location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,timestamp,iso3\n"
    "7,999,XSX9,9,12 January 2017,2017,1,Battles,Armed clash,Forces,,1,Rebels,,2,12,Region,Sampleland,"
    "Province,,,Sampleton,10.5,20.25,1,Paper,National,Words,4,1500000000,XSL\n"
    "8,999,XSX8,8,12 January 2017,2017,1,Protests,Peaceful protest,Protesters,,6,,,0,60,Region,Sampleland,"
    "Province,,,Sampleton,10.5,20.25,1,Paper,National,Words,0,1500000000,XSL\n"
)


def test_both_layouts_of_acled_say_the_same(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(_OLD)
    old, aside = lines_of("acled", path)
    new, _ = lines_of("acled", root / "data" / "sources" / "acled" / "sample.csv")
    assert not aside

    def said(lines: list[str], event: str) -> set[str]:
        return {
            line.split(" ", 2)[1]
            for line in lines
            if line.startswith(f"<https://w3id.org/eventkg/id/{event}>")
        }

    assert said(old, "event/acled/XSX9") == said(new, "event/acled/XSX1")
    assert any(
        "actor/acled/Forces>" in line and line.split(" ")[2].endswith("acled-actor-type/state-forces>")
        for line in old
    )
    days = [line for line in old if "event/acled/XSX9>" in line and "ontology#date>" in line]
    assert len(days) == 1
    assert '"2017-01-12"' in days[0]


@pytest.mark.parametrize(("columns", "has_article"), [(61, True), (58, True), (57, False)])
def test_all_layouts_of_gdelt_are_told_apart_by_their_width(
    columns: int, has_article: bool, tmp_path: Path, root: Path
) -> None:
    header = find_source("gdelt-events").layout.header
    assert isinstance(header, tuple)
    layouts = {len(names): names for names in header}
    first = (
        (root / "data" / "sources" / "gdelt-events" / "sample.tsv").read_text().splitlines()[1].split("\t")
    )
    cells = dict(zip(layouts[61], first, strict=True))
    path = tmp_path / "events.csv"
    path.write_text("\t".join(cells[name] for name in layouts[columns]) + "\n")
    lines, aside = lines_of("gdelt-events", path)
    assert not aside
    assert any("/id/place/gdelt/4/-9000001/10.5,20.25>" in line for line in lines)
    assert any("eventType> <https://w3id.org/eventkg/code/cameo/195>" in line for line in lines)
    assert any("/id/document/gdelt/" in line for line in lines) is has_article


def test_mentions_are_read_as_published_and_as_they_are_passed_round(tmp_path: Path, root: Path) -> None:
    sample = root / "data" / "sources" / "gdelt-mentions" / "sample.csv"
    published = tmp_path / "20180101001500.mentions.CSV"
    rows = [line.split(",") for line in sample.read_text().splitlines()[1:]]
    published.write_text("".join("\t".join(cells) + "\n" for cells in rows))
    assert lines_of("gdelt-mentions", published)[0] == lines_of("gdelt-mentions", sample)[0]
