"""Python with IPython."""

import os
import sys

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Type
from traitlets.config import Config


class Results(DisplayHook):
    """Hands on the values of cells, which a terminal would print."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.page.outputs.display(format_dict, md_dict, count=self.prompt_count)

    def finish_displayhook(self):
        self._is_active = False


class Displays(DisplayPublisher):
    """Hands on displayed values."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        identifier = (transient or {}).get("display_id")
        self.shell.page.outputs.display(data, metadata, display_id=identifier, update=update)

    def clear_output(self, wait=False):
        self.shell.page.outputs.clear(wait)


class Compiler(CachingCompiler):
    """Compiles code under names that lead to the page."""

    places, step = None, None

    def get_code_name(self, raw_code, transformed_code, number):
        if self.places is None:
            return super().get_code_name(raw_code, transformed_code, number)
        return self.places.add_file(self.step, raw_code)


# Libraries recognise notebooks by the name of the class and by the application in its configuration.
class ZMQInteractiveShell(InteractiveShell):
    """IPython's shell with our displays in place of a terminal's."""

    displayhook_class = Type(Results)
    display_pub_class = Type(Displays)
    compiler_class = Type(Compiler)
    hint = None
    backend = "module://matplotlib_inline.backend_inline"
    page = None

    @classmethod
    def create(cls, folder):
        """The shell of this process; IPython's own files are in a folder, so that the user's profile has no effect."""
        config = Config()
        # Without the history's database and its thread. Numbers of executions, `_` and `;` work all the same.
        config.HistoryManager.enabled = False
        config.IPKernelApp.quiet = True
        profile = ProfileDir.create_profile_dir(os.path.join(folder, "profile"))
        excepthook = sys.excepthook
        shell = cls.instance(config=config, profile_dir=profile, ipython_dir=folder)
        sys.excepthook = excepthook
        shell.set_hook("show_in_pager", lambda *_, **__: None, 0)  # Help pages are no outputs.
        return shell

    @property
    def namespace(self):
        return self.user_ns

    def attach(self, page):
        """Run cells of a page from now on."""
        self.page = page
        self.compile.places = page.places
        sys.modules["__main__"] = self.user_module

    def run_step(self, step, code):
        """Run a cell. The number of the execution, or None for a cell without code."""
        self.compile.step = step
        count = self.execution_count
        self.run_cell(code, store_history=True)
        return count if code.strip() else None

    def evaluate(self, expression):
        """The representations of an inline expression's value."""
        with self.builtin_trap:
            value = eval(expression.strip(), self.user_global_ns, self.user_ns)
            return self.display_formatter.format(value)[0]

    def _showtraceback(self, etype, evalue, stb):
        self.page.show_error(evalue, stb if isinstance(stb, list) else str(stb).split("\n"))

    def enable_gui(self, gui=None):
        pass

    def system(self, cmd):
        # IPython runs it in a terminal, whose lines end in \r\n.
        stdout, sys.stdout = sys.stdout, UnixLines(sys.stdout)
        try:
            self.system_piped(cmd)
        finally:
            sys.stdout = stdout

    def init_sys_modules(self):
        # Not before there is a page: the process that forks stays what it is.
        self._main_mod_cache = {}


class UnixLines:
    """A stream whose lines end in \\n."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        return self.stream.write(text.replace("\r\n", "\n"))

    def __getattr__(self, name):
        return getattr(self.stream, name)
