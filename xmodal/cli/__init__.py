"""The command line: `python -m xmodal [GROUP] COMMAND`, one file per group, typed by the same models as the library."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tyro
from pydantic import ValidationError

from xmodal.cli import analyse, data, demo, jobs, runs, workspace, world
from xmodal.cli.check import check
from xmodal.cli.curves import curves
from xmodal.cli.directions import directions
from xmodal.cli.evaluate import evaluate
from xmodal.cli.export import export
from xmodal.cli.gallery import gallery
from xmodal.cli.search import embed, search
from xmodal.cli.spoken_digits import spoken_digits
from xmodal.cli.train import recipes, ship, train
from xmodal.errors import InputError, reason

GROUPS: dict[str, Mapping[str, Callable[..., Any]]] = {
    "data": data.COMMANDS,
    "world": world.COMMANDS,
    "workspace": workspace.COMMANDS,
    "demo": demo.COMMANDS,
    "analyse": analyse.COMMANDS,
    "jobs": jobs.COMMANDS,
    "runs": runs.COMMANDS,
}
"""Every group of commands."""

COMMANDS: Mapping[str, Callable[..., Any]] = {
    "train": train,
    "check": check,
    "evaluate": evaluate,
    "curves": curves,
    "embed": embed,
    "search": search,
    "gallery": gallery,
    "directions": directions,
    "export": export,
    "recipes": recipes,
    "ship": ship,
    "spoken-digits": spoken_digits,
}
"""Commands of no group."""

EXPECTED = (InputError, ValidationError, OSError, KeyError)
"""Errors that mean something is wrong with the user's input: one line, exit code 2."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; exit code 0 well, 1 strict check failed, 2 wrong input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in (*GROUPS, *COMMANDS):
        asked = bool(words) and words[0] in ("-h", "--help")
        print(usage(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    name = words.pop(0)
    try:
        if name in COMMANDS:
            sys.exit(tyro.cli(COMMANDS[name], prog=f"python -m xmodal {name}", args=words))
        sys.exit(tyro.extras.subcommand_cli_from_dict(dict(GROUPS[name]), prog=f"python -m xmodal {name}", args=words))
    except BrokenPipeError:  # the reader of our output has had enough (`| head`)
        sys.exit(0)
    except EXPECTED as error:
        print(f"error: {reason(error)}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)


def usage() -> str:
    """The list of commands."""
    named = {f"{group} {name}": command for group, commands in GROUPS.items() for name, command in commands.items()}
    lines = ["usage: python -m xmodal COMMAND [--help]", ""]
    for name, command in (named | dict(COMMANDS)).items():
        lines.append(f"  {name:<22} {(command.__doc__ or '').strip().splitlines()[0]}")
    return "\n".join(lines)
