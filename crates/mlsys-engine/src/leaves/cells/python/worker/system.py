"""What Python has no functions for: `prctl` of Linux, and C's standard streams."""

import os
import signal
import sys

ON_LINUX = sys.platform.startswith("linux")
# Options of prctl: the signal that a process gets when its parent ends; and who becomes the parent of orphans.
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def load_c_library():
    """C's functions, or None where they cannot be called."""
    try:
        import ctypes

        return ctypes.CDLL(None)
    except (ImportError, OSError, TypeError):
        return None


C_LIBRARY = load_c_library()


def prctl(option, value):
    """Set an option of this process, on Linux."""
    if ON_LINUX and C_LIBRARY is not None:
        C_LIBRARY.prctl(option, value, 0, 0, 0)


def flush_c_streams():
    """Write out what C's stdio has buffered."""
    if C_LIBRARY is not None:
        C_LIBRARY.fflush(None)


def signal_name(number):
    """`SIGSEGV` for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def kill_group(pid):
    """Kill a process and the group that it leads. A process that was forked just now has no group yet."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            pass
