"""What an analyst may ask of each sentence of the seed article, and what the graph answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LAST_SENTENCE = 21  # the headline is 0


class Question(NamedTuple):
    sentence: int
    words: str
    sparql: str
    rows: set[tuple[str, ...]]


JANUARY_18 = "2017-01-18-al-bab-strike"
JANUARY_21 = "2017-01-21-al-bab-strike"
JANUARY_22 = "2017-01-22-al-bab-strike"
MINISTRY, PENTAGON, AUTHOR = "russian-defence-ministry", "pentagon", "article-author"
RUSSIANS, TURKS, COALITION = "russian-aerospace-forces", "turkish-air-force", "us-led-coalition"

QUESTIONS = [
    Question(
        0,
        "Who is named as the source of the joint mission in the headline, and who is the source?",
        """SELECT ?named ?source WHERE { ?claim ekg:claimantAsStated "Kremlin" ; ekg:attributedTo ?named ;
            ekg:relays/ekg:claimant ?source }""",
        {("kremlin", MINISTRY)},
    ),
    Question(
        0,
        "Who asserts and who denies that the coalition flew, and how many independent voices assert it?",
        """SELECT ?status ?by ?against ?voices WHERE {
            ?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:performedBy ;
                ekg:object actor:us-led-coalition ; ekg:status ?status ; ekg:assertedBy ?by ;
                ekg:deniedBy ?against ; ekg:independentClaimants ?voices }""",
        {("Contested", MINISTRY, PENTAGON, "1")},
    ),
    Question(
        1,
        "Whom does AP cite, and is AP itself counted as a voice?",
        """SELECT ?cited ?counted WHERE {
            ?claim ekg:claimant actor:associated-press ; ekg:stance ekg:Relays ;
                ekg:relays/ekg:claimant ?cited
            BIND(EXISTS { ?p ekg:assertedBy actor:associated-press } AS ?counted) }""",
        {(MINISTRY, "False")},
    ),
    Question(
        1,
        "Of what is the mission of 22 January said to be the first, and does that stand?",
        """SELECT ?series ?ordinal ?status WHERE { ?p ekg:about event:2017-01-22-al-bab-strike ;
            ekg:predicate ekg:inSeries ; ekg:object ?series ; ekg:ordinal ?ordinal ; ekg:status ?status }""",
        {("russian-coalition-joint-missions", "1", "Contested")},
    ),
    Question(
        2,
        "What does Interfax say was hit, whose was it, and does Interfax say from whom it knows?",
        """SELECT ?what ?root WHERE { ?claim ekg:claimant actor:interfax ; ekg:rootStatus ?root ;
            ekg:proposition/ekg:object ?what }""",
        {("storage-facility", "unstated"), ("militants", "unstated"), ("daesh", "unstated")},
    ),
    Question(
        3,
        "Who spoke for the Pentagon, when, and what did he deny?",
        """SELECT ?speaker ?day ?denied WHERE { ?claim ekg:claimant actor:pentagon ; ekg:stance ekg:Denies ;
            ekg:spokenBy ?speaker ; ekg:claimedOn ?day ; ekg:proposition/ekg:object ?denied }""",
        {("adrian-rankine-galloway", "2017-01-23", "military-to-military")},
    ),
    Question(
        3,
        "Who says that the Pentagon denied this very report?",
        """SELECT ?who ?quotation WHERE { ?claim ekg:claimant ?who ; ekg:attributedTo actor:pentagon ;
            ekg:attributedStance ekg:Denies ; ekg:quotation ?quotation }""",
        {(AUTHOR, "promptly denied by the Pentagon"), (AUTHOR, "Pentagon Denies")},
    ),
    Question(
        4,
        "Between whom does the author suppose deconfliction, to what end, and does anybody assert it?",
        """SELECT ?party ?aim ?status WHERE {
            ?guess ekg:stance ekg:Speculates ; ekg:claimant actor:article-author ; ekg:proposition ?p , ?q .
            ?p ekg:predicate ekg:participant ; ekg:object ?party ; ekg:status ?status .
            ?q ekg:predicate ekg:objective ; ekg:value ?aim }""",
        {
            (COALITION, "prevent unforeseen incidents", "Unsupported"),
            ("russia", "prevent unforeseen incidents", "Unsupported"),
        },
    ),
    Question(
        5,
        "What does the author find suspect, and whose explanation was it?",
        """SELECT ?what ?whose WHERE { ?doubt ekg:stance ekg:Doubts ; ekg:claimant actor:article-author ;
            ekg:respondsTo/ekg:claimant ?whose ; ekg:proposition/ekg:object ?what }""",
        {("Deconfliction", AUTHOR)},
    ),
    Question(
        5,
        "From whom and over which channel did the coordinates come, as Sputnik relays it, and when did it?",
        """SELECT ?sender ?channel ?reported WHERE {
            ?claim ekg:claimant actor:sputnik ; ekg:stance ekg:Relays ; ekg:claimedOn ?reported ;
                ekg:proposition ?p , ?q .
            ?p ekg:predicate ekg:sender ; ekg:object ?sender .
            ?q ekg:predicate ekg:channel ; ekg:object ?channel }""",
        {("united-states", "direct-line", "2017-01-23")},
    ),
    Question(
        6,
        "For what were coordinates provided, and who is the root of that?",
        """SELECT ?enabled ?root WHERE {
            ?claim ekg:quotation "for Russian airstrikes" ; ekg:stance ekg:Relays ;
                ekg:relays/ekg:claimant ?root ; ekg:proposition/ekg:object ?enabled }""",
        {(JANUARY_22, MINISTRY)},
    ),
    Question(
        7,
        "Who is said to have struck after the check, and how many aircraft are given for each?",
        """SELECT ?who ?count WHERE {
            ?claim ekg:quotation "Russia and two coalition jets" ; ekg:proposition ?p .
            ?p ekg:predicate ekg:performedBy ; ekg:object ?who OPTIONAL { ?p ekg:count ?count } }""",
        {(RUSSIANS, "-"), (COALITION, "2")},
    ),
    Question(
        8,
        "Who received what on 22 January, where and over which line, as far as nobody contests it?",
        """SELECT ?what ?place ?line WHERE {
            event:2017-01-22-coordinates-transfer ekg:date ?day ; ekg:place ?place ;
                ekg:recipient actor:hmeymim-command-center ;
                ekg:informationContent ?what ; ekg:channel ?line
            FILTER(?day = "2017-01-22"^^xsd:date) }""",
        {("coordinates of Daesh targets in Al-Bab", "hmeymim", "direct-line")},
    ),
    Question(
        8,
        "Who sent them, and does either answer stand?",
        """SELECT ?sender ?status ?stands WHERE { ?p ekg:about event:2017-01-22-coordinates-transfer ;
            ekg:predicate ekg:sender ; ekg:object ?sender ; ekg:status ?status
            BIND(EXISTS { event:2017-01-22-coordinates-transfer ekg:sender ?sender } AS ?stands) }""",
        {("coalition-headquarters", "Contested", "False"), ("united-states", "Contested", "False")},
    ),
    Question(
        9,
        "Who flew on 22 January, as far as nobody contests it?",
        "SELECT ?who WHERE { event:2017-01-22-al-bab-strike a ekg:AirStrike ; ekg:performedBy ?who }",
        {(RUSSIANS,)},
    ),
    Question(
        9,
        "By what means were the data verified before the strike, and who flew them?",
        """SELECT ?means ?who WHERE { ?check a ekg:Reconnaissance ; ekg:means ?means ;
            ekg:precedes event:2017-01-22-al-bab-strike OPTIONAL { ?check ekg:performedBy ?who } }""",
        {("unmanned-aircraft", "-"), ("space", "-")},
    ),
    Question(
        10,
        "Whose aircraft does the author doubt, and whose does the author put in their place?",
        """SELECT ?stance ?who ?status WHERE { VALUES ?stance { ekg:Doubts ekg:Speculates }
            ?claim ekg:claimant actor:article-author ; ekg:stance ?stance ; ekg:proposition ?p .
            ?p ekg:predicate ekg:performedBy ; ekg:object ?who ; ekg:status ?status }""",
        {("Doubts", COALITION, "Contested"), ("Speculates", TURKS, "Unsupported")},
    ),
    Question(
        10,
        "Whose strikes does Sputnik report on the ministry's word, and with a number of planes?",
        """SELECT ?event ?who ?count WHERE { ?claim ekg:claimant actor:sputnik ; ekg:proposition ?p .
            ?p ekg:predicate ekg:performedBy ; ekg:about ?event ; ekg:object ?who
            OPTIONAL { ?p ekg:count ?count } }""",
        {(JANUARY_21, RUSSIANS, "-"), (JANUARY_21, TURKS, "-")},
    ),
    Question(
        11,
        "Who struck whom on 21 January, and how near to Al-Bab?",
        """SELECT ?who ?whom ?relation WHERE {
            ?strike ekg:date "2017-01-21"^^xsd:date ; ekg:performedBy ?who ; ekg:target ?whom ;
                ekg:place place:al-bab ; ekg:placeRelation ?relation }""",
        {(RUSSIANS, "daesh", "near"), (TURKS, "daesh", "near")},
    ),
    Question(
        12,
        "Which aircraft flew on 21 January, how many of each, and for whom?",
        """SELECT ?who ?total ?type ?number WHERE { event:2017-01-21-al-bab-strike ekg:hasFact ?p .
            ?p ekg:object ?who ; ekg:count ?total ; ekg:equipment ?part .
            ?part ekg:equipmentType ?type ; ekg:count ?number }""",
        {
            (RUSSIANS, "3", "su-24m", "2"),
            (RUSSIANS, "3", "su-34", "1"),
            (TURKS, "4", "f-16", "2"),
            (TURKS, "4", "f-4", "2"),
        },
    ),
    Question(
        12,
        "On which days is any type of aircraft named?",
        "SELECT ?event ?type WHERE { ?event ekg:usedEquipment ?type }",
        {(JANUARY_21, "su-24m"), (JANUARY_21, "su-34"), (JANUARY_21, "f-16"), (JANUARY_21, "f-4")},
    ),
    Question(
        13,
        "How many targets were struck, on which day, on whose word?",
        """SELECT ?event ?number ?by WHERE { ?event ekg:targetsStruck ?number ; ekg:hasFact ?p .
            ?p ekg:predicate ekg:targetsStruck ; ekg:value ?number ; ekg:assertedBy ?by }""",
        {(JANUARY_21, "22", MINISTRY)},
    ),
    Question(
        14,
        "On which words does the date of the strike after 21 January rest, and how are they resolved?",
        """SELECT ?words ?day WHERE { ?claim ekg:dateAsStated ?words ; ekg:proposition ?p .
            ?p ekg:about event:2017-01-22-al-bab-strike ; ekg:predicate ekg:date ; ekg:value ?day }""",
        {("A day later", "2017-01-22")},
    ),
    Question(
        14,
        "Which two recipients does the ministry name, and do they contradict each other?",
        """SELECT ?who ?status WHERE { ?p ekg:about event:2017-01-22-coordinates-transfer ;
            ekg:predicate ekg:recipient ; ekg:object ?who ; ekg:status ?status }""",
        {("hmeymim-command-center", "Uncontested"), ("russia", "Uncontested")},
    ),
    Question(
        15,
        "Which strike is the second of the Russian and Turkish ones?",
        """SELECT ?event WHERE { ?event ekg:hasFact ?p . ?p ekg:predicate ekg:inSeries ;
            ekg:object series:russian-turkish-joint-strikes ; ekg:ordinal 2 }""",
        {(JANUARY_21,)},
    ),
    Question(
        16,
        "Which was the first of them, on what day, where, by whom, and what are the words for the day?",
        """SELECT ?event ?day ?relation ?who ?words WHERE {
            ?event ekg:hasFact ?p ; ekg:date ?day ; ekg:placeRelation ?relation ; ekg:performedBy ?who .
            ?p ekg:object series:russian-turkish-joint-strikes ; ekg:ordinal 1 .
            ?claim ekg:dateAsStated ?words ; ekg:proposition/ekg:about ?event }""",
        {(JANUARY_18, "2017-01-18", "in", who, "On Wednesday") for who in (RUSSIANS, TURKS)},
    ),
    Question(
        17,
        "Which operation is going on when the article is written, where, and who conducts it?",
        """SELECT ?event ?asOf ?who WHERE { ?claim ekg:heldAsOf ?asOf ; ekg:proposition/ekg:about ?event ;
            ekg:modality <https://w3id.org/eventkg/code/modality/ongoing> .
            ?event a ekg:Operation ; ekg:performedBy ?who ; ekg:place place:syria }""",
        {("euphrates-shield", "2017-01-23", "turkish-armed-forces")},
    ),
    Question(
        18,
        "When did Euphrates Shield begin, and who supports it?",
        """SELECT ?from ?who WHERE { event:euphrates-shield ekg:earliestStart ?from ; ekg:latestStart ?from ;
            ekg:supportedBy ?who }""",
        {("2016-08-24", "free-syrian-army"), ("2016-08-24", COALITION)},
    ),
    Question(
        18,
        "What was its first aim, against whom?",
        """SELECT ?aim ?whom WHERE { ?claim ekg:proposition ?p ; ekg:quotation ?words .
            ?p ekg:about event:euphrates-shield ; ekg:predicate ekg:objective ; ekg:value ?aim .
            event:euphrates-shield ekg:objective ?aim ; ekg:target ?whom
            FILTER(CONTAINS(?words, "Jarabulus")) }""",
        {("clear Jarabulus and its surroundings of Daesh", "daesh")},
    ),
    Question(
        19,
        "Which town changed hands in the course of it, and who took it?",
        """SELECT ?place ?who WHERE { ?change a ekg:TerritorialChange ; ekg:partOf event:euphrates-shield ;
            ekg:place ?place OPTIONAL { ?change ekg:performedBy ?who } }""",
        {("jarabulus", "-")},
    ),
    Question(
        19,
        "What is its next aim?",
        """SELECT ?aim WHERE {
            ?claim ekg:quotation "to gain control over Al-Bab" ; ekg:proposition/ekg:value ?aim .
            event:euphrates-shield ekg:objective ?aim }""",
        {("gain control of Al-Bab",)},
    ),
    Question(
        20,
        "Who holds Al-Bab, as of when, and is that for certain more than the author's word?",
        """SELECT ?who ?asOf ?by ?sure WHERE { place:al-bab ekg:controlledBy ?who .
            ?p ekg:about place:al-bab ; ekg:object ?who ; ekg:assertedBy ?by ;
                ekg:independentClaimants ?sure .
            ?claim ekg:proposition ?p ; ekg:heldAsOf ?asOf }""",
        {("daesh", "2017-01-23", AUTHOR, "0")},
    ),
    Question(
        21,
        "What motive is Turkey said to have, and who says so?",
        """SELECT ?motive ?who ?relation WHERE { ?p ekg:predicate ekg:statedMotive ; ekg:value ?motive .
            ?claim ekg:proposition ?p ; ekg:claimant ?who ; ekg:claimantRelation ?relation }""",
        {("keep the Syrian Kurds from taking Al-Bab and joining up their territories", AUTHOR, "author")},
    ),
    Question(
        21,
        "Is any seizure of Al-Bab by the Syrian Kurds entered as something that happened?",
        """SELECT ?event WHERE {
            ?event ?role actor:syrian-kurds . ?event a/rdfs:subClassOf* ekg:ReportedEvent }""",
        set(),
    ),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.sentence}: {question.words}")
def test_the_graph_answers(question: Question, ask: Callable[[str], set[tuple[str, ...]]]) -> None:
    assert ask(question.sparql) == question.rows


def test_a_question_is_put_to_every_sentence_and_to_the_headline() -> None:
    assert {question.sentence for question in QUESTIONS} == set(range(LAST_SENTENCE + 1))
