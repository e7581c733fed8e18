"""What the results of a page depend on besides its code."""

import os
import re
import site
import sys
import sysconfig
import tempfile

# Folders of the system, where programs and their settings are.
SYSTEM = ["/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin", "/opt", "/proc", "/dev", "/sys", "/run", "/var/cache"]
# Folders of the user's settings and caches, in the home folder.
SETTINGS = [".cache", ".config", ".local", ".ipython", ".matplotlib", ".jupyter", "Library/Caches"]


class Installation:
    """The folders of the interpreter and the system, and the records of installed packages."""

    def __init__(self, own):
        paths = [os.path.abspath(path) for path in sys.path]
        self.packages = sorted({path for path in paths if os.path.basename(path) in ("site-packages", "dist-packages")})
        home = os.path.expanduser("~")
        folders = [sys.prefix, sys.base_prefix, sys.exec_prefix, site.getuserbase() or own, tempfile.gettempdir(), own]
        folders += [*sysconfig.get_paths().values(), *self.packages, *SYSTEM]
        folders += [os.path.join(home, name) for name in SETTINGS]
        self.folders = tuple(sorted({os.path.abspath(folder) + os.sep for folder in folders}))
        self.records = {}

    def is_package(self, path):
        """True if a module's file belongs to an installed package."""
        return path is not None and absolute(path).startswith(tuple(folder + os.sep for folder in self.packages))

    def read_records(self):
        """Map the top-level files of packages to their records; `packages_distributions` takes ten times as long."""
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
        records = set()
        for module in modules:
            path = getattr(module, "__file__", None)
            for folder in self.packages if isinstance(path, str) else ():
                if path.startswith(folder + os.sep):
                    top = path[len(folder) + 1 :].split(os.sep)[0]
                    records.add(self.records.get(os.path.join(folder, top)))
        return sorted(records - {None})


class Dependencies:
    """The files that a page reads and the folders that it lists, outside of the installation.

    `on_process` is called when the code starts a process.
    """

    def __init__(self, installation, root, cells, on_process):
        self.cells, self.on_process = cells, on_process
        # A project may lie in a folder of the system.
        self.excluded = tuple(folder for folder in installation.folders if not (root + os.sep).startswith(folder))
        self.read, self.written = set(), set()
        sys.addaudithook(self.watch)

    def watch(self, event, arguments):
        try:
            if event == "open":
                path, mode, flags = arguments
                writes = any(c in mode for c in "wax+") if isinstance(mode, str) else flags & (os.O_WRONLY | os.O_RDWR)
                self.add(path, self.written if writes else self.read)
            elif event in ("os.listdir", "os.scandir"):
                # Imports list all folders of the path.
                if "importlib" not in sys._getframe(1).f_code.co_filename:
                    self.add(arguments[0] or ".", self.read)
            elif event in ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"):
                self.on_process()
        except Exception:
            pass  # A hook that raises stops what it watches.

    def add(self, path, paths):
        if isinstance(path, int):
            return
        path = os.path.abspath(os.fsdecode(path))
        # What the page itself has written before is a result, not an input.
        if path not in self.written and "__pycache__" not in path and not self.is_excluded(path):
            paths.add(path)

    def is_excluded(self, path):
        return (path + os.sep).startswith(self.excluded)

    def files(self):
        """The paths, with those of the project's own modules."""
        modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        own = {absolute(path) for path in modules if isinstance(path, str)}
        own = {path for path in own if not self.is_excluded(path)}
        cells = {absolute(file) for file in self.cells}
        return sorted((self.read | own) - cells)


def absolute(path):
    """`os.path.abspath`, also in a working folder that a cell has removed."""
    try:
        return os.path.abspath(path)
    except OSError:
        return path
