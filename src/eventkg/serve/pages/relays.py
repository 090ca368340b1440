"""Where the boxes and lines of a chain of relays stand in its drawing; a template writes it as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.model.naming import BASE
from eventkg.serve.pages.matrix import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.kg.chains import Chain, Link
    from eventkg.kg.dossier import Name

_WIDE, _HIGH, _ACROSS, _BETWEEN, _TOP = 190, 46, 132, 14, 26  # box, gaps between boxes, room for the heads
_LETTERS, _LINES = 25, 2  # of a label in a box
MOST_BOXES = 24  # in a column; a picture of more says nothing


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody, or a document, at a place; `said` are the lines of its label."""

    name: Name
    x: int
    y: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A link as a curve."""

    path: str
    look: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What somebody does, where the lines leave the box."""

    words: str
    look: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Sizes are in pixels; `left` are the boxes for which there is no room."""

    width: int
    height: int
    wide: int
    high: int
    heads: tuple[tuple[int, str], ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    signs: tuple[Sign, ...]
    left: int


def drawing(chain: Chain) -> Drawing | None:
    """None where there is nothing to draw."""
    if not chain.steps:
        return None
    steps = [names[:MOST_BOXES] for names in chain.steps]
    tallest = max(len(names) for names in steps)
    height = _TOP + tallest * (_HIGH + _BETWEEN)
    boxes = {
        (step, name): Box(name, step * (_WIDE + _ACROSS), y, _wrapped(name.label))
        for step, names in enumerate(steps)
        for name, y in zip(names, _places(len(names), height), strict=True)
    }
    drawn = [
        link for link in chain.links if (link.step, link.source) in boxes and (link.to, link.target) in boxes
    ]
    return Drawing(
        width=len(steps) * _WIDE + (len(steps) - 1) * _ACROSS,
        height=height,
        wide=_WIDE,
        high=_HIGH,
        heads=tuple(_heads(len(steps))),
        boxes=tuple(boxes.values()),
        lines=tuple(_line(link, boxes) for link in drawn),
        signs=tuple(_signs(drawn, boxes)),
        left=sum(len(names) for names in chain.steps) - len(boxes),
    )


def _places(number: int, height: int) -> Iterator[int]:
    """In the middle of the column."""
    used = number * (_HIGH + _BETWEEN) - _BETWEEN
    top = _TOP + max(0, (height - _TOP - _BETWEEN - used) // 2)
    yield from (top + at * (_HIGH + _BETWEEN) for at in range(number))


def _heads(steps: int) -> Iterator[tuple[int, str]]:
    for step in range(steps):
        said = "says it" if not step else "read in" if step == steps - 1 else "passes it on"
        yield step * (_WIDE + _ACROSS), said


def _line(link: Link, boxes: dict[tuple[int, Name], Box]) -> Line:
    source, target = boxes[link.step, link.source], boxes[link.to, link.target]
    x, y, to_x, to_y = source.x + _WIDE, source.y + _HIGH // 2, target.x, target.y + _HIGH // 2
    bend = _ACROSS * 0.55
    path = f"M{x},{y} C{x + bend:g},{y} {to_x - bend:g},{to_y} {to_x - 7},{to_y}"
    return Line(path, _look(link.stances))


def _signs(drawn: list[Link], boxes: dict[tuple[int, Name], Box]) -> Iterator[Sign]:
    for (step, name), box in boxes.items():
        own = [link for link in drawn if (link.step, link.source) == (step, name)]
        stances = tuple(sorted({stance for link in own for stance in link.stances}))
        claims = {claim for link in own for claim in link.claims}
        number = f" \N{MULTIPLICATION SIGN}{len(claims)}" if len(claims) > 1 else ""
        if own:
            words = ", ".join(stance.lower() for stance in stances) + number
            yield Sign(words, _look(stances), box.x + _WIDE + 6, box.y + _HIGH // 2 - 7)


def _look(stances: tuple[str, ...]) -> str:
    return LOOKS.get(stances[0], "relay") if len(stances) == 1 else "several"


def _wrapped(label: str) -> tuple[str, ...]:
    """At most two lines, whole words where there are any; of an IRI of ours what tells it from others."""
    lines = [""]
    for word in label.removeprefix(f"{BASE}id/").split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= _LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = [line if len(line) <= _LETTERS else line[: _LETTERS - 1] + "…" for line in lines[:_LINES]]
    if len(lines) > _LINES:
        cut[-1] = cut[-1][: _LETTERS - 1].rstrip("…") + "…"
    return tuple(cut)
