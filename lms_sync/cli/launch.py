"""Where the program starts: Ctrl-C ends it in a sentence even before its command line is loaded."""

import sys
from importlib import import_module

from lms_sync.errors import exit_code_of

STOPPED = "Stopped. What was not finished was not stored; run the command again."


def main() -> None:
    """Run the command that was typed, and exit with its code."""
    try:
        command_line = import_module("lms_sync.cli.main").main
    except KeyboardInterrupt as interruption:
        print(STOPPED, file=sys.stderr)
        sys.exit(exit_code_of(interruption))
    command_line()
