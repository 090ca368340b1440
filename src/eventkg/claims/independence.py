"""How many sources stand behind a statement: not everyone who says it, but every root once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.claims.positions import Position


def sources(assertions: Iterable[Position]) -> tuple[int, int]:
    """Independent sources: for certain, and with those whose own source nobody states.

    One root is one source, however many relay it; so is one text, whoever signs, prints or codes it. A root
    whose own source is unstated joins those it shares a text with, and never joins two of them into one.
    """
    rooted = {(a.root, a.texts, a.certain) for a in assertions if a.root}
    if len(rooted) < 2:
        return sum(sure for *_, sure in rooted), len(rooted)
    certain = _Groups()
    for root, texts, _ in (each for each in rooted if each[2]):
        certain.join(root, texts)
    unstated = _Groups()
    for root, texts, _ in (each for each in rooted if not each[2]):
        if not certain.knows(root, texts):
            unstated.join(root, texts)
    return certain.count(), certain.count() + unstated.count()


class _Groups:
    """Roots and texts that belong together."""

    def __init__(self) -> None:
        self._above: dict[tuple[str, str], tuple[str, str]] = {}

    def join(self, root: str, texts: frozenset[str]) -> None:
        first = self._top(("root", root))
        for text in texts:
            self._above[self._top(("text", text))] = first

    def knows(self, root: str, texts: frozenset[str]) -> bool:
        return ("root", root) in self._above or any(("text", text) in self._above for text in texts)

    def count(self) -> int:
        return sum(node == above for node, above in self._above.items())

    def _top(self, node: tuple[str, str]) -> tuple[str, str]:
        above = self._above.setdefault(node, node)
        while above != self._above[above]:
            above = self._above[above]
        return above
