"""`source.yml`: values by the core schema of YAML 1.2.2 (10.3), each with its line, and a schema checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventkg.errors import SourceError
from eventkg.sources.located import Plain, ProblemsError, read_located

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Place = tuple[str | int, ...]
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_WORDS |= {form: value for word, value in _WORDS.items() for form in (word.title(), word.upper())}
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
)


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
        from jsonschema import Draft202012Validator  # slow to import; a child that gets a manifest needs none
        from jsonschema.exceptions import best_match

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
    """A mapping in a YAML file; a key is the text that is written.

    Raises:
        SourceError: not there, or as `read_located`; with its line.

    """
    try:
        text = path.read_text(encoding="utf-8")
        found = read_located(text, str(path))
    except UnicodeDecodeError as problem:
        raise SourceError(f"{path}: byte {problem.start} is not UTF-8") from problem
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}; a source.yml expected") from problem
    except ProblemsError as problem:
        raise SourceError(str(problem)) from problem
    content = _typed(found.data)
    if not isinstance(content, dict):
        raise SourceError(f"{path}:1: {_kind(content)} found, a mapping expected")
    return Document(path, content, found.lines)


def _kind(value: object) -> str:
    return "nothing" if value is None else "a list" if isinstance(value, list) else "a text or number"


def _typed(value: object) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _typed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_typed(member) for member in value]
    return _scalar(value) if isinstance(value, Plain) else value


def _scalar(text: Plain) -> str | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    kind = next((kind for form, kind in _NUMBERS if form.fullmatch(text)), str)
    return kind(text)
