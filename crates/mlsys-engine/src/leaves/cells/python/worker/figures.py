"""The size and form of figures: matplotlib and plotly."""

import io
import struct
import sys
import types

# The name of our backend in plain Python, for `MPLBACKEND`.
PLAIN_BACKEND = "module://mlsys_figures"


def set_up_matplotlib(figures, shell):
    """Apply a page's settings to matplotlib once it is imported, as Quarto's setup cell does."""
    import matplotlib
    import matplotlib.pyplot as plt

    plt.rcParams["figure.figsize"] = (figures["width"], figures["height"])
    plt.rcParams["figure.dpi"] = figures["dpi"]
    plt.rcParams["savefig.dpi"] = "figure"
    if shell.backend == PLAIN_BACKEND:
        PlainBackend.format = figures["format"]
        return
    from matplotlib_inline import backend_inline

    # Otherwise figures without `plt.show()` would not be shown.
    matplotlib.interactive(True)
    backend_inline.configure_inline_support(shell, shell.backend)
    backend_inline.set_matplotlib_formats(figures["format"])


def set_up_plotly():
    """Load plotly's script from its CDN and use Quarto's margins."""
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
        """Make the backend importable for a shell."""
        cls.shell = shell

        def load(name):
            # matplotlib is not imported before the first figure.
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
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            for number in pyplot.get_fignums():
                cls.shell.display(pyplot.figure(number))
            pyplot.close("all")


def is_figure(value):
    """True if the value is a figure of matplotlib."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def bundle(figure):
    """The representations of a figure and their metadata, as IPython's inline backend makes them."""
    data = {"text/plain": repr(figure)}
    if not figure.axes and not figure.lines:
        return data, {}
    is_retina = PlainBackend.format == "retina"
    form = {"retina": "png", "jpg": "jpeg"}.get(PlainBackend.format, PlainBackend.format)
    mime = {"svg": "image/svg+xml", "pdf": "application/pdf"}.get(form, "image/" + form)
    file = io.BytesIO()
    dpi = figure.dpi * (2 if is_retina else 1)
    figure.savefig(file, format=form, dpi=dpi, bbox_inches="tight", facecolor=figure.get_facecolor())
    data[mime] = file.getvalue().decode("utf-8") if form == "svg" else file.getvalue()
    if not is_retina:
        return data, {}
    width, height = struct.unpack(">II", file.getvalue()[16:24])
    return data, {mime: {"width": width // 2, "height": height // 2}}
