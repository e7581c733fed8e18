"""Imports: before pages run, and what follows one."""

import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader

# Modules that start threads or claim devices when they are imported: a fork of such a process hangs.
UNSAFE_TO_FORK = {"torch", "tensorflow", "jax", "jaxlib", "grpc", "pyarrow", "ray", "cupy", "polars"}


def preload(modules, installation):
    """Import modules that lie in installed packages: the project's own may change between pages."""
    for name in modules:
        top = name.split(".")[0]
        try:
            spec = top not in UNSAFE_TO_FORK and importlib.util.find_spec(top)
            if spec and installation.is_package(spec.origin):
                importlib.import_module(name)
        except BaseException:
            pass  # The page that imports it shows the error.


def forget_shadowed(installation):
    """Forget preloaded modules for which the page's folder has files of the same name."""
    modules = [(name.split(".")[0], getattr(module, "__file__", None)) for name, module in sys.modules.items()]
    names = {name for name, file in modules if installation.is_package(file)}
    files = {os.path.splitext(entry.name)[0] for entry in os.scandir(".") if entry.name.endswith(".py")}
    folders = {name for name in names if os.path.exists(os.path.join(name, "__init__.py"))}
    shadowed = names & (files | folders)
    for name in [name for name in sys.modules if name.split(".")[0] in shadowed]:
        del sys.modules[name]


def write_no_bytecode(root, installation):
    """Write no `__pycache__` into the project. Watchers would see it, and a second edit within a second would be missed."""
    write = SourceFileLoader.set_data

    def set_data(self, path, data, **options):
        if not path.startswith(root + os.sep) or installation.is_package(path):
            write(self, path, data, **options)

    SourceFileLoader.set_data = set_data


class AfterImport:
    """An import hook that calls functions once modules are imported: importing them for that alone takes long."""

    def __init__(self, functions):
        self.functions = functions

    @classmethod
    def install(cls, functions):
        """Call functions after the import of the modules that name them, or now if they are imported."""
        waiting = dict(functions)
        for name in functions:
            if name in sys.modules:
                run_quietly(waiting.pop(name))
        sys.meta_path.insert(0, cls(waiting))

    def find_spec(self, name, path, target=None):
        function = self.functions.pop(name, None)
        if function is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                run_quietly(function)

            spec.loader.exec_module = exec_module
        return spec


def run_quietly(function):
    """Call a function whose failure costs a setting only, as in Quarto's setup cell."""
    try:
        function()
    except Exception:
        pass
