"""The command line: each verb parses, calls and prints; one file a verb, imported when it is used."""

from __future__ import annotations

import importlib
import keyword
import os
import sys
from typing import ClassVar

import click

from eventkg.cli.printing import printable
from eventkg.errors import EventkgError
from eventkg.settings import VERSION

_INTERRUPTED = 130
_LONGEST = 1_000  # characters of a message


class _Verbs(click.Group):
    """Verbs by module name, so that `eventkg query` does not import the HTTP server."""

    names: ClassVar[tuple[str, ...]] = (
        *("backup", "claim", "claims", "delete", "derive", "export", "import", "load", "network"),
        *("plot", "policies", "query", "restore", "serve", "sources", "stats", "upgrade", "validate"),
    )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.names:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"eventkg.cli.{module}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Turn what click would answer by a code or a line of its own into what `main` prints."""
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()  # now, so that a full disk is an error and not a note at exit
        except BrokenPipeError as problem:
            raise _ReaderGoneError from problem
        except KeyboardInterrupt:
            raise click.exceptions.Abort from None
        return answer


class _ReaderGoneError(Exception):
    """The reader of our output has gone, as in `eventkg query … | head`."""


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="eventkg")
def cli() -> None:
    """Who says what about which military event.

    Without a store every verb works on the bundled seed graph: a news article of January 2017, curated claim
    by claim.

    \b
    eventkg query 'SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }'
    eventkg serve --open
    eval "$(_EVENTKG_COMPLETE=bash_source eventkg)"      # tab completion
    """


def main() -> None:
    """Run a verb; an error is one line on stderr and a code: 1 failed, 2 usage, 124 time, 130 Ctrl-C."""
    _open_closed_streams()
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.Abort:
        _leave("interrupted", _INTERRUPTED)
    except KeyboardInterrupt:
        _leave("interrupted", _INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        _leave(problem.format_message(), problem.exit_code)
    except EventkgError as problem:
        _leave(str(problem), problem.exit_code)
    except OSError as problem:
        _leave(f"{problem.filename or 'output'}: {problem.strerror}", EventkgError.exit_code)
    except _ReaderGoneError:
        sys.exit(0)
    finally:
        _drop_unwritable_output()


def _leave(message: str, code: int) -> None:
    """One line that can be read, whatever strangers' text is quoted in it."""
    line = printable(" ".join(message.split()))
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    click.echo(f"eventkg: {line}", err=True)
    sys.exit(code)


def _open_closed_streams() -> None:
    """A stream that our parent has closed: its number would be given to a socket."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(descriptor, True)  # as a standard stream is
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))


def _drop_unwritable_output() -> None:
    """What cannot be written any more is not tried again, and complained about, when the process ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
