"""Jupyter widgets without a kernel: pages show their first state."""

import json
import sys


def capture_outputs(outputs, shell):
    """Let output widgets collect the outputs of their `with` statements, once ipywidgets is imported."""
    from ipywidgets import Output

    def enter(self):
        outputs.enter_widget()

    def leave(self, etype, evalue, trace):
        if etype is not None:
            shell.showtraceback((etype, evalue, trace), tb_offset=0)
        items, is_cleared = outputs.leave_widget()
        self.outputs = (() if is_cleared else self.outputs) + tuple(nbformat_output(item) for item in items)
        return True

    Output.__enter__, Output.__exit__ = enter, leave


def nbformat_output(item):
    """An output as nbformat has it."""
    if item["kind"] == "stream":
        return {"output_type": "stream", "name": item["name"], "text": item["text"]}
    if item["kind"] == "error":
        return {"output_type": "error", "ename": item["name"], "evalue": item["value"], "traceback": item["traceback"]}
    return {"output_type": "display_data", "data": item["data"], "metadata": json.loads(item["metadata"])}


def state():
    """The state of the page's widgets as JSON; None if it has none."""
    module = sys.modules.get("ipywidgets")
    widgets = module and module.Widget.get_manager_state()
    return json.dumps(widgets, default=str, sort_keys=True) if widgets and widgets["state"] else None
