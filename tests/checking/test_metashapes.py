"""Shapes are checked against SHACL's own shapes before data are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checking.conformance import PREFIXES, node, prop

from eventkg.checking.metashapes import refuse_ill_formed
from eventkg.checking.shapesgraph import read_shape_quads
from eventkg.errors import ShapesError

ROOT = Path(__file__).parents[2]


def refuse(shapes: str, folder: Path) -> None:
    file = folder / "shapes.ttl"
    file.write_text(PREFIXES + shapes, encoding="utf-8")
    refuse_ill_formed(read_shape_quads(file))


def test_our_own_shapes_are_well_formed() -> None:
    refuse_ill_formed(read_shape_quads(ROOT / "shapes"))


@pytest.mark.parametrize(
    "shapes",
    [
        prop('sh:minCount "one"'),
        prop('sh:class "C"'),
        prop("sh:in [ rdf:first 1 ]"),
        node("sh:minCount 1"),
    ],
)
def test_what_breaks_the_syntax_of_shacl_is_refused(shapes: str, tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match=" found; "):
        refuse(shapes, tmp_path)


def test_a_path_of_several_kinds_is_let_through(tmp_path: Path) -> None:
    refuse(":S a sh:PropertyShape ; sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :q ] .", tmp_path)
