"""A small made-up world: its events as answers that an index is built of, and counted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from eventkg.model.fold import fold
from eventkg.model.naming import EKG, GRAPH
from eventkg.search.asked import DEATHS
from eventkg.search.gathering import QUERIES, Gathering
from eventkg.search.index import Index
from eventkg.search.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from eventkg.search.asked import Asked

WITHIN = {"quarter": ("city",), "city": ("province",), "province": ("country",), "country": (), "sea": ()}
ABOVE = {
    "AirStrike": ("MilitaryAction",),
    "MilitaryAction": (),
    "Battle": ("MilitaryAction",),
    "Transfer": (),
}
NAMES = {
    "army": ("Army of the North", "Northern Army"),
    "guard": ("Al-Haras", "الحرس"),
    "rebels": ("Rebels",),
    "su-24m": ("Su-24M", "Fencer"),
    "f-16": ("F-16",),
    "quarter": ("Old Quarter",),
    "city": ("Al-Bab", "الباب"),
    "province": ("Aleppo province",),
    "country": ("Syria",),
    "sea": ("The Sea",),
}


@dataclass(frozen=True)
class Event:
    """One event; `independent` speakers stand behind what is said of it."""

    iri: str
    name: str
    start: str = ""
    end: str = ""
    actors: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ("seed",)
    deaths: int | None = None
    quotations: tuple[str, ...] = ()
    happened: bool = True
    independent: int = 1


def answers(events: Iterable[Event]) -> dict[str, list[tuple[str, ...]]]:
    """By the name of the query."""
    found: dict[str, list[tuple[str, ...]]] = {name: [] for name in QUERIES}
    tops = dict.fromkeys(("army", "guard", "rebels"), "Actor")
    tops |= dict.fromkeys(("su-24m", "f-16"), "EquipmentType")
    for thing, (label, *aliases) in NAMES.items():
        found["search_things"].append((thing, EKG + tops.get(thing, "Place")))
        found["search_names"].append((thing, label, "en"))
        found["search_aliases"] += [(thing, alias) for alias in aliases]
    found["network_within"] += [(part, whole) for part, wholes in WITHIN.items() for whole in wholes]
    found["search_kinds"] += [(EKG + kind, EKG + above) for kind, wholes in ABOVE.items() for above in wholes]
    found["search_types"] += [(EKG + kind,) for kind in ABOVE]
    found["search_names"] += [(EKG + kind, kind.lower(), "en") for kind in ABOVE]
    for event in events:
        _answer(event, found)
    return found


def _answer(event: Event, found: dict[str, list[tuple[str, ...]]]) -> None:
    iri = event.iri
    kinds = ["ReportedEvent", *(["Event"] if event.happened else []), *event.kinds]
    found["search_events"] += [(iri, EKG + kind) for kind in kinds]
    found["search_names"].append((iri, event.name, "en"))
    found["network_parts"] += [(iri, f"{EKG}performedBy", actor) for actor in event.actors]
    found["network_standings"] += [
        (iri, f"{EKG}performedBy", actor, f"{EKG}Contested") for actor in event.contested
    ]
    status = f"{EKG}Contested" if event.contested else f"{EKG}Uncontested"
    found["search_standings"].append((iri, status, "", str(event.independent)))
    found["network_use"] += [(iri, item, "", "") for item in event.equipment]
    found["search_sites"] += [(iri, place) for place in event.places]
    found["network_sources"] += [(iri, GRAPH + source) for source in event.sources]
    found["search_quotations"] += [(iri, words) for words in event.quotations]
    days = {"earliestStart": event.start, "latestEnd": event.end}
    found["search_days"] += [(iri, EKG + name, day) for name, day in days.items() if day]
    if event.deaths is not None:
        found["search_values"].append((iri, f"{EKG}deathsBest", str(event.deaths)))


def gathered(events: Iterable[Event]) -> Gathering:
    """As the child process does it."""
    gathering = Gathering()
    rows = answers(events)
    for query in QUERIES:
        gathering.take(query, rows[query])
    gathering.finish()
    return gathering


def built(path: Path, events: Iterable[Event]) -> Index:
    """An index, open."""
    write(gathered(events), path)
    return Index(path)


def reached(things: Iterable[str], wholes: dict[str, tuple[str, ...]]) -> set[str]:
    """Things with everything that they lie within."""
    found = set(things)
    for thing in things:
        found |= reached(wholes[thing], wholes)
    return found


def values(event: Event) -> dict[str, set[str]]:
    """What an event has to do with, by facet."""
    deaths = {
        name for name, (least, most) in DEATHS.items()
        if event.deaths is not None and least <= event.deaths <= (event.deaths if most is None else most)
    }  # fmt: skip
    return {
        "actor": {*event.actors, *event.contested},
        "equipment": set(event.equipment),
        "type": {EKG + kind for kind in reached(event.kinds, ABOVE)},
        "place": reached(event.places, WITHIN),
        "source": set(event.sources),
        "status": {
            "contested" if event.contested else "uncontested",
            "corroborated" if event.independent > 1 else "single",
            *([] if event.happened else ["reported"]),
        },
        "deaths": deaths,
    }


def meets(event: Event, asked: Asked, left_out: str = "") -> bool:
    """Whether an event meets every condition, or every one but one, told by hand."""
    mine = values(event)
    facets = all(
        not chosen or name == left_out or not mine[name].isdisjoint(chosen)
        for name, chosen in asked.chosen().items()
    )
    return facets and (left_out == "time" or _in_time(event, asked)) and _has_words(event, asked.text)


def _in_time(event: Event, asked: Asked) -> bool:
    if not asked.since and not asked.until:
        return True
    if not event.start:
        return False
    return (event.end or "9999-12-31") >= asked.since and (not asked.until or event.start <= asked.until)


def _has_words(event: Event, text: str) -> bool:
    """Single words only: each begins a word of a name, of an alias or of a quotation."""
    mine = values(event)
    things = {*mine["actor"], *mine["equipment"], *mine["place"]}
    texts = [event.name, *event.quotations, *(name for thing in things for name in NAMES[thing])]
    texts += [kind.removeprefix(EKG).lower() for kind in mine["type"]]
    there = {word for each in texts for word in fold(each).split()}
    return all(any(word.startswith(wanted) for word in there) for wanted in fold(text).split())


def day(number: int) -> str:
    """A day of 2017 by its number."""
    return date.fromordinal(date(2017, 1, 1).toordinal() + number).isoformat()
