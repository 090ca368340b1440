"""The first six of the ten delicate points of the seed article: denial, senders, series, numbers, relays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = set[tuple[str, ...]]
    Ask = Callable[[str], Rows]
    Holds = Callable[[str], bool]

STRIKES = ("2017-01-18-al-bab-strike", "2017-01-21-al-bab-strike", "2017-01-22-al-bab-strike")
COALITION_FLEW = """
    ?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:performedBy ;
        ekg:object actor:us-led-coalition .
"""
NO_COORDINATION = """
    ?general ekg:about event:us-russian-coordination ; ekg:predicate ekg:coordinationLevel ;
        ekg:object <https://w3id.org/eventkg/code/coordination-level/none> .
"""


# 1. The denial


def test_what_the_pentagon_says_itself_is_general_and_names_no_strike(ask: Ask) -> None:
    said = ask("""SELECT ?stance ?about ?predicate ?object ?speaker WHERE {
        ?claim ekg:claimant actor:pentagon ; ekg:stance ?stance ; ekg:spokenBy ?speaker ; ekg:proposition ?p .
        ?p ekg:about ?about ; ekg:predicate ?predicate ; ekg:object ?object }""")
    general = ("us-russian-coordination", "coordinationLevel")
    assert said == {
        ("Denies", *general, "military-to-military", "adrian-rankine-galloway"),
        ("Asserts", *general, "none", "adrian-rankine-galloway"),
    }


def test_that_the_report_was_denied_is_the_authors_wording_ascribed_to_the_pentagon(ask: Ask) -> None:
    denials = ask(f"""SELECT ?claimant ?stance ?to ?ascribed WHERE {{ {COALITION_FLEW}
        ?claim ekg:proposition ?p ; ekg:claimant ?claimant ; ekg:stance ?stance ; ekg:attributedTo ?to ;
            ekg:attributedStance ?ascribed }}""")
    assert denials == {("article-author", "Relays", "pentagon", "Denies")}


def test_the_pentagons_words_contradict_by_entailment_the_coalitions_part_and_either_sender(ask: Ask) -> None:
    contradicted = ask(f"""SELECT ?about ?predicate ?object WHERE {{ {NO_COORDINATION}
        ?general ekg:contradicts ?p .
        ?p ekg:contradictionBasis <https://w3id.org/eventkg/code/contradiction-basis/entailment> ;
            ekg:about ?about ; ekg:predicate ?predicate ; ekg:object ?object }}""")
    assert contradicted == {
        ("2017-01-22-al-bab-strike", "performedBy", "us-led-coalition"),
        ("2017-01-22-al-bab-strike", "inSeries", "russian-coalition-joint-missions"),
        ("2017-01-22-coordinates-transfer", "sender", "coalition-headquarters"),
        ("2017-01-22-coordinates-transfer", "sender", "united-states"),
    }


def test_nothing_else_is_contested_in_the_whole_article(ask: Ask) -> None:
    contested = ask("""SELECT ?about ?predicate ?object WHERE {
        ?p ekg:status ekg:Contested ; ekg:about ?about ; ekg:predicate ?predicate .
        ?p ekg:object|ekg:value ?object }""")
    assert contested == {
        ("2017-01-22-al-bab-strike", "performedBy", "us-led-coalition"),
        ("2017-01-22-al-bab-strike", "inSeries", "russian-coalition-joint-missions"),
        ("2017-01-22-coordinates-transfer", "sender", "coalition-headquarters"),
        ("2017-01-22-coordinates-transfer", "sender", "united-states"),
        ("us-russian-coordination", "coordinationLevel", "none"),
        ("us-russian-coordination", "coordinationLevel", "military-to-military"),
    }


def test_the_russian_strike_of_22_january_is_uncontested_and_stands(ask: Ask, holds: Holds) -> None:
    assert holds(
        "event:2017-01-22-al-bab-strike a ekg:AirStrike , ekg:Event ; ekg:date '2017-01-22'^^xsd:date"
    )
    assert ask("SELECT ?who WHERE { event:2017-01-22-al-bab-strike ekg:performedBy ?who }") == {
        ("russian-aerospace-forces",)
    }
    judged = ask("""SELECT ?status ?by WHERE { ?p ekg:about event:2017-01-22-al-bab-strike ;
        ekg:predicate ekg:performedBy ; ekg:object actor:russian-aerospace-forces ;
        ekg:status ?status ; ekg:assertedBy ?by
        FILTER NOT EXISTS { ?p ekg:deniedBy|ekg:doubtedBy ?anyone } }""")
    assert judged == {("Uncontested", "russian-defence-ministry")}


def test_no_contested_statement_is_a_plain_triple_or_an_adopted_fact(holds: Holds) -> None:
    assert not holds(
        "?p ekg:status ekg:Contested ; ekg:about ?s ; ekg:predicate ?v ; ekg:object ?o . ?s ?v ?o"
    )
    assert not holds("?p ekg:status ekg:Contested . ?event ekg:hasFact ?p")


# 2. Who sent the coordinates


def test_the_quotation_and_the_paraphrase_name_two_senders_that_contradict_each_other(ask: Ask) -> None:
    senders = ask("""SELECT ?sender ?status ?rival ?words WHERE {
        ?p ekg:about event:2017-01-22-coordinates-transfer ; ekg:predicate ekg:sender ; ekg:object ?sender ;
            ekg:status ?status ; ekg:contradicts ?other .
        ?other ekg:about event:2017-01-22-coordinates-transfer ; ekg:object ?rival .
        ?claim ekg:proposition ?p ; ekg:stance ekg:Asserts ; ekg:claimant actor:russian-defence-ministry ;
            ekg:quotation ?words }""")
    headquarters, states = "coalition-headquarters", "united-states"
    assert senders == {
        (headquarters, "Contested", states, "from the US-led coalition headquarters"),
        (states, "Contested", headquarters, "from the United States"),
    }


def test_no_sender_stands_and_the_transfer_and_its_recipient_do(ask: Ask, holds: Holds) -> None:
    assert not holds("event:2017-01-22-coordinates-transfer ekg:sender ?anyone")
    assert holds("event:2017-01-22-coordinates-transfer a ekg:InformationTransfer , ekg:Event")
    assert ("hmeymim-command-center",) in ask(
        "SELECT ?who WHERE { event:2017-01-22-coordinates-transfer ekg:recipient ?who }"
    )


# 3. First and second


def test_first_and_second_count_in_two_series(ask: Ask) -> None:
    places = ask("""SELECT ?series ?ordinal ?event ?status WHERE {
        ?p ekg:predicate ekg:inSeries ; ekg:about ?event ; ekg:object ?series ; ekg:ordinal ?ordinal ;
            ekg:status ?status }""")
    assert places == {
        ("russian-turkish-joint-strikes", "1", "2017-01-18-al-bab-strike", "Uncontested"),
        ("russian-turkish-joint-strikes", "2", "2017-01-21-al-bab-strike", "Uncontested"),
        ("russian-coalition-joint-missions", "1", "2017-01-22-al-bab-strike", "Contested"),
    }


def test_the_strike_of_22_january_is_in_no_series_that_stands(holds: Holds) -> None:
    assert not holds("event:2017-01-22-al-bab-strike ekg:inSeries ?series")


# 4. Aircraft


def test_the_aircraft_of_21_january_are_counted_by_air_force_and_type(ask: Ask) -> None:
    aircraft = ask("""SELECT ?who ?total ?type ?number WHERE { event:2017-01-21-al-bab-strike ekg:hasFact ?p .
        ?p ekg:predicate ekg:performedBy ; ekg:object ?who ; ekg:count ?total ; ekg:equipment ?part .
        ?part ekg:equipmentType ?type ; ekg:count ?number }""")
    assert aircraft == {
        ("russian-aerospace-forces", "3", "su-24m", "2"),
        ("russian-aerospace-forces", "3", "su-34", "1"),
        ("turkish-air-force", "4", "f-16", "2"),
        ("turkish-air-force", "4", "f-4", "2"),
    }


@pytest.mark.parametrize("strike", ["2017-01-18-al-bab-strike", "2017-01-22-al-bab-strike"])
def test_no_aircraft_type_and_no_number_of_targets_is_said_of_another_day(strike: str, holds: Holds) -> None:
    assert not holds(f"event:{strike} ekg:usedEquipment|ekg:targetsStruck ?anything")
    assert not holds(f"?p ekg:about event:{strike} ; ekg:predicate ekg:usedEquipment")
    assert not holds(f"?p ekg:about event:{strike} ; ekg:predicate ekg:targetsStruck")
    assert not holds(f"?p ekg:about event:{strike} ; ekg:equipment ?part")


def test_the_only_other_number_of_aircraft_is_the_coalitions_two_of_22_january(ask: Ask) -> None:
    numbers = ask("""SELECT ?event ?who ?count WHERE {
        ?p ekg:about ?event ; ekg:object ?who ; ekg:count ?count
        FILTER(?event != event:2017-01-21-al-bab-strike) }""")
    assert numbers == {("2017-01-22-al-bab-strike", "us-led-coalition", "2")}


def test_the_coalitions_two_jets_have_no_type_and_no_nation(ask: Ask, holds: Holds) -> None:
    assert not holds(f"{COALITION_FLEW} ?p ekg:equipment ?part")
    said_to_have_flown = ask("""SELECT ?who WHERE {
        ?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:performedBy ; ekg:object ?who }""")
    assert ("united-states",) not in said_to_have_flown
    assert not holds("?nation ekg:memberOf actor:us-led-coalition . ?nation a ekg:State")


# 5. The 22 targets


def test_the_22_targets_are_the_joint_total_of_21_january(ask: Ask, holds: Holds) -> None:
    assert ask("SELECT ?event ?n WHERE { ?event ekg:targetsStruck ?n }") == {
        ("2017-01-21-al-bab-strike", "22")
    }
    said = ask(
        "SELECT ?about ?n WHERE { ?p ekg:predicate ekg:targetsStruck ; ekg:about ?about ; ekg:value ?n }"
    )
    assert said == {("2017-01-21-al-bab-strike", "22")}, "split between the air forces or said of another day"
    assert not holds("?actor a/rdfs:subClassOf* ekg:Actor ; ekg:targetsStruck ?n")


def test_the_strike_of_21_january_is_near_al_bab_and_the_other_two_are_in_it(ask: Ask) -> None:
    where = ask("""SELECT ?strike ?relation WHERE {
        ?strike a ekg:AirStrike ; ekg:place place:al-bab ; ekg:placeRelation ?relation }""")
    assert where == set(zip(STRIKES, ("in", "near", "in"), strict=True))


# 6. Relays


def test_every_relay_of_agencies_and_headline_leads_back_to_the_ministry(ask: Ask) -> None:
    roots = ask("""SELECT ?relayer ?root WHERE {
        ?claim ekg:stance ekg:Relays ; ekg:claimant ?relayer ; ekg:relays+ ?first .
        ?first ekg:claimant ?root }""")
    ministry = "russian-defence-ministry"
    assert roots == {(who, ministry) for who in ("associated-press", "sputnik", "article-author")}


def test_whoever_only_relays_asserts_nothing(ask: Ask) -> None:
    speakers = {who for (who,) in ask("SELECT ?who WHERE { ?p ekg:assertedBy ?who }")}
    assert speakers == {"russian-defence-ministry", "pentagon", "interfax", "article-author"}


def test_the_kremlin_is_a_name_in_the_headline_and_nobodys_second_claimant(ask: Ask, holds: Holds) -> None:
    assert not holds("?claim ekg:claimant actor:kremlin")
    assert not holds("?p ekg:assertedBy|ekg:deniedBy|ekg:doubtedBy actor:kremlin")
    named = ask("""SELECT ?words ?root WHERE {
        ?claim ekg:claimantAsStated ?words ; ekg:attributedTo actor:kremlin ;
            ekg:relays/ekg:claimant ?root }""")
    assert named == {("Kremlin", "russian-defence-ministry")}


def test_the_coalitions_part_has_exactly_one_independent_claimant(ask: Ask) -> None:
    judged = ask(f"""SELECT ?status ?by ?against ?sure ?most WHERE {{ {COALITION_FLEW}
        ?p ekg:status ?status ; ekg:assertedBy ?by ; ekg:deniedBy ?against ;
            ekg:independentClaimants ?sure ; ekg:independentClaimantsMax ?most }}""")
    assert judged == {("Contested", "russian-defence-ministry", "pentagon", "1", "1")}


def test_who_gives_no_number_of_jets_relays_the_coalitions_part_without_one(ask: Ask) -> None:
    relays = ask(f"""SELECT ?words ?number WHERE {{ {COALITION_FLEW}
        ?claim ekg:proposition ?p ; ekg:stance ekg:Relays ; ekg:quotation ?words
        FILTER NOT EXISTS {{ ?claim ekg:attributedStance ekg:Denies }}
        OPTIONAL {{ ?p ekg:count ?number }} }}""")
    assert relays == {
        ("first combat mission in Syria with U.S.-led coalition aircraft", "-"),
        ("First Joint Mission With US-Coalition Aircraft Kremlin Says", "-"),
        ("Russia and two coalition jets", "2"),
        ("jointly with the US-led coalition aircraft", "-"),
    }


def test_no_statement_of_the_article_is_corroborated(holds: Holds) -> None:
    assert not holds("?p ekg:status ekg:Corroborated")
    assert not holds("?p ekg:independentClaimants ?n FILTER(?n > 1)")
