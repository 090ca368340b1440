"""A thing has one preferred name in a language, whoever names it and in whatever order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kg.stores import dump, load
from tests.kg.tables import SOURCE, imported, row, source, table

if TYPE_CHECKING:
    from pathlib import Path

# a place that rows name differently
_BY_KIND = SOURCE.replace("place/raids/{town}", "place/raids/{kind}")
_CURATED = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/eventkg/id/place/raids/g> skos:prefLabel "Groundtown"@en .
<urn:x:other> skos:prefLabel "One"@en , "Another"@en ."""


def names(store: Path) -> set[tuple[str, str, str]]:
    """(name or other name, place, text) of the places."""
    found = [line.split(" ", 2) for line in dump(store) if "Label>" in line and "/place/raids/" in line]
    return {(p.rpartition("#")[2][:-1], s.rpartition("/")[2][:-1], o.split('"')[1]) for s, p, o in found}


def test_the_first_name_stays_and_a_curated_one_comes_before_it(tmp_path: Path) -> None:
    raids = source(tmp_path / "raids", _BY_KIND)
    rows = [row("a", town="Oldton"), row("b", town="Newton"), row("c", kind="g", town="Foxton")]
    (tmp_path / "names.ttl").write_text(_CURATED, encoding="utf-8")
    for number, order in enumerate((rows, rows[::-1])):
        store = tmp_path / str(number)
        load(store, tmp_path / "names.ttl")
        for key, line in enumerate(order):
            imported(store, raids, table(tmp_path / f"{number}-{key}.csv", line))
        assert names(store) == {
            *(("prefLabel", "r", "Newton"), ("altLabel", "r", "Oldton")),
            *(("prefLabel", "g", "Groundtown"), ("altLabel", "g", "Foxton")),
        }
        assert len([line for line in dump(store) if line.startswith("<urn:x:other>")]) == 2
