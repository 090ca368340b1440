"""What stands in the boxes of a drawn chain of relays."""

from __future__ import annotations

import pytest

from eventkg.kg.chains import Chain, Link
from eventkg.kg.dossier import Name
from eventkg.model.naming import BASE
from eventkg.serve.pages.relays import drawing


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Associated Press", ("Associated Press",)),
        ("Author of the joint mission article", ("Author of the joint", "mission article")),
        (f"{BASE}id/document/rows/1700", ("document/rows/1700",)),  # it has no name
        ("a" * 40, ("a" * 24 + "\N{HORIZONTAL ELLIPSIS}",)),
    ],
)
def test_a_box_tells_its_thing_from_others(label: str, said: tuple[str, ...]) -> None:
    who, read = Name("urn:who", label), Name("urn:read", "read")
    drawn = drawing(Chain(((who,), (read,)), (Link(0, who, 1, read, ("Asserts",), ("urn:claim",)),)))
    assert drawn
    assert drawn.boxes[0].said == said
