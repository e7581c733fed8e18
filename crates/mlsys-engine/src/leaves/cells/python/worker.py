"""Runs the Python cells of pages, each page in a process of its own.

Two forms with one protocol. `worker.py serve FOLDER MODULE...` imports modules once, then forks a process for each
connection to the socket FOLDER/socket. `worker.py page` runs one page that it reads from its standard input, for systems
without fork. A page is one `run` message with all steps; the answers are streamed, so that completed cells survive a crash.

Messages are JSON after a length of four bytes, big endian. Works with Python 3.8 and later, with IPython if it is installed.
"""

import ast
import base64
import builtins
import codecs
import gc
import io
import json
import linecache
import os
import re
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
import traceback
import types
import warnings

ON_LINUX = sys.platform.startswith("linux")
# The signal that a process gets when its parent ends, and the one that makes it the parent of orphans (prctl of Linux).
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# Modules that start threads or claim devices when they are imported: a fork of such a process hangs.
UNSAFE_TO_FORK = {"torch", "tensorflow", "jax", "jaxlib", "grpc", "pyarrow", "ray", "cupy", "polars"}
INSTALL_IPYTHON = "install IPython for this interpreter: `{} -m pip install ipython`"


class Channel:
    """Messages over a pair of file descriptors, or a socket."""

    def __init__(self, reads, writes):
        self.reads, self.writes = reads, writes
        self.owner = os.getpid()
        self.lock = threading.Lock()

    def receive(self):
        """Read a message; None at the end of the stream."""
        head = self._read(4)
        body = head and self._read(struct.unpack(">I", head)[0])
        return None if body is None else json.loads(body.decode("utf-8"))

    def _read(self, size):
        parts = bytearray()
        while len(parts) < size:
            part = os.read(self.reads, min(size - len(parts), 1 << 20))
            if not part:
                return None
            parts += part
        return bytes(parts)

    def send(self, kind, **fields):
        """Write a message. A process that a cell forked and that runs on ends here: it must not answer twice."""
        if os.getpid() != self.owner:
            os._exit(0)
        # Lone surrogates, which UTF-8 does not have, become question marks.
        body = json.dumps(dict(fields, type=kind), ensure_ascii=False).encode("utf-8", "replace")
        data = memoryview(struct.pack(">I", len(body)) + body)
        with self.lock:
            while data:
                data = data[os.write(self.writes, data) :]


# Outputs ----------------------------------------------------------------------------------------------------------------


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of cells. Until a page runs, what is written is dropped."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name, descriptor):
        self._name, self._descriptor = name, descriptor
        self.outputs = None
        self.buffer = StreamBytes(self)

    name = property(lambda self: "<%s>" % self._name)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        if self.outputs:
            self.outputs.write(self._name, text)
        return len(text)

    def fileno(self):
        return self._descriptor

    def writable(self):
        return True


class StreamBytes(io.RawIOBase):
    """The binary layer of a `Stream`."""

    def __init__(self, stream):
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data):
        self.stream.write(self.decoder.decode(bytes(data)))
        return len(data)

    def writable(self):
        return True


class Descriptor:
    """What C code and subprocesses write to a file descriptor: it leads to a temporary file that we read as it grows."""

    def __init__(self):
        self.writes, path = tempfile.mkstemp(prefix="mlsys-cell-")
        self.reads = os.open(path, os.O_RDONLY)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            os.unlink(path)
        except OSError:
            pass  # Windows removes no open files.

    def replace(self, target):
        """Lead a file descriptor of this process to the file."""
        os.dup2(self.writes, target)

    def size(self):
        """The number of bytes that were written."""
        return os.fstat(self.reads).st_size

    def close(self):
        os.close(self.writes)
        os.close(self.reads)

    def read(self):
        """The text since the last call."""
        text = ""
        while True:
            data = os.read(self.reads, 1 << 20)
            if not data:
                return text
            text += self.decoder.decode(data)


class Outputs:
    """The outputs of the running cell as nbformat has them.

    As ipykernel does, all text of stdout and then all of stderr is put between two displays. It flushes by a timer, we by
    rule, so that results are reproducible.
    """

    def __init__(self, descriptors, limit, exceeded, amend):
        self.limit, self.exceeded, self.amend = limit, exceeded, amend
        self.descriptors = dict(zip(("stdout", "stderr"), descriptors))
        self.displays = {}
        self.step = None
        self.start(None)

    def start(self, step):
        """Begin with the outputs of a step."""
        self.step, self.items, self.clears = step, [], False
        self.texts = {"stdout": [], "stderr": []}

    def finish(self):
        """The outputs of the step."""
        flush_c_streams()
        self.flush()
        return self.items

    def spend(self, size):
        self.limit -= size
        if self.limit < 0:
            self.items = []
            self.exceeded()

    def pull(self):
        for name, descriptor in self.descriptors.items():
            text = descriptor.read()
            if text:
                self.spend(len(text))
                self.texts[name].append(text)

    def write(self, name, text):
        self.pull()
        self.spend(len(text))
        self.texts[name].append(text)

    def flush(self):
        self.pull()
        for name, texts in self.texts.items():
            text = "".join(texts)
            texts.clear()
            if text:
                self.append({"kind": "stream", "name": name, "text": text})

    def append(self, item):
        if self.clears:
            self.items, self.clears = [], False
        self.items.append(item)

    def display(self, data, metadata, count=None, display_id=None, update=False):
        """Show a value, or replace the outputs that have its display_id, also those of earlier cells."""
        self.flush()
        data, metadata = encode_bundle(data), json.dumps(metadata or {}, default=str)
        self.spend(sum(map(len, data.values())))
        item = {"kind": "display", "data": data, "metadata": metadata, "count": count}
        if update:
            for step, index, shown in self.displays.get(display_id, []):
                shown.update(data=data, metadata=metadata)
                if step != self.step:
                    self.amend(step, index, shown)
            return
        self.append(item)
        if display_id:
            self.displays.setdefault(display_id, []).append((self.step, len(self.items) - 1, item))

    def error(self, name, value, lines, place):
        """Show an exception."""
        self.flush()
        self.append({"kind": "error", "name": name, "value": value, "traceback": lines, "place": place})

    def clear(self, wait):
        """Drop the outputs so far, at once or when the next one comes (`clear_output`)."""
        self.flush()
        self.clears = True
        if not wait:
            self.items, self.clears = [], False


def encode_bundle(data):
    """A MIME bundle with texts only: bytes as base64, JSON types as JSON."""

    def text(value):
        if isinstance(value, bytes):
            return base64.b64encode(value).decode("ascii")
        if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
            return "".join(value)
        return value if isinstance(value, str) else json.dumps(value, default=str)

    return {mime: text(value) for mime, value in data.items() if value is not None}


def flush_c_streams():
    """Flush the buffers of C's stdio."""
    try:
        C_LIBRARY.fflush(None)
    except Exception:
        pass


# The code of a page -----------------------------------------------------------------------------------------------------


class Places:
    """Where in the page the code of a file name stands, for tracebacks and warnings."""

    def __init__(self, page):
        self.page = page
        self.cells = {}  # step -> (first line in the page, code)
        self.files = {}  # file name of compiled code -> (step, lines before it in the cell)

    def add_cell(self, step, line, code):
        self.cells[step] = (line, code)

    def add_file(self, file, step, code):
        """Register code of a cell: all of it, or what follows a cell magic."""
        whole = self.cells[step][1]
        is_end = len(code) < len(whole) and whole.rstrip().endswith(code.rstrip())
        skipped = whole[: whole.rstrip().rfind(code.rstrip())].count("\n") if is_end and code.strip() else 0
        self.files[file] = (step, skipped)

    def line_of_page(self, file, line):
        """The line of the page for a line of a file, or None."""
        if file not in self.files:
            return None
        step, skipped = self.files[file]
        return self.cells[step][0] + skipped + line - 1

    def of(self, error, step):
        """Where an exception passed the running cell, as {line, column} of its code from 1; None if it did not."""
        if isinstance(error, SyntaxError) and self.files.get(error.filename, (None,))[0] == step:
            return {"line": (error.lineno or 1) + self.files[error.filename][1], "column": error.offset or 0}
        place = None
        for frame in traceback.TracebackException(type(error), error, error.__traceback__).stack:
            if self.files.get(frame.filename, (None,))[0] == step:
                column = getattr(frame, "colno", None)
                line = (frame.lineno or 1) + self.files[frame.filename][1]
                place = {"line": line, "column": 0 if column is None else column + 1}
        return place

    def format_warning(self, message, category, filename, lineno, line=None):
        """`warnings.formatwarning` with lines of the page."""
        source = line if line is not None else linecache.getline(filename, lineno)
        real = self.line_of_page(filename, lineno)
        place = "%s:%d" % ((filename, lineno) if real is None else (self.page, real))
        text = "%s: %s: %s\n" % (place, category.__name__, message)
        return text + ("  %s\n" % source.strip() if source and source.strip() else "")


# Plain Python -----------------------------------------------------------------------------------------------------------

REPR_METHODS = [
    ("text/html", "_repr_html_"),
    ("text/markdown", "_repr_markdown_"),
    ("image/svg+xml", "_repr_svg_"),
    ("image/png", "_repr_png_"),
    ("image/jpeg", "_repr_jpeg_"),
    ("text/latex", "_repr_latex_"),
    ("application/json", "_repr_json_"),
    ("application/javascript", "_repr_javascript_"),
    ("application/pdf", "_repr_pdf_"),
]


class PlainShell:
    """Runs cells without IPython: no magics, `repr` for text, Python's own tracebacks."""

    hint = INSTALL_IPYTHON.format(sys.executable)

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.count = 0
        self.last = ""
        self.loop = None

    def attach(self, page):
        """Make this the shell of a page."""
        self.page = page
        sys.modules["__main__"] = self.module
        builtins.display = self.display

    def run_step(self, step, code):
        """Run a cell; return the number of the execution, or None for a cell without code."""
        if not code.strip():
            return None
        self.count += 1
        file = "<cell %d>" % self.count
        self.page.places.add_file(file, step, code)
        linecache.cache[file] = (len(code), None, code.splitlines(True), file)
        try:
            tree = ast.parse(code, file)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            self.execute(compile(tree, file, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
            if last is not None:
                expression = ast.Expression(last.value)
                value = self.execute(compile(expression, file, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
                if value is not None and not ends_with_semicolon(code):
                    self.last = self.namespace["_"] = value
                    data, metadata = self.format(value)
                    self.page.outputs.display(data, metadata, self.count)
        except BaseException as error:
            self.report(error)
        if "matplotlib.pyplot" in sys.modules:
            try:
                show_figures()
            except Exception as error:
                self.report(error)
        return self.count

    def execute(self, code):
        result = eval(code, self.namespace)
        if code.co_flags & 0x80:  # CO_COROUTINE: the code has a top-level `await`.
            import asyncio

            self.loop = self.loop or asyncio.new_event_loop()
            result = self.loop.run_until_complete(result)
        return result

    def evaluate(self, expression):
        """The MIME bundle of an inline expression, with `repr` as text/plain, as IPython's `user_expressions` give it."""
        return self.format(eval(expression.strip(), self.namespace))[0]

    def report(self, error):
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        if trace is None and isinstance(error, SyntaxError):
            lines = traceback.format_exception_only(type(error), error)
        else:
            lines = traceback.format_exception(type(error), error, trace)
        text = "".join(lines)
        for file in self.page.places.files:
            text = re.sub(r'File "%s", line (\d+)' % re.escape(file), lambda m: self.place_text(file, int(m[1])), text)
        self.page.show_error(error, text.rstrip("\n").split("\n"))

    def place_text(self, file, line):
        return 'File "%s", line %d' % (self.page.places.page, self.page.places.line_of_page(file, line))

    def format(self, value):
        """The representations of a value, and their metadata."""
        data, metadata = {}, {}
        if is_figure(value):
            data, metadata = figure_bundle(value)
        elif not isinstance(value, type):
            bundle = call_repr(value, "_repr_mimebundle_")
            if bundle is not None:
                data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
                data = dict(data)
            for mime, method in REPR_METHODS:
                result = call_repr(value, method) if mime not in data else None
                if isinstance(result, tuple):
                    result, metadata[mime] = result
                if result is not None:
                    data[mime] = result
        data.setdefault("text/plain", repr(value))
        return data, metadata

    def display(self, *values, display_id=None, **_):
        """IPython's `display`, as far as it works without IPython."""
        for value in values:
            data, metadata = self.format(value)
            self.page.outputs.display(data, metadata, None, display_id)


def call_repr(value, method):
    function = getattr(type(value), method, None) and getattr(value, method)
    try:
        return function() if callable(function) else None
    except Exception:
        return None  # As IPython does: the other representations remain.


def ends_with_semicolon(code):
    """True if the last token of the code is a semicolon."""
    import tokenize

    ends = (tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(code).readline) if token.type not in ends]
    return bool(tokens) and tokens[-1].string == ";"


# IPython ----------------------------------------------------------------------------------------------------------------


def ipython_shell(folder):
    """IPython's shell with our displays in place of a terminal's; None without IPython."""
    try:
        from IPython.core.compilerop import CachingCompiler
        from IPython.core.displayhook import DisplayHook
        from IPython.core.displaypub import DisplayPublisher
        from IPython.core.interactiveshell import InteractiveShell
        from IPython.core.profiledir import ProfileDir
        from traitlets import Type
        from traitlets.config import Config
    except ImportError:
        return None

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            self.shell.page.outputs.display(format_dict, md_dict, self.prompt_count)

        def finish_displayhook(self):
            self._is_active = False

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
            identifier = (transient or {}).get("display_id")
            self.shell.page.outputs.display(data, metadata, None, identifier, update)

        def clear_output(self, wait=False):
            self.shell.page.outputs.clear(wait)

    class Compiler(CachingCompiler):
        places, step = None, None

        def get_code_name(self, raw_code, transformed_code, number):
            name = super().get_code_name(raw_code, transformed_code, number)
            if self.places:
                self.places.add_file(name, self.step, raw_code)
            return name

    # Libraries recognise notebooks by the name of the class and of the application.
    class ZMQInteractiveShell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)
        compiler_class = Type(Compiler)
        hint = None
        page = None

        def attach(self, page):
            self.page = page
            self.compile.places = page.places

        def run_step(self, step, code):
            self.compile.step = step
            count = self.execution_count
            self.run_cell(code, store_history=True)
            return count if code.strip() else None

        def evaluate(self, expression):
            with self.builtin_trap:
                return self.display_formatter.format(eval(expression.strip(), self.user_global_ns, self.user_ns))[0]

        def _showtraceback(self, etype, evalue, stb):
            self.page.show_error(evalue, stb if isinstance(stb, list) else str(stb).split("\n"))

        def enable_gui(self, gui=None):
            pass

        def system(self, cmd):
            # IPython runs it in a terminal, whose lines end in \r\n.
            stdout, sys.stdout = sys.stdout, Unix(sys.stdout)
            try:
                self.system_piped(cmd)
            finally:
                sys.stdout = stdout

        def init_sys_modules(self):
            # Not yet: the process that forks stays what it is.
            self._main_mod_cache = {}

    class Unix:
        def __init__(self, stream):
            self.stream = stream

        def write(self, text):
            return self.stream.write(text.replace("\r\n", "\n"))

        def __getattr__(self, name):
            return getattr(self.stream, name)

    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.quiet = True
    profile = ProfileDir.create_profile_dir(os.path.join(folder, "profile"))
    hook = sys.excepthook
    shell = ZMQInteractiveShell.instance(config=config, profile_dir=profile, ipython_dir=folder)
    sys.excepthook = hook
    return shell


# Figures ----------------------------------------------------------------------------------------------------------------


def set_up_matplotlib(figures, shell):
    """Apply the page's settings of figures to matplotlib, which has been imported."""
    import matplotlib.pyplot as plt

    plt.rcParams["figure.figsize"] = (figures["width"], figures["height"])
    plt.rcParams["figure.dpi"] = figures["dpi"]
    plt.rcParams["savefig.dpi"] = "figure"
    if isinstance(shell, PlainShell):
        PlainBackend.format = figures["format"]
        return
    from matplotlib_inline import backend_inline

    plt.matplotlib.interactive(True)
    backend_inline.configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    backend_inline.set_matplotlib_formats(figures["format"])


def set_up_plotly():
    """Make plotly's figures small: its library comes from a CDN, and margins are those of Quarto."""
    import plotly.io

    plotly.io.renderers.default = "notebook_connected"
    for name in plotly.io.templates:
        plotly.io.templates[name].layout.margin = dict(t=30, r=0, b=0, l=0)


class PlainBackend:
    """A matplotlib backend that displays figures without IPython."""

    format = "retina"
    shell = None

    @classmethod
    def install(cls, shell):
        """Make the backend importable under the name in MPLBACKEND."""
        cls.shell = shell

        def load(name):
            if name == "FigureCanvas":
                from matplotlib.backends.backend_agg import FigureCanvasAgg

                return FigureCanvasAgg
            raise AttributeError(name)

        module = types.ModuleType("mlsys_figures")
        module.__getattr__, module.show = load, cls.show
        sys.modules["mlsys_figures"] = module

    @classmethod
    def show(cls, *_, **__):
        """Display the open figures and close them."""
        pyplot = sys.modules["matplotlib.pyplot"]
        for number in pyplot.get_fignums():
            cls.shell.display(pyplot.figure(number))
        pyplot.close("all")


def is_figure(value):
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def figure_bundle(figure):
    """The representation of a matplotlib figure, as IPython makes it for the inline backend."""
    name = {"retina": "png", "jpg": "jpeg"}.get(PlainBackend.format, PlainBackend.format)
    mime = {"svg": "image/svg+xml", "pdf": "application/pdf"}.get(name, "image/" + name)
    data = {"text/plain": repr(figure)}
    if not figure.axes and not figure.lines:
        return data, {}
    is_retina = PlainBackend.format == "retina"
    dpi = figure.dpi * (2 if is_retina else 1)
    file = io.BytesIO()
    figure.savefig(file, format=name, dpi=dpi, bbox_inches="tight", facecolor=figure.get_facecolor())
    data[mime] = file.getvalue().decode("utf-8") if name == "svg" else file.getvalue()
    if not is_retina:
        return data, {}
    width, height = struct.unpack(">II", file.getvalue()[16:24])
    return data, {mime: {"width": width // 2, "height": height // 2}}


class AfterImport:
    """An import hook: calls a function once a module has been imported."""

    def __init__(self, functions):
        self.functions = functions

    @classmethod
    def install(cls, functions):
        waiting = {}
        for name, function in functions.items():
            if name in sys.modules:
                run_quietly(function)
            else:
                waiting[name] = function
        sys.meta_path.insert(0, cls(waiting))

    def find_spec(self, name, path, target=None):
        function = self.functions.pop(name, None)
        if function is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                execute = spec.loader.exec_module

                def exec_module(module):
                    execute(module)
                    run_quietly(function)

                spec.loader.exec_module = exec_module
                return spec
        return None


def run_quietly(function):
    """Call a function whose failure only costs a setting, as in Quarto's setup cell."""
    try:
        function()
    except Exception:
        pass


# What results depend on -------------------------------------------------------------------------------------------------


class Dependencies:
    """The files that the page has opened, and the packages that it has imported."""

    def __init__(self, root, installation):
        self.root, self.installation = root, installation
        self.read, self.written = set(), set()
        sys.addaudithook(self.watch)

    def watch(self, event, arguments):
        try:
            if event == "open":
                self.open(*arguments)
            elif event in ("os.listdir", "os.scandir"):
                if "importlib" not in sys._getframe(1).f_code.co_filename:
                    self.add(arguments[0] or ".", self.read)
        except Exception:
            pass  # A hook that raises would stop what it watches.

    def open(self, path, mode, flags):
        writes = flags & (os.O_WRONLY | os.O_RDWR) if mode is None else any(c in mode for c in "wax+")
        self.add(path, self.written if writes else self.read)

    def add(self, path, paths):
        if isinstance(path, int):
            return
        path = os.path.abspath(os.fsdecode(path))
        # What the page itself has written before is a result, not an input.
        if path not in self.written and "__pycache__" not in path and not path.startswith(self.installation.folders):
            paths.add(path)

    def files(self):
        """The files read, the project's own modules among them."""
        modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        own = [path for path in modules if isinstance(path, str) and path != __file__]
        own = {os.path.abspath(path) for path in own}
        return sorted(self.read | {path for path in own if not path.startswith(self.installation.folders)})


class Installation:
    """The folders of the interpreter and the system, and the records of installed packages."""

    def __init__(self):
        import site
        import sysconfig

        self.packages = sorted({os.path.abspath(p) for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")})
        home = os.path.expanduser("~")
        folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(), *self.packages}
        folders |= {os.path.join(home, name) for name in (".cache", ".config", ".local", ".ipython", ".matplotlib", ".jupyter")}
        folders |= {"/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin", "/opt", "/proc", "/dev", "/sys", "/run", "/var/cache"}
        folders |= {tempfile.gettempdir(), site.getuserbase() or home}
        self.folders = tuple(sorted(os.path.abspath(folder) + os.sep for folder in folders))
        self.records = None

    def is_package(self, path):
        return path is not None and os.path.abspath(path).startswith(tuple(folder + os.sep for folder in self.packages))

    def read_records(self):
        """Map top-level modules to the records of their packages; 10 times as fast as `packages_distributions`."""
        self.records = {}
        for folder in self.packages:
            for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
                record = os.path.join(folder, name, "RECORD")
                if name.endswith(".dist-info") and os.path.exists(record):
                    with open(record, encoding="utf-8", errors="replace") as lines:
                        tops = {re.split("[/,]", line, maxsplit=1)[0] for line in lines}
                    for top in tops:
                        self.records.setdefault(os.path.join(folder, top), record)

    def records_of(self, modules):
        """The records of the packages that contain modules."""
        found = set()
        for module in modules:
            path = getattr(module, "__file__", None)
            for folder in self.packages if isinstance(path, str) else ():
                if path.startswith(folder + os.sep):
                    top = os.path.join(folder, path[len(folder) + 1 :].split(os.sep)[0])
                    found.add(self.records.get(top))
        return sorted(found - {None})


# A page -----------------------------------------------------------------------------------------------------------------


class Page:
    """A page's run, from its message to its last answer."""

    def __init__(self, channel, job, shell, installation, descriptors, streams):
        self.channel, self.job, self.shell, self.installation = channel, job, shell, installation
        self.places = Places(job["page"])
        self.step, self.has_error = None, False
        self.outputs = Outputs(descriptors, job["output_limit"], self.exceed, self.amend)
        os.environ.update(job["environment"])
        os.chdir(os.path.join(job["root"], job["folder"]))
        sys.path.insert(0, "")
        forget_shadowed(installation)
        warnings.formatwarning = self.places.format_warning
        write_no_bytecode_below(job["root"], installation)
        limit_memory(job["memory_limit"])
        shell.attach(self)
        figures = job["figures"]
        AfterImport.install(
            {"matplotlib.pyplot": lambda: set_up_matplotlib(figures, shell), "plotly.io": set_up_plotly}
        )
        numpy = sys.modules.get("numpy.random")
        if numpy is not None:
            numpy.seed()  # Otherwise all pages would draw the same numbers.
        for stream in streams:
            stream.outputs = self.outputs
        self.dependencies = Dependencies(job["root"], installation)

    def amend(self, step, index, item):
        self.channel.send("update", step=step, index=index, output=item)

    def show_error(self, error, lines):
        try:
            value = str(error)
        except Exception:
            value = "<unprintable>"
        self.has_error = True
        self.place, self.error = self.places.of(error, self.step), (type(error).__name__, value, lines)
        self.outputs.error(type(error).__name__, value, lines, self.place)
        self.hint = self.hint_for(error)

    def hint_for(self, error):
        """What to do about an exception, if we know."""
        if isinstance(error, EOFError):
            return "cells cannot read input: assign the value in the code"
        if isinstance(error, ModuleNotFoundError) and error.name:
            name = error.name.split(".")[0]
            return "install the package that contains `%s`: `%s -m pip install %s`" % (name, sys.executable, name)
        if isinstance(error, SyntaxError) and self.shell.hint:
            line = (error.text or "").strip()
            return self.shell.hint if line.startswith(("%", "!")) or line.endswith("?") else None
        if isinstance(error, NameError) and "get_ipython" in str(error):
            return self.shell.hint
        return None

    def run(self):
        """Run the steps up to the first that fails."""
        for number, step in enumerate(self.job["steps"]):
            self.step = number
            self.channel.send("step", step=number)
            self.outputs.start(number)
            if not (self.run_value(step) if "expression" in step else self.run_cell(step)):
                break
        self.channel.send("end", **self.summary())

    def run_value(self, step):
        try:
            data = encode_bundle(self.shell.evaluate(step["expression"]))
            self.outputs.spend(sum(map(len, data.values())))
        except BaseException as error:
            lines = "".join(traceback.format_exception_only(type(error), error)).rstrip("\n").split("\n")
            self.show_error(error, lines)
            self.fail()
            return False
        self.channel.send("value", step=self.step, data=data)
        return True

    def run_cell(self, step):
        self.has_error = False
        self.places.add_cell(self.step, step["line"], step["code"])
        count = self.shell.run_step(self.step, step["code"])
        outputs = self.outputs.finish()
        self.channel.send("cell", step=self.step, count=count, outputs=outputs)
        if self.has_error and not step["allow_error"]:
            self.fail()
            return False
        if step["is_parameters"] and self.job["params"]:
            namespace = self.shell.namespace if isinstance(self.shell, PlainShell) else self.shell.user_ns
            namespace.update(self.job["params"])
        return True

    def fail(self):
        name, value, lines = self.error
        text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))
        self.channel.send("failure", step=self.step, name=name, value=value, place=self.place, traceback=text, hint=self.hint)

    def exceed(self):
        """End the page: it has written too much."""
        self.channel.send("limit", step=self.step, limit="output")
        os._exit(1)

    def summary(self):
        """What the results depend on, and the state of widgets."""
        if self.installation.records is None:
            self.installation.read_records()
        packages = self.installation.records_of(list(sys.modules.values()))
        files = self.dependencies.files()
        if isinstance(self.shell, PlainShell):
            # To install IPython changes results.
            files += [os.path.join(folder, "IPython", "__init__.py") for folder in self.installation.packages]
        return {"files": sorted(files), "packages": packages, "widgets": widget_state()}


def widget_state():
    """The state of ipywidgets as JSON, or None."""
    module = sys.modules.get("ipywidgets")
    if module is None:
        return None
    state = module.Widget.get_manager_state()
    return json.dumps(state, default=str, sort_keys=True) if state["state"] else None


def write_no_bytecode_below(root, installation):
    """Write no `__pycache__` into the project: an edit within a second of another would not be seen, and watchers would."""
    from importlib.machinery import SourceFileLoader

    write = SourceFileLoader.set_data

    def set_data(self, path, data, **options):
        if not path.startswith(root + os.sep) or installation.is_package(path):
            write(self, path, data, **options)

    SourceFileLoader.set_data = set_data


def limit_memory(limit):
    """Bound private memory, so that a runaway cell gets a MemoryError; mapped files and reserved addresses do not count."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limit:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def run_page(channel, shell, installation, descriptors, streams):
    """Run the page of a channel in this process, and end the process."""
    for target, descriptor in zip((1, 2), descriptors):
        descriptor.replace(target)
    job = channel.receive()
    if job is not None:
        channel.send("started", pid=os.getpid())
        Page(channel, job, shell, installation, descriptors, streams).run()
    # Functions of `atexit` remove temporary files; threads that are left are not waited for.
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(2)
    import atexit

    atexit._run_exitfuncs()
    os._exit(0)


# The process that forks -------------------------------------------------------------------------------------------------


def prctl(option, value):
    if ON_LINUX and C_LIBRARY is not None:
        C_LIBRARY.prctl(option, value, 0, 0, 0)


def preload(modules, installation):
    """Import modules that lie in the installation's packages: the project's own may change between pages."""
    import importlib.util

    for name in modules:
        top = name.split(".")[0]
        try:
            spec = top not in UNSAFE_TO_FORK and importlib.util.find_spec(top)
            if spec and installation.is_package(spec.origin):
                __import__(name)
        except BaseException:
            pass  # The page that imports it shows the error.
    if "plotly.io" in sys.modules:
        run_quietly(set_up_plotly)


def forget_shadowed(installation):
    """Forget preloaded modules that the page's folder has files of the same name for."""
    names = {name.split(".")[0] for name, module in sys.modules.items() if installation.is_package(getattr(module, "__file__", None))}
    shadowed = {name for name in names if os.path.exists(name + ".py") or os.path.exists(os.path.join(name, "__init__.py"))}
    for name in [name for name in sys.modules if name.split(".")[0] in shadowed]:
        del sys.modules[name]


class Server:
    """Forks a process for each connection, and ends each with its connection."""

    def __init__(self, folder, listener):
        self.folder, self.listener = folder, listener
        self.pages = {}  # process -> (connection, descriptors)

    def serve(self, run):
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
            poll.register(self.listener, select.POLLIN)
            poll.register(wakes, select.POLLIN)
            poll.register(0, 0)
            for connection, _, _ in self.pages.values():
                poll.register(connection, 0)
            ready = dict(poll.poll(200 if self.pages else None))
            if 0 in ready:
                self.stop()
            if wakes in ready:
                os.read(wakes, 4096)
            self.reap()
            for pid, (connection, descriptors, limit) in list(self.pages.items()):
                if connection.fileno() in ready:
                    kill_group(pid)
                elif sum(descriptor.size() for descriptor in descriptors) > limit:
                    self.pages[pid] = (connection, descriptors, float("inf"))
                    kill_group(pid)
            if self.listener.fileno() in ready:
                self.accept(run)

    def accept(self, run):
        connection, _ = self.listener.accept()
        connection.setblocking(True)
        descriptors = [Descriptor(), Descriptor()]
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.pages[pid] = (connection, descriptors, OUTPUT_LIMIT)
            return
        try:
            os.setsid()
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.listener.close()
            for other, _, _ in self.pages.values():
                other.close()
            null = os.open(os.devnull, os.O_RDONLY)
            os.dup2(null, 0)
            if not ON_LINUX:
                threading.Thread(target=end_with, args=(parent,), daemon=True).start()
            run(Channel(connection.fileno(), connection.fileno()), descriptors)
        finally:
            os._exit(1)

    def reap(self):
        """Collect processes that have ended, say how, and end what they have left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid not in self.pages:
                continue
            # The group cannot be another one: its number stays taken as long as it has members.
            kill_group(pid)
            connection, descriptors, limit = self.pages.pop(pid)
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            name = None if number is None else signal_name(number)
            too_much = limit == float("inf")
            try:
                Channel(-1, connection.fileno()).send("exit", code=code, signal=name, limit="output" if too_much else None)
            except OSError:
                pass
            connection.close()
            for descriptor in descriptors:
                descriptor.close()
            self.kill_orphans()

    def kill_orphans(self):
        """Kill processes of ended pages that had left their group; they are children of this process now."""
        try:
            with open("/proc/self/task/%d/children" % os.getpid()) as file:
                children = [int(pid) for pid in file.read().split()]
        except OSError:
            return
        for pid in children:
            if pid not in self.pages:
                os.kill(pid, signal.SIGKILL)

    def stop(self):
        """End all pages and this process."""
        for pid in self.pages:
            kill_group(pid)
        for pid in list(self.pages):
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
        self.pages = {}
        self.kill_orphans()
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)


def kill_group(pid):
    for kill in (os.killpg, os.kill):  # A process that was forked just now has no group yet.
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            pass


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def end_with(parent):
    """End this process when its parent has ended, where the system has no signal for it."""
    import time

    while os.getppid() == parent:
        time.sleep(0.2)
    kill_group(os.getpid())


def load_c_library():
    try:
        import ctypes

        return ctypes.CDLL(None)
    except Exception:
        return None


C_LIBRARY = load_c_library()
OUTPUT_LIMIT = int(os.environ.get("MLSYS_CELL_OUTPUT", 64 << 20))


def main():
    mode, folder, *modules = sys.argv[1:]
    sys.path.pop(0)
    sys.argv[:] = [""]
    control = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    listener = None
    if mode == "serve":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(folder, "socket"))
        listener.listen(64)
        Channel(-1, control).send("listening")
        os.close(control)
    streams = sys.stdout, sys.stderr = Stream("stdout", 1), Stream("stderr", 2)
    installation = Installation()
    shell = ipython_shell(folder)
    if shell is None:
        shell = PlainShell()
        PlainBackend.install(shell)
    os.environ["MPLBACKEND"] = "module://mlsys_figures" if shell.hint else "module://matplotlib_inline.backend_inline"
    if listener is None:
        input_, null = os.dup(0), os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        run_page(Channel(input_, control), shell, installation, [Descriptor(), Descriptor()], streams)
    preload(modules, installation)
    installation.read_records()
    gc.collect()
    gc.freeze()
    Server(folder, listener).serve(lambda channel, descriptors: run_page(channel, shell, installation, descriptors, streams))


MAIN = sys.modules["__main__"]  # IPython replaces it in `sys.modules`.
main()
