"""The policies that an open graph knows by name: those that come with eventkg, and an analyst's own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventkg.claims.explaining import explain
from eventkg.claims.policy import DEFAULT, SHIPPED, Policy, as_told_by, named_policy
from eventkg.claims.policyfile import MOST, read_policy
from eventkg.errors import DataError, UsageError
from eventkg.model.naming import VIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

View = str | Path | Policy  # a policy's name or IRI, a file, or the policy itself
FILES = (".yml", ".yaml")
_ACTOR = "ACTOR"


@dataclass(frozen=True, slots=True)
class Known:
    """A policy that can be named: its IRI, its name, what it is called and what it adopts.

    Capitals in a name stand for what a user puts there.
    """

    iri: str
    name: str
    label: str
    adopts: str


class Shelf:
    """Policies by name; a folder is read when a name is asked for that is not known without it."""

    def __init__(self, own: Iterable[Policy | Path | str] = (), folder: Path | None = None) -> None:
        """Read the files.

        Raises:
            DataError: a file that is no policy, with file and line. UsageError: two policies of one name.

        """
        self._folder = folder
        self._lock = threading.Lock()
        self._from_folder: dict[str, Policy] | None = None
        self._own = _by_name([p if isinstance(p, Policy) else policy_file(Path(p)) for p in own])

    def find(self, view: View | None) -> Policy:
        """The policy of a view; text is a name or an IRI and never opens a file.

        Raises:
            UsageError: no such name. DataError: the file is no policy.

        """
        if isinstance(view, Policy):
            return view
        if isinstance(view, Path):
            return policy_file(view)
        if not view:
            return DEFAULT
        try:
            return named_policy(view, self._own)
        except UsageError:
            return named_policy(view, self._all())

    def known(self) -> tuple[Known, ...]:
        """Every policy, and the forms of those that are made when they are named."""
        policies = [*SHIPPED.values(), *self._all().values()]
        return tuple(map(_known, policies)) + _FORMS

    def _all(self) -> Mapping[str, Policy]:
        with self._lock:
            if self._from_folder is None:
                files = sorted(_files(self._folder)) if self._folder else []
                self._from_folder = _by_name(policy_file(path) for path in files)
        return {**self._from_folder, **self._own}


def policy_file(path: Path) -> Policy:
    """The policy in a file.

    Raises:
        DataError: it cannot be read, or is no policy.

    """
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST + 1)
    except OSError as problem:
        raise DataError(f"{path}: {problem.strerror}") from problem
    return read_policy(data, str(path))


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix in FILES]
    except OSError as problem:
        raise UsageError(
            f"policies: {folder}: {problem.strerror}; a folder of policies expected"
        ) from problem


def _by_name(policies: Iterable[Policy]) -> dict[str, Policy]:
    found: dict[str, Policy] = {}
    for policy in policies:
        if found.setdefault(policy.name, policy) != policy:
            raise UsageError(f"policies: two of the name {policy.name!r} found, one expected")
    return found


def _known(policy: Policy) -> Known:
    said = " ".join(filter(None, [policy.definition, explain(policy)]))
    return Known(policy.iri, policy.name, policy.label or policy.name, said)


def _claimant(*, with_subordinates: bool) -> Known:
    policy = as_told_by(_ACTOR, with_subordinates=with_subordinates)
    label = f"as told by an actor{' and those under its command' if with_subordinates else ''}"
    return replace(_known(policy), label=label)


_FORMS = (
    _claimant(with_subordinates=False),
    _claimant(with_subordinates=True),
    Known(
        f"{VIEW}POLICY/as-known-on/DATE",
        "POLICY/as-known-on/DATE",
        "a policy's world on a day",
        "As the policy, of what had been said by a day such as 2017-01-22.",
    ),
)
