"""Every error a user can meet: one line that says where, what was found and what was expected."""

from __future__ import annotations


class EventkgError(Exception):
    """Base of all; `str()` is the line a person reads, `exit_code` what the command line returns."""

    exit_code = 1


class UsageError(EventkgError):
    """A call that cannot mean anything: a wrong option, a format nobody knows."""

    exit_code = 2


class DataError(EventkgError):
    """A file or a value that is not what it should be: malformed RDF, an empty file, a directory."""


class SourceError(EventkgError):
    """A source that is declared wrongly, or a file that is not what it declares; nothing is written."""


class ShapesError(EventkgError):
    """Shapes that are not well-formed SHACL: no report is made."""

    exit_code = 2


class QueryError(EventkgError):
    """A query that is refused or cannot be parsed; `line` and `column` count from 1 where they are known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class QueryTooDeepError(QueryError):
    """A query nested so deeply that the parser's stack ends; the worker died, nothing else did."""


class ReadOnlyGraphError(EventkgError):
    """A write to a graph that eventkg alone writes."""


class MissingGraphError(EventkgError):
    """A graph that is not in the store."""


class TimeLimitError(EventkgError):
    """Work stopped at its deadline; both times are in seconds."""

    exit_code = 124

    def __init__(self, limit_s: float, elapsed_s: float) -> None:
        super().__init__(
            f"stopped after {elapsed_s:.1f} s: the time limit is {limit_s:g} s (raise it with --timeout-s)"
        )
        self.limit_s, self.elapsed_s = limit_s, elapsed_s


class StalledError(EventkgError):
    """A file that its parser makes no progress with."""

    exit_code = 124


class MemoryLimitError(EventkgError):
    """Work stopped at its memory limit, in MiB."""

    def __init__(self, limit_mb: int) -> None:
        super().__init__(
            f"stopped at the memory limit of {limit_mb} MiB per worker (raise it with --memory-mb)"
        )
        self.limit_mb = limit_mb


class StoreBusyError(EventkgError):
    """Another process is writing to the store."""


class WorkerError(EventkgError):
    """A worker or the process that holds the snapshot ended without saying why."""
