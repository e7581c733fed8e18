"""The process that forks a process for each page."""

import gc
import os
import select
import shutil
import signal
import socket
import sys
import threading
import time

from . import figures
from .channel import Channel
from .dependencies import Installation
from .imports import preload, run_quietly
from .leftovers import Process, children
from .outputs import Descriptor, Stream
from .page import run_page
from .plain import PlainShell
from .system import ON_LINUX, PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, kill_group, prctl, signal_name


class Worker:
    """What all pages share."""

    def __init__(self, folder):
        self.streams = sys.stdout, sys.stderr = Stream("stdout", 1), Stream("stderr", 2)
        self.installation = Installation(folder)
        try:
            from .ipython import ZMQInteractiveShell
        except ImportError:
            self.shell = PlainShell()
        else:
            self.shell = ZMQInteractiveShell.create(folder)
        os.environ["MPLBACKEND"] = self.shell.backend
        self.installation.read_records()


def main(mode, folder, output_limit, *modules):
    """Run pages in a mode, with temporary files in a folder. Modules are imported before pages run."""
    sys.argv[:] = [""]
    sys.path[:] = [path for path in sys.path if path]
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if mode == "page":
        requests = os.dup(0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        run_page(Channel(requests, answers), Worker(folder), [Descriptor(), Descriptor()])
    # Pages are not running yet, so nothing is left to clean up.
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before: then it has closed standard input.
    start = select.poll()
    start.register(0, 0)
    if start.poll(0):
        os._exit(0)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(folder, "socket"))
    listener.listen(64)
    Channel(-1, answers).send("listening")
    os.close(answers)
    worker = Worker(folder)
    preload(modules, worker.installation)
    if "plotly.io" in sys.modules:
        run_quietly(figures.set_up_plotly)
    gc.collect()
    gc.freeze()
    Zygote(folder, listener, worker, int(output_limit)).serve()


class Zygote:
    """Forks a process for each connection, and ends it with the connection."""

    def __init__(self, folder, listener, worker, output_limit):
        self.folder, self.listener, self.worker, self.output_limit = folder, listener, worker, output_limit
        self.pages = {}  # process -> page

    def serve(self):
        """Serve until standard input ends, which is when the parent does."""
        wakes, wakened = os.pipe()
        for descriptor in (wakes, wakened):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        while True:
            poll = select.poll()
            for descriptor in (self.listener, wakes):
                poll.register(descriptor, select.POLLIN)
            # Only their end is of interest; it is always reported.
            for descriptor in [0, *(page.connection for page in self.pages.values())]:
                poll.register(descriptor, 0)
            # Now and then the outputs are measured.
            ready = dict(poll.poll(200 if self.pages else None))
            if 0 in ready:
                self.stop()
            if wakes in ready:
                os.read(wakes, 4096)
            self.reap()
            for pid, page in self.pages.items():
                page.has_exceeded |= page.written() > self.output_limit
                if page.has_exceeded or page.connection.fileno() in ready:
                    kill_group(pid)
            if self.listener.fileno() in ready:
                self.accept()

    def accept(self):
        """Fork a process for a connection."""
        connection, _ = self.listener.accept()
        descriptors = [Descriptor(), Descriptor()]
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.pages[pid] = ForkedPage(connection, descriptors)
            return
        try:
            # A session of its own: its group can be killed, and it has no terminal to ask for passwords.
            os.setsid()
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self.listener.close()
            for page in self.pages.values():
                page.connection.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            if not ON_LINUX:
                threading.Thread(target=end_with, args=(parent,), daemon=True).start()
            run_page(Channel(connection.fileno(), connection.fileno()), self.worker, descriptors)
        finally:
            os._exit(1)

    def reap(self):
        """Collect processes that have ended, tell how, and end what they have left behind."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            page = self.pages.pop(pid, None)
            if page is not None:
                # No other group can have its number as long as it has members.
                kill_group(pid)
            orphans = self.kill_orphans(pid)
            if page is not None:
                page.tell(status, orphans)

    def kill_orphans(self, ended=None):
        """Kill processes of ended pages that had left their group: on Linux they are now children of this process.

        Returns the names of those that had left their page's session.
        """
        killed = {}
        for pid in children():
            process = Process(pid)
            if pid not in self.pages and process.page not in self.pages:
                os.kill(pid, signal.SIGKILL)
                if process.name and process.session != ended:
                    killed[pid] = process.name
        return killed

    def stop(self):
        """End all pages and this process."""
        for pid in self.pages:
            kill_group(pid)
        for pid in self.pages:
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
        self.pages = {}
        self.kill_orphans()
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)


class ForkedPage:
    """The zygote's side of a page."""

    def __init__(self, connection, descriptors):
        self.connection, self.descriptors = connection, descriptors
        self.has_exceeded = False

    def written(self):
        """The number of bytes that its subprocesses and C code have written."""
        return sum(descriptor.size() for descriptor in self.descriptors)

    def tell(self, status, orphans):
        """Tell the other end how the process has ended, and which processes it had left behind."""
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        name = signal_name(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
        try:
            channel = Channel(-1, self.connection.fileno())
            channel.send("exit", code=code, signal=name, has_exceeded=self.has_exceeded, orphans=orphans)
        except OSError:
            pass
        self.connection.close()
        for descriptor in self.descriptors:
            descriptor.close()


def end_with(parent):
    """End this process when its parent has, on systems without a signal for it."""
    while os.getppid() == parent:
        time.sleep(0.2)
    kill_group(os.getpid())
