"""The command line: each verb parses, calls and prints; one file a verb, imported when it is used."""

from __future__ import annotations

import importlib
import sys
from typing import ClassVar

import click

from eventkg.errors import EventkgError
from eventkg.settings import VERSION

_INTERRUPTED = 130


class _Verbs(click.Group):
    """Verbs by module name, so that `eventkg query` does not import the HTTP server."""

    names: ClassVar[tuple[str, ...]] = ("derive", "export", "network", "query", "serve", "stats", "validate")

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.names:
            return None
        command: click.Command = importlib.import_module(f"eventkg.cli.{cmd_name}").command
        return command


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
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.Abort:
        _leave("interrupted", _INTERRUPTED)
    except KeyboardInterrupt:
        _leave("interrupted", _INTERRUPTED)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except EventkgError as problem:
        _leave(" ".join(str(problem).split()), problem.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as in `eventkg query … | head`
        sys.exit(0)


def _leave(message: str, code: int) -> None:
    click.echo(f"eventkg: {message}", err=True)
    sys.exit(code)
