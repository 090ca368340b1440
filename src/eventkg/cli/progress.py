"""Progress of long work, on stderr and only where a person watches."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bytes_read(files: tuple[str, ...]) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of files (packed ones as they are on disk), with rate and time left."""
    if not sys.stderr.isatty():
        yield _nobody_watches
        return
    known = all(name != "-" and Path(name).is_file() for name in files)
    total = sum(Path(name).stat().st_size for name in files) if known else None
    columns = (
        TextColumn("loading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("loading", total=total)
        yield lambda count: bar.advance(task, count)


@contextmanager
def rows_read(files: tuple[str, ...]) -> Iterator[Callable[[int, int], None] | None]:
    """A bar over the rows of tables: how many, how many a second, and the time left, by the files' bytes."""
    if not sys.stderr.isatty():
        yield None
        return
    total = sum(Path(name).stat().st_size for name in files if Path(name).is_file())
    counted = TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f} rows/s")
    columns = (TextColumn("importing"), BarColumn(), counted, TimeRemainingColumn())
    started, read = time.monotonic(), 0
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total or None, rows=0, rate=0.0)

        def more(count: int, rows: int) -> None:
            nonlocal read
            read += rows
            rate = read / max(time.monotonic() - started, 1e-3)
            bar.update(task, advance=count, rows=read, rate=rate)

        yield more


@contextmanager
def bytes_fetched(name: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar over a download: bytes there, of how many (None where the server does not say)."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn(name),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda there, total: bar.update(task, completed=there, total=total)


@contextmanager
def shapes_checked() -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar over the constraints of a check, with the shape that is looked at."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("checking"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda number, count, shape: bar.update(
            task, completed=number, total=count, description=escape(shorten(shape))
        )


def _nobody_watches(_: int) -> None:
    """No terminal."""


@contextmanager
def steps() -> Iterator[Callable[[str, int], None]]:
    """A line that says what is being done, how many of it are done, and for how long."""
    if not sys.stderr.isatty():
        yield lambda _, __: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    done: dict[str, int] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def said(what: str, more: int) -> None:
            done[what] = done.get(what, 0) + more
            counted = f"{done[what]:,} {what}" if done[what] > 1 else what
            bar.update(task, description=escape(counted))

        yield said
