"""Coordinates, identifiers, symbol codes and names of the seed are those of the source that each names."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

SEED = Path(__file__).parents[2] / "data" / "seed"
SHARED = Path(__file__).parents[3] / "shared" / "data"
ARTICLE = SHARED.parent / "seed" / "article.txt"
SYMBOLS = SHARED / "codes" / "mil-std-2525"
AVIATION = SHARED / "aviation" / "standing-data"
GED = "ucdp/ged_syria_652.1601.1911.csv.gz"

EKG = "https://w3id.org/eventkg/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TERMS = "http://purl.org/dc/terms/"
SAME_AS = "https://schema.org/sameAs"
WIKIDATA = "http://www.wikidata.org/entity/"

SYMBOL_SETS = {
    "Air.tsv": "01",
    "Land unit.tsv": "10",
    "Land civilian.tsv": "11",
    "Land installation.tsv": "20",
}
VERSION_REALITY_UNKNOWN, PRESENT_NO_AMPLIFIER, NO_MODIFIERS = "1001", "0000", "0000"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the source files are not part of the repository and are not beside it here"
)

Record = dict[str, str]


def _store() -> ox.Store:
    store = ox.Store()
    for path in sorted(SEED.glob("*.ttl")):
        store.load(path=path, format=ox.RdfFormat.TURTLE)
    return store


STORE = _store()


def _literals(subject: str, predicate: str) -> list[ox.Literal]:
    found = STORE.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, None)
    return [quad.object for quad in found if isinstance(quad.object, ox.Literal)]


def _values(subject: str, predicate: str) -> list[str]:
    return sorted(literal.value for literal in _literals(subject, predicate))


def _having(*predicates: str) -> list[str]:
    """IRIs that have one of these properties."""
    quads = [q for p in predicates for q in STORE.quads_for_pattern(None, ox.NamedNode(p), None, None)]
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def _name(iri: str) -> str:
    return "/".join(iri.split("/")[-2:])


@cache
def _table(path: str, delimiter: str = ",") -> tuple[Record, ...]:
    opening = gzip.open if path.endswith(".gz") else open
    with opening(SHARED / path, "rt", encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=delimiter))


@cache
def _cities(name: str) -> dict[str, Record]:
    with gzip.open(SHARED / "gazetteer" / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return {str(city["id"]): {**city, **city["translations"]} for city in json.load(file)}


def _only(rows: list[Record]) -> Record:
    """The one row that a source string names; a source that names none or several is no source."""
    assert len(rows) == 1, rows
    return rows[0]


def _city(source: str) -> Record:
    _, name, number, wikidata = source.split(", ")
    found = _cities(name)[number.removeprefix("id ")]
    assert found["wikiDataId"] == wikidata
    return found


def _state(source: str) -> Record:
    _, _, number, code, wikidata = source.split(", ")
    rows = _table("gazetteer/csc_states.csv.gz")
    found = _only([row for row in rows if row["id"] == number.removeprefix("id ")])
    assert (found["iso3166_2"], found["wikiDataId"]) == (code, wikidata)
    return found


def _country(source: str) -> Record:
    code = source.rpartition(", ")[2]
    rows = _table("codes/countries/country-codes.csv")
    found = _only([row for row in rows if row["ISO3166-1-Alpha-3"] == code])
    return {**found, "wikiDataId": found["wikidata_id"].rpartition("/")[2]}


def _airport(source: str) -> Record:
    _, _, file, code = source.split(", ")
    rows = _table(f"aviation/standing-data/airports/schema-01/{file[0]}/{file}")
    found = _only([row for row in rows if row["ICAO"] == code])
    return {**found, "latitude": found["Latitude"], "longitude": found["Longitude"]}


def _aircraft(source: str) -> Record:
    _, _, file, code, model = source.split(", ")
    rows = _table(f"aviation/standing-data/model-type/schema-01/{file}")
    named = [row for row in rows if row["ICAO"] == code and f"{row['Manufacturer']} {row['Model']}" == model]
    return {**_only(named), "name": model, "identifier": code}


def _symbol(source: str) -> Record:
    _, file, code = source.split(", ")
    rows = _table(f"codes/mil-std-2525/2525d/{file}", "\t")
    return {**_only([row for row in rows if row["Code"] == code]), "set": SYMBOL_SETS[file]}


def _group(source: str) -> Record:
    number = source.rpartition(" ")[2]
    found = _only([row for row in _table("ucdp/ucdp-actor-221.csv") if row["ActorId"] == number])
    spread = {f"{key} {n}": part for key, cell in found.items() for n, part in enumerate(cell.split(", "))}
    return {**found, **spread}


def _fighting(source: str) -> Record:
    numbers = re.findall(r"\d{6}", source)
    found = {row["id"]: row for row in _table(GED) if row["id"] in numbers}
    assert set(found) == set(numbers)
    return {f"{row['where_coordinates']} {row['date_start']}": row["dyad_name"] for row in found.values()}


READERS = {
    "Countries States Cities Database (ODbL 1.0), csc_cities": _city,
    "Countries States Cities Database (ODbL 1.0), csc_states": _state,
    "Country Codes (ODC-PDDL 1.0)": _country,
    "standing-data (CC0 1.0), airports": _airport,
    "standing-data (CC0 1.0), model-type": _aircraft,
    "MIL-STD-2525D tables (MIT)": _symbol,
    "UCDP Actor Dataset 22.1 (CC BY 4.0)": _group,
    "UCDP GED Syria 652.1601.1911 (CC BY 4.0": _fighting,
}


def _record(source: str) -> Record:
    (reader,) = [reader for start, reader in READERS.items() if source.startswith(start)]
    return reader(source)


def _records(entity: str) -> list[Record]:
    return [_record(source) for source in _values(entity, f"{TERMS}source")]


SOURCES = sorted(
    {source for entity in _having(f"{TERMS}source") for source in _values(entity, f"{TERMS}source")}
)
LOCATED = _having(f"{EKG}latitude", f"{EKG}longitude")
LINKED = _having(SAME_AS)
DRAWN = _having(f"{EKG}symbolCode")
DESIGNATED = _having(f"{TERMS}identifier")
NAMED = _having(f"{SKOS}prefLabel")


def test_there_is_something_to_check() -> None:
    assert all([SOURCES, LOCATED, LINKED, DRAWN, DESIGNATED, NAMED])


@pytest.mark.parametrize("source", SOURCES)
def test_the_record_that_a_source_names_exists_once(source: str) -> None:
    assert _record(source)


@pytest.mark.parametrize("place", LOCATED, ids=_name)
def test_the_coordinates_of_a_place_are_those_of_its_source(place: str) -> None:
    ((latitude,), (longitude,)) = _values(place, f"{EKG}latitude"), _values(place, f"{EKG}longitude")
    (record,) = [record for record in _records(place) if "latitude" in record]
    assert (float(latitude), float(longitude)) == (float(record["latitude"]), float(record["longitude"]))


@pytest.mark.parametrize("entity", LINKED, ids=_name)
def test_the_wikidata_item_of_an_entity_is_that_of_its_source(entity: str) -> None:
    links = STORE.quads_for_pattern(ox.NamedNode(entity), ox.NamedNode(SAME_AS), None, None)
    (link,) = [quad.object for quad in links]
    assert isinstance(link, ox.NamedNode)
    assert link.value in {
        WIKIDATA + record["wikiDataId"] for record in _records(entity) if "wikiDataId" in record
    }


@pytest.mark.parametrize("entity", DRAWN, ids=_name)
def test_a_symbol_code_is_a_code_of_the_table_that_is_named(entity: str) -> None:
    (code,) = _values(entity, f"{EKG}symbolCode")
    (record,) = [record for record in _records(entity) if "set" in record]
    head = VERSION_REALITY_UNKNOWN + record["set"] + PRESENT_NO_AMPLIFIER
    assert code == head + record["Code"] + NO_MODIFIERS
    assert "hierarchical" not in record["Remarks"]


@pytest.mark.parametrize(
    ("number", "entity", "name"),
    [
        ("01", "110100", "Military (Air) : Fixed-Wing"),
        ("10", "120800", "Movement and Maneuver : Aviation Fixed Wing"),
        ("11", "110400", "Civilian (Land Civilian) : Organization or Group"),
        ("20", "121301", "Infrastructure : Transportation : Airport/Air Base"),
    ],
)
def test_a_symbol_set_has_the_number_that_the_mapping_table_gives_it(
    number: str, entity: str, name: str
) -> None:
    rows = _table("codes/mil-std-2525/LegacyMappingTableCtoD.csv")
    numbered = {(row["2525DeltaSymbolSet"], row["2525DeltaEntity"], row["2525DeltaName"]) for row in rows}
    assert any(found[:2] == (number, entity) and found[2].startswith(name) for found in numbered)


@pytest.mark.parametrize("aircraft", DESIGNATED, ids=_name)
def test_a_designator_is_that_of_the_model_named(aircraft: str) -> None:
    designators = {record["identifier"] for record in _records(aircraft) if "identifier" in record}
    assert set(_values(aircraft, f"{TERMS}identifier")) == designators
    (label,) = _values(aircraft, f"{SKOS}prefLabel")
    (model,) = [record["Model"] for record in _records(aircraft) if "Model" in record]
    assert label.startswith(model) or model.startswith(label)


@pytest.mark.parametrize("entity", NAMED, ids=_name)
def test_a_name_in_another_language_is_in_the_source(entity: str) -> None:
    names = {value for record in _records(entity) for value in record.values() if isinstance(value, str)}
    labels = [*_literals(entity, f"{SKOS}prefLabel"), *_literals(entity, f"{SKOS}altLabel")]
    assert {label.value for label in labels if label.language != "en"} <= names


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not part of the repository")
@pytest.mark.parametrize("entity", _having(f"{SKOS}altLabel"), ids=_name)
def test_an_alternative_name_is_in_the_article_or_in_the_source(entity: str) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    known = {value for record in _records(entity) for value in record.values() if isinstance(value, str)}
    assert [
        name for name in _values(entity, f"{SKOS}altLabel") if name not in text and name not in known
    ] == []


def test_weekdays_alone_leave_several_years_open() -> None:
    """The ministry's Monday is not before 22 January, and its Wednesday is before 21 January."""
    monday = 0
    fitting = [
        year
        for year in range(2010, 2022)
        if any(dt.date(year, 1, day).weekday() == monday for day in range(22, 26))
    ]
    assert fitting == [2010, 2011, 2012, 2016, 2017, 2018, 2021]
    assert [dt.date(2017, 1, day).strftime("%A") for day in (18, 21, 22, 23)] == [
        "Wednesday", "Saturday", "Sunday", "Monday",
    ]  # fmt: skip


def test_the_year_rests_on_dated_fighting_between_turkey_and_daesh() -> None:
    (document,) = _having(f"{EKG}publishedOn")
    (record,) = _records(document)
    turkey = "Government of Turkey - IS"
    assert record == {
        "Jarabulus town 2016-08-24": turkey,
        "Al Bab town 2017-01-20": turkey,
        "Al Bab town 2017-01-22": turkey,
    }
    fought = {
        row["date_end"]
        for row in _table(GED)
        if (row["where_coordinates"], row["dyad_name"]) == ("Al Bab town", turkey)
    }
    assert max(fought) < "2017-03-01"
