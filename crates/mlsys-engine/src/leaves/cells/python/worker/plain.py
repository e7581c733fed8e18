"""Python without IPython: no magics, `repr` for text, Python's own tracebacks."""

import ast
import asyncio
import builtins
import inspect
import io
import linecache
import re
import sys
import tokenize
import traceback
import types
import uuid

from . import figures

INSTALL_IPYTHON = "install IPython for this interpreter: `%s -m pip install ipython`" % sys.executable

# The methods of a value that give its representations, by type.
REPRESENTATIONS = [
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
    """Runs cells as IPython's shell does, as far as Python alone can."""

    hint = INSTALL_IPYTHON
    backend = figures.PLAIN_BACKEND

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.count = 0
        self.loop = None
        figures.PlainBackend.install(self)

    def attach(self, page):
        """Run cells of a page from now on."""
        self.page = page
        sys.modules["__main__"] = self.module
        builtins.display = self.display

    def run_step(self, step, code):
        """Run a cell. The number of the execution, or None for a cell without code."""
        if not code.strip():
            return None
        self.count += 1
        file = self.page.places.add_file(step, code)
        linecache.cache[file] = (len(code), None, code.splitlines(True), file)
        try:
            self.run_code(code, file)
        except BaseException as error:
            self.report(error)
        try:
            figures.PlainBackend.show()
        except Exception as error:
            self.report(error)
        return self.count

    def run_code(self, code, file):
        tree = ast.parse(code, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self.execute(tree, file, "exec")
        if last is not None:
            value = self.execute(ast.Expression(last.value), file, "eval")
            if value is not None and not ends_with_semicolon(code):
                self.namespace["_"] = value
                self.page.outputs.display(*self.format(value), count=self.count)

    def execute(self, tree, file, mode):
        code = compile(tree, file, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, self.namespace)
        if code.co_flags & inspect.CO_COROUTINE:
            self.loop = self.loop or asyncio.new_event_loop()
            result = self.loop.run_until_complete(result)
        return result

    def evaluate(self, expression):
        """The representations of an inline expression's value."""
        return self.format(eval(expression.strip(), self.namespace))[0]

    def report(self, error):
        """Show an exception with the traceback that Python would print, in lines of the page."""
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename not in self.page.places.files:
            trace = trace.tb_next
        text = "".join(traceback.format_exception(type(error), error, trace))
        if trace is None:
            text = "".join(traceback.format_exception_only(type(error), error))
        line_of_page = self.page.places.line_of_page

        def place(match):
            line = line_of_page(match[1], int(match[2]))
            return match[0] if line is None else 'File "%s", line %d' % (self.page.places.page, line)

        text = re.sub(r'File "([^"\n]+)", line (\d+)', place, text)
        self.page.show_error(error, text.rstrip("\n").split("\n"))

    def format(self, value):
        """The representations of a value, and their metadata."""
        if figures.is_figure(value):
            return figures.bundle(value)
        data, metadata = {}, {}
        if not isinstance(value, type):
            bundle = represent(value, "_repr_mimebundle_")
            if bundle is not None:
                data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
                data = dict(data)
            for mime, method in REPRESENTATIONS:
                result = represent(value, method) if mime not in data else None
                if isinstance(result, tuple):
                    result, metadata[mime] = result
                if result is not None:
                    data[mime] = result
        data.setdefault("text/plain", repr(value))
        return data, metadata

    def display(self, *values, display_id=None, **_):
        """IPython's `display`. With a display_id, the result has a method `update`."""
        identifier = uuid.uuid4().hex if display_id is True else display_id
        for value in values:
            self.page.outputs.display(*self.format(value), display_id=identifier)
        return DisplayHandle(self, identifier) if identifier else None


class DisplayHandle:
    """A displayed value that can be replaced."""

    def __init__(self, shell, identifier):
        self.shell, self.display_id = shell, identifier

    def update(self, value, **_):
        self.shell.page.outputs.display(*self.shell.format(value), display_id=self.display_id, update=True)


def represent(value, method):
    """The result of one of a value's methods for its representation; None if it has none or fails, as in IPython."""
    try:
        return getattr(value, method)() if hasattr(type(value), method) else None
    except Exception:
        return None


def ends_with_semicolon(code):
    """True if the last token of the code is a semicolon."""
    ends = (tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(code).readline) if token.type not in ends]
    return bool(tokens) and tokens[-1].string == ";"
