"""A process of its own for a file from outside: with limits of memory and time, and nothing of our environment.

The program takes the file on stdin and answers on stdout; the first of its arguments is the memory that it may take,
which it sets for itself (`lms_sync.tables.limits.limit_memory`).
"""

import os
import subprocess
import sys

from lms_sync.tables.guard import KEPT_ENVIRONMENT

MEMORY_LIMIT = 2**30
"""Bytes of address space; a PDF of 25 MB takes a quarter of it."""
TIME_LIMIT = 30.0
"""Seconds for one file; a document of 100 pages takes about five."""


def child_of(module: str) -> tuple[str, ...]:
    """Return the command that runs a module of ours as such a process."""
    return (sys.executable, "-P", "-m", module, str(MEMORY_LIMIT))


def ask_child(program: tuple[str, ...], content: bytes, *, seconds: float = TIME_LIMIT) -> bytes | None:
    """Return what the process answers to a file; None when it did not come to its end."""
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        done = subprocess.run(
            program,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            start_new_session=True,
            check=True,
        )
    except subprocess.SubprocessError:
        return None
    return done.stdout
