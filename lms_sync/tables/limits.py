"""What a process that reads other people's files may take: it sets the limits for itself before it reads.

Apart from the readers, so that a process which reads something else need not import them.
"""

import sys


def limit_memory(most: int) -> None:
    """Let this process have at most so many bytes; where the system knows no such limit, nothing is limited."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: float) -> None:
    """End this process once it has taken so much CPU time from now on; 0 for no end.

    The clock of the wall would refuse honest workbooks on a busy machine.
    """
    if sys.platform != "win32":
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds)
