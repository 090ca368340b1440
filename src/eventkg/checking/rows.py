"""From a node of imported data back to the row it was made of: file and key, as the graph has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import EKG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.checking.engine import Data

# A claim conveys an event, and one of the two has the key of the row; the event has the file by its data set.
_ROWS = """
PREFIX ekg: <{ekg}>
SELECT ?node (MIN(?name) AS ?file) (MIN(?key) AS ?row) {{
    VALUES ?node {{ {nodes} }}
    LATERAL {{ {{ BIND(?node AS ?thing) }} UNION {{ ?node ekg:conveys ?thing }} }}
    LATERAL {{ ?thing ekg:fromDataset ?set }}
    LATERAL {{ ?set ekg:readFrom ?document }}
    LATERAL {{ ?document ekg:fileName ?name }}
    LATERAL {{
        {{ ?node ekg:record ?key }}
        UNION
        {{ ?claim ekg:conveys ?thing . LATERAL {{ ?claim ekg:record ?key }} }}
    }}
}} GROUP BY ?node
"""


def rows_of(data: Data, nodes: Iterable[str]) -> dict[str, str]:
    """`events.csv, row 13` for each of some nodes that an import made."""
    wanted = [str(ox.NamedNode(node)) for node in nodes if not node.startswith(('"', "_:"))]
    if not wanted:
        return {}
    found = data.rows(_ROWS.format(ekg=EKG, nodes=" ".join(wanted)))
    return {row["node"].value: f"{row['file'].value}, row {row['row'].value}" for row in found}
