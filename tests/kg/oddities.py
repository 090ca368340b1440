"""Made-up things whose names a page must not run, in scripts of both directions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.conftest import serving
from tests.kg.stores import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = "<script>alert('told')</script><img src=x onerror=alert(1)>\"'"
ARABIC = "غارة قرب المدينة"
TEXT = "It began in the morning. The ministry said that ten aircraft took part in it, and left it at that."
QUOTED = "ten aircraft took part"
_START = TEXT.index(QUOTED)
_ESCAPED = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
TRIG = f"""@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix code: <https://w3id.org/eventkg/code/> .
@prefix event: <https://w3id.org/eventkg/id/event/> .
@prefix actor: <https://w3id.org/eventkg/id/actor/> .
@prefix place: <https://w3id.org/eventkg/id/place/> .
@prefix equipment: <https://w3id.org/eventkg/id/equipment/> .
@prefix document: <https://w3id.org/eventkg/id/document/> .
@prefix claim: <https://w3id.org/eventkg/id/claim/> .
@prefix proposition: <https://w3id.org/eventkg/id/proposition/> .

event:odd a ekg:ReportedEvent ; skos:prefLabel "{_ESCAPED}"@en , "{ARABIC}"@ar ;
    dcterms:source <javascript:alert(2)> , "{_ESCAPED}" .
<https://w3id.org/eventkg/id/event/it's-(odd)> a ekg:ReportedEvent ; skos:prefLabel "{ARABIC}"@ar ;
    ekg:duplicateOf event:odd .
actor:odd a ekg:ArmedForce ; skos:prefLabel "{_ESCAPED}"@en ; ekg:symbolCode "{_ESCAPED}" .
actor:sword a ekg:ArmedForce ; skos:prefLabel "{ARABIC}"@ar .
actor:relay a ekg:MediaOutlet ; skos:prefLabel "A relay"@en .
actor:outlet a ekg:MediaOutlet ; skos:prefLabel "An outlet"@en .
place:odd a ekg:Settlement ; skos:prefLabel "{_ESCAPED}"@en .
document:odd a ekg:Document ; skos:prefLabel "{_ESCAPED}"@en ; schema:text "{TEXT}" .
document:other a ekg:Document ; skos:prefLabel "Another"@en ; schema:text "Not the text that was read." .

proposition:kind a ekg:Proposition ; ekg:about event:odd ;
    ekg:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; ekg:object ekg:AirStrike .
proposition:who a ekg:Proposition ; ekg:about event:odd ; ekg:predicate ekg:performedBy ;
    ekg:object actor:odd ; ekg:count 10 .
proposition:where a ekg:Proposition ; ekg:about event:odd ; ekg:predicate ekg:place ; ekg:object place:odd .
proposition:few a ekg:Proposition ; ekg:about event:odd ; ekg:predicate ekg:deathsBest ; ekg:value 3 .
proposition:many a ekg:Proposition ; ekg:about event:odd ; ekg:predicate ekg:deathsBest ; ekg:value 20 .

claim:said a ekg:Claim ; ekg:claimant actor:sword ; ekg:stance ekg:Asserts ; ekg:foundIn document:odd ;
    ekg:proposition proposition:kind , proposition:who , proposition:where , proposition:few ;
    ekg:quotation "{QUOTED}" ; ekg:quoteStart {_START} ; ekg:quoteEnd {_START + len(QUOTED)} ;
    ekg:dateAsStated "{_ESCAPED}" .
claim:relayed a ekg:Claim ; ekg:claimant actor:relay ; ekg:stance ekg:Relays ; ekg:relays claim:said ;
    ekg:foundIn document:odd ; ekg:proposition proposition:who .
claim:again a ekg:Claim ; ekg:claimant actor:outlet ; ekg:stance ekg:Relays ; ekg:relays claim:relayed ;
    ekg:foundIn document:other ; ekg:proposition proposition:who ; ekg:quotation "took part" ;
    ekg:quoteStart 4 ; ekg:quoteEnd 13 .
claim:denied a ekg:Claim ; ekg:claimant actor:odd ; ekg:stance ekg:Denies ; ekg:foundIn document:odd ;
    ekg:proposition proposition:who ; ekg:quotation "{_ESCAPED}" .
claim:more a ekg:Claim ; ekg:claimant actor:outlet ; ekg:stance ekg:Asserts ; ekg:foundIn document:other ;
    ekg:proposition proposition:many .
"""


@contextmanager
def odd_server(folder: Path) -> Iterator[str]:
    """The address of a server over a store of them."""
    file = folder / "odd.trig"
    file.write_text(TRIG, encoding="utf-8")
    load(folder / "store", file)
    with serving("-l", str(folder / "store"), "--timeout-s", "60", "--snapshot", "disk") as address:
        yield address
