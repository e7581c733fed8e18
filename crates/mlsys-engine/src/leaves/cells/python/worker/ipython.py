"""Python with IPython."""

import codecs
import os
import subprocess
import sys
import traceback

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
        result = self.run_cell(code, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not self.page.has_error:
            # IPython has printed it: a wrong magic, or a group of exceptions.
            self.page.note_error(error, traceback.format_exception(type(error), error, error.__traceback__))
        return count if code.strip() else None

    def evaluate(self, expression):
        """The representations of an inline expression's value."""
        with self.builtin_trap:
            value = eval(expression.strip(), self.user_global_ns, self.user_ns)
            return self.display_formatter.format(value)[0]

    def _showtraceback(self, etype, evalue, stb):
        self.page.show_error(evalue, stb if isinstance(stb, list) else str(stb).split("\n"))

    def ask_exit(self):
        raise SystemExit("the cell calls `exit`")

    def enable_gui(self, gui=None):
        pass

    def system(self, cmd):
        """Run a shell command (`!command`), with all of its output as stdout."""
        self.user_ns["_exit_code"] = run_in_terminal(self.var_expand(cmd, depth=1), sys.stdout)

    def init_sys_modules(self):
        # Not before there is a page: the process that forks stays what it is.
        self._main_mod_cache = {}


def run_in_terminal(command, stdout):
    """Run a shell command whose output is a terminal, where there are some: programs then write as IPython shows them."""
    try:
        import pty
        import termios
    except ImportError:
        reads, writes = os.pipe()
    else:
        reads, writes = pty.openpty()
        termios.tcsetwinsize(writes, (24, 80)) if hasattr(termios, "tcsetwinsize") else None
        attributes = termios.tcgetattr(writes)
        attributes[1] &= ~termios.OPOST  # Otherwise lines would end in \r\n.
        termios.tcsetattr(writes, termios.TCSANOW, attributes)
    process = subprocess.Popen(command, shell=True, stdin=subprocess.DEVNULL, stdout=writes, stderr=writes)
    os.close(writes)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        try:
            data = os.read(reads, 1 << 16)
        except OSError:  # So Linux reports the end of a terminal.
            data = b""
        stdout.write(decoder.decode(data, final=not data))
        if not data:
            break
    os.close(reads)
    return process.wait()
