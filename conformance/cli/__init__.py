"""The command line: reads arguments, calls, prints, and alone chooses exit codes.

Commands are imported when they are called, so that `--help` needs click and nothing else.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from conformance import __version__
from conformance.errors import ConformanceError, ExitCode

_COMMANDS = {
    "run": "judge a target, or the embedded mock, by the contract",
    "mock": "serve a stateful mock of the API",
    "replay": "judge recorded exchanges again, offline",
    "check-results": "judge results that you already have",
    "report": "render a run log again",
    "gate": "tell what a new document breaks for clients of the old one",
    "lint": "find contradictions in one document",
    "drift": "compare the bundled documents with published ones",
    "specs": "show and prove the bundled documents",
    "init-provider": "lay out a provider of your own from its document",
    "rules": "list the rules",
    "explain": "say what a rule demands and why",
    "config": "show every setting, its value, and where it came from",
    "cleanup": "remove what live runs made and could not remove",
    "selftest": "prove that every rule can fail, by every fault of the mock",
}
_CONFIGURED = frozenset({"run", "cleanup", "replay"})
"""Commands whose options the configuration file and the environment set, too."""


class _Commands(click.Group):
    """Commands that are imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(
            f"conformance.cli.{cmd_name.replace('-', '_')}"
        ).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qconform")
@click.pass_context
def qconform(ctx: click.Context) -> None:
    """Test quantum-cloud APIs against what they promise.

    Exit codes: 0 nothing violated, 1 violated, 2 wrong usage, 3 nothing could be judged,
    4 a defect of qconform itself.
    """
    command = ctx.invoked_subcommand or ""
    if command in _CONFIGURED:
        from conformance.cli.settings import configuration, defaults_of

        ctx.obj = configuration()
        ctx.default_map = {command: defaults_of(command, ctx.obj)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name and return its exit code."""
    try:
        result = qconform.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="qconform",
            standalone_mode=False,
        )
    except click.ClickException as error:
        return _wrong_usage(error)
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", 130)
    except ConformanceError as error:
        return _say(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence, no traceback
        return _bug(error)
    return result if isinstance(result, int) else ExitCode.OK


def script() -> None:
    """Entry point of the installed command."""
    sys.exit(main())


def _say(text: str, code: int) -> int:
    if not text.isprintable():  # words of a server or a file, which no terminal should obey
        from conformance.report.visible import visible

        text = visible(text)
    click.echo(f"qconform: {text}", err=True)
    return code


def _wrong_usage(error: click.ClickException) -> int:
    """Say what is wrong with the arguments, and where to read what they may be."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    text = error.format_message()
    if context is not None and text == context.get_help():  # a group without a command
        error.show()
        return ExitCode.USAGE
    command = context.command_path if context is not None else "qconform"
    return _say(f"{' '.join(text.split())} See {command} --help.", ExitCode.USAGE)


def _bug(error: Exception) -> int:
    if os.environ.get("QCONFORM_TRACEBACK"):
        raise error
    what = f"{type(error).__name__}: {error}".partition("\n")[0]
    hint = "This is a defect of qconform. Set QCONFORM_TRACEBACK=1 to see where, and report it."
    return _say(f"{what}. {hint}", ExitCode.BUG)
