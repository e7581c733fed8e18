"""The outputs of cells, as ipykernel would send them."""

import base64
import codecs
import io
import json
import os
import tempfile

from .system import flush_c_streams


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

    def flush(self):
        if self.outputs:
            self.outputs.flush([self._name])

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

    def flush(self):
        self.stream.flush()

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
    """The outputs of the running cell, in the order in which ipykernel sends them.

    A stream's text is put out when the stream is flushed, when a value is displayed and at the end of the cell: stdout before
    stderr. ipykernel also does so by a timer, which would make results irreproducible.
    """

    def __init__(self, descriptors, limit, exceeded, amend):
        """`exceeded()` is called above `limit` characters, `amend(step, index, item)` when an earlier cell's output changes."""
        self.limit, self.exceeded, self.amend = limit, exceeded, amend
        self.descriptors = dict(zip(("stdout", "stderr"), descriptors))
        self.texts = {"stdout": [], "stderr": []}
        self.displays = {}  # display_id -> (step, index, item) of each output that has it
        self.widgets = []  # the outputs outside of the output widgets that are open
        self.start(None)

    def start(self, step):
        """Begin with the outputs of a step."""
        self.step, self.items, self.clears, self.is_cleared = step, [], False, False
        for texts in self.texts.values():
            texts.clear()

    def finish(self):
        """The outputs of the step."""
        flush_c_streams()
        self.flush()
        return self.items

    def spend(self, size):
        self.limit -= size
        if self.limit < 0:
            self.exceeded()

    def pull(self):
        """Take what was written to the file descriptors, so that it keeps its place among what Python writes."""
        for name, descriptor in self.descriptors.items():
            text = descriptor.read()
            if text:
                self.spend(len(text))
                self.texts[name].append(text)

    def write(self, name, text):
        """Add text of a stream."""
        self.pull()
        self.spend(len(text))
        self.texts[name].append(text)

    def flush(self, names=("stdout", "stderr")):
        """Put out the text of streams."""
        self.pull()
        for name in names:
            text = "".join(self.texts[name])
            self.texts[name].clear()
            if text:
                self.append({"kind": "stream", "name": name, "text": text})

    def append(self, item):
        if self.clears:
            self.drop()
        last = self.items[-1] if self.items else {}
        if item["kind"] == "stream" and last.get("name") == item["name"] and last["kind"] == "stream":
            last["text"] += item["text"]
        else:
            self.items.append(item)

    def display(self, data, metadata=None, count=None, display_id=None, update=False):
        """Show a value, or replace the outputs that have its display_id, also those of earlier cells."""
        self.flush()
        content = {"data": self.encode(data), "metadata": json.dumps(metadata or {}, default=str)}
        if update:
            for step, index, item in self.displays.get(display_id, []):
                item.update(content)
                if step != self.step:
                    self.amend(step, index, item)
            return
        item = dict(content, kind="display", count=count)
        self.append(item)
        if display_id:
            self.displays.setdefault(display_id, []).append((self.step, len(self.items) - 1, item))

    def encode(self, data):
        """A MIME bundle with texts only."""
        data = {mime: to_text(value) for mime, value in data.items() if value is not None}
        self.spend(sum(map(len, data.values())))
        return data

    def error(self, name, value, lines, place):
        """Show an exception."""
        self.flush()
        self.append({"kind": "error", "name": name, "value": value, "traceback": lines, "place": place})

    def clear(self, wait):
        """Drop the outputs so far, at once or when the next one comes (`clear_output`)."""
        self.flush()
        self.clears = wait
        if not wait:
            self.drop()

    def drop(self):
        self.items, self.clears, self.is_cleared = [], False, True
        for identifier, places in self.displays.items():
            self.displays[identifier] = [place for place in places if place[0] != self.step]

    def enter_widget(self):
        """Collect the outputs of an output widget from now on."""
        self.flush()
        self.widgets.append((self.items, self.clears, self.is_cleared))
        self.items, self.clears, self.is_cleared = [], False, False

    def leave_widget(self):
        """The outputs since the widget was entered, and True if they replace earlier ones of it."""
        self.flush()
        result = self.items, self.is_cleared
        self.items, self.clears, self.is_cleared = self.widgets.pop()
        return result


def to_text(value):
    """A representation as text: bytes as base64, lists of lines joined, other values as JSON."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)
