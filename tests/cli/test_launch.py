"""Ctrl-C before the command line is loaded: on a slow disk that takes a moment."""

import subprocess
import sys

import pytest

from lms_sync.cli.launch import STOPPED

INTERRUPTED = """
import os, signal, sys
from lms_sync.cli.launch import main

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has `make test &` ignore it
sys.meta_path.insert(0, CtrlC())
sys.argv = ["lms-sync", "--version"]
main()
"""


@pytest.mark.parametrize("module", ["click", "lms_sync.cli.commands"])
def test_ctrl_c_while_the_command_line_is_loaded_ends_in_a_sentence(module: str) -> None:
    command = (sys.executable, "-c", INTERRUPTED.format(module=module))
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", f"{STOPPED}\n")
