"""Names of foreign blank nodes depend on content alone."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from eventkg.errors import DataError
from eventkg.store import skolem
from eventkg.store.skolem import GENID, BlankQuads


def named(turtle: str) -> list[str]:
    """The statements with blank nodes under their new names."""
    aside = BlankQuads("file.ttl")
    for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
        aside.add(quad)
    return [str(quad) for quad in aside.named()]


SAME = [
    ('_:a <urn:p> _:b . _:b <urn:q> "x" .', '_:one <urn:p> _:two . _:two <urn:q> "x" .'),
    ('_:a <urn:p> _:b . _:b <urn:q> "x" .', '_:z <urn:q> "x" . _:y <urn:p> _:z .'),
    ("<urn:s> <urn:p> [ ] , [ <urn:q> 1 ] .", "<urn:s> <urn:p> [ <urn:q> 1 ] , [ ] ."),
    ("<urn:s> <urn:p> ( 1 2 2 ) .", "<urn:s> <urn:p> ( 1 2 2 ) ."),
    ("_:a <urn:p> _:b . _:b <urn:p> _:a .", "_:b <urn:p> _:a . _:a <urn:p> _:b ."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_labels_and_order_make_no_difference(one: str, other: str) -> None:
    assert named(one) == named(other)
    assert not any("_:" in line for line in named(one))
    assert all(GENID in line for line in named(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('[] <urn:p> "a" .', '[] <urn:p> "b" .'),
        ("<urn:s> <urn:p> ( 1 2 ) .", "<urn:s> <urn:p> ( 2 1 ) ."),
        ("_:a <urn:p> _:a .", "_:a <urn:p> _:b ."),
    ],
)
def test_other_content_has_other_names(one: str, other: str) -> None:
    words = [{word for line in named(text) for word in line.split()} for text in (one, other)]
    assert not {word for word in words[0] & words[1] if GENID in word}
    assert all(any(GENID in word for word in some) for some in words)


def test_a_file_without_blank_nodes_needs_no_names() -> None:
    assert list(BlankQuads("file.nt").named()) == []


def test_more_blank_nodes_than_fit_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skolem, "MAX_QUADS", 10)
    with pytest.raises(DataError, match=r"file\.ttl: more than 10 statements with blank nodes found"):
        named(" ".join(f"[] <urn:p> {n} ." for n in range(11)))
    assert len(named(" ".join(f"[] <urn:p> {n} ." for n in range(10)))) == 10
