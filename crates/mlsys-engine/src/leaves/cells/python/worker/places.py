"""Where in the page code stands: for tracebacks and warnings."""

import linecache
import traceback


class Places:
    """The cells of a page, and the names of files that their code is compiled under."""

    def __init__(self, page):
        self.page = page
        self.cells = {}  # step -> (first line in the page, code)
        self.files = {}  # file -> (step, lines of the cell before the code)

    def add_cell(self, step, line, code):
        self.cells[step] = (line, code)

    def add_file(self, step, code):
        """A name for a cell's code, or for the part of it that follows a cell magic.

        As in ipykernel it is that of a Python file that does not exist, because IPython's tracebacks look at that.
        """
        file = "%s/cell-%d.py" % (self.page, len(self.files) + 1)
        cell, code = self.cells[step][1].rstrip(), code.rstrip()
        skipped = cell[: len(cell) - len(code)].count("\n") if cell.endswith(code) else 0
        self.files[file] = (step, skipped)
        return file

    def line_of_page(self, file, line):
        """The line of the page for a line of a file; None if the file is no cell."""
        if file not in self.files:
            return None
        step, skipped = self.files[file]
        return self.cells[step][0] + skipped + line - 1

    def of(self, error, step):
        """The line and column of a step's code, from 1, that an exception passed; None if it passed none."""
        if isinstance(error, SyntaxError) and error.filename in self.files:
            frames = [(error.filename, error.lineno, error.offset)]
        else:
            frames = [(file, line, None if column is None else column + 1) for file, line, column in frames_of(error)]
        for file, line, column in reversed(frames):
            owner, skipped = self.files.get(file, (None, 0))
            if owner == step:
                return {"line": (line or 1) + skipped, "column": column or 0}
        return None

    def format_warning(self, message, category, filename, lineno, line=None):
        """`warnings.formatwarning` with lines of the page."""
        source = (linecache.getline(filename, lineno) if line is None else line).strip()
        real = self.line_of_page(filename, lineno)
        place = "%s:%d" % ((filename, lineno) if real is None else (self.page, real))
        return "%s: %s: %s\n%s" % (place, category.__name__, message, "  %s\n" % source if source else "")


def frames_of(error):
    """File, line and column (Python 3.11) of an exception's frames, the innermost last."""
    frames = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        frames.append([frame.f_code.co_filename, line, None])
    for place, summary in zip(frames, traceback.TracebackException(type(error), error, error.__traceback__).stack):
        place[2] = getattr(summary, "colno", None)
    return frames
