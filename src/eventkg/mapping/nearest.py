"""The nearest of the names that exist, for an error that helps."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from eventkg.model.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR, _PLAIN = 0.7, 0.9  # how alike a name must be to be shown, and to be shown alone
_SHOWN = 12  # names listed where none is near
_COMPARED = 20_000  # names compared: a store may hold a hundred thousand


def expected(found: str, names: Iterable[str], what: str = "") -> str:
    """`'f' found; did you mean 'g'?`, or what the names are if none is near."""
    known = list(dict.fromkeys(names))
    near = nearest(found, known)
    if near:
        return f"{found!r} found; did you mean {' or '.join(map(repr, near))}?"
    if known and len(known) <= _SHOWN:
        return f"{found!r} found, {f'{what}: ' if what else ''}one of {', '.join(sorted(known))} expected"
    return f"{found!r} found, {what or 'another name'} expected"


def nearest(found: str, names: Iterable[str]) -> list[str]:
    """At most two names that differ little, folded as for a search."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(fold(name), name)
        if len(folded) >= _COMPARED:
            break
    wanted = fold(found)
    close = get_close_matches(wanted, folded, n=2, cutoff=_NEAR)
    if close and SequenceMatcher(None, wanted, close[0]).ratio() > _PLAIN:
        close = close[:1]
    if not close:
        close = [name for name in folded if wanted and (name.startswith(wanted) or wanted in name.split())][
            :2
        ]
    return [folded[name] for name in close]
