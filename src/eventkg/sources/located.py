"""YAML read as text with the line of every value; no tag, alias or number is interpreted.

Every scalar stays the text that was written: `no` is no truth value, `007` no number, `2017-01-22` no date. A
`Plain` one stood without quotes, so `2` may count as a number where one is expected, and `"2"` may not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 12  # a claims file has 6 levels
Path = tuple[str | int, ...]


class Plain(str):
    """A scalar without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on a line (counted from 1): what was found, and what was expected."""

    line: int
    message: str


class ProblemsError(DataError):
    """A file with problems; `str()` is the first of them with the file's name and line."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, sorted(problems, key=lambda problem: problem.line)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{self.lines()[0]}{more}")

    def lines(self) -> list[str]:
        """`file:line: message` for each."""
        return [f"{self.file}:{problem.line}: {problem.message}" for problem in self.problems]


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML document: its data, and the line of each value (of its key, where it has one) by path."""

    file: str
    data: object
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a value, or of what it is in."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_located(text: str, file: str) -> Located:
    """One YAML document.

    Raises:
        ProblemsError: malformed, empty, too large or too deep; a key twice; a tag, an anchor or an alias.

    """
    if len(text) > MAX_CHARACTERS:
        found = f"{len(text):,} characters found, at most {MAX_CHARACTERS:,} expected"
        raise ProblemsError(file, [Problem(1, found)])
    lines: dict[Path, int] = {}
    try:
        data = _Reader(yaml.parse(text, Loader=yaml.SafeLoader), lines).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise ProblemsError(file, [Problem(mark.line + 1 if mark else 1, _complaint(problem))]) from problem
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        code = problem.character if isinstance(problem.character, int) else ord(problem.character[:1])
        found = f"the character U+{code:04X} found, printable text expected"
        raise ProblemsError(file, [Problem(line, found)]) from problem
    except _RefusedError as problem:
        raise ProblemsError(file, [Problem(problem.line, str(problem))]) from problem
    return Located(file, data, lines)


def _complaint(problem: yaml.MarkedYAMLError) -> str:
    said = " ".join(filter(None, (problem.context, problem.problem)))
    return f"{' '.join(said.split())}; YAML expected (a text with ': ' or ' #' in it needs quotes)"


class _RefusedError(Exception):
    def __init__(self, event: yaml.Event, message: str) -> None:
        super().__init__(message)
        self.line = _line(event)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Reader:
    """Builds values out of the parser's events, whose own depth is not bound to Python's stack."""

    def __init__(self, events: Iterator[yaml.Event], lines: dict[Path, int]) -> None:
        self._events, self._lines = events, lines

    def document(self) -> object:
        data: object = None
        found = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                found += 1
                if found > 1:
                    raise _RefusedError(event, "a second YAML document found, one expected")
                data = self._value(next(self._events), ())
        return data

    def _value(self, event: yaml.Event, path: Path) -> object:
        self._lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(event, "an anchor or alias found; the value itself expected, written out")
        if (tag := getattr(event, "tag", None)) and tag != "!":
            raise _RefusedError(event, f"the tag {tag} found; a text, a list or a mapping expected")
        if len(path) > MAX_DEPTH:
            raise _RefusedError(event, f"more than {MAX_DEPTH} levels of nesting found")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if not isinstance(event, yaml.ScalarEvent):
            raise _RefusedError(event, "a text, a list or a mapping expected")
        return Plain(event.value) if event.style is None else event.value

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _RefusedError(event, "a key found that is no plain text")
            key = event.value
            if key in found:
                before = self._lines[(*path, key)]
                raise _RefusedError(event, f"{key!r} found again, which line {before} has already")
            self._lines[(*path, key)] = _line(event)
            found[key] = self._value(next(self._events), (*path, key))
        return found

    def _sequence(self, path: Path) -> list[object]:
        found: list[object] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, (*path, len(found))))
        return found
