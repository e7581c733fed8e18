"""A page's run, in a process of its own."""

import atexit
import json
import os
import re
import signal
import sys
import traceback
import warnings

from . import figures, widgets
from .dependencies import Dependencies
from .imports import AfterImport, forget_shadowed, write_no_bytecode
from .leftovers import PAGE, running_children, running_threads
from .outputs import Outputs
from .places import Places


def run_page(channel, worker, descriptors):
    """Run the page that comes through a channel, and end the process."""
    for target, descriptor in zip((1, 2), descriptors):
        descriptor.replace(target)
    job = channel.receive()
    page = None
    if job is not None:
        channel.send("started", pid=os.getpid())
        page = Page(channel, job, worker, descriptors)
        page.run()
    # Functions of `atexit` remove temporary files. Threads that are left are not waited for.
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(2)
    atexit._run_exitfuncs()
    if page is not None:
        page.report_leftovers()
    os._exit(0)


class Page:
    """A page, its outputs and its answers."""

    def __init__(self, channel, job, worker, descriptors):
        self.channel, self.job = channel, job
        self.shell, self.installation = worker.shell, worker.installation
        self.places = Places(job["page"])
        self.outputs = Outputs(descriptors, job["output_limit"], self.exceed, self.amend)
        self.step, self.has_error = None, False
        self.threads, self.process_step = {}, None  # The steps that started threads, and the last process.
        self.set_up_process()
        self.set_up_modules()
        self.shell.attach(self)
        self.shell.namespace["ojs_define"] = self.ojs_define
        for stream in worker.streams:
            stream.outputs = self.outputs
        self.dependencies = Dependencies(self.installation, job["root"], self.places.files, self.note_process)

    def set_up_process(self):
        os.environ.update(self.job["environment"])
        os.environ[PAGE] = str(os.getpid())
        os.chdir(os.path.join(self.job["root"], self.job["folder"]))
        limit_memory(self.job["memory_limit"])

    def set_up_modules(self):
        # As IPython has it: the working folder, wherever that leads.
        sys.path.insert(0, "")
        forget_shadowed(self.installation)
        write_no_bytecode(self.job["root"], self.installation)
        warnings.formatwarning = self.places.format_warning
        AfterImport.install(
            {
                "matplotlib.pyplot": lambda: figures.set_up_matplotlib(self.job["figures"], self.shell),
                "plotly.io": figures.set_up_plotly,
                "ipywidgets": lambda: widgets.capture_outputs(self.outputs, self.shell),
            }
        )
        numpy = sys.modules.get("numpy.random")
        if numpy is not None:
            numpy.seed()  # Otherwise all pages would draw the same numbers.

    def run(self):
        """Run the steps up to the first that fails."""
        for number, step in enumerate(self.job["steps"]):
            self.step = number
            self.channel.send("step", step=number)
            self.outputs.start(number)
            if not (self.run_value(step) if "expression" in step else self.run_cell(step)):
                break
        packages = self.installation.records_of(list(sys.modules.values()))
        files = self.dependencies.files()
        if self.shell.hint:
            # Once IPython is installed, results differ.
            files += [os.path.join(folder, "IPython", "__init__.py") for folder in self.installation.packages]
        self.channel.send("end", files=sorted(files), packages=packages, widgets=widgets.state())

    def run_cell(self, step):
        self.has_error = False
        self.places.add_cell(self.step, step["line"], step["code"])
        count = self.shell.run_step(self.step, step["code"])
        for thread in running_threads():
            self.threads.setdefault(thread, self.step)
        self.channel.send("cell", step=self.step, count=count, outputs=self.outputs.finish())
        if self.has_error and not step["allow_error"]:
            self.fail()
            return False
        if step["is_parameters"] and self.job["params"]:
            self.shell.namespace.update(self.job["params"])
        return True

    def run_value(self, step):
        try:
            data = self.outputs.encode(self.shell.evaluate(step["expression"]))
        except BaseException as error:
            self.show_error(error, traceback.format_exception_only(type(error), error))
            self.fail()
            return False
        self.channel.send("value", step=self.step, data=data)
        return True

    def show_error(self, error, lines):
        """Show an exception among the outputs."""
        self.outputs.error(type(error).__name__, message_of(error), lines, self.places.of(error, self.step))
        if not self.outputs.widgets:
            self.note_error(error, lines)

    def note_error(self, error, lines):
        """Remember an exception, which ends the page unless the cell allows it."""
        self.has_error = True
        # The message of a syntax error without its file.
        message = error.msg if isinstance(error, SyntaxError) and error.msg else message_of(error)
        self.failure = {"name": type(error).__name__, "value": message, "place": self.places.of(error, self.step)}
        self.failure["hint"] = hint_for(error, self.shell.hint)
        self.failure["traceback"] = re.sub("\x1b\\[[0-9;]*m", "", "\n".join(lines)).rstrip("\n")

    def fail(self):
        self.channel.send("failure", step=self.step, **self.failure)

    def note_process(self):
        self.process_step = self.step

    def report_leftovers(self):
        """Tell which threads and processes are still running. They end with this process."""
        for thread in running_threads():
            self.channel.send("thread", step=self.threads.get(thread, self.step), name=thread.name)
        step = self.step if self.process_step is None else self.process_step
        self.channel.send("leftovers", step=step, processes=running_children())

    def amend(self, step, index, item):
        self.channel.send("update", step=step, index=index, output=item)

    def exceed(self):
        """End the page: it has written too much."""
        self.channel.send("limit", step=self.step)
        os._exit(1)

    def ojs_define(self, **values):
        """Quarto's function that hands values to Observable cells; data frames become lists of records."""

        def convert(value):
            value = value.to_frame() if type(value).__name__ == "Series" else value
            if type(value).__name__ != "DataFrame":
                return value
            columns = json.loads(value.T.to_json(orient="split"))
            return dict(zip(columns["index"], columns["data"]))

        contents = [{"name": name, "value": convert(value)} for name, value in values.items()]
        script = '<script type="ojs-define">%s</script>' % json.dumps({"contents": contents})
        self.outputs.display({"text/html": script}, {"ojs_define": True})


def message_of(error):
    """The message of an exception, also of one that has a fault itself."""
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"


def hint_for(error, without_ipython):
    """What to do about an exception; None if we do not know. `without_ipython` is the hint to install IPython."""
    if isinstance(error, EOFError):
        return "cells have no input: assign the value in the code"
    if isinstance(error, ModuleNotFoundError) and error.name:
        name = error.name.split(".")[0]
        if name == "IPython":
            return without_ipython
        return "install the package that has the module `%s` for %s" % (name, sys.executable)
    if isinstance(error, SyntaxError):
        # `%magic`, `!command`, `name = !command`, `?name` and `name?`.
        is_special = re.match(r"\s*[%!?]|[^=]*=\s*[%!]|.*\?\s*$", error.text or "")
        return without_ipython if is_special else None
    if isinstance(error, NameError) and "get_ipython" in str(error):
        return without_ipython
    return None


def limit_memory(limit):
    """Bound private memory, so that a runaway cell gets a MemoryError before the machine swaps or kills other programs.

    Addresses that are only reserved, as for graphics cards, and mapped files do not count. Without a limit it is most of the
    memory that is free now.
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = limit or available_memory() * 8 // 10
    if limit:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def available_memory():
    """The bytes that Linux can give to programs without swapping; 0 elsewhere."""
    try:
        with open("/proc/meminfo") as lines:
            sizes = dict(line.split(":") for line in lines)
        return int(sizes["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return 0
