"""Policies: which voices decide what is adopted as a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.model.claim import Stance
from eventkg.model.naming import DEFAULT_POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.claims.positions import Position


@dataclass(frozen=True, slots=True)
class Policy:
    """A declaration, not code: `iri` is stamped on what is made under it.

    Doubts of these relations and kinds of speaker are recorded and veto nothing; a denial always vetoes.
    """

    iri: str
    mute_doubts_of_relations: frozenset[str] = frozenset()
    mute_doubts_of_kinds: frozenset[str] = frozenset()

    def is_vetoed_by(self, position: Position, kinds: Mapping[str, frozenset[str]]) -> bool:
        """Whether this position, if it is a denial or a doubt, stops a statement from being adopted."""
        if position.stance is Stance.DENIES:
            return True
        if position.stance is not Stance.DOUBTS or position.relation in self.mute_doubts_of_relations:
            return False
        return not kinds.get(position.speaker, frozenset()) & self.mute_doubts_of_kinds


DEFAULT = Policy(
    iri=DEFAULT_POLICY,
    mute_doubts_of_relations=frozenset({"author"}),
    mute_doubts_of_kinds=frozenset({"MediaOutlet"}),
)
