"""The way in: a command runs on the command line, everything else opens the window."""

import importlib
import sys
from collections.abc import Sequence

from netdesk.cli.commands import carry_out
from netdesk.cli.parser import parse
from netdesk.desk import prepare_interpreter
from netdesk.logs import catch_uncaught


def main(arguments: Sequence[str] | None = None) -> int:
    """Run NetDesk; gives the exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    request = parse(list(sys.argv[1:] if arguments is None else arguments))
    catch_uncaught()
    prepare_interpreter()
    if request.command or request.no_window:
        return carry_out(request)
    # Not imported above: a machine without a screen has none of Qt's libraries, and commands start twice as fast without it.
    program = importlib.import_module("netdesk.app")
    status: int = (
        program.ask_removal(request.data_dir)
        if request.ask_removal
        else program.run(request.data_dir, sample=request.sample, days=request.days, link=request.link, background=request.background)
    )
    return status


if __name__ == "__main__":
    sys.exit(main())
