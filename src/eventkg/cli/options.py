"""Options that several verbs share."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from eventkg.claims import policy
from eventkg.errors import DataError, UsageError
from eventkg.kg.policies import FILES, policy_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.kg.policies import View

P = ParamSpec("P")
R = TypeVar("R")

timeout = click.option(
    "--timeout-s",
    type=float,
    metavar="SECONDS",
    help="Stop a query after this time (30 unless told; exit 124).",
)
memory = click.option(
    "--memory-mb", type=int, metavar="MIB", help="Memory a query may use beyond the graph (2048 unless told)."
)
_DIRECTORY = click.Path(path_type=Path)
store = click.option("--store", metavar="URL", help="A SPARQL 1.1 endpoint instead of a store on disk.")
_location = click.option(
    "-l",
    "--location",
    type=_DIRECTORY,
    envvar="EVENTKG_LOCATION",
    metavar="DIR",
    help="The folder of a store; without it the bundled graph.",
)
directory = _location  # a folder, and no endpoint in its stead
required_location = click.option(
    "-l",
    "--location",
    required=True,
    type=_DIRECTORY,
    envvar="EVENTKG_LOCATION",
    metavar="DIR",
    help="The folder of a store.",
)
_view = click.option(
    "--view",
    metavar="POLICY",
    help="Whose world: default, corroborated, all, claimant/ACTOR (claimant/pentagon), or a policy.yml.",
)
_known_on = click.option(
    "--as-known-on", metavar="DATE", help="That world of what had been said by a day: 2017-01-22."
)
output = click.option(
    "-o", "--output", default="-", metavar="PATH", help="Where to write; - is standard output, the default."
)
force = click.option("--force", is_flag=True, help="Replace the file if it exists.")


def view(function: Callable[..., R]) -> Callable[..., R]:
    """--view and --as-known-on, which together are the verb's `view`: a policy's name, file or itself."""

    @functools.wraps(function)
    def verb(*arguments: object, view: str | None, as_known_on: str | None, **given: object) -> R:
        return function(*arguments, view=chosen_view(view, as_known_on), **given)

    return _view(_known_on(verb))


def chosen_view(view: str | None, as_known_on: str | None = None) -> View | None:
    """The view that a user typed: a name ending in .yml or .yaml is that of a file."""
    named = Path(view) if view and view.endswith(FILES) else view
    if as_known_on is None:
        return named
    if isinstance(named, Path):
        return policy.as_known_on(policy_file(named), as_known_on)
    return f"{named or 'default'}/as-known-on/{as_known_on}"


def location(function: Callable[P, R]) -> Callable[P, R]:
    """-l/--location and --store; at most one of them."""
    return _location(store(function))


def one_location(directory: Path | None, url: str | None) -> Path | str | None:
    """Where to open.

    Raises:
        UsageError: both a folder and an endpoint were given as options.

    """
    source = click.get_current_context().get_parameter_source("location")
    if url is not None and directory is not None and source is ParameterSource.COMMANDLINE:
        raise UsageError("-l and --store: both found, one expected")
    return directory if url is None else url


def limits(function: Callable[P, R]) -> Callable[P, R]:
    """--timeout-s and --memory-mb."""
    return timeout(memory(function))


def read_text(source: str) -> str:
    """A file's text, - for standard input."""
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(source).read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise DataError(f"{source}: byte {problem.start} is not UTF-8") from problem
    except OSError as problem:
        raise DataError(f"{source}: {problem.strerror}") from problem


def write_bytes(data: bytes, target: str, *, force: bool) -> None:
    """As `writing`, of what is at hand."""
    with writing(target, force=force) as out:
        out.write(data)


@contextlib.contextmanager
def writing(target: str, *, force: bool) -> Iterator[IO[bytes]]:
    """A file to write, all or nothing: it appears under its name when it is complete.

    Raises:
        UsageError: the file exists and `force` is not given. DataError: it cannot be written.

    """
    if target == "-":
        yield sys.stdout.buffer
        return
    path = Path(os.path.realpath(target))  # a link stays one
    try:
        if os.path.lexists(path) and not path.is_file():  # /dev/null, a pipe; a directory is refused
            with path.open("wb") as out:
                yield out
            return
        if path.exists() and not force:
            raise UsageError(f"{target}: exists already; --force replaces it")
        with _replacing(path) as out:
            yield out
    except OSError as problem:
        raise DataError(f"{target}: {problem.strerror}") from problem


@contextlib.contextmanager
def folder(target: str) -> Iterator[None]:
    """A folder to write files into, made where it is missing; one that stays empty goes again.

    Raises:
        DataError: it cannot be made.

    """
    path = Path(target)
    try:
        path.mkdir(exist_ok=True)
    except OSError as problem:
        raise DataError(f"{target}: {problem.strerror}") from problem
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            path.rmdir()
        raise


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            yield out
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
