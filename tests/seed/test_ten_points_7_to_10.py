"""The last four of ten delicate points of the seed article: guesses, Interfax, the operation, the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_book
from eventkg.claims.standing import standings
from eventkg.model.claim import Status
from eventkg.model.naming import entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph

    Rows = set[tuple[str, ...]]
    Ask = Callable[[str], Rows]
    Holds = Callable[[str], bool]

STRIKES = ("2017-01-18-al-bab-strike", "2017-01-21-al-bab-strike", "2017-01-22-al-bab-strike")


# 7. The author's guesses and doubts


def test_the_author_guesses_twice_and_doubts_twice(ask: Ask) -> None:
    voiced = ask("""SELECT ?stance ?about ?predicate ?object WHERE {
        VALUES ?stance { ekg:Speculates ekg:Doubts }
        ?claim ekg:claimant actor:article-author ; ekg:stance ?stance ; ekg:proposition ?p .
        ?p ekg:about ?about ; ekg:predicate ?predicate ; ekg:object ?object
        FILTER(?predicate != ekg:participant) }""")
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert voiced == {
        ("Speculates", "us-russian-coordination", kind, "Deconfliction"),
        ("Doubts", "us-russian-coordination", kind, "Deconfliction"),
        ("Doubts", "2017-01-22-al-bab-strike", "performedBy", "us-led-coalition"),
        ("Speculates", "2017-01-22-al-bab-strike", "performedBy", "turkish-air-force"),
    }


def test_nobody_else_doubts_or_speculates(ask: Ask) -> None:
    who = ask(
        "SELECT ?who WHERE { VALUES ?s { ekg:Doubts ekg:Speculates } ?c ekg:stance ?s ; ekg:claimant ?who }"
    )
    assert who == {("article-author",)}


def test_the_authors_doubt_would_contest_nothing_if_the_pentagon_had_kept_silent(kg: KnowledgeGraph) -> None:
    store = ox.Store()
    store.load(kg.serialize("nq"), format=ox.RdfFormat.N_QUADS)
    book, pentagon = read_book(store), entity("actor", "pentagon")
    for claim in list(book.claims.values()):
        if pentagon in {claim.claimant, *claim.attributed_to}:
            del book.claims[claim.iri]
    part = standings(book, DEFAULT)[f"{entity('proposition', STRIKES[2])}-performed-by-us-led-coalition"]
    assert part.doubted_by == {entity("actor", "article-author")}
    assert part.status is Status.UNCONTESTED


def test_a_guess_of_the_author_makes_no_fact(holds: Holds) -> None:
    assert not holds("event:us-russian-coordination a ekg:Event")
    assert not holds("event:us-russian-coordination a ekg:Deconfliction")
    assert not holds("event:us-russian-coordination ekg:participant ?anyone")
    assert not holds("event:2017-01-22-al-bab-strike ekg:performedBy actor:turkish-air-force")


# 8. Interfax


def test_interfax_adds_what_was_struck_and_from_whom_it_knows_is_unstated(ask: Ask, holds: Holds) -> None:
    added = ask("""SELECT ?predicate ?object ?root WHERE {
        ?claim ekg:claimant actor:interfax ; ekg:stance ekg:Asserts ; ekg:rootStatus ?root ;
            ekg:proposition ?p .
        ?p ekg:predicate ?predicate ; ekg:object ?object }""")
    assert added == {
        ("struckKind", "storage-facility", "unstated"),
        ("struckKind", "militants", "unstated"),
        ("target", "daesh", "unstated"),
    }
    assert not holds("?claim ekg:claimant actor:interfax ; ekg:claimedOn|ekg:dateAsStated ?day")
    assert not holds(
        "?claim ekg:claimant actor:interfax ; ekg:proposition ?p . ?p ekg:count|ekg:value ?number"
    )


def test_interfax_is_not_counted_as_independent_for_certain(ask: Ask) -> None:
    counted = ask("""SELECT ?object ?sure ?most WHERE {
        ?p ekg:assertedBy actor:interfax ; ekg:object ?object ;
        ekg:independentClaimants ?sure ; ekg:independentClaimantsMax ?most }""")
    assert counted == {("storage-facility", "0", "1"), ("militants", "0", "1"), ("daesh", "1", "2")}


def test_storage_facilities_and_militants_are_said_of_22_january_only(ask: Ask) -> None:
    struck = ask("SELECT ?event ?kind WHERE { ?event ekg:struckKind ?kind }")
    assert struck == {
        ("2017-01-22-al-bab-strike", "storage-facility"),
        ("2017-01-22-al-bab-strike", "militants"),
        ("2017-01-21-al-bab-strike", "unspecified-target"),
    }


def test_no_death_is_stated_anywhere(holds: Holds) -> None:
    assert not holds("""VALUES ?deaths { ekg:deathsLow ekg:deathsBest ekg:deathsHigh ekg:deathsSideA
            ekg:deathsSideB ekg:deathsCivilians ekg:deathsUnknown }
        { ?s ?deaths ?n } UNION { ?p ekg:predicate ?deaths }""")


# 9. Euphrates Shield


def test_euphrates_shield_began_on_24_august_2016_and_has_no_end(ask: Ask, holds: Holds) -> None:
    span = ask("""SELECT ?from ?to ?precision WHERE { event:euphrates-shield a ekg:Operation ;
        ekg:earliestStart ?from ; ekg:latestStart ?to ; ekg:datePrecision ?precision }""")
    assert span == {("2016-08-24", "2016-08-24", "longer")}
    assert not holds("event:euphrates-shield ekg:date|ekg:latestEnd|ekg:earliestEnd ?day")


def test_turkish_forces_conduct_it_with_support_of_the_fsa_and_of_the_coalition(ask: Ask) -> None:
    parts = ask("""SELECT ?role ?who ?status WHERE { VALUES ?role { ekg:performedBy ekg:supportedBy }
        event:euphrates-shield ?role ?who .
        ?p ekg:about event:euphrates-shield ; ekg:predicate ?role ; ekg:object ?who ; ekg:status ?status }""")
    assert parts == {
        ("performedBy", "turkish-armed-forces", "Uncontested"),
        ("supportedBy", "free-syrian-army", "Uncontested"),
        ("supportedBy", "us-led-coalition", "Uncontested"),
    }


def test_the_turkish_air_force_is_not_said_to_take_part_in_euphrates_shield(holds: Holds) -> None:
    assert not holds("?p ekg:about event:euphrates-shield ; ekg:object actor:turkish-air-force")


def test_jarabulus_is_retaken_by_nobody_named_and_al_bab_is_an_aim_only(ask: Ask, holds: Holds) -> None:
    aims = ask("SELECT ?aim WHERE { event:euphrates-shield ekg:objective ?aim }")
    assert aims == {("clear Jarabulus and its surroundings of Daesh",), ("gain control of Al-Bab",)}
    assert holds("event:jarabulus-retaken a ekg:TerritorialChange ; ekg:partOf event:euphrates-shield")
    assert holds("event:jarabulus-retaken ekg:place place:jarabulus")
    assert not holds("event:jarabulus-retaken ekg:performedBy|ekg:participant|ekg:supportedBy ?anyone")
    assert not holds("?change a ekg:TerritorialChange ; ekg:place place:al-bab")


def test_the_day_on_which_jarabulus_was_retaken_is_known_within_bounds_only(ask: Ask, holds: Holds) -> None:
    bounds = ask("""SELECT ?from ?to ?precision WHERE { event:jarabulus-retaken ekg:earliestStart ?from ;
        ekg:latestEnd ?to ; ekg:datePrecision ?precision }""")
    assert bounds == {("2016-08-24", "2017-01-23", "year")}
    assert not holds("event:jarabulus-retaken ekg:date ?day")


def test_the_kurdish_motive_is_imputed_by_the_author(ask: Ask) -> None:
    imputed = ask("""SELECT ?claimant ?relation ?stance ?mentioned WHERE { ?p ekg:predicate ekg:statedMotive .
        ?claim ekg:proposition ?p ; ekg:claimant ?claimant ; ekg:claimantRelation ?relation ;
            ekg:stance ?stance ; schema:mentions ?mentioned }""")
    assert imputed == {("article-author", "author", "Asserts", "syrian-kurds")}


def test_turkey_and_its_forces_say_nothing(holds: Holds) -> None:
    assert not holds("""VALUES ?turkish { actor:turkey actor:turkish-air-force actor:turkish-armed-forces }
        ?claim ekg:claimant|ekg:attributedTo|ekg:spokenBy ?turkish""")


def test_turkish_participation_in_the_strikes_rests_on_one_foreign_belligerent(ask: Ask) -> None:
    rests = ask("""SELECT ?event ?by ?sure ?most WHERE { ?event ekg:performedBy actor:turkish-air-force .
        ?p ekg:about ?event ; ekg:object actor:turkish-air-force ; ekg:assertedBy ?by ;
            ekg:independentClaimants ?sure ; ekg:independentClaimantsMax ?most }""")
    assert rests == {(strike, "russian-defence-ministry", "1", "1") for strike in STRIKES[:2]}


# 10. Reconnaissance and transfer


def test_reconnaissance_by_unmanned_aircraft_and_from_space_precedes_the_strike(ask: Ask) -> None:
    means = ask("""SELECT ?means WHERE {
        event:2017-01-22-reconnaissance a ekg:Reconnaissance ; ekg:means ?means ;
            ekg:precedes event:2017-01-22-al-bab-strike }""")
    assert means == {("unmanned-aircraft",), ("space",)}


def test_nobody_is_said_to_have_flown_the_reconnaissance(holds: Holds) -> None:
    roles = "ekg:performedBy|ekg:participant|ekg:supportedBy"
    assert not holds(f"event:2017-01-22-reconnaissance {roles} ?anyone")
    assert not holds(
        "?p ekg:about event:2017-01-22-reconnaissance ; ekg:object ?who . ?who a/rdfs:subClassOf* ekg:Actor"
    )


def test_the_transfer_enabled_the_strike_uncontested_and_by_a_noted_reading(ask: Ask, holds: Holds) -> None:
    assert holds("event:2017-01-22-coordinates-transfer ekg:enabled event:2017-01-22-al-bab-strike")
    read = ask("""SELECT ?status ?note WHERE { ?p ekg:predicate ekg:enabled ; ekg:status ?status .
        ?claim ekg:proposition ?p ; ekg:stance ekg:Asserts ; ekg:interpretation ?note }""")
    ((status, note),) = read
    assert status == "Uncontested"
    assert "curator's reading" in note
