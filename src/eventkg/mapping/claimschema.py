"""A claims file against its JSON Schema: each difference as a line that says what was found and expected."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from re import compile as pattern
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from eventkg.mapping.nearest import expected
from eventkg.sources.located import Located, Plain, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.protocols import Validator

SCHEMA = Path(__file__).with_name("claims-file.schema.json")
_WHOLE = pattern(r"[+-]?(0|[1-9][0-9]{0,17})")
_DECIMAL = pattern(r"[+-]?[0-9]{1,40}([.][0-9]{1,40})?")
_SHOWN = 60


def check_schema(found: Located) -> None:
    """Check a claims file as an editor does.

    Raises:
        ProblemsError: with every difference.

    """
    data: Any = found.data
    errors = _validator().iter_errors(data)
    problems = [Problem(line, text) for error in errors for line, text in _problems(error, found)]
    if problems:
        raise ProblemsError(found.file, problems)


@cache
def schema() -> dict[str, Any]:
    """The schema as it is shipped."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return read


@cache
def _validator() -> Validator:
    checker = Draft202012Validator.TYPE_CHECKER.redefine_many({"integer": _is_whole, "number": _is_decimal})
    reading: type[Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"minimum": _minimum}, type_checker=checker
    )
    return reading(schema())


def _is_whole(_: object, value: object) -> bool:
    return isinstance(value, Plain) and _WHOLE.fullmatch(value) is not None


def _is_decimal(_: object, value: object) -> bool:
    return isinstance(value, Plain) and _DECIMAL.fullmatch(value) is not None


def _minimum(_: object, limit: int, value: object, __: object) -> Iterator[ValidationError]:
    if isinstance(value, Plain) and _WHOLE.fullmatch(value) and int(value) < limit:
        yield ValidationError(f"{value} found, {limit} or more expected")


def _problems(error: ValidationError, found: Located) -> Iterator[tuple[int, str]]:
    path = tuple(error.absolute_path)
    rule: Any = error.schema  # the part of the schema that it breaks, and the value of its keyword
    limit: Any = error.validator_value
    where = f"{_name(path)}: " if path else ""
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = rule.get("properties", {})
        for key in error.instance.keys() - known.keys():
            yield found.line((*path, key)), where + expected(key, known, "another key")
    elif error.validator == "required":
        instance: Any = error.instance
        missing = [key for key in limit if key not in instance]
        yield found.line(path), f"{where}{' and '.join(missing)} missing"
    elif error.validator == "enum":
        yield found.line(path), where + expected(str(error.instance), limit)
    elif error.validator == "minimum":
        yield found.line(path), where + error.message
    else:
        yield found.line(path), f"{where}{_described(error.instance)} found, {_wanted(error)} expected"


def _wanted(error: ValidationError) -> str:
    if error.validator == "maxLength":
        return f"at most {error.validator_value} characters"
    rule: Any = error.schema
    kinds = rule.get("type", "string")
    simple = {
        "integer": "a whole number without quotes",
        "string": "a text",
        "object": "a mapping",
        "array": "a list",
    }
    said = str(rule.get("description", ""))
    if said and said[0].islower():
        return said
    return simple.get(kinds, "another value") if isinstance(kinds, str) else "another value"


def _described(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = str(value)
    if value is None or not text:
        return "nothing"
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _name(path: tuple[str | int, ...]) -> str:
    """`claims[2].stance`, with the claims counted from 1."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")
