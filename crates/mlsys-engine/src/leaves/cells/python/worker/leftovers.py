"""What the code of a page leaves running at its end."""

import os
import sys
import threading

# The variable with the process of the page.
PAGE = "MLSYS_PAGE"
# Processes that belong to Python's own libraries and end by themselves.
SERVANTS = (b"resource_tracker", b"forkserver")


def running_threads():
    """The threads that Python would wait for at its end, apart from those of executors, which may be idle."""
    executors = sys.modules.get("concurrent.futures.thread")
    idle = set(getattr(executors, "_threads_queues", ()))
    main = threading.main_thread()
    return [thread for thread in threading.enumerate() if thread is not main and not thread.daemon and thread not in idle]


def running_children():
    """The names of the running child processes of this process, on Linux."""
    names = {pid: Process(pid).name for pid in children()}
    return {pid: name for pid, name in names.items() if name}


def children():
    """The child processes of all threads of this process, on Linux."""
    found = set()
    try:
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % thread) as file:
                found.update(int(pid) for pid in file.read().split())
    except OSError:
        pass
    return sorted(found)


class Process:
    """A process: its name, its session and the page that has started it. Without a name it has ended or serves a library."""

    def __init__(self, pid):
        self.name, self.session, self.page = None, None, None
        try:
            with open("/proc/%d/stat" % pid, "rb") as file:
                name, fields = file.read().split(b"(", 1)[1].rsplit(b")", 1)
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                arguments = file.read()
            with open("/proc/%d/environ" % pid, "rb") as file:
                environment = dict(item.partition(b"=")[::2] for item in file.read().split(b"\0"))
        except (OSError, IndexError):
            return
        state, _, _, self.session = fields.split()[:4]
        self.session = int(self.session)
        self.page = int(environment.get(PAGE.encode(), 0))
        if state not in (b"Z", b"X") and not any(servant in arguments for servant in SERVANTS):
            self.name = name.decode("utf-8", "replace")
