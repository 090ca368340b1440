"""YAML with the line of everything in it, so that an error can say where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken

from eventkg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Place = tuple[str | int, ...]
_LARGEST = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: plain dicts, lists, texts, numbers and booleans, and the line of each by its place."""

    path: Path
    content: dict[str, Any]
    lines: Mapping[Place, int]

    def error(self, place: Iterable[str | int], message: str) -> SourceError:
        """`source.yml:12: entities.event.id: …`."""
        place = tuple(place)
        known = next((place[:n] for n in range(len(place), -1, -1) if place[:n] in self.lines), ())
        name = ".".join(str(part) for part in place)
        return SourceError(f"{self.path}:{self.lines.get(known, 1)}: {name}{': ' if name else ''}{message}")

    def expect(self, place: Place, what: str, name: str, known: Mapping[str, object]) -> None:
        """Raise unless a name is known."""
        if name not in known:
            names = ", ".join(sorted(known)) or "none"
            raise self.error(place, f"{what} '{name}' found, one of those declared expected ({names})")

    def check(self, schema: dict[str, Any]) -> None:
        """Raise where the content is not what a JSON Schema says."""
        problem = best_match(Draft202012Validator(schema).iter_errors(self.content))
        if problem is None:
            return
        place = tuple(problem.absolute_path)
        if problem.validator == "additionalProperties" and (
            names := re.findall(r"'([^']*)' (?:was|were)", problem.message)
        ):
            place = (*place, names[0])
            expected = ", ".join(problem.schema.get("properties", ()))
            raise self.error(place, f"unknown key found, one of {expected} expected")
        raise self.error(place, _short(problem.message))


def _short(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:150]} … {message[-150:]}"


def read_yaml(path: Path) -> Document:
    """A mapping in a YAML 1.2 file, without aliases and without tags.

    Raises:
        SourceError: not there, too large, no YAML, or a key that is no text; with its line.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise SourceError(f"{path}: byte {problem.start} is not UTF-8") from problem
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}; a source.yml expected") from problem
    if len(text) > _LARGEST:
        raise SourceError(f"{path}: {len(text):,} characters found, at most {_LARGEST:,} expected")
    raw = _loaded(path, text)
    lines: dict[Place, int] = {(): 1}
    content = _plain(raw, (), lines, path)
    if not isinstance(content, dict):
        raise SourceError(f"{path}: {type(content).__name__} found, a mapping expected")
    return Document(path, content, lines)


def _loaded(path: Path, text: str) -> object:
    try:
        for token in YAML().scan(text):
            if isinstance(token, AliasToken):
                raise SourceError(
                    f"{path}:{token.start_mark.line + 1}: an alias found, a plain value expected"
                )
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = f":{mark.line + 1}" if mark else ""
        raise SourceError(f"{path}{where}: {problem.problem or 'no YAML'}") from problem
    except (YAMLError, ValueError, RecursionError) as problem:
        said = str(problem).splitlines() or ["nested too deeply"]
        raise SourceError(f"{path}: no YAML: {said[0]}") from problem


def _plain(node: object, place: Place, lines: dict[Place, int], path: Path) -> Any:  # noqa: ANN401
    if isinstance(node, CommentedMap):
        return _plain_map(node, place, lines, path)
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            lines[*place, index] = node.lc.item(index)[0] + 1
        return [_plain(value, (*place, index), lines, path) for index, value in enumerate(node)]
    for kind in (bool, int, float):  # the loader's own kinds of number remember how they were written
        if isinstance(node, kind):
            return kind(node)
    return None if node is None else str(node)


def _plain_map(node: CommentedMap, place: Place, lines: dict[Place, int], path: Path) -> dict[str, Any]:
    plain = {}
    for key, value in node.items():
        line = node.lc.key(key)[0] + 1
        if not isinstance(key, str):
            raise SourceError(f"{path}:{line}: the key {key!r} found, text in quotes expected")
        lines[*place, key] = line
        plain[str(key)] = _plain(value, (*place, key), lines, path)
    return plain
