"""A store of two data sets, of which one may not be passed on, and an analyst's denial of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kg.stores import load
from tests.kg.tables import imported, sample
from tests.kg.test_ledger import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

_ID = "https://w3id.org/eventkg/id"
_ARMY = f"<{_ID}/actor/acled/Military%20Forces%20of%20Sampleland>"
_DENIAL = f"""
    :p a ekg:Proposition ; ekg:about <{_ID}/event/acled/XSX1> ; ekg:predicate ekg:participant ;
        ekg:object {_ARMY} .
    :no a ekg:Claim ; ekg:claimant {_ARMY} ; ekg:stance ekg:Denies ; ekg:proposition :p .
    :never a ekg:Claim ; ekg:claimant {_ARMY} ; ekg:stance ekg:Denies ;
        ekg:respondsTo <{_ID}/claim/acled/XSX2> ."""


def restricted_store(folder: Path) -> Path:
    """UCDP may be passed on, ACLED not; facts of ACLED are contested and rest in graph/moved."""
    for name in ("ucdp-ged", "acled"):
        imported(folder / "kg", name, sample(name), max_bad=1.0)
    (folder / "denials.ttl").write_text(PREFIXES + _DENIAL, encoding="utf-8")
    load(folder / "kg", folder / "denials.ttl")
    return folder / "kg"
