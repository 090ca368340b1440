"""What a user can set: flag, then `EVENTKG_*` of the environment, then `eventkg.toml` of this folder."""

from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventkg.errors import UsageError
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping


FILE = "eventkg.toml"
POLICIES = "policies"
_HIGHEST = 1_000_000  # seconds or MiB: more is a slip, and poll() takes 24 days at most


def _configured(name: str, file: dict[str, Any]) -> str | None:
    """`EVENTKG_TIMEOUT_S` before `timeout_s` in eventkg.toml."""
    value = os.environ.get(f"EVENTKG_{name.upper()}", file.get(name))
    return None if value is None else str(value)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageError(f"{path}: {problem}; a TOML file of settings was expected") from problem


def limits(flags: Mapping[str, float | None], folder: Path | None = None) -> Limits:
    """The limits in force; a flag that was not given is None."""
    return Limits(**told(flags, folder))


def told(flags: Mapping[str, float | None], folder: Path | None = None) -> dict[str, Any]:
    """The limits that somebody set, without those that are only the default."""
    path = (folder or Path.cwd()) / FILE
    file, known = _read_file(path), [field.name for field in fields(Limits)]
    file.pop(POLICIES, None)
    for where, given in (("limits", flags), (path, file)):
        if unknown := sorted(set(given) - set(known)):
            raise UsageError(f"{where}: {unknown[0]!r} found, one of {', '.join(known)} expected")
    chosen: dict[str, Any] = {}
    for field in fields(Limits):
        text = flags.get(field.name)
        raw = text if text is not None else _configured(field.name, file)
        if raw is not None:
            chosen[field.name] = _number(field.name, raw, type(field.default))
    return chosen


def policies(folder: Path | None = None) -> Path | None:
    """The folder of an analyst's own policies, if one is set; in eventkg.toml relative to that file."""
    base = folder or Path.cwd()
    told_of = os.environ.get(f"EVENTKG_{POLICIES.upper()}")
    if told_of:
        return Path(told_of)
    named = _read_file(base / FILE).get(POLICIES)
    if named is None:
        return None
    if not isinstance(named, str) or not named:
        raise UsageError(f"{base / FILE}: {POLICIES}: {named!r} found, the name of a folder expected")
    return base / named


def _number(name: str, raw: object, kind: type) -> float:
    try:
        value: float = kind(str(raw))
    except ValueError as problem:
        what = "a whole number" if kind is int else "a number"
        raise UsageError(f"{name}: {raw!r} found, {what} expected") from problem
    if not 0 < value <= _HIGHEST:
        raise UsageError(f"{name}: {raw!r} found, a number above 0 and up to {_HIGHEST:,} expected")
    return value
