"""Tables of events and claims, read back by the tools that analysts use."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from tests.export.networks import HOSTILE, material, part

from eventkg.errors import UsageError
from eventkg.export import tablefiles
from eventkg.export.about import About
from eventkg.export.material import Name, Site
from eventkg.export.only import Only
from eventkg.export.tables import Table, events_table
from eventkg.kg.networks import table
from eventkg.model.naming import entity

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph

ABOUT = About("https://w3id.org/eventkg/view/default")
STRIKE = entity("event", "2017-01-21-al-bab-strike")
ogr = pytest.mark.skipif(not shutil.which("ogrinfo"), reason="GDAL is not installed")


@pytest.fixture(scope="module")
def events(kg: KnowledgeGraph) -> Table:
    return table(kg, "events", None, Only())


@pytest.fixture(scope="module")
def claims(kg: KnowledgeGraph) -> Table:
    return table(kg, "claims", None, Only())


def row(found: Table, key: str) -> dict[str, Any]:
    names = [column.name for column in found.columns]
    return next(dict(zip(names, cells, strict=True)) for cells in found.rows if cells[0] == key)


def hostile(label: str) -> Table:
    """One event of that name at a place of that name."""
    told = material(part(), label=label, sites={"urn:e": (Site("urn:p", "in", "exact"),)})
    place = Name(label, "Settlement", (("latitude", "36.5"), ("longitude", "37.5")))
    names = {**told.names, "urn:p": place}
    return events_table(material(part(), label=label, sites=told.sites, names=names), {}, None)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("first", "2017-01-21"),
        ("last", "2017-01-21"),
        ("place", "Al-Bab"),
        ("place_relation", "near"),
        ("performedBy", "Russian Aerospace Forces; Turkish Air Force"),
        ("target", "Daesh"),
        ("targetsStruck", 22),
        ("deathsBest", None),
        ("contested_parts", None),
        ("sources", "seed"),
    ],
)
def test_an_event_is_a_row(column: str, expected: object, events: Table) -> None:
    assert row(events, STRIKE)[column] == expected


def test_a_contested_part_is_no_fact_and_is_told(events: Table) -> None:
    told = row(events, entity("event", "2017-01-22-al-bab-strike"))
    assert told["performedBy"] == "Russian Aerospace Forces"
    assert told["contested_parts"] == "performedBy: US-led coalition"


def test_an_event_of_two_places_has_no_point(events: Table) -> None:
    told = row(events, entity("event", "euphrates-shield"))
    assert (told["place"], told["latitude"], told["last"]) == ("Jarabulus; Syria", None, None)


def test_a_claim_is_a_row_with_its_words(claims: Table) -> None:
    names = [column.name for column in claims.columns]
    rows = [dict(zip(names, cells, strict=True)) for cells in claims.rows]
    denials = [told for told in rows if told["speaker"] == "Pentagon" and told["stance"] == "Denies"]
    assert denials
    assert all(told["quotation"] and told["document"] for told in denials)


def test_claims_about_chosen_events_alone(kg: KnowledgeGraph) -> None:
    flown = Only("2017-01-21", "2017-01-21", actors=frozenset({entity("actor", "turkish-air-force")}))
    found = table(kg, "claims", None, flown)
    assert {cells[3] for cells in found.rows} == {STRIKE}


def test_an_unknown_table_is_named(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="table 'actors' found, events or claims expected"):
        table(kg, "actors", None, Only())


@pytest.mark.parametrize("form", tablefiles.FORMATS)
@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_can_be_written(label: str, form: str) -> None:
    assert tablefiles.write(hostile(HOSTILE[label]), form, ABOUT)


@pytest.mark.parametrize("form", tablefiles.FORMATS)
def test_an_empty_table_can_be_written(form: str, events: Table) -> None:
    assert isinstance(tablefiles.write(events._replace(rows=()), form, ABOUT), bytes)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("name", ["events", "claims"])
def test_a_table_comes_back_from_pandas_with_every_cell(
    form: str, name: str, events: Table, claims: Table
) -> None:
    found = {"events": events, "claims": claims}[name]
    data = io.BytesIO(tablefiles.write(found, form, ABOUT))
    readers = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}
    read = readers[form](data)
    assert list(read.columns) == [column.name for column in found.columns]
    cells = [[None if pd.isna(cell) else cell for cell in row] for row in read.itertuples(index=False)]
    assert cells == [list(row) for row in found.rows]


def test_parquet_says_what_its_columns_and_the_view_are(events: Table) -> None:
    schema = pq.read_schema(io.BytesIO(tablefiles.write(events, "parquet", ABOUT)))
    assert schema.metadata[b"view"].decode() == ABOUT.view
    assert b"degrees north" in schema.field("latitude").metadata[b"description"]


def test_a_workbook_explains_its_columns(events: Table) -> None:
    book = openpyxl.load_workbook(io.BytesIO(tablefiles.write(events, "xlsx", ABOUT)))
    words = {cells[0]: cells[2] for cells in book["columns"].iter_rows(values_only=True)}
    assert set(words) >= {column.name for column in events.columns}
    assert ("view", ABOUT.view) in book["about"].iter_rows(values_only=True)


def test_a_formula_stays_text() -> None:
    data = tablefiles.write(hostile(HOSTILE["command"]), "xlsx", ABOUT)
    cells = next(openpyxl.load_workbook(io.BytesIO(data))["events"].iter_rows(min_row=2))
    assert {cell.data_type for cell in cells if cell.value == HOSTILE["command"]} == {"s"}
    (read,) = csv.DictReader(
        io.StringIO(tablefiles.write(hostile(HOSTILE["command"]), "csv", ABOUT).decode())
    )
    assert read["label"] == "'" + HOSTILE["command"]


def test_geojson_keeps_events_without_a_point(events: Table) -> None:
    document = json.loads(tablefiles.write(events, "geojson", ABOUT))
    features = {feature["id"]: feature for feature in document["features"]}
    assert len(features) == len(events.rows)
    assert features[STRIKE]["geometry"]["type"] == "Point"
    assert features[entity("event", "euphrates-shield")]["geometry"] is None


@ogr
@pytest.mark.parametrize("form", ["geojson", "geojsonl", "kml", "kmz"])
@pytest.mark.parametrize("name", ["bundled", *HOSTILE])
def test_gdal_reads_the_map(form: str, name: str, events: Table, tmp_path: Path) -> None:
    found = events if name == "bundled" else hostile(HOSTILE[name])
    path = tmp_path / f"events{tablefiles.FORMATS[form][0]}"
    path.write_bytes(tablefiles.write(found, form, ABOUT))
    told = subprocess.run(["ogrinfo", "-ro", "-al", "-so", path], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    placed = [cells for cells in found.rows if cells[9] is not None]
    assert f"Feature Count: {len(placed if form.startswith('km') else found.rows)}" in told.stdout
    assert "Extent: (3" in told.stdout


def test_geoparquet_says_where_its_geometry_is(events: Table) -> None:
    read = pq.read_table(io.BytesIO(tablefiles.write(events, "geoparquet", ABOUT)))
    geo = json.loads(read.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"], geo["columns"]["geometry"]["encoding"]) == (
        "1.1.0", "geometry", "WKB",
    )  # fmt: skip
    points = dict(zip(read["event"].to_pylist(), read["geometry"].to_pylist(), strict=True))
    assert points[entity("event", "euphrates-shield")] is None
    assert len(points[STRIKE]) == 21


@pytest.mark.parametrize("form", ["geojson", "geojsonl", "geoparquet", "kml", "kmz"])
def test_a_map_of_claims_is_refused(form: str, claims: Table) -> None:
    with pytest.raises(UsageError, match="a table of events expected"):
        tablefiles.write(claims, form, ABOUT)
